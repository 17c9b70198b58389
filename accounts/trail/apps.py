"""The application's registration with Django."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "accounts.trail"
    label = "trail"
    verbose_name = "Audit trail"

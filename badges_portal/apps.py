"""The application's registration with Django."""

from django.apps import AppConfig


class BadgesPortalConfig(AppConfig):
    name = "badges_portal"
    label = "badges_portal"
    verbose_name = "Portal"

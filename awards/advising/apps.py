"""The application's registration with Django."""

from django.apps import AppConfig


class AdvisingConfig(AppConfig):
    name = "awards.advising"
    label = "advising"
    verbose_name = "Learning advisor"

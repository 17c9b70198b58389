"""The application's registration with Django."""

from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "activities.guide"
    label = "guide"
    verbose_name = "Scheme page"

"""The application's registration with Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ActivitiesConfig(AppConfig):
    name = "activities"
    label = "activities"
    verbose_name = "Activities"

    def ready(self) -> None:
        from activities.scheme import install_scheme

        post_migrate.connect(install_scheme, sender=self)

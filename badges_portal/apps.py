"""The application's registration with Django."""

from django.apps import AppConfig


class BadgesPortalConfig(AppConfig):
    name = "badges_portal"
    label = "badges_portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        from django.db.backends.postgresql.features import DatabaseFeatures

        from badges_portal import checks  # noqa: F401  (registers them)
        from badges_portal.database import OLDEST_SERVER

        DatabaseFeatures.minimum_database_version = OLDEST_SERVER

"""The application's registration with Django."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class SigninConfig(AppConfig):
    name = "accounts.signin"
    label = "signin"
    verbose_name = "Sign-in"

    def ready(self) -> None:
        from accounts.signin.sessions import start_session

        user_logged_in.connect(start_session, dispatch_uid="start_session")

"""The application's registration with Django."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "accounts.signin"
    label = "signin"
    verbose_name = "Sign-in"

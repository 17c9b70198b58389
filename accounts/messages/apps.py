"""The application's registration with Django."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "accounts.messages"
    label = "outbox"
    verbose_name = "Messages"

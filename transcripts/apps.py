"""The application's registration with Django."""

from django.apps import AppConfig


class TranscriptsConfig(AppConfig):
    name = "transcripts"
    label = "transcripts"
    verbose_name = "Transcripts"

"""Addresses of this app."""

from django.urls import URLPattern

app_name = "transcripts"
urlpatterns: list[URLPattern] = []

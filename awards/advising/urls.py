"""Addresses of this app."""

from django.urls import URLPattern

app_name = "advising"
urlpatterns: list[URLPattern] = []

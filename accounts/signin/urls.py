"""Addresses of this app."""

from django.urls import URLPattern

app_name = "signin"
urlpatterns: list[URLPattern] = []

"""Addresses of this app."""

from django.urls import include, path

app_name = "activities"
urlpatterns = [
    path("scheme/", include("activities.guide.urls")),
]

"""Addresses of the inbox."""

from django.urls import URLPattern, path

from accounts.messages import views

app_name = "messages"
urlpatterns: list[URLPattern] = [
    path("messages/", views.inbox, name="inbox"),
    path("messages/read/", views.read_all, name="read-all"),
    path("messages/<int:pk>/", views.message, name="message"),
]

"""Addresses of the scheme page, mounted in the namespace of activities."""

from django.urls import path

from activities.guide import views

urlpatterns = [
    path("", views.scheme, name="scheme"),
    path("<slug:section>/edit/", views.scheme_edit, name="scheme-edit"),
    path("<slug:section>/restore/", views.scheme_restore, name="scheme-restore"),
]

"""Addresses of this app."""

from django.urls import URLPattern, path

from accounts import views
from accounts.register import views as register_views
from accounts.trail import views as trail_views

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("people/", views.people, name="people"),
    path("people/new/", views.user_create, name="user-create"),
    path("people/<int:pk>/", views.user_edit, name="user-edit"),
    path("people/<int:pk>/close/", views.user_close, name="user-close"),
    path("people/<int:pk>/reopen/", views.user_reopen, name="user-reopen"),
    path("people/<int:pk>/link/", views.user_link, name="user-link"),
    path("units/", views.units, name="units"),
    path("units/new/", views.unit_create, name="unit-create"),
    path("units/<int:pk>/", views.unit_edit, name="unit-edit"),
    path("units/<int:pk>/retire/", views.unit_retire, name="unit-retire"),
    path("units/<int:pk>/restore/", views.unit_restore, name="unit-restore"),
    path("register/", views.participants, name="participants"),
    path("register/<int:pk>/link/", views.participant_link, name="participant-link"),
    path("register/import/", register_views.register_import, name="register-import"),
    path("register/import/<uuid:key>/", register_views.register_review, name="register-review"),
    path("register/import/<uuid:key>/apply/", register_views.register_apply, name="register-apply"),
    path("register/import/<uuid:key>/discard/", register_views.register_discard, name="register-discard"),
    path("trail/", trail_views.trail, name="trail"),
]

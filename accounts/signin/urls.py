"""Addresses of this app."""

from django.urls import URLPattern, path

from accounts.signin import views

app_name = "signin"
urlpatterns: list[URLPattern] = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/again/", views.sign_in_again, name="again"),
    path("sign-in/link/<str:token>/", views.use_link, name="link"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/password/", views.password, name="password"),
]

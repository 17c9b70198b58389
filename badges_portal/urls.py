"""The table of contents."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls")),
    path("", include("accounts.signin.urls")),
    path("", include("activities.urls")),
    path("", include("awards.urls")),
    path("", include("awards.attendance.urls")),
    path("", include("awards.advising.urls")),
    path("", include("transcripts.urls")),
    path("data/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
]

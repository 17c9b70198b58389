"""The table of contents."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from accounts.signin.views import choose_language
from badges_portal import views
from badges_portal.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("privacy/", views.privacy, name="privacy"),
    path("", include("accounts.urls")),
    path("", include("accounts.signin.urls")),
    path("", include("accounts.messages.urls")),
    path("", include("activities.urls")),
    path("", include("awards.urls")),
    path("", include("awards.attendance.urls")),
    path("", include("awards.advising.urls")),
    path("", include("transcripts.urls")),
    path(
        "data/login/",
        views.data_sign_in,
        name="data-sign-in",
    ),
    path("api/v1/", include("badges_portal.api_urls")),
    path("data/", admin.site.urls),
    path("language/", choose_language, name="set_language"),
    path("health/", health, name="health"),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error

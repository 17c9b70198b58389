"""The table of contents of the read API, and the document that describes it."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from activities.api import BadgeTypeList, Catalogue
from awards.api import OwnHistory

app_name = "api"
urlpatterns = [
    path("badge-types/", BadgeTypeList.as_view(), name="badge-types"),
    path("activities/", Catalogue.as_view(), name="catalogue"),
    path("history/", OwnHistory.as_view(), name="history"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="portal/api_docs.html"),
        name="docs",
    ),
]

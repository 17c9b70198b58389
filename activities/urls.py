"""Addresses of this app."""

from django.urls import include, path

from activities import catalogue, editing, views

app_name = "activities"
urlpatterns = [
    path("activities/", catalogue.catalogue, name="catalogue"),
    path("activities/<int:pk>/", catalogue.detail, name="detail"),
    path("organise/", views.own_list, name="own-list"),
    path("organise/new/", editing.create, name="create"),
    path("organise/session/", editing.session_row, name="session-row"),
    path("organise/recount/", editing.recount, name="recount"),
    path("organise/<int:pk>/", views.manage, name="manage"),
    path("organise/<int:pk>/edit/", editing.edit, name="edit"),
    path("organise/<int:pk>/offers/", editing.offers, name="offers"),
    path("organise/<int:pk>/publish/", views.publish, name="publish"),
    path("organise/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("organise/<int:pk>/archive/", views.archive, name="archive"),
    path("organise/<int:pk>/clone/", views.clone, name="clone"),
    path("organise/<int:pk>/organisers/", views.organisers, name="organisers"),
    path("scheme/", include("activities.guide.urls")),
]

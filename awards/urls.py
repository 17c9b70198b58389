"""Addresses of this app."""

from django.urls import path

from awards import corrections, views

app_name = "awards"
urlpatterns = [
    path("history/", views.history, name="history"),
    path("history/<int:award_pk>/", views.why, name="why"),
    path("students/<int:pk>/history/", views.participant_history, name="participant-history"),
    path("organise/<int:pk>/awards/", corrections.results, name="participant-list-of-activity"),
    path("organise/<int:pk>/awards/give/", corrections.give, name="give"),
    path("organise/<int:pk>/awards/withhold/", corrections.withhold, name="withhold"),
    path("awards/<int:pk>/revoke/", corrections.revoke, name="revoke"),
    path("awards/<int:pk>/reinstate/", corrections.reinstate, name="reinstate"),
    path("withholdings/<int:pk>/lift/", corrections.lift, name="lift"),
]

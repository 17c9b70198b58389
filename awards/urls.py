"""Addresses of this app."""

from django.urls import path

from awards import correction_views, corrections, views

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
    path("withholdings/<int:pk>/reason/", corrections.change_reason, name="change-reason"),
    path("corrections/", correction_views.requests, name="corrections"),
    path("corrections/<int:pk>/", correction_views.request_detail, name="correction"),
    path("corrections/<int:pk>/apply/", correction_views.apply, name="correction-apply"),
    path("corrections/<int:pk>/decline/", correction_views.decline, name="correction-decline"),
    path("corrections/<int:pk>/withdraw/", correction_views.withdraw, name="correction-withdraw"),
]

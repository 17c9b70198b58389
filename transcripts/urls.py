"""Addresses of this app."""

from django.urls import path

from transcripts import views

app_name = "transcripts"
urlpatterns = [
    path("nat/", views.own, name="own"),
    path("nat/queue/", views.queue, name="queue"),
    path("nat/requests/new/", views.request_record, name="request-record"),
    path("nat/requests/<int:pk>/", views.request_detail, name="request"),
    path("nat/requests/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("nat/requests/<int:pk>/decide/", views.decide, name="decide"),
    path("nat/requests/<int:pk>/issue/", views.issue, name="issue"),
    path("nat/requests/<int:pk>/collected/", views.collected, name="collected"),
    path("nat/<int:pk>/", views.detail, name="detail"),
    path("nat/<int:pk>/print/", views.print_paper, name="print"),
    path("nat/<int:pk>/void/", views.void, name="void"),
    path("verify/", views.verify_form, name="verify-form"),
    path("verify/<str:code>/", views.verify, name="verify"),
]

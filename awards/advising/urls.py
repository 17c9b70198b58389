"""Addresses of the learning advisor's room."""

from django.urls import path

from awards.advising import views

app_name = "advising"
urlpatterns = [
    path("advising/", views.monitor, name="monitor"),
    path("advising/<int:pk>/", views.choice, name="choice"),
    path("advising/<int:pk>/seen/", views.seen, name="seen"),
    path("advising/<int:pk>/advise/", views.advise, name="advise"),
    path("organise/<int:pk>/advice/", views.answer, name="answer"),
]

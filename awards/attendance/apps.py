"""The application's registration with Django."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "awards.attendance"
    label = "attendance"
    verbose_name = "Attendance records"

"""Which attendance records a user may see."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from activities.models import Activity


class AttendanceUploadQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AttendanceUploadQuerySet:
        """Those of activities that the user manages."""
        return self.filter(activity__in=Activity.objects.managed_by(user))

    def committed(self) -> AttendanceUploadQuerySet:
        return self.filter(status="committed")


class AttendanceRowQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AttendanceRowQuerySet:
        return self.filter(upload__activity__in=Activity.objects.managed_by(user))

    def parked(self) -> AttendanceRowQuerySet:
        """Rows that nobody has answered or dismissed yet, of records that stand."""
        return self.filter(settlement="open", upload__status="committed")

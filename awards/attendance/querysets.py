"""Which attendance records a user may see, and the lists that pages show."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Count, F, Prefetch, Q, When

from accounts.models import User
from activities.models import Activity


class AttendanceUploadQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AttendanceUploadQuerySet:
        """Those of activities that the user manages."""
        return self.filter(activity__in=Activity.objects.managed_by(user))

    def waiting(self) -> AttendanceUploadQuerySet:
        """Records that nobody committed yet: to be checked, or with columns to be explained first."""
        return self.filter(status__in=["unread", "staged"])

    def committed(self) -> AttendanceUploadQuerySet:
        return self.filter(status="committed")

    def ever_committed(self) -> AttendanceUploadQuerySet:
        """Records that stand, and those that stood until they were undone."""
        return self.filter(status__in=["committed", "undone"])

    def with_parked(self) -> AttendanceUploadQuerySet:
        """With the number of rows that still wait for an answer as `open_rows`."""
        return self.annotate(open_rows=Count("rows", filter=Q(rows__settlement="open")))


class AttendanceRowQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AttendanceRowQuerySet:
        return self.filter(upload__activity__in=Activity.objects.managed_by(user))

    def parked(self) -> AttendanceRowQuerySet:
        """Rows that nobody has answered or dismissed yet, of records that stand."""
        return self.filter(settlement="open", upload__status="committed")

    def with_question(self) -> AttendanceRowQuerySet:
        """With why a parked row is not settled as things are now, as `asks`."""
        return self.annotate(asks=Case(When(asks_because="", then=F("reason")), default=F("asks_because")))

    def with_results(self) -> AttendanceRowQuerySet:
        """With the participant, and what the row gave and withheld as `all_awards` and `all_withholdings`."""
        from awards.models import Award, Withholding

        return self.select_related("participant").prefetch_related(
            Prefetch("awards", Award.objects.select_related("badge_type"), to_attr="all_awards"),
            Prefetch("withholdings", Withholding.objects.select_related("badge_type"), to_attr="all_withholdings"),
        )

"""Which awards and withholdings a user may see."""

from __future__ import annotations

from typing import Self

from django.db import models

from accounts.models import Participant, User
from accounts.roles import Permission
from activities.models import Activity


class OfParticipants:
    """What both querysets share: whose record it is decides who sees it."""

    def active(self) -> Self:
        return self.filter(status="active")  # type: ignore[attr-defined]

    def visible_to(self, user: User) -> Self:
        """All for the administrator, own ones for a student, those of own activities for an organiser."""
        if user.may(Permission.VIEW_STUDENTS):
            return self
        mine = models.Q(pk__in=[])
        if user.may(Permission.VIEW_OWN_HISTORY):
            mine |= models.Q(participant__in=Participant.objects.filter(user=user))
        if user.may(Permission.ORGANISE):
            mine |= models.Q(activity__in=Activity.objects.own(user))
        return self.filter(mine)  # type: ignore[attr-defined]

    def managed_by(self, user: User) -> Self:
        """Those at activities whose awards the user may correct."""
        return self.filter(activity__in=Activity.objects.managed_by(user))  # type: ignore[attr-defined]


class AwardQuerySet(OfParticipants, models.QuerySet):
    def on_issued_nat(self) -> AwardQuerySet:
        """Those that an issued NAT lists; a void one does not count."""
        return self.filter(transcript_entries__transcript__status="issued").distinct()


class WithholdingQuerySet(OfParticipants, models.QuerySet):
    pass


class CorrectionRequestQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> CorrectionRequestQuerySet:
        """Those about activities that the user manages: all of them for the scheme administrator."""
        return self.filter(activity__in=Activity.objects.managed_by(user))

    def open(self) -> CorrectionRequestQuerySet:
        return self.filter(status="open")

    def with_subject(self) -> CorrectionRequestQuerySet:
        """With everything that a list says about them."""
        return self.select_related(
            "activity", "award__participant", "award__badge_type", "upload", "row", "asked_by", "decided_by"
        )

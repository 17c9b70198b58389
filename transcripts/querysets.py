"""Which NATs and requests a user may see."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from accounts.roles import Permission


class TranscriptRequestQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TranscriptRequestQuerySet:
        """All for who issues them; a student's own."""
        if user.may(Permission.ISSUE_TRANSCRIPTS):
            return self
        return self.own(user)

    def own(self, user: User) -> TranscriptRequestQuerySet:
        """Those that the user made as a student, whatever else the user may be."""
        return self.filter(participant__user=user)

    def pending(self) -> TranscriptRequestQuerySet:
        return self.filter(status__in=["requested", "accepted"])

    def with_papers(self) -> TranscriptRequestQuerySet:
        """With the NATs that answered them, newest first, as `papers`, in one more query."""
        from transcripts.models import Transcript

        papers = Transcript.objects.order_by("-pk")
        return self.prefetch_related(models.Prefetch("transcripts", papers, to_attr="papers"))


class TranscriptQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TranscriptQuerySet:
        """All for who issues them; nobody else sees the official NAT in the portal."""
        return self if user.may(Permission.ISSUE_TRANSCRIPTS) else self.none()

"""Choices of badges as the learning advisor looks at them, and the advice that was given."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from accounts.roles import Permission
from activities.models import Activity, BadgeType
from activities.querysets import ActivityQuerySet, BadgeTypeQuerySet

if TYPE_CHECKING:
    from accounts.models import User

HORIZON = dt.timedelta(weeks=8)
"""How far ahead the advisor looks for an attribute that nobody offers (product section 5, Learning advisor)."""


class AdviceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AdviceQuerySet:
        """All for the learning advisor; that on own activities for an organiser."""
        if user.may(Permission.ADVISE):
            return self
        return self.filter(activity__in=Activity.objects.managed_by(user))


def choices_for(advisor: User) -> ActivityQuerySet:
    """Published choices of badges, newest first, each with `is_new` for this advisor and `waits_for_answer`."""
    from awards.advising.models import Advice, ChoiceReview

    seen = ChoiceReview.objects.filter(activity=OuterRef("pk"), advisor=advisor, seen_at__gte=OuterRef("offers_set_at"))
    last_word_is_answer = Advice.objects.filter(activity=OuterRef("pk")).order_by("-created_at", "-id")
    return (
        Activity.objects.visible_to(advisor)
        .filter(status__in=[Activity.Status.PUBLISHED, Activity.Status.ARCHIVED], offers_set_at__isnull=False)
        .annotate(
            is_new=~Exists(seen),
            last_is_answer=Subquery(last_word_is_answer.values("is_answer")[:1]),
        )
        .annotate(waits_for_answer=models.ExpressionWrapper(Q(last_is_answer=False), models.BooleanField()))
        .order_by("-offers_set_at", "-pk")
    )


def coming_offers(now: dt.datetime) -> BadgeTypeQuerySet:
    """The six badges, each with `coming`: how many activities of the coming eight weeks may award it."""
    within = Q(
        offers__closed_at=None,
        offers__activity__status=Activity.Status.PUBLISHED,
        offers__activity__ends_at__gt=now,
        offers__activity__starts_at__lt=now + HORIZON,
    )
    return (
        BadgeType.objects.graduate_attributes()
        .annotate(coming=Count("offers__activity", filter=within, distinct=True))
        .order_by(F("position"))
    )

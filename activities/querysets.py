"""Which activities a user may see, and the lists that pages show."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from accounts.roles import Permission

if TYPE_CHECKING:
    from accounts.models import User


IS_PUBLIC = Q(status="published") | Q(status="cancelled", published_at__isnull=False)


def is_organised_by(user: User) -> Q:
    """The condition that the user is an organiser or co-organiser of an activity."""
    from activities.models import Activity

    return Q(Exists(Activity.organisers.through.objects.filter(activity=OuterRef("pk"), user=user)))


class BadgeTypeQuerySet(models.QuerySet):
    def active(self) -> BadgeTypeQuerySet:
        return self.filter(is_active=True)

    def graduate_attributes(self) -> BadgeTypeQuerySet:
        """The six of the wall, in their order."""
        return self.filter(is_graduate_attribute=True)


class ActivityQuerySet(models.QuerySet):
    def public(self) -> ActivityQuerySet:
        """What the catalogue may show to anybody: published, or cancelled after that."""
        return self.filter(IS_PUBLIC)

    def own(self, user: User) -> ActivityQuerySet:
        """Those of which the user is an organiser or co-organiser, whatever the unit."""
        return self.filter(is_organised_by(user))

    def managed_by(self, user: User) -> ActivityQuerySet:
        """Those whose sheets, originals and awards the user may see and correct."""
        if user.may(Permission.MANAGE_ALL_ACTIVITIES):
            return self
        if user.may(Permission.ORGANISE):
            return self.own(user)
        return self.none()

    def visible_to(self, user: User | AnonymousUser) -> ActivityQuerySet:
        """Those whose page the user may open; a draft is its organisers', the administrator's and the advisor's."""
        if not user.is_authenticated:
            return self.public()
        if user.may(Permission.MANAGE_ALL_ACTIVITIES) or user.may(Permission.ADVISE):
            return self
        return self.filter(IS_PUBLIC | is_organised_by(user))

    def coming(self, now: dt.datetime) -> ActivityQuerySet:
        return self.filter(status="published", ends_at__gt=now)

    def overdue(self, today: dt.date) -> ActivityQuerySet:
        """Published, past the day on which the attendance was due, and without a committed attendance record."""
        return self.filter(status="published", due_on__lt=today).exclude(uploads__status="committed")

    def with_offers(self) -> ActivityQuerySet:
        """With the open offers and their badge types as `open_offers`, in two more queries at most."""
        from activities.models import BadgeOffer

        offers = BadgeOffer.objects.filter(closed_at=None).select_related("badge_type")
        return self.select_related("unit").prefetch_related(Prefetch("offers", offers, to_attr="open_offers"))

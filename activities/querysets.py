"""Which activities a user may see, and the lists that pages show."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from accounts.roles import PERMISSIONS, Permission

if TYPE_CHECKING:
    from accounts.models import User


IS_PUBLIC = Q(status="published") | Q(status="cancelled", published_at__isnull=False)


def is_organised_by(user: User) -> Q:
    """The condition that the user is an organiser or co-organiser of an activity."""
    from activities.models import Activity

    return Q(Exists(Activity.organisers.through.objects.filter(activity=OuterRef("pk"), user=user)))


def colleagues() -> models.QuerySet[User]:
    """Everybody who may organise an activity."""
    from accounts.models import User

    roles = [role for role, permissions in PERMISSIONS.items() if Permission.ORGANISE in permissions]
    return User.objects.filter(is_active=True, roles__overlap=roles)


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
        return self.filter(organisers=user)

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

    def unrecorded(self) -> ActivityQuerySet:
        """Published, and without a committed attendance record."""
        return self.filter(status="published").exclude(uploads__status="committed")

    def overdue(self, today: dt.date) -> ActivityQuerySet:
        """Those without a record whose attendance was due before today."""
        return self.unrecorded().filter(due_on__lt=today)

    def with_record(self) -> ActivityQuerySet:
        """With `is_recorded`: whether an attendance record is committed."""
        recorded = self.model._default_manager.filter(pk=OuterRef("pk"), uploads__status="committed")
        return self.annotate(is_recorded=Exists(recorded))

    def offering(self, code: str) -> ActivityQuerySet:
        """Those where the badge with this code can be earned."""
        return self.filter(
            pk__in=self.model._default_manager.filter(offers__badge_type__code=code, offers__closed_at=None)
        )

    def search(self, words: str) -> ActivityQuerySet:
        """Those whose code, titles, place or series hold every one of the words."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(code__icontains=word)
                | Q(title_en__icontains=word)
                | Q(title_zh__icontains=word)
                | Q(venue__icontains=word)
                | Q(programme__icontains=word)
            )
        return found

    def with_offers(self) -> ActivityQuerySet:
        """With the open offers and their badge types as `open_offers`, in two more queries at most."""
        from activities.models import BadgeOffer

        offers = BadgeOffer.objects.filter(closed_at=None).select_related("badge_type")
        return self.select_related("unit").prefetch_related(Prefetch("offers", offers, to_attr="open_offers"))

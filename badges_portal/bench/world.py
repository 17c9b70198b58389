"""What is measured upon: the demo institution, more coming activities, and past ones without a record."""

from __future__ import annotations

import datetime as dt
from itertools import count
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from accounts.models import Participant, User
from activities.models import Activity, AwardingRules, BadgeOffer, BadgeType, Session
from awards.models import Award
from badges_portal.demo import people
from badges_portal.demo.story import tell

ORGANISER, STUDENT = people.ORGANISER, people.RICH_STUDENT
COMING = 25
_numbers = count(5000)


def build() -> None:
    """The demo institution; 25 coming activities and more than 25 entries in the student's history."""
    tell(timezone.now())
    while Activity.objects.coming(timezone.now()).count() < COMING:
        make_activity(days_from_now=20)
    student = Participant.objects.get(user__cna=STUDENT)
    attended = Award.objects.filter(participant=student).values("activity")
    others = Activity.objects.filter(awards__isnull=False).exclude(pk__in=attended).distinct()
    for activity in others[: max(0, 30 - attended.distinct().count())]:
        pattern = activity.awards.order_by("pk")[0]
        Award.objects.create(
            participant=student,
            activity=activity,
            badge_type_id=pattern.badge_type_id,
            badge_version_id=pattern.badge_version_id,
            rules_id=pattern.rules_id,
            days=pattern.days,
            max_badges=pattern.max_badges,
            awarded_by=pattern.awarded_by,
        )


def past_activity() -> Activity:
    """A one-day activity of the organiser's with one badge, a week ago, without an attendance record."""
    return make_activity(days_from_now=-7)


def make_activity(days_from_now: int) -> Activity:
    organiser = User.objects.get(cna=ORGANISER)
    day = timezone.localdate() + dt.timedelta(days=days_from_now)
    start = dt.datetime.combine(day, dt.time(9), ZoneInfo(settings.TIME_ZONE))
    activity = Activity.objects.create(
        code=f"DB9900-{next(_numbers)}",
        title_en="Measured workshop",
        objectives="Be measured.",
        outcomes="Was measured.",
        rationale="To be measured.",
        unit=organiser.unit,
        status=Activity.Status.PUBLISHED,
        rules=AwardingRules.objects.latest(),
        days=1,
        max_badges=1,
        first_on=day,
        last_on=day,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=8),
        due_on=day + dt.timedelta(days=30),
        created_by=organiser,
        published_at=timezone.now(),
    )
    activity.organisers.add(organiser)
    Session.objects.create(activity=activity, starts_at=activity.starts_at, ends_at=activity.ends_at)
    BadgeOffer.objects.create(activity=activity, badge_type=BadgeType.objects.get(code="EC"), position=1, max_badges=1)
    return activity

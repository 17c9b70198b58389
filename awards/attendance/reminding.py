"""Reminding organisers of the attendance records that they still owe, through the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Prefetch
from django.urls import reverse

from accounts.messages.models import Message
from accounts.messages.services import Draft, send_messages
from accounts.models import User
from activities.models import Activity
from awards.attendance.clock import KINDS, WEEK, kind_of, reminder_on
from awards.attendance.models import AttendanceUpload
from awards.attendance.telling import about


@dataclass(frozen=True, slots=True)
class Reminded:
    """How often the team of an activity was reminded, and when last."""

    times: int = 0
    last_at: dt.datetime | None = None


@transaction.atomic
def remind_organisers(*, today: dt.date) -> int:
    """Writes the reminders that are due today and returns how many; run again, it writes none.

    Every organiser and co-organiser of a published activity that is over and has no committed record gets one for each
    day of `reminder_on`. A record, a cancellation or archiving ends it.
    """
    drafts = [draft for activity in unrecorded(today) for draft in reminders_of(activity, today)]
    keys = {draft.key for draft in drafts}
    told = set(Message.objects.filter(kind__in=KINDS, key__in=keys).values_list("recipient_id", "kind", "key"))
    new = [draft for draft in drafts if (draft.recipient.pk, draft.kind, draft.key) not in told]
    send_messages(new)
    return len(new)


def unrecorded(today: dt.date) -> list[Activity]:
    """The activities that are over and owe a record within a week or already, with `team` and `is_staged`."""
    staged = AttendanceUpload.objects.waiting().filter(activity=OuterRef("pk"))
    team = Prefetch("organisers", User.objects.filter(is_active=True), to_attr="team")
    owing = Activity.objects.unrecorded().filter(last_on__lte=today, due_on__lte=today + WEEK)
    return list(owing.annotate(is_staged=Exists(staged)).prefetch_related(team).order_by("pk"))


def reminders_of(activity: Activity, today: dt.date) -> list[Draft]:
    """The reminder of one activity that is due, for each of its team."""
    on = reminder_on(activity.due_on, today)
    if on is None:
        return []
    days_late = max((today - activity.due_on).days, 0)
    context = {"due_on": activity.due_on, "days_late": days_late, "is_staged": activity.is_staged}  # type: ignore[attr-defined]
    kind, key = kind_of(activity.due_on, on), f"{activity.pk}:{on}"
    url = reverse("attendance:overview", args=[activity.pk])
    return [
        Draft(person, kind, key, about(activity) | context, url)
        for person in activity.team  # type: ignore[attr-defined]
    ]


def reminded(activities: Sequence[Activity]) -> dict[int, Reminded]:
    """What was sent to today's organisers of these activities (they must be prefetched), by activity; one query."""
    page_of = {reverse("attendance:overview", args=[activity.pk]): activity.pk for activity in activities}
    team = {person.pk for activity in activities for person in activity.organisers.all()}
    sent = Message.objects.filter(recipient__in=team, kind__in=KINDS, url__in=page_of).order_by().values("url")
    counted = sent.annotate(times=Count("key", distinct=True), last_at=Max("created_at"))
    found = {page_of[row["url"]]: Reminded(row["times"], row["last_at"]) for row in counted}
    return {activity.pk: found.get(activity.pk, Reminded()) for activity in activities}

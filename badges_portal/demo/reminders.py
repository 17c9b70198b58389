"""The messages of the demo: reminders as the portal would have written them day by day, and which were read."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils import timezone

from accounts.messages.models import Message
from awards.attendance.reminding import remind_organisers

DAYS = 75
"""How far back: the overdue activities of the demo were due since then."""
READ_AFTER = dt.timedelta(hours=9)
STILL_UNREAD = dt.timedelta(days=8)
"""Whatever is older was read."""


def write_reminders(now: dt.datetime) -> int:
    """Reminds as of every day until today, early in the morning; answers how many messages there are."""
    morning = timezone.localtime(now).replace(hour=3, minute=30, second=0, microsecond=0)
    for ago in range(DAYS, -1, -1):
        at = min(morning - dt.timedelta(days=ago), now)
        newest = Message.objects.values_list("pk", flat=True).first() or 0
        if remind_organisers(today=at.date()):
            Message.objects.filter(pk__gt=newest).update(created_at=at)
    Message.objects.filter(created_at__lt=now - STILL_UNREAD).update(read_at=F("created_at") + READ_AFTER)
    return Message.objects.count()

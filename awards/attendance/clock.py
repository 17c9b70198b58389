"""When organisers are reminded of an attendance record: seven days before it is due, on the day, weekly after. Pure."""

from __future__ import annotations

import datetime as dt

WEEK = dt.timedelta(days=7)


def reminder_on(due_on: dt.date, today: dt.date) -> dt.date | None:
    """The day of the latest reminder that should have been sent by today; None while it is too early for any.

    Only the latest: after an outage people get one message, not all that were missed.

    >>> reminder_on(date(2026, 5, 12), date(2026, 5, 30))
    datetime.date(2026, 5, 26)
    """
    if today < due_on - WEEK:
        return None
    return due_on + (today - due_on) // WEEK * WEEK


def kind_of(due_on: dt.date, reminder: dt.date) -> str:
    """Which words belong to a reminder of that day: the name of their template."""
    if reminder < due_on:
        return "attendance_due_soon"
    return "attendance_due" if reminder == due_on else "attendance_overdue"


KINDS = ("attendance_due_soon", "attendance_due", "attendance_overdue")

"""Reminders are due seven days before, on the day, and weekly after; never more than one at a time."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.attendance.clock import WEEK, kind_of, reminder_on

DUE = dt.date(2026, 5, 12)
DAYS = st.integers(-400, 400).map(dt.timedelta)


@pytest.mark.parametrize(
    ("today", "reminder"),
    [
        (dt.date(2026, 5, 4), None),
        (dt.date(2026, 5, 5), dt.date(2026, 5, 5)),
        (dt.date(2026, 5, 11), dt.date(2026, 5, 5)),
        (dt.date(2026, 5, 12), dt.date(2026, 5, 12)),
        (dt.date(2026, 5, 18), dt.date(2026, 5, 12)),
        (dt.date(2026, 5, 19), dt.date(2026, 5, 19)),
        (dt.date(2026, 6, 30), dt.date(2026, 6, 30)),
    ],
)
def test_the_latest_reminder_by_a_day(today: dt.date, reminder: dt.date | None) -> None:
    assert reminder_on(DUE, today) == reminder


def test_each_has_its_words() -> None:
    kinds = [kind_of(DUE, DUE + number * WEEK) for number in (-1, 0, 1, 5)]
    assert kinds == ["attendance_due_soon", "attendance_due", "attendance_overdue", "attendance_overdue"]


@given(DAYS)
def test_a_reminder_is_at_most_a_week_old_and_a_whole_number_of_weeks_from_the_day(away: dt.timedelta) -> None:
    today = DUE + away
    on = reminder_on(DUE, today)
    if on is None:
        assert today < DUE - WEEK
    else:
        assert (on - DUE) % WEEK == dt.timedelta(0)
        assert dt.timedelta(0) <= today - on < WEEK

"""The scheme's attendance threshold: off, until it is set; every change on the trail."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.trail.models import AuditEntry
from activities.models import AwardingRules
from activities.refusals import ActivityRefused
from activities.thresholds import rules_today, set_attendance_threshold
from badges_portal.testing import Cast


def test_it_is_set_on_the_rules_in_force_and_each_change_is_recorded(cast: Cast) -> None:
    today = rules_today()
    assert today is not None
    assert today.attendance_threshold is None
    later = AwardingRules.objects.create(effective_on=dt.date(2099, 1, 1))
    for percent in (75, 75, None):
        set_attendance_threshold(acting_user=cast.adam, percent=percent)
        today.refresh_from_db()
        assert today.attendance_threshold == percent
    later.refresh_from_db()
    assert later.attendance_threshold is None
    entries = AuditEntry.objects.filter(action="rules.threshold_set").order_by("pk")
    assert [entry.changes["attendance_threshold"] for entry in entries] == [[None, 75], [75, None]]


def test_without_rules_it_is_refused(cast: Cast) -> None:
    AwardingRules.objects.update(effective_on=dt.date(2099, 1, 1))
    with pytest.raises(ActivityRefused):
        set_attendance_threshold(acting_user=cast.adam, percent=75)

"""The cast stands on its feet: its people see what they should."""

import pytest
from django.db import InternalError, transaction

from accounts.trail.models import AuditEntry
from accounts.trail.services import record
from activities.models import Activity, BadgeType
from badges_portal.testing import Cast, make_activity


def test_the_six_badges_are_installed_in_order(cast: Cast) -> None:
    codes = BadgeType.objects.graduate_attributes().values_list("code", flat=True)
    assert list(codes) == ["IPC", "IDL", "PS", "EC", "PSG", "PF"]


def test_a_co_organiser_of_another_unit_owns_the_activity_and_a_stranger_of_the_same_unit_does_not(
    cast: Cast,
) -> None:
    activity = make_activity(cast, organisers=[cast.olga, cast.oscar], status="draft")
    assert list(Activity.objects.visible_to(cast.oscar)) == [activity]
    assert list(Activity.objects.visible_to(cast.otto)) == []


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_change_the_audit_trail() -> None:
    with transaction.atomic():
        record(acting_user=None, action="test.done", target=BadgeType.objects.first())
    with pytest.raises(InternalError):
        AuditEntry.objects.update(reason="rewritten")
    assert list(AuditEntry.objects.values_list("reason", flat=True)) == [""]

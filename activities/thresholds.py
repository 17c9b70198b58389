"""The attendance threshold of the scheme: off unless the scheme administrator sets one; it only proposes."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.trail.services import record
from activities import refusals
from activities.models import AwardingRules


def rules_today() -> AwardingRules | None:
    """The rules in force today."""
    return AwardingRules.objects.filter(effective_on__lte=timezone.localdate()).order_by("-effective_on").first()


@transaction.atomic
def set_attendance_threshold(*, acting_user: User, percent: int | None) -> AwardingRules:
    """Sets what share of an activity the rules in force ask for, from 0 to 100; None for no threshold.

    It is held against sheets that are checked from now on. Raises ActivityRefused where there are no rules.
    """
    today = rules_today()
    if today is None:
        raise refusals.no_rules()
    rules = AwardingRules.objects.select_for_update().get(pk=today.pk)
    before = rules.attendance_threshold
    if before != percent:
        rules.attendance_threshold = percent
        rules.save(update_fields=["attendance_threshold"])
        changes = {"effective_on": rules.effective_on.isoformat(), "attendance_threshold": [before, percent]}
        record(acting_user=acting_user, action="rules.threshold_set", target=rules, changes=changes)
    return rules

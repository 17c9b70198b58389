"""Corrections by hand: what they do, what they leave behind, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Participant, User
from accounts.trail.models import AuditEntry
from activities.models import Activity, AwardingRules, BadgeOffer, BadgeType
from awards.models import Award, AwardEvent, Withholding
from awards.services import (
    REFUSALS,
    AwardRefused,
    award_by_hand,
    lift_withholding,
    reinstate_award,
    revoke_award,
    withhold_by_hand,
)
from awards.tests.record import issue_nat, put_on_record
from badges_portal.testing import Cast, make_activity


def badge(code: str) -> BadgeType:
    return BadgeType.objects.get(code=code)


@pytest.fixture
def course(cast: Cast) -> Activity:
    """A 2-day course that offers PF and EC, with Sam on its committed record."""
    activity = make_activity(cast, days=2, badges=["PF", "EC"], title="Mental health first aid")
    put_on_record(activity, cast.sam_participant)
    return activity


def give(cast: Cast, course: Activity, code: str = "PF", participant: Participant | None = None) -> Award:
    return award_by_hand(
        acting_user=cast.olga,
        activity=course,
        participant=participant or cast.sam_participant,
        badge_type=badge(code),
        reason="Left out on the sheet",
    )


def withhold(
    cast: Cast, course: Activity, code: str = "PF", reason: str = "attendance", words: str = ""
) -> Withholding:
    return withhold_by_hand(
        acting_user=cast.olga,
        activity=course,
        participant=cast.sam_participant,
        badge_type=badge(code),
        reason=reason,
        reason_text=words,
    )


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    """The code with which the call is refused; nothing may have been written."""
    before = state()
    with pytest.raises(AwardRefused) as refused, transaction.atomic():
        call(**arguments)
    assert state() == before
    assert str(refused.value) == REFUSALS[refused.value.code]
    return refused.value.code


def state() -> tuple[list[Any], list[Any], int, int]:
    return (
        list(Award.objects.order_by("pk").values_list("pk", "status")),
        list(Withholding.objects.order_by("pk").values_list("pk", "status")),
        AwardEvent.objects.count(),
        AuditEntry.objects.count(),
    )


def test_an_award_by_hand_keeps_what_it_was_given_under(cast: Cast, course: Activity) -> None:
    award = give(cast, course)
    assert (award.rules, award.days, award.max_badges) == (AwardingRules.objects.latest(), 2, 2)
    assert (award.badge_version.badge_type.code, award.badge_version.version) == ("PF", 1)
    assert award.row is not None
    assert award.row.participant == cast.sam_participant
    assert (award.awarded_by, award.note, award.status) == (cast.olga, "Left out on the sheet", "active")
    assert list(award.events.values_list("kind", "by", "reason")) == [
        ("awarded", cast.olga.pk, "Left out on the sheet")
    ]
    entry = AuditEntry.objects.get(action="award.given_by_hand")
    assert (entry.actor, entry.participant, entry.target_id) == (cast.olga, cast.sam_participant, str(award.pk))
    assert entry.changes == {"status": [None, "active"], "badge": "PF", "activity": course.code}


def test_a_badge_revoked_and_reinstated_leaves_both_on_record(cast: Cast, course: Activity) -> None:
    award = give(cast, course)
    assert revoke_award(acting_user=cast.olga, award=award, reason=" Left at noon ").status == "revoked"
    assert reinstate_award(acting_user=cast.adam, award=award, reason="Came back at one").status == "active"
    assert list(award.events.values_list("kind", "by", "reason")) == [
        ("awarded", cast.olga.pk, "Left out on the sheet"),
        ("revoked", cast.olga.pk, "Left at noon"),
        ("reinstated", cast.adam.pk, "Came back at one"),
    ]
    entries = AuditEntry.objects.filter(action__in=["award.revoked", "award.reinstated"]).order_by("id")
    assert [(e.action, e.actor, e.reason, e.changes["status"]) for e in entries] == [
        ("award.revoked", cast.olga, "Left at noon", ["active", "revoked"]),
        ("award.reinstated", cast.adam, "Came back at one", ["revoked", "active"]),
    ]


def test_a_stale_object_does_not_fool_the_service(cast: Cast, course: Activity) -> None:
    award = give(cast, course)
    stale = Award.objects.get(pk=award.pk)
    revoke_award(acting_user=cast.olga, award=award, reason="Left at noon")
    assert stale.status == "active"
    assert refusal(revoke_award, acting_user=cast.olga, award=stale, reason="Left at noon") == "already_revoked"


def test_reinstating_needs_a_revoked_award(cast: Cast, course: Activity) -> None:
    award = give(cast, course)
    assert refusal(reinstate_award, acting_user=cast.olga, award=award, reason="x") == "already_active"
    Award.objects.filter(pk=award.pk).update(status="undone")
    assert refusal(reinstate_award, acting_user=cast.olga, award=award, reason="x") == "undone"
    assert refusal(revoke_award, acting_user=cast.olga, award=award, reason="x") == "undone"


def test_reinstating_never_exceeds_the_maximum(cast: Cast) -> None:
    talk = make_activity(cast, days=1, badges=["EC"])
    put_on_record(talk, cast.sam_participant)
    award = give(cast, talk, "EC")
    revoke_award(acting_user=cast.olga, award=award, reason="Wrong badge")
    BadgeOffer.objects.filter(activity=talk).update(closed_at=talk.ends_at)
    BadgeOffer.objects.create(activity=talk, badge_type=badge("PS"), position=1, max_badges=1)
    give(cast, talk, "PS")
    assert refusal(reinstate_award, acting_user=cast.olga, award=award, reason="x") == "too_many"


def test_reinstating_never_doubles_nor_contradicts_a_withholding(cast: Cast, course: Activity) -> None:
    first = give(cast, course)
    revoke_award(acting_user=cast.olga, award=first, reason="Wrong student")
    second = give(cast, course)
    assert refusal(reinstate_award, acting_user=cast.olga, award=first, reason="x") == "already_awarded"
    revoke_award(acting_user=cast.olga, award=second, reason="Wrong student")
    withhold(cast, course)
    assert refusal(reinstate_award, acting_user=cast.olga, award=first, reason="x") == "withheld"


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_every_correction_needs_a_reason(cast: Cast, course: Activity, reason: str) -> None:
    award = give(cast, course)
    withholding = withhold(cast, course, "EC")
    theirs = {"activity": course, "participant": cast.sam_participant, "badge_type": badge("EC")}
    assert refusal(revoke_award, acting_user=cast.olga, award=award, reason=reason) == "reason_missing"
    assert refusal(reinstate_award, acting_user=cast.olga, award=award, reason=reason) == "reason_missing"
    assert refusal(award_by_hand, acting_user=cast.olga, **theirs, reason=reason) == "reason_missing"
    assert refusal(withhold_by_hand, acting_user=cast.olga, **theirs, reason=reason) == "reason_missing"
    assert refusal(lift_withholding, acting_user=cast.olga, withholding=withholding, reason=reason) == "reason_missing"


def test_other_as_a_reason_needs_words(cast: Cast, course: Activity) -> None:
    theirs = {"activity": course, "participant": cast.sam_participant, "badge_type": badge("EC")}
    assert (
        refusal(withhold_by_hand, acting_user=cast.olga, **theirs, reason="other", reason_text=" ") == "reason_missing"
    )
    assert withhold(cast, course, "EC", "other", "Prize withdrawn by the jury").reason_text == (
        "Prize withdrawn by the jury"
    )


def test_the_same_badge_is_never_given_twice_and_never_over_a_withholding(cast: Cast, course: Activity) -> None:
    give(cast, course)
    theirs = {"acting_user": cast.olga, "activity": course, "participant": cast.sam_participant}
    assert refusal(award_by_hand, **theirs, badge_type=badge("PF"), reason="again") == "already_awarded"
    assert refusal(withhold_by_hand, **theirs, badge_type=badge("PF"), reason="attendance") == "awarded"
    withhold(cast, course, "EC")
    assert refusal(award_by_hand, **theirs, badge_type=badge("EC"), reason="again") == "withheld"
    assert refusal(withhold_by_hand, **theirs, badge_type=badge("EC"), reason="attendance") == "already_withheld"


def test_only_badges_on_offer_are_given(cast: Cast, course: Activity) -> None:
    theirs = {"acting_user": cast.olga, "activity": course, "participant": cast.sam_participant}
    assert refusal(award_by_hand, **theirs, badge_type=badge("IPC"), reason="x") == "not_offered"
    assert refusal(withhold_by_hand, **theirs, badge_type=badge("IPC"), reason="outcome") == "not_offered"


def test_only_somebody_on_a_committed_record_gets_a_badge(cast: Cast, course: Activity) -> None:
    theirs = {"activity": course, "participant": cast.suki_participant, "badge_type": badge("PF")}
    assert refusal(award_by_hand, acting_user=cast.olga, **theirs, reason="She was there") == "not_on_record"
    row = put_on_record(course, cast.suki_participant, outcome="ask", settlement="open")
    assert refusal(award_by_hand, acting_user=cast.olga, **theirs, reason="She was there") == "not_on_record"
    type(row).objects.filter(pk=row.pk).update(settlement="refused")
    assert give(cast, course, participant=cast.suki_participant).row == row


@pytest.mark.parametrize(
    ("status", "ended_days_ago", "code"),
    [("draft", 3, "not_published"), ("cancelled", 3, "cancelled"), ("published", -1, "too_early")],
)
def test_no_badge_before_the_end_of_a_published_activity(
    cast: Cast, status: str, ended_days_ago: int, code: str
) -> None:
    activity = make_activity(cast, status=status, ended_days_ago=ended_days_ago)
    theirs = {"activity": activity, "participant": cast.sam_participant, "badge_type": badge("EC")}
    assert refusal(award_by_hand, acting_user=cast.olga, **theirs, reason="x") == code
    assert refusal(withhold_by_hand, acting_user=cast.olga, **theirs, reason="attendance") == code


def test_lifting_ends_the_withholding_and_gives_the_badge_where_asked(cast: Cast, course: Activity) -> None:
    withholding = withhold(cast, course)
    assert lift_withholding(acting_user=cast.olga, withholding=withholding, reason="Marked by mistake") is None
    assert refusal(lift_withholding, acting_user=cast.olga, withholding=withholding, reason="x") == "not_withheld"
    again = withhold(cast, course)
    award = lift_withholding(acting_user=cast.olga, withholding=again, reason="Sat the test later", award_instead=True)
    assert award is not None
    assert (award.badge_type.code, award.status, award.note) == ("PF", "active", "Sat the test later")
    assert list(Withholding.objects.values_list("status", flat=True)) == ["lifted", "lifted"]
    lifted = AuditEntry.objects.filter(action="withholding.lifted").order_by("id")
    assert [e.reason for e in lifted] == ["Marked by mistake", "Sat the test later"]


def test_a_withholding_stands_when_the_badge_cannot_be_given_instead(cast: Cast, course: Activity) -> None:
    withholding = withhold(cast, course)
    BadgeOffer.objects.filter(activity=course).update(closed_at=course.ends_at)
    assert (
        refusal(
            lift_withholding, acting_user=cast.olga, withholding=withholding, reason="Passed later", award_instead=True
        )
        == "not_offered"
    )


def test_what_stands_on_an_issued_nat_is_revoked_by_the_administrator_only(cast: Cast, course: Activity) -> None:
    award = give(cast, course)
    nat = issue_nat(cast, [award])
    assert refusal(revoke_award, acting_user=cast.olga, award=award, reason="x") == "stands_on_nat"
    assert revoke_award(acting_user=cast.adam, award=award, reason="Organiser wrote to us").status == "revoked"
    reinstate_award(acting_user=cast.adam, award=award, reason="Wrote again")
    type(nat).objects.filter(pk=nat.pk).update(status="void")
    assert revoke_award(acting_user=cast.olga, award=award, reason="The NAT is void").status == "revoked"


@pytest.mark.parametrize("who", ["otto", "lydia", "sam", "xenia"])
def test_nobody_corrects_the_activity_of_another(cast: Cast, course: Activity, who: str) -> None:
    stranger: User = getattr(cast, who)
    award = give(cast, course)
    withholding = withhold(cast, course, "EC")
    theirs = {"activity": course, "participant": cast.sam_participant, "badge_type": badge("EC")}
    before = state()
    for call, arguments in [
        (revoke_award, {"award": award, "reason": "x"}),
        (reinstate_award, {"award": award, "reason": "x"}),
        (award_by_hand, {**theirs, "reason": "x"}),
        (withhold_by_hand, {**theirs, "reason": "outcome"}),
        (lift_withholding, {"withholding": withholding, "reason": "x"}),
    ]:
        with pytest.raises(PermissionDenied), transaction.atomic():
            call(acting_user=stranger, **arguments)  # type: ignore[operator]
    assert state() == before


def test_the_database_refuses_the_same_by_itself(cast: Cast, course: Activity) -> None:
    award = give(cast, course)
    revoke_award(acting_user=cast.olga, award=award, reason="x")
    withhold(cast, course)
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(status="active")

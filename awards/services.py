"""Corrections by hand: revoke, reinstate, award, withhold, and lift what was withheld.

Every function is keyword-only, runs in one transaction, locks the row of the activity first (the lock that a commit of
an attendance record takes, so nothing happens in between) and reads what it changes after that lock. It writes the new
state, an `AwardEvent` where an award changes, and an audit entry. What cannot be done is raised as `AwardRefused`; an
activity that the acting user does not manage as `PermissionDenied`. `reason` is what stands in the trail; it is needed.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Participant, User
from accounts.refusals import Refusal
from accounts.roles import Permission
from accounts.trail.services import record
from activities.models import Activity, BadgeOffer, BadgeType, BadgeVersion
from awards.attendance.models import AttendanceRow
from awards.models import Award, AwardEvent, CorrectionRequest, Withholding, WithholdingReason
from awards.requesting import close_requests

REFUSALS = {
    "reason_missing": _("Say why in a few words: the reason is kept with the record."),
    "already_revoked": _("This badge has been revoked already; there is nothing left to do."),
    "undone": _(
        "This badge went with an attendance record that was undone. Upload the record again to give it once more."
    ),
    "already_active": _("This badge stands already; there is nothing left to do."),
    "already_awarded": _("This student has this badge from this activity already; nobody gets it twice."),
    "already_withheld": _("This badge is withheld from this student already; there is nothing left to do."),
    "withheld": _("This badge is withheld from this student. Lift that first, then give the badge."),
    "awarded": _("This student has this badge. Revoke it first, then say why it is withheld."),
    "too_many": _(
        "This student already has as many badges as the scheme rules allow for an activity of this length. "
        "Revoke one of them first."
    ),
    "stands_on_nat": _("This badge stands on a NAT that was issued. Ask the scheme administrator to correct it."),
    "not_offered": _("This activity does not offer this badge. Choose one of the badges on offer."),
    "not_published": _("This activity is not published. Publish it first."),
    "cancelled": _("This activity was cancelled, so no badge can be earned at it."),
    "too_early": _("This activity has not ended yet. A badge is earned only after the end."),
    "not_on_record": _(
        "This student is on no attendance record of this activity. Upload a sheet with the student on it: "
        "it adds to the record."
    ),
    "same_reason": _("This is the reason already; nothing was changed."),
    "not_withheld": _("This badge is no longer withheld; there is nothing left to do."),
}


class AwardRefused(Refusal):
    """What a person asked for cannot be done. `code` is one of REFUSALS; `str()` is its sentence, translated."""

    def __init__(self, code: str) -> None:
        super().__init__(code, REFUSALS[code])


@transaction.atomic
def revoke_award(*, acting_user: User, award: Award, reason: str) -> Award:
    """Takes a badge back; it can be reinstated. Returns the award as it is now.

    Refused: reason_missing, already_revoked, undone; stands_on_nat for everybody but the scheme administrator.
    """
    _lock_activity(acting_user, award.activity_id)
    reason = _needed(reason)
    award = _reread(award)
    if award.status != Award.Status.ACTIVE:
        raise AwardRefused("already_revoked" if award.status == Award.Status.REVOKED else "undone")
    if stands_on_nat(award) and not acting_user.may(Permission.MANAGE_ALL_ACTIVITIES):
        raise AwardRefused("stands_on_nat")
    award = _change(award, Award.Status.REVOKED, AwardEvent.Kind.REVOKED, acting_user, reason)
    asked = CorrectionRequest.objects.filter(award=award)
    status = CorrectionRequest.Status.APPLIED
    close_requests(acting_user=acting_user, requests=asked, status=status, because=reason)
    return award


@transaction.atomic
def reinstate_award(*, acting_user: User, award: Award, reason: str) -> Award:
    """Gives a revoked badge back, as it was. Returns the award as it is now.

    Refused: reason_missing, already_active, undone, already_awarded, withheld, too_many (by the rules that the award
    was given under, product rule 9).
    """
    _lock_activity(acting_user, award.activity_id)
    reason = _needed(reason)
    award = _reread(award)
    if award.status != Award.Status.REVOKED:
        raise AwardRefused("already_active" if award.status == Award.Status.ACTIVE else "undone")
    _refuse_award(award.activity_id, award.participant_id, award.badge_type_id, award.max_badges)
    return _change(award, Award.Status.ACTIVE, AwardEvent.Kind.REINSTATED, acting_user, reason)


@transaction.atomic
def award_by_hand(
    *, acting_user: User, activity: Activity, participant: Participant, badge_type: BadgeType, reason: str
) -> Award:
    """Gives a badge on offer to somebody who is on a committed attendance record of the activity (rules 1, 2, 6).

    The award keeps the rules, days, wording and artwork of today and the latest row of the participant.
    Refused: reason_missing, not_published, cancelled, too_early, not_offered, not_on_record, already_awarded, withheld,
    too_many.
    """
    activity = _lock_activity(acting_user, activity.pk)
    reason = _needed(reason)
    row = _row_that_counts(activity, participant)
    if not BadgeOffer.objects.filter(activity=activity, badge_type=badge_type, closed_at=None).exists():
        raise AwardRefused("not_offered")
    _refuse_award(activity.pk, participant.pk, badge_type.pk, activity.max_badges)
    award = Award.objects.create(
        participant=participant,
        activity=activity,
        badge_type=badge_type,
        badge_version=BadgeVersion.objects.get(badge_type=badge_type, version=badge_type.version),
        rules_id=activity.rules_id,
        days=activity.days,
        max_badges=activity.max_badges,
        row=row,
        awarded_by=acting_user,
        note=reason,
    )
    AwardEvent.objects.create(award=award, kind=AwardEvent.Kind.AWARDED, by=acting_user, reason=reason)
    record(
        acting_user=acting_user,
        action="award.given_by_hand",
        target=award,
        participant=participant,
        changes={"status": [None, award.status], "badge": badge_type.code, "activity": activity.code},
        reason=reason,
    )
    return award


@transaction.atomic
def withhold_by_hand(
    *,
    acting_user: User,
    activity: Activity,
    participant: Participant,
    badge_type: BadgeType,
    reason: str,
    reason_text: str = "",
) -> Withholding:
    """Records that somebody attended and does not get this badge (rule 5). The student sees the reason.

    `reason` is one of WithholdingReason; `other` needs words in `reason_text`.
    Refused: reason_missing, not_published, cancelled, too_early, not_offered (neither now nor earlier), not_on_record,
    already_withheld, awarded.
    """
    activity = _lock_activity(acting_user, activity.pk)
    reason_text = _needed_words(reason, reason_text)
    row = _row_that_counts(activity, participant)
    if not BadgeOffer.objects.filter(activity=activity, badge_type=badge_type).exists():
        raise AwardRefused("not_offered")
    theirs = {"activity": activity, "participant": participant, "badge_type": badge_type}
    if Withholding.objects.active().filter(**theirs).exists():
        raise AwardRefused("already_withheld")
    if Award.objects.active().filter(**theirs).exists():
        raise AwardRefused("awarded")
    withholding = Withholding.objects.create(
        **theirs, reason=reason, reason_text=reason_text, row=row, withheld_by=acting_user
    )
    record(
        acting_user=acting_user,
        action="withholding.made_by_hand",
        target=withholding,
        participant=participant,
        changes={
            "status": [None, withholding.status],
            "reason": reason,
            "badge": badge_type.code,
            "activity": activity.code,
        },
        reason=reason_text or str(WithholdingReason(reason).label),
    )
    return withholding


@transaction.atomic
def change_withholding_reason(
    *, acting_user: User, withholding: Withholding, reason: str, reason_text: str = ""
) -> Withholding:
    """Withholds the badge for another reason: the old decision ends, a new one of the same row takes its place.

    Refused: reason_missing, not_withheld, same_reason.
    """
    _lock_activity(acting_user, withholding.activity_id)
    reason_text = _needed_words(reason, reason_text)
    withholding = Withholding.objects.select_related("participant", "activity", "badge_type").get(pk=withholding.pk)
    if withholding.status != Withholding.Status.ACTIVE:
        raise AwardRefused("not_withheld")
    if (withholding.reason, withholding.reason_text) == (reason, reason_text):
        raise AwardRefused("same_reason")
    withholding.status = Withholding.Status.LIFTED
    withholding.save(update_fields=["status"])
    changed = Withholding.objects.create(
        participant=withholding.participant,
        activity=withholding.activity,
        badge_type=withholding.badge_type,
        reason=reason,
        reason_text=reason_text,
        row_id=withholding.row_id,
        withheld_by=acting_user,
    )
    record(
        acting_user=acting_user,
        action="withholding.reason_changed",
        target=changed,
        participant=changed.participant,
        changes={
            "reason": [withholding.reason, reason],
            "words": [withholding.reason_text, reason_text],
            "badge": changed.badge_type.code,
            "activity": changed.activity.code,
        },
        reason=reason_text or str(WithholdingReason(reason).label),
    )
    return changed


@transaction.atomic
def lift_withholding(
    *, acting_user: User, withholding: Withholding, reason: str, award_instead: bool = False
) -> Award | None:
    """Ends a withholding; with `award_instead` gives the badge in the same transaction and returns the award.

    Refused: reason_missing, not_withheld; with `award_instead` also whatever refuses `award_by_hand`, and then the
    withholding stands.
    """
    _lock_activity(acting_user, withholding.activity_id)
    reason = _needed(reason)
    withholding = Withholding.objects.select_related("participant", "activity", "badge_type").get(pk=withholding.pk)
    if withholding.status != Withholding.Status.ACTIVE:
        raise AwardRefused("not_withheld")
    withholding.status = Withholding.Status.LIFTED
    withholding.save(update_fields=["status"])
    record(
        acting_user=acting_user,
        action="withholding.lifted",
        target=withholding,
        participant=withholding.participant,
        changes={
            "status": [Withholding.Status.ACTIVE.value, Withholding.Status.LIFTED.value],
            "badge": withholding.badge_type.code,
            "activity": withholding.activity.code,
        },
        reason=reason,
    )
    if not award_instead:
        return None
    return award_by_hand(
        acting_user=acting_user,
        activity=withholding.activity,
        participant=withholding.participant,
        badge_type=withholding.badge_type,
        reason=reason,
    )


@transaction.atomic
def record_view_of_history(*, acting_user: User, participant: Participant) -> None:
    """Leaves on the trail that the administrator looked at the history of a student, who may read that entry."""
    record(acting_user=acting_user, action="history.viewed", target=participant, participant=participant)


def stands_on_nat(award: Award) -> bool:
    """Whether an issued NAT, not a void one, lists this award."""
    return Award.objects.filter(pk=award.pk).on_issued_nat().exists()


def _lock_activity(acting_user: User, activity_id: int) -> Activity:
    """The activity, locked until the transaction ends; PermissionDenied unless the acting user manages it."""
    managed = Activity.objects.managed_by(acting_user)
    activity = managed.select_for_update(of=("self",)).filter(pk=activity_id).first()
    if activity is None:
        raise PermissionDenied
    return activity


def _needed(reason: str) -> str:
    if not reason.strip():
        raise AwardRefused("reason_missing")
    return reason.strip()


def _needed_words(reason: str, reason_text: str) -> str:
    """The words of a withholding, which only "other" needs."""
    if reason not in WithholdingReason.values or (reason == WithholdingReason.OTHER and not reason_text.strip()):
        raise AwardRefused("reason_missing")
    return reason_text.strip()


def _reread(award: Award) -> Award:
    """The award as it is after the lock, with what the trail wants to know."""
    return Award.objects.select_related("participant", "activity", "badge_type").get(pk=award.pk)


def _change(award: Award, status: Award.Status, kind: AwardEvent.Kind, acting_user: User, reason: str) -> Award:
    before, award.status = award.status, status
    award.save(update_fields=["status"])
    AwardEvent.objects.create(award=award, kind=kind, by=acting_user, reason=reason)
    record(
        acting_user=acting_user,
        action=f"award.{kind}",
        target=award,
        participant=award.participant,
        changes={
            "status": [str(before), status.value],
            "badge": award.badge_type.code,
            "activity": award.activity.code,
        },
        reason=reason,
    )
    return award


def _refuse_award(activity_id: int, participant_id: int, badge_type_id: int, max_badges: int) -> None:
    """Raises when one more active award would be the second of its type, contradict a withholding or be too many."""
    theirs = {"activity": activity_id, "participant": participant_id}
    held = set(Award.objects.active().filter(**theirs).values_list("badge_type", flat=True))
    if badge_type_id in held:
        raise AwardRefused("already_awarded")
    if Withholding.objects.active().filter(**theirs, badge_type=badge_type_id).exists():
        raise AwardRefused("withheld")
    if len(held) >= max_badges:
        raise AwardRefused("too_many")


def _row_that_counts(activity: Activity, participant: Participant) -> AttendanceRow:
    """The latest settled row of the participant on a committed record; raises when the activity has none yet."""
    if activity.status == Activity.Status.DRAFT:
        raise AwardRefused("not_published")
    if activity.status == Activity.Status.CANCELLED:
        raise AwardRefused("cancelled")
    if not activity.has_ended(timezone.now()):
        raise AwardRefused("too_early")
    rows = AttendanceRow.objects.filter(
        upload__activity=activity, upload__status="committed", participant=participant
    ).exclude(settlement__in=AttendanceRow.COUNTS_FOR_NOBODY)
    row = rows.order_by("-id").first()
    if row is None:
        raise AwardRefused("not_on_record")
    return row

"""Undoing a whole committed record: exactly the state before it, or a sentence that says why that cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Participant, User
from accounts.roles import Permission
from accounts.trail.models import AuditEntry
from accounts.trail.services import entry, record, record_many
from awards.attendance.gathering import lock_activity
from awards.attendance.models import AttendanceEffect, AttendanceRow, AttendanceUpload
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.models import Award, AwardEvent, CorrectionRequest, Withholding
from awards.requesting import close_requests


def undo_upload(*, acting_user: User, upload: AttendanceUpload, reason: str) -> AttendanceUpload:
    """Takes back everything that a committed record did, and brings back what it took back or lifted.

    Badges given by hand on the strength of a row of this record go with it: a badge is earned only by those on a
    standing record (product rule 6). Raises AttendanceRefused: reason_missing, not_committed, built_upon,
    on_issued_paper (for all but the scheme administrator), changed_by_hand, busy; then nothing is changed.
    """
    reason = reason.strip()
    if not reason:
        raise AttendanceRefused("reason_missing")
    try:
        with lock_wait_said(), transaction.atomic():
            activity = lock_activity(acting_user, upload.activity_id)
            upload = AttendanceUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
            if upload.status != AttendanceUpload.Status.COMMITTED:
                raise AttendanceRefused("not_committed", upload=upload)
            upload.activity = activity
            _refuse_built_upon(upload)
            _refuse_on_paper(acting_user, upload)
            _undo(acting_user, upload, reason)
    except IntegrityError as error:
        raise AttendanceRefused("changed_by_hand", upload=upload) from error
    return upload


@dataclass(frozen=True, slots=True)
class Undoing:
    """How many badges and withholdings undoing a record would change."""

    awards: int
    withholdings: int
    reinstated: int
    withheld_again: int


def what_undoing_does(upload: AttendanceUpload) -> Undoing:
    """The numbers for the page that asks for the reason."""
    return Undoing(
        awards=Award.objects.active().filter(row__upload=upload).count(),
        withholdings=Withholding.objects.active().filter(row__upload=upload).count(),
        reinstated=_taken_back_by(upload).count(),
        withheld_again=upload.effects.filter(withholding__status=Withholding.Status.LIFTED).count(),
    )


def awards_on_paper(upload: AttendanceUpload) -> int:
    """How many active badges of this record stand on an issued NAT."""
    given = Award.objects.active().filter(row__upload=upload)
    return given.filter(transcript_entries__transcript__status="issued").distinct().count()


def _refuse_on_paper(acting_user: User, upload: AttendanceUpload) -> None:
    count = awards_on_paper(upload)
    if count and not acting_user.may(Permission.MANAGE_ALL_ACTIVITIES):
        raise AttendanceRefused("on_issued_paper", upload=upload, count=count)


def _refuse_built_upon(upload: AttendanceUpload) -> None:
    later = AttendanceUpload.objects.committed().filter(
        Q(committed_at__gt=upload.committed_at) | Q(committed_at=upload.committed_at, pk__gt=upload.pk),
        activity=upload.activity,
    )
    theirs = Participant.objects.filter(_concerned_by(upload)).values("pk")
    settled = AttendanceRow.objects.exclude(settlement__in=AttendanceRow.COUNTS_FOR_NOBODY)
    on_a_row = settled.filter(upload=OuterRef("pk"), participant__in=theirs)
    effects = AttendanceEffect.objects.filter(upload=OuterRef("pk")).filter(
        Q(revocation__award__participant__in=theirs) | Q(withholding__participant__in=theirs)
    )
    builder = later.filter(Exists(on_a_row) | Exists(effects)).order_by("-committed_at", "-pk").first()
    if builder is not None:
        raise AttendanceRefused("built_upon", upload=builder, file_name=builder.file_name)


def _concerned_by(upload: AttendanceUpload) -> Q:
    """Participants for whom this record changed something."""
    return (
        Q(pk__in=Award.objects.filter(row__upload=upload).values("participant"))
        | Q(pk__in=Withholding.objects.filter(row__upload=upload).values("participant"))
        | Q(pk__in=upload.effects.filter(revocation__isnull=False).values("revocation__award__participant"))
        | Q(pk__in=upload.effects.filter(withholding__isnull=False).values("withholding__participant"))
    )


def _undo(acting_user: User, upload: AttendanceUpload, reason: str) -> None:
    trail: list[AuditEntry] = []
    given = Award.objects.filter(row__upload=upload).exclude(status=Award.Status.UNDONE)
    trail += _change_awards(acting_user, given, Award.Status.UNDONE, AwardEvent.Kind.UNDONE, reason)
    withheld = Withholding.objects.filter(row__upload=upload).exclude(status=Withholding.Status.UNDONE)
    trail += _change_withholdings(acting_user, withheld, Withholding.Status.UNDONE, reason)
    trail += _change_awards(
        acting_user, _taken_back_by(upload), Award.Status.ACTIVE, AwardEvent.Kind.REINSTATED, reason
    )
    lifted = Withholding.objects.filter(pk__in=upload.effects.values("withholding"), status=Withholding.Status.LIFTED)
    trail += _change_withholdings(acting_user, lifted, Withholding.Status.ACTIVE, reason)
    trail += _open_again(acting_user, upload)
    record_many(trail)
    _close_requests(acting_user, upload, reason)
    upload.status = AttendanceUpload.Status.UNDONE
    upload.undone_by = acting_user
    upload.undone_at = timezone.now()
    upload.undone_because = reason
    upload.save(update_fields=["status", "undone_by", "undone_at", "undone_because"])
    record(
        acting_user=acting_user,
        action="attendance.undone",
        target=upload,
        changes={"activity": upload.activity.code, "status": ["committed", "undone"]},
        reason=reason,
    )


def _taken_back_by(upload: AttendanceUpload) -> QuerySet[Award]:
    """Awards that this record revoked and that nobody changed since then."""
    newest = AwardEvent.objects.filter(award=OuterRef("pk")).values("award").annotate(pk__max=Max("pk"))
    ours = upload.effects.filter(revocation__isnull=False).values("revocation")
    revoked = Award.objects.filter(status=Award.Status.REVOKED, events__in=ours)
    return revoked.annotate(newest=Subquery(newest.values("pk__max"))).filter(newest__in=ours)


def _open_again(acting_user: User, upload: AttendanceUpload) -> list[AuditEntry]:
    """Opens parked rows of other records that were settled since with a badge that this record had given.

    Such a row gave nothing itself ("stands already"), so its participant would be left without the badge.
    """
    lost = Award.objects.filter(row__upload=upload, status=Award.Status.UNDONE).values("participant")
    settled = AttendanceRow.objects.filter(
        upload__activity=upload.activity_id,
        upload__status=AttendanceUpload.Status.COMMITTED,
        settlement=AttendanceRow.Settlement.AWARDED,
        settled_at__gt=upload.committed_at,
        participant__in=lost,
    )
    rows = list(settled.exclude(upload=upload).filter(~Exists(Award.objects.filter(row=OuterRef("pk")))))
    trail = [_opened_again(acting_user, row, upload) for row in rows]
    found = AttendanceRow.objects.filter(pk__in=[row.pk for row in rows])
    found.filter(outcome=AttendanceRow.Outcome.REJECT).update(participant=None)
    found.update(settlement=AttendanceRow.Settlement.OPEN, settled_at=None)
    return trail


def _opened_again(acting_user: User, row: AttendanceRow, upload: AttendanceUpload) -> AuditEntry:
    return entry(
        acting_user=acting_user,
        action="attendance.row_reopened",
        target=AttendanceUpload(pk=row.upload_id),
        participant=Participant(pk=row.participant_id),
        changes={"line": row.line, "settlement": [row.settlement, "open"], "activity": upload.activity.code},
    )


def _close_requests(acting_user: User, upload: AttendanceUpload, reason: str) -> None:
    """What was asked of the administrator: this undo is done; about its own badges nothing is left to ask."""
    requests = CorrectionRequest.objects.all()
    undo = requests.filter(upload=upload, award=None)
    status = CorrectionRequest.Status
    close_requests(acting_user=acting_user, requests=undo, status=status.APPLIED, because=reason)
    moot = requests.filter(Q(upload=upload) | Q(award__row__upload=upload))
    close_requests(acting_user=acting_user, requests=moot, status=status.WITHDRAWN, because=reason)


def _change_awards(
    acting_user: User, awards: QuerySet[Award], status: Award.Status, kind: AwardEvent.Kind, reason: str
) -> list[AuditEntry]:
    found = list(awards.select_related("badge_type", "activity"))
    if not found:
        return []
    Award.objects.filter(pk__in=[award.pk for award in found]).update(status=status)
    AwardEvent.objects.bulk_create(AwardEvent(award=award, kind=kind, by=acting_user, reason=reason) for award in found)
    return _entries(acting_user, f"award.{kind}", found, status, reason)


def _change_withholdings(
    acting_user: User, withholdings: QuerySet[Withholding], status: Withholding.Status, reason: str
) -> list[AuditEntry]:
    found = list(withholdings.select_related("badge_type", "activity"))
    if not found:
        return []
    Withholding.objects.filter(pk__in=[withholding.pk for withholding in found]).update(status=status)
    action = "withholding.undone" if status == Withholding.Status.UNDONE else "withholding.restored"
    return _entries(acting_user, action, found, status, reason)


def _entries(
    acting_user: User, action: str, targets: Iterable[Award | Withholding], status: str, reason: str
) -> list[AuditEntry]:
    return [
        entry(
            acting_user=acting_user,
            action=action,
            target=target,
            participant=Participant(pk=target.participant_id),
            changes={
                "status": [target.status, str(status)],
                "badge": target.badge_type.code,
                "activity": target.activity.code,
            },
            reason=reason,
        )
        for target in targets
    ]

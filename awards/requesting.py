"""What stands on an issued NAT goes to the scheme administrator: asking for it, and closing what was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import Refusal
from accounts.roles import Permission
from accounts.trail.models import AuditEntry
from accounts.trail.services import entry, record_many
from awards.attendance.effects import Changes
from awards.attendance.gathering import Circumstances, Held, lock_activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.refusals import AttendanceRefused
from awards.models import Award, CorrectionRequest
from awards.querysets import CorrectionRequestQuerySet

REFUSALS = {
    "reason_missing": _("Say why in a few words: the reason is kept with the request."),
    "not_active": _("This badge does not stand any more, so there is nothing to ask for."),
    "not_committed": _("This record does not stand any more, so there is nothing to ask for."),
    "already_asked": _("The scheme administrator was asked for this already, and has not decided yet."),
    "decided": _("This request was decided in the meantime."),
}


class RequestRefused(Refusal):
    """A request that cannot be made or decided. `code` is one of REFUSALS; `str()` is its sentence, translated."""

    def __init__(self, code: str) -> None:
        super().__init__(code, REFUSALS[code])


def split_off_paper(acting_user: User, circumstances: Circumstances, changes: Changes) -> Mapping[Held, int | None]:
    """Takes out of the changes the badges that this person may not take back by themselves, and returns them.

    They stand on an issued NAT, and only the scheme administrator touches that (product 4b). Raises AttendanceRefused
    no_room_while_on_nat where a badge was to take the place of one that stays for now.
    """
    if acting_user.may(Permission.MANAGE_ALL_ACTIVITIES):
        return {}
    asked = {held: row for held, row in changes.take_back.items() if held in circumstances.on_paper}
    for held in asked:
        del changes.take_back[held]
    if asked and _more_than_allowed(circumstances, changes, {student for student, _code in asked}):
        raise AttendanceRefused("no_room_while_on_nat")
    return asked


def _more_than_allowed(circumstances: Circumstances, changes: Changes, students: Iterable[int]) -> bool:
    standing = [student for student, _code in (set(circumstances.awards) - set(changes.take_back)) | set(changes.give)]
    counts = Counter(standing)
    return any(counts[student] > circumstances.activity.max_badges for student in students)


def ask_for_take_backs(
    *,
    acting_user: User,
    upload: AttendanceUpload,
    circumstances: Circumstances,
    asked: Mapping[Held, int | None],
    reason: str,
) -> int:
    """Asks the administrator to take back what a record says no to; returns how many badges. Inside its transaction."""
    awards = {circumstances.awards[held]: row for held, row in asked.items()}
    known = CorrectionRequest.objects.open().filter(award__in=awards).values_list("award", flat=True)
    for award in set(known):
        del awards[award]
    made = CorrectionRequest.objects.bulk_create(
        CorrectionRequest(
            activity=circumstances.activity,
            award_id=award,
            upload=upload,
            row_id=row,
            reason=reason,
            asked_by=acting_user,
        )
        for award, row in awards.items()
    )
    record_many(_entry(acting_user, "correction.asked", request, reason) for request in made)
    return len(made)


def ask_for_revocation(*, acting_user: User, award: Award, reason: str) -> CorrectionRequest:
    """Asks the administrator to revoke a badge. Raises RequestRefused: reason_missing, not_active, already_asked."""
    with transaction.atomic():
        activity = lock_activity(acting_user, award.activity_id)
        award = Award.objects.select_related("badge_type").get(pk=award.pk)
        if award.status != Award.Status.ACTIVE:
            raise RequestRefused("not_active")
        return _ask(acting_user, CorrectionRequest(activity=activity, award=award), reason)


def ask_for_undo(*, acting_user: User, upload: AttendanceUpload, reason: str) -> CorrectionRequest:
    """Asks the administrator to undo a record. Raises RequestRefused: reason_missing, not_committed, already_asked."""
    with transaction.atomic():
        activity = lock_activity(acting_user, upload.activity_id)
        upload = AttendanceUpload.objects.get(pk=upload.pk)
        if upload.status != AttendanceUpload.Status.COMMITTED:
            raise RequestRefused("not_committed")
        return _ask(acting_user, CorrectionRequest(activity=activity, upload=upload), reason)


def _ask(acting_user: User, request: CorrectionRequest, reason: str) -> CorrectionRequest:
    if not reason.strip():
        raise RequestRefused("reason_missing")
    same = CorrectionRequest.objects.open().filter(award=request.award)
    if request.award is None:
        same = same.filter(upload=request.upload)
    if same.exists():
        raise RequestRefused("already_asked")
    request.reason = reason.strip()
    request.asked_by = acting_user
    request.save()
    record_many([_entry(acting_user, "correction.asked", request, request.reason)])
    return request


def close_requests(
    *, acting_user: User, requests: CorrectionRequestQuerySet, status: CorrectionRequest.Status, because: str
) -> int:
    """Ends those of the requests that are open and returns how many. Inside the transaction of what ends them."""
    found = list(requests.open().select_related("activity", "upload").select_for_update(of=("self",)))
    if not found:
        return 0
    CorrectionRequest.objects.filter(pk__in=[request.pk for request in found]).update(
        status=status, decided_by=acting_user, decided_at=timezone.now(), decided_because=because
    )
    record_many(_entry(acting_user, f"correction.{status}", request, because) for request in found)
    return len(found)


def withdraw_request(*, acting_user: User, request: CorrectionRequest) -> None:
    """Takes back one's own side's request. Raises RequestRefused decided."""
    with transaction.atomic():
        lock_activity(acting_user, request.activity_id)
        mine = CorrectionRequest.objects.filter(pk=request.pk)
        status = CorrectionRequest.Status.WITHDRAWN
        if not close_requests(acting_user=acting_user, requests=mine, status=status, because=""):
            raise RequestRefused("decided")


def _entry(acting_user: User, action: str, request: CorrectionRequest, reason: str) -> AuditEntry:
    """Not on the student's own trail: what is asked about a badge has not happened to it."""
    record = str(request.upload.key) if request.upload else None
    changes = {"activity": request.activity.code, "award": request.award_id, "record": record}
    return entry(acting_user=acting_user, action=action, target=request, changes=changes, reason=reason)

"""After the commit: the organiser confirms the record, the scheme administrator files it or asks."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.trail.services import record
from awards.attendance.models import AttendanceUpload
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.telling import tell_organisers

Filing = AttendanceUpload.Filing


@transaction.atomic
def confirm_record(*, acting_user: User, upload: AttendanceUpload, answer: str = "") -> AttendanceUpload:
    """The organiser says that the record appears correctly; what was queried is open again (product 4a).

    Saying it twice changes nothing. Raises AttendanceRefused not_committed.
    """
    upload = _standing(upload)
    queried = upload.filing == Filing.QUERIED
    if upload.confirmed_at is not None and not queried:
        return upload
    before = upload.filing
    upload.confirmed_by = acting_user
    upload.confirmed_at = timezone.now()
    changed = ["confirmed_by", "confirmed_at"]
    if queried:
        upload.filing = Filing.OPEN
        upload.filing_answer = answer.strip()
        changed += ["filing", "filing_answer"]
    upload.save(update_fields=changed)
    _note(acting_user, "attendance.confirmed", upload, before, upload.filing_answer)
    return upload


@transaction.atomic
def file_upload(*, acting_user: User, upload: AttendanceUpload) -> AttendanceUpload:
    """The administrator puts the record away; twice changes nothing. Raises AttendanceRefused not_committed."""
    return _file(acting_user, upload, Filing.FILED, "attendance.filed", "")


@transaction.atomic
def query_upload(*, acting_user: User, upload: AttendanceUpload, note: str) -> AttendanceUpload:
    """The administrator asks the organisers something. Raises AttendanceRefused note_missing or not_committed."""
    if not note.strip():
        raise AttendanceRefused("note_missing")
    asked = _file(acting_user, upload, Filing.QUERIED, "attendance.queried", note.strip())
    tell_organisers(
        activity=asked.activity,
        kind="attendance_queried",
        key=f"{asked.pk}:{asked.filing_changed_at:%Y%m%dT%H%M%S%f}",
        context={"question": asked.filing_note, "committed_at": asked.committed_at},
        url=reverse("attendance:receipt", args=[asked.key]),
    )
    return asked


def _file(acting_user: User, upload: AttendanceUpload, filing: Filing, action: str, note: str) -> AttendanceUpload:
    upload = _standing(upload)
    before = upload.filing
    if before == filing and note in {"", upload.filing_note}:
        return upload
    upload.filing = filing
    upload.filing_note = note or upload.filing_note
    upload.filing_changed_by = acting_user
    upload.filing_changed_at = timezone.now()
    upload.save(update_fields=["filing", "filing_note", "filing_changed_by", "filing_changed_at"])
    _note(acting_user, action, upload, before, note)
    return upload


def _standing(upload: AttendanceUpload) -> AttendanceUpload:
    """The record as it is now, locked; it must stand."""
    upload = AttendanceUpload.objects.select_related("activity").select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.status != AttendanceUpload.Status.COMMITTED:
        raise AttendanceRefused("not_committed", upload=upload)
    return upload


def _note(acting_user: User, action: str, upload: AttendanceUpload, before: str, reason: str) -> None:
    changes = {"activity": upload.activity.code, "filing": [before, upload.filing]}
    record(acting_user=acting_user, action=action, target=upload, changes=changes, reason=reason)

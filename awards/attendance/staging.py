"""From an uploaded file to the review page: stage, preview, discard, expire. Nothing is awarded here."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone

from accounts.models import User
from accounts.sheets.limits import limits_in_force
from accounts.trail.services import record
from activities.models import Activity
from awards.attendance.choosing import best_reading, read_all
from awards.attendance.deciding import Answer, Answers, Decision, decide
from awards.attendance.formats import Workbook, read_workbook
from awards.attendance.gathering import (
    Circumstances,
    gather,
    lock_activity,
    offered_codes,
    refuse_unless_open,
    students_named,
)
from awards.attendance.layouts import Layouts
from awards.attendance.measuring import Needed
from awards.attendance.memory import remembered_by
from awards.attendance.mending import mended, mends_in
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import keep_original, remove_original
from awards.attendance.reading import Reading
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.attendance.vocabulary import words_in_force

STAGED_FOR = dt.timedelta(days=7)
"""How long a record waits to be checked before it expires (product 4a)."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a commit would do now, and what it is judged against."""

    reading: Reading
    decision: Decision
    circumstances: Circumstances

    @property
    def takes_back_from_paper(self) -> int:
        """How many badges that it would take back by an answered row stand on an issued NAT."""
        return len(self.circumstances.on_paper & taken_back(self.decision))


def taken_back(decision: Decision) -> set[tuple[int, str]]:
    """Participant and badge of every award that the answers of the rows take back."""
    return {(row.student.id, code) for row in decision.rows if row.student for code in row.revokes}


Reader = Callable[[bytes, Sequence[str]], Workbook]
"""Bytes and the badge codes on offer → the workbook in them."""


def read_file(data: bytes, offered: Sequence[str]) -> Workbook:
    """An uploaded file, read in the guarded child."""
    return read_workbook(data, limits_in_force())


def stage_upload(
    *, acting_user: User, activity: Activity, file_name: str, data: bytes, read: Reader = read_file
) -> AttendanceUpload:
    """Reads a sheet, keeps the original and returns the record to be checked.

    `activity` is as the guard gave it; who manages it is asked again, under its lock, before anything is kept. Columns
    with headings that the acting user explained before are read so. The same bytes again, while they wait to be
    checked, give the record that waits already. Raises AttendanceRefused (not_published, cancelled, too_early,
    no_offers, no_file, already_committed) or formats.Refusal (what is wrong with the file, in the codes of the
    contract); a refused file is not stored. Nothing is locked while the file is read.
    """
    refuse_unless_open(activity)
    offered = offered_codes(activity)
    if not offered:
        raise AttendanceRefused("no_offers")
    sha256 = hashlib.sha256(data).hexdigest()
    refuse_if_committed(activity, sha256)
    waiting = waiting_upload(activity, sha256)
    if waiting is not None:
        return waiting
    layouts = Layouts(remembered=remembered_by(acting_user), words=words_in_force())
    reading = read_workbook_of(activity, offered, read(data, offered), layouts)
    return keep_upload(acting_user, activity, file_name, data, reading)


def read_workbook_of(activity: Activity, offered: tuple[str, ...], workbook: Workbook, layouts: Layouts) -> Reading:
    """The attendance in a workbook, in the encoding in which most names belong to the students beside them."""
    readings = read_all(
        workbook,
        offered=offered,
        activity_code=activity.code,
        student_number_digits=settings.STUDENT_NUMBER_DIGITS,
        layouts=layouts,
    )
    return readings[0] if len(readings) == 1 else best_reading(readings, students_named(readings))


def keep_upload(
    acting_user: User, activity: Activity, file_name: str, data: bytes, reading: Reading | None, file_format: str = ""
) -> AttendanceUpload:
    """Keeps the original and its record: to be checked, or without a reading with columns to be explained."""
    stored_as = keep_original(data)
    sha256 = hashlib.sha256(data).hexdigest()
    status = AttendanceUpload.Status.STAGED if reading else AttendanceUpload.Status.UNREAD
    with lock_wait_said(), transaction.atomic():
        lock_activity(acting_user, activity.pk)
        waiting = waiting_upload(activity, sha256, status)
        if waiting is not None:  # the same bytes came twice at once
            remove_original(stored_as)
            return waiting
        upload = AttendanceUpload.objects.create(
            activity=activity,
            status=status,
            file_name=file_name[:200],
            file_size=len(data),
            sha256=sha256,
            stored_as=stored_as,
            file_format=reading.format if reading else file_format,
            uploaded_by=acting_user,
            reading=reading.to_json() if reading else None,
        )
        changes = {"activity": activity.code, "sha256": sha256, "bytes": len(data)}
        record(
            acting_user=acting_user,
            action="attendance.uploaded",
            target=upload,
            changes={**changes, "rows": len(reading.rows)} if reading else changes,
        )
    return upload


def waiting_upload(
    activity: Activity, sha256: str, status: AttendanceUpload.Status = AttendanceUpload.Status.STAGED
) -> AttendanceUpload | None:
    """The record of these bytes that waits to be checked, or with another `status` for something else."""
    return activity.uploads.filter(status=status, sha256=sha256).first()


def refuse_if_committed(activity: Activity, sha256: str) -> None:
    """Raises already_committed where these bytes are the latest committed record of the activity that stands."""
    committed = activity.uploads.committed().order_by("-committed_at", "-id")
    if committed.values_list("sha256", flat=True).first() == sha256:
        raise already_committed(committed.select_related("committed_by")[0])


def already_committed(upload: AttendanceUpload) -> AttendanceRefused:
    """The refusal that names who committed this record and when."""
    assert upload.committed_at is not None
    at = formats.date_format(timezone.localtime(upload.committed_at), "DATETIME_FORMAT")
    return AttendanceRefused("already_committed", upload=upload, at=at, by=str(upload.committed_by))


def preview_upload(*, upload: AttendanceUpload, stored_answers: Mapping[str, Any] | None = None) -> Preview:
    """What a commit with these answers (by default those kept so far) would do now. Writes nothing.

    Raises AttendanceRefused not_staged, or formats.Refusal where the record cannot be used any more.
    """
    if upload.status != AttendanceUpload.Status.STAGED:
        raise AttendanceRefused("not_staged", upload=upload, status=upload.get_status_display())
    stored = upload.answers if stored_answers is None else stored_answers
    reading = reading_of(upload, stored)
    answers = answers_of(reading, stored)
    circumstances = gather(upload.activity, reading)
    return Preview(reading, judged(reading, circumstances, answers), circumstances)


def judged(
    reading: Reading,
    circumstances: Circumstances,
    answers: Answers,
    parked_because: str = "",
    *,
    arrived: bool = False,
) -> Decision:
    """The pure chain: the preview and the commit both run exactly this, and parked rows later (see `decide`)."""
    activity = circumstances.activity
    return decide(
        reading,
        students=circumstances.students,
        offered=circumstances.offered,
        max_badges=activity.max_badges,
        held_on=(activity.first_on, activity.last_on),
        before=circumstances.before,
        answers=answers,
        elsewhere=circumstances.elsewhere,
        parked_because=parked_because,
        needed=circumstances.needed,
        arrived=arrived,
    )


def reading_of(upload: AttendanceUpload, stored: Mapping[str, Any]) -> Reading:
    """The sheet of a staged record as it was read when it was uploaded, with what was mended since."""
    assert upload.reading is not None
    return mended(Reading.from_json(upload.reading), mends_in(stored), settings.STUDENT_NUMBER_DIGITS)


def answers_of(reading: Reading, stored: Mapping[str, Any]) -> Answers:
    """Answers as kept (`rows` maps the place of a row in the reading to its answer, `asked` to what it answers) in the
    words of the pure chain."""
    keys = {str(place): (row.sheet, row.line) for place, row in enumerate(reading.rows)}
    return Answers(
        rows={keys[place]: Answer(answer) for place, answer in stored.get("rows", {}).items() if place in keys},
        asked={keys[place]: reason for place, reason in stored.get("asked", {}).items() if place in keys},
        file=stored.get("file"),
        lists=_chosen_lists(reading, stored.get("lists")),
        needed=Needed(stored.get("needed_share"), stored.get("needed_minutes")),
        withheld_reason=stored.get("withheld_reason", ""),
        withheld_reason_text=stored.get("withheld_reason_text", ""),
        take_back_reason=stored.get("take_back_reason", ""),
    )


def _chosen_lists(reading: Reading, chosen: str | None) -> frozenset[str] | None:
    """`chosen` is None (not asked), "all", or the place of one list; anything else is no answer yet."""
    if chosen is None:
        return None
    places = {"all": reading.lists} | {str(place): (name,) for place, name in enumerate(reading.lists)}
    return frozenset(places.get(chosen, ()))


def discard_upload(*, acting_user: User, upload: AttendanceUpload) -> None:
    """Gives up a record that was never committed; what was read and the original are removed."""
    with lock_wait_said(), transaction.atomic():
        upload = lock_waiting(acting_user, upload)
        status = upload.status
        _forget(upload, AttendanceUpload.Status.DISCARDED)
        record(
            acting_user=acting_user,
            action="attendance.discarded",
            target=upload,
            changes={"activity": upload.activity.code, "status": [status, "discarded"]},
        )


def expire_uploads(*, now: dt.datetime) -> int:
    """Ends the wait of records that nobody committed in time, removes their originals, and returns how many."""
    late = AttendanceUpload.objects.waiting().filter(uploaded_at__lt=now - STAGED_FOR)
    with transaction.atomic():
        uploads = list(late.select_for_update(of=("self",), skip_locked=True).select_related("activity"))
        for upload in uploads:
            status = upload.status
            _forget(upload, AttendanceUpload.Status.EXPIRED)
            record(
                acting_user=None,
                action="attendance.expired",
                target=upload,
                changes={"activity": upload.activity.code, "status": [status, "expired"]},
            )
    return len(uploads)


def lock_waiting(acting_user: User, upload: AttendanceUpload) -> AttendanceUpload:
    """The record as it is after the lock of its activity and its own; nobody may have committed or given it up."""
    lock_activity(acting_user, upload.activity_id)
    upload = AttendanceUpload.objects.select_related("activity").select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.status not in (AttendanceUpload.Status.STAGED, AttendanceUpload.Status.UNREAD):
        raise AttendanceRefused("not_staged", upload=upload, status=upload.get_status_display())
    return upload


def lock_staged(acting_user: User, upload: AttendanceUpload) -> AttendanceUpload:
    """The same, of a record that must wait to be checked."""
    upload = lock_waiting(acting_user, upload)
    if upload.status != AttendanceUpload.Status.STAGED:
        raise AttendanceRefused("not_staged", upload=upload, status=upload.get_status_display())
    return upload


def _forget(upload: AttendanceUpload, status: AttendanceUpload.Status) -> None:
    upload.status = status
    upload.reading = None
    upload.answers = {}
    upload.save(update_fields=["status", "reading", "answers"])
    transaction.on_commit(lambda: remove_original(upload.stored_as))

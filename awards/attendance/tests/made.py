"""Sheets and short cuts for these tests: real services, and real XLSX bytes where a file is what a test is about."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl

from accounts.models import Participant, User
from activities.models import Activity
from awards.attendance.committing import Committed, commit_upload
from awards.attendance.formats import Workbook, Worksheet
from awards.attendance.models import AttendanceUpload
from awards.attendance.reading import Mark, Reading, ReadRow
from awards.attendance.staging import Preview, preview_upload, stage_upload
from awards.models import Award, Withholding

Line = Sequence[str]
"""Student number, name, and the marks in the order of the columns."""


def grid(
    activity: Activity, lines: Iterable[Line], *, badges: Sequence[str] = (), code: str = ""
) -> list[Sequence[str]]:
    """The cells of an attendance sheet with the columns Attended and one for each badge (all on offer unless named)."""
    open_offers = activity.offers.filter(closed_at=None).select_related("badge_type").order_by("position")
    offered = [offer.badge_type.code for offer in open_offers]
    return [
        ["Activity code", code or activity.code],
        ["Activity", activity.title_en],
        [],
        ["Student ID", "Student Name", "Attended", *(badges or offered)],
        *lines,
    ]


def sheet(activity: Activity, lines: Iterable[Line], **options: Any) -> bytes:
    """Such a sheet as a file."""
    book = openpyxl.Workbook()
    for row in grid(activity, lines, **options):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line(participant: Participant, *marks: str) -> list[str]:
    """A line about a participant as the register has them; without marks: attended, and every badge of two."""
    return [participant.student_number, participant.full_name, *(marks or ("Y", "Y", "Y"))]


def stage(activity: Activity, lines: Iterable[Line], by: User, **options: Any) -> AttendanceUpload:
    """An upload of such a sheet, waiting for its commit. Two sheets of the same lines are of different bytes.

    Only `data` is read as a file, by the guarded child; lines are taken as if they had been: a hundred tests are about
    what happens then.
    """
    if "data" in options:
        return stage_upload(acting_user=by, activity=activity, file_name="attendance.xlsx", data=options["data"])
    rows = tuple(tuple(cell or None for cell in row) for row in grid(activity, lines, **options))
    workbook = Workbook(format="xlsx", sheets=(Worksheet(name="Sheet", rows=rows),))
    return stage_upload(
        acting_user=by,
        activity=activity,
        file_name="attendance.xlsx",
        data=b"PK\3\4" + uuid.uuid4().bytes,
        read=lambda _data, _offered: workbook,
    )


def answered(upload: AttendanceUpload, answers: dict[int, str], **others: Any) -> dict[str, Any]:
    """Answers as they are kept: `answers` maps the row's number in the sheet to its answer."""
    places = {row["line"]: str(place) for place, row in enumerate(upload.reading["rows"])}  # type: ignore[index]
    return {"rows": {places[number]: answer for number, answer in answers.items()}, **others}


def commit(upload: AttendanceUpload, by: User, stored: dict[str, Any] | None = None, **options: Any) -> Committed:
    """Looks at the preview, then commits it."""
    preview: Preview = preview_upload(upload=upload, stored_answers=stored or {})
    return commit_upload(
        acting_user=by,
        upload=upload,
        request_key=options.get("request_key") or uuid.uuid4(),
        fingerprint=preview.decision.fingerprint,
        stored_answers=stored or {},
    )


def record(
    activity: Activity, lines: Iterable[Line], by: User, answers: dict[int, str] | None = None, **others: Any
) -> AttendanceUpload:
    """A committed record of these lines; `answers` maps a row of the sheet (the first is 5) to its answer."""
    upload = stage(activity, lines, by)
    return commit(upload, by, answered(upload, answers or {}, **others)).upload


def standing(activity: Activity) -> set[tuple[str, str]]:
    """Student number and code of every active award of the activity."""
    awards = Award.objects.active().filter(activity=activity)
    return set(awards.values_list("participant__student_number", "badge_type__code"))


def withheld(activity: Activity) -> set[tuple[str, str]]:
    """Student number and code of every active withholding of the activity."""
    active = Withholding.objects.active().filter(activity=activity)
    return set(active.values_list("participant__student_number", "badge_type__code"))


def read_row(number: int, participant: Participant, attended: Mark, badges: dict[str, Mark]) -> ReadRow:
    """A line as it comes from reading a sheet, for tests that are not about files."""
    return ReadRow(
        sheet="Sheet",
        line=number,
        raw_id=participant.student_number,
        student_number=participant.student_number,
        raw_name=participant.full_name,
        marks={"attended": attended.value, **{code: mark.value for code, mark in badges.items()}},
        attended=attended,
        badges=badges,
    )


def staged_as_read(activity: Activity, rows: Sequence[ReadRow], by: User) -> AttendanceUpload:
    """A staged record of these lines, as if a file with them had been read."""
    reading = Reading(
        format="xlsx",
        activity_code=activity.code,
        columns=("student_id", "name", "attended"),
        dropped_columns=(),
        rows=tuple(rows),
    )
    key = uuid.uuid4()
    return AttendanceUpload.objects.create(
        key=key,
        activity=activity,
        file_name="made.xlsx",
        file_size=1,
        sha256=hashlib.sha256(key.bytes).hexdigest(),
        stored_as=str(key),
        file_format="xlsx",
        uploaded_by=by,
        reading=reading.to_json(),
    )

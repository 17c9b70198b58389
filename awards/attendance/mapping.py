"""Sheets whose columns a person explains: kept until that is done, then read like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.trail.services import record
from activities.models import Activity
from awards.attendance.cells import number_in_name, read_number, text_of
from awards.attendance.choosing import read_all
from awards.attendance.formats import ENTERED, Refusal, Workbook, Worksheet
from awards.attendance.gathering import offered_codes, refuse_unless_open
from awards.attendance.layouts import (
    Layout,
    Layouts,
    guess_columns,
    guess_heading,
    layout_for,
    to_remember,
)
from awards.attendance.memory import forget, remember, remembered_by
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import path_of
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.attendance.staging import keep_upload, lock_waiting, read_file, read_workbook_of
from awards.attendance.vocabulary import words_in_force

EXPLAINABLE = frozenset({"no_header", "no_id_column", "header_twice"})
"""Refusals of a sheet that is right but for its headings."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A kept sheet as its columns are understood so far. `why` is what stands in the way of reading it, or None."""

    worksheets: Sequence[Worksheet]
    place: int
    layout: Layout
    offered: tuple[str, ...]
    why: Refusal | None

    @property
    def worksheet(self) -> Worksheet:
        return self.worksheets[self.place]


def keep_to_explain(
    *, acting_user: User, activity: Activity, file_name: str, data: bytes, refusal: Refusal
) -> AttendanceUpload | None:
    """Keeps a sheet that `stage_upload` refused for its headings only, until somebody explains its columns.

    None for any other refusal, and for a sheet without any student number: nothing is kept then. The same bytes again
    give the record that waits already. It waits as long as a record that is to be checked, and is discarded or expires
    in the same way.
    """
    if refusal.code not in EXPLAINABLE:
        return None
    activity = Activity.objects.managed_by(acting_user).get(pk=activity.pk)
    refuse_unless_open(activity)
    workbook = read_file(data, ())
    if not any(map(names_students, workbook.sheets)):
        return None
    return keep_upload(acting_user, activity, file_name, data, None, workbook.format)


def names_students(worksheet: Worksheet) -> bool:
    """Whether anything on a visible worksheet may be a student number, alone or in an address or a name."""
    digits = settings.STUDENT_NUMBER_DIGITS
    return worksheet.is_visible and any(
        cell is not None and (any(read_number(cell, digits)) or bool(number_in_name(text_of(cell), digits).maybe))
        for row in worksheet.rows
        for cell in row
    )


def explained(
    *, acting_user: User, upload: AttendanceUpload, place: int | None = None, heading_line: int | None = None
) -> Explained:
    """The worksheets of a waiting record and what their columns mean: as said for it, as remembered, or as guessed.

    `place` chooses the worksheet, `heading_line` another heading than the likeliest (0 for none). Raises
    AttendanceRefused not_staged, not_a_file or original_gone, or formats.Refusal where the file cannot be
    read any more.
    """
    workbook = _workbook(upload)
    offered = offered_codes(upload.activity)
    worksheets = [sheet for sheet in workbook.sheets if sheet.is_visible and _is_filled(sheet)]
    if not worksheets:
        raise Refusal("no_usable_lines")
    chosen = Layout.from_json(upload.layout) if upload.layout else None
    layouts = Layouts(chosen, remembered_by(acting_user))
    if place is None or not 0 <= place < len(worksheets):
        place = _likeliest(worksheets, layouts, offered)
    worksheet = worksheets[place]
    layout = layout_for(worksheet, layouts)
    if layout is None or heading_line not in (None, layout.heading_line):
        digits = settings.STUDENT_NUMBER_DIGITS
        line = guess_heading(worksheet, offered, digits) if heading_line is None else heading_line
        columns = guess_columns(worksheet, line, offered, digits)
        layout = Layout(worksheet.name, line, columns)
    return Explained(worksheets, place, layout, offered, _why(workbook, upload, offered))


def _workbook(upload: AttendanceUpload) -> Workbook:
    if upload.status not in (AttendanceUpload.Status.STAGED, AttendanceUpload.Status.UNREAD):
        raise AttendanceRefused("not_staged", upload=upload, status=upload.get_status_display())
    if upload.file_format in ENTERED:
        raise AttendanceRefused("not_a_file")
    try:
        data = path_of(upload.stored_as).read_bytes()
    except FileNotFoundError as gone:
        raise AttendanceRefused("original_gone") from gone
    return read_file(data, ())


def _is_filled(worksheet: Worksheet) -> bool:
    return any(cell is not None for row in worksheet.rows for cell in row)


def _likeliest(worksheets: Sequence[Worksheet], layouts: Layouts, offered: Sequence[str]) -> int:
    """The place of the worksheet that was explained before, or of the longest one with something like a heading."""
    for place, worksheet in enumerate(worksheets):
        if layouts.chosen is not None and worksheet.name == layouts.chosen.sheet:
            return place
    digits = settings.STUDENT_NUMBER_DIGITS
    sizes = [(guess_heading(sheet, offered, digits) > 0, len(sheet.rows)) for sheet in worksheets]
    return sizes.index(max(sizes))


def _why(workbook: Workbook, upload: AttendanceUpload, offered: tuple[str, ...]) -> Refusal | None:
    if upload.status == AttendanceUpload.Status.STAGED:
        return None
    digits = settings.STUDENT_NUMBER_DIGITS
    try:
        read_all(workbook, offered=offered, activity_code=upload.activity.code, student_number_digits=digits)
    except Refusal as refusal:
        return refusal
    return None


def explain_columns(
    *, acting_user: User, upload: AttendanceUpload, layout: Layout, is_remembered: bool
) -> AttendanceUpload:
    """Reads a waiting record anew with its columns as said, to be checked; what was answered before is gone.

    `is_remembered` keeps the meaning of the headings for the acting user's next sheet, otherwise it is forgotten.
    Raises AttendanceRefused (not_staged, not_a_file, original_gone, busy) or formats.Refusal where the sheet cannot be
    read so; then nothing is changed. Nothing is locked while the file is read.
    """
    workbook = _workbook(upload)
    offered = offered_codes(upload.activity)
    headings = _headings(workbook, layout)
    remembered = dict(remembered_by(acting_user))
    if headings and is_remembered:
        remembered[headings[0]] = headings[1]
    layouts = Layouts(layout, remembered, words_in_force())
    reading = read_workbook_of(upload.activity, offered, workbook, layouts)
    with lock_wait_said(), transaction.atomic():
        upload = lock_waiting(acting_user, upload)
        before = upload.status
        upload.status = AttendanceUpload.Status.STAGED
        upload.file_format = reading.format
        upload.reading = reading.to_json()
        upload.layout = layout.to_json()
        upload.answers = {}
        upload.save(update_fields=["status", "file_format", "reading", "layout", "answers"])
        if headings:
            (remember(acting_user, *headings) if is_remembered else forget(acting_user, headings[0]))
        record(
            acting_user=acting_user,
            action="attendance.columns_explained",
            target=upload,
            changes={
                "activity": upload.activity.code,
                "status": [before, "staged"],
                "sheet": layout.sheet,
                "heading_line": layout.heading_line,
                "columns": sorted(set(layout.columns.values())),
                "rows": len(reading.rows),
            },
        )
    return upload


def _headings(workbook: Workbook, layout: Layout) -> tuple[frozenset[str], dict[str, str]] | None:
    found = [sheet for sheet in workbook.sheets if sheet.is_visible and sheet.name == layout.sheet]
    return to_remember(layout, found[0]) if found else None

"""An upload → the sheet with a comment in each problem cell, before the commit and after it; downloads are logged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.trail.services import record
from awards.attendance.cells import Mark, read_mark
from awards.attendance.formats import Cell
from awards.attendance.gathering import offered_codes
from awards.attendance.lines import LISTED_ATTENDED
from awards.attendance.measuring import read_stay, together
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.outcomes import Answer, DecidedRow, Decision, Outcome
from awards.attendance.presence import AGAIN, SHARE, TOTAL
from awards.attendance.problem_sheet import NAME, BackRow, write_problem_sheet
from awards.attendance.reading import REASONS, Reading
from awards.attendance.sentences import row_sentence, to_do_sentence
from awards.attendance.staging import preview_upload
from awards.attendance.words import ATTENDED, JOINED, LEFT, MINUTES, PERCENT, REASON, REMARKS, SESSION, STUDENT_ID
from awards.models import Withholding

WORDS_OF_REASON = dict(REASONS)
YES = "Y"
NAME_IS_WRONG = frozenset({"name_mismatch"})
MARK_IS_WRONG: Mapping[str, frozenset[Mark]] = {
    "unclear_mark": frozenset({Mark.UNCLEAR}),
    "award_blank": frozenset({Mark.BLANK}),
    "merged_mark": frozenset({Mark.BLANK}),
    "contradiction": frozenset({Mark.YES, Mark.NO, Mark.BLANK}),
    "awarded_before": frozenset({Mark.NO}),
    "withheld_before": frozenset({Mark.YES}),
    "revoked_before": frozenset({Mark.YES}),
}
"""Reasons that are about marks, and what stands in the cells that they are about."""
HOW_MUCH = frozenset({"how_much_needed", "below_needed"})
NO_VALUE = frozenset({"error_cell", "formula_no_value"})


@transaction.atomic
def hand_back(*, acting_user: User, upload: AttendanceUpload) -> bytes:
    """The XLSX file of a record that waits to be checked or was committed, in the language of the page.

    Raises AttendanceRefused not_staged for one that was given up, or formats.Refusal as the preview does.
    """
    is_kept = upload.status in {AttendanceUpload.Status.COMMITTED, AttendanceUpload.Status.UNDONE}
    rows = _kept_rows(upload) if is_kept else _staged_rows(upload)
    data = write_problem_sheet(upload.activity.code, rows, offered_codes(upload.activity))
    record(
        acting_user=acting_user,
        action="problem_sheet.downloaded",
        target=upload,
        changes={"activity": upload.activity.code, "rows": len(rows), "problems": sum(bool(r.problem) for r in rows)},
    )
    return data


def _staged_rows(upload: AttendanceUpload) -> list[BackRow]:
    preview = preview_upload(upload=upload)
    return rows_to_hand_back(preview.reading, preview.decision)


def rows_to_hand_back(reading: Reading, decision: Decision) -> list[BackRow]:
    """The rows of a preview; of an online meeting one for each person, with all minutes."""
    everybody = LISTED_ATTENDED in reading.notes
    return [_staged_row(decided, everybody) for decided in decision.rows if decided.reason != AGAIN]


def _staged_row(decided: DecidedRow, everybody: bool) -> BackRow:
    row = decided.row
    cells = _cells(row.raw_id, row.raw_name, row.marks, everybody)
    cells |= _filled({REASON: row.reason_text or WORDS_OF_REASON.get(row.reason, ""), REMARKS: row.remarks})
    is_open = decided.outcome == Outcome.REJECT or (
        decided.outcome == Outcome.ASK and decided.answer in (None, Answer.LEAVE_OPEN)
    )
    reason = decided.reason if is_open else ""
    return _back_row((row.sheet, row.line), cells, row.mended, reason, row.doubts)


def _kept_rows(upload: AttendanceUpload) -> list[BackRow]:
    rows = AttendanceRow.objects.filter(upload=upload).exclude(reason=AGAIN).order_by("pk")
    reasons = _reasons(Withholding.objects.filter(row__upload=upload).order_by("-pk"))
    everybody = not any(row.marks for row in rows)
    return [_kept_row(row, reasons.get(row.pk, ""), everybody) for row in rows]


def _kept_row(row: AttendanceRow, reason: str, everybody: bool) -> BackRow:
    read: Mapping[str, Any] = row.read["rows"][0] if row.read else {}
    cells = _cells(row.raw_id, row.raw_name, row.marks, everybody and row.outcome != AttendanceRow.Outcome.IGNORE)
    cells |= _filled({REASON: reason, REMARKS: read.get("remarks", "")})
    is_open = row.settlement == AttendanceRow.Settlement.OPEN
    problem = row.reason if is_open else ""
    doubts = read.get("doubts", ()) if is_open else ()
    return _back_row((row.sheet, row.line), cells, row.mended or {}, problem, doubts)


def _reasons(withholdings: Iterable[Withholding]) -> dict[int, str]:
    """Why badges were withheld, by the row, in the words of our sheets."""
    return {
        withholding.row_id: withholding.reason_text or WORDS_OF_REASON.get(withholding.reason, "")
        for withholding in withholdings
        if withholding.row_id is not None
    }


def _cells(raw_id: str, raw_name: str, marks: Mapping[str, str], everybody: bool) -> dict[str, str]:
    """As written; a list without marks says of everybody on it that they attended, and minutes are added up."""
    attended = {ATTENDED: YES} if everybody and not marks and raw_id else {}
    reckoned = {SHARE, TOTAL}
    minutes = _minutes(marks)
    if minutes:
        reckoned |= {JOINED, LEFT}
    written = {key: text for key, text in marks.items() if key not in reckoned}
    return {STUDENT_ID: raw_id, NAME: raw_name, **written, **({MINUTES: minutes} if minutes else {}), **attended}


def _minutes(marks: Mapping[str, str]) -> str:
    """The minutes of an online meeting, of all lines together; "" where none can be read."""
    if marks.get(TOTAL) or marks.get(MINUTES):
        return marks.get(TOTAL) or marks[MINUTES]
    stay = read_stay(_moment(marks.get(JOINED, "")), _moment(marks.get(LEFT, "")))
    minutes = together([stay], [None]) if stay else None
    return "" if minutes is None else f"{minutes:g}"


def _moment(text: str) -> Cell:
    """A time as the sheet had it, which is kept as text."""
    with suppress(ValueError):
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    return text


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in cells.items() if text}


def _back_row(
    place: tuple[str, int], cells: dict[str, str], mend: Mapping[str, Any], reason: str, doubts: Sequence[str]
) -> BackRow:
    """The row with what was mended in place of what was written, which its comments keep."""
    typed = {**({STUDENT_ID: mend["id"]} if "id" in mend else {}), **mend.get("badges", {})}
    typed |= {ATTENDED: mend["attended"]} if "attended" in mend else {}
    typed |= {REASON: mend["reason_text"] or WORDS_OF_REASON.get(mend["reason"], "")} if "reason" in mend else {}
    was = {key: _("Corrected. The sheet said: “%(text)s”") % {"text": cells.get(key, "")} for key in typed}
    now = cells | typed
    problem_cells = _problem_cells(reason, now)
    if reason in NO_VALUE:  # the text "#N/A" would be a remark, and its line nobody's
        now |= dict.fromkeys(problem_cells, "")
    sheet, line = place
    return BackRow(
        sheet=sheet,
        line=line,
        cells=now,
        problem=row_sentence(reason),
        problem_cells=problem_cells,
        what_to_do=to_do_sentence(reason) if reason else "",
        notes=was,
        is_struck="struck_out" in doubts,
        is_hidden="hidden_line" in doubts,
    )


def _problem_cells(reason: str, cells: Mapping[str, str]) -> list[str]:
    """Where the comment belongs: the marks or the name that the reason is about, else the student ID."""
    marks = [key for key in cells if key not in (STUDENT_ID, NAME, REASON, REMARKS)]
    found: list[str] = []
    if reason in NAME_IS_WRONG:
        found = [NAME]
    elif reason in MARK_IS_WRONG:
        wrong = MARK_IS_WRONG[reason]
        found = [key for key in marks if read_mark(cells[key], takes_times=key == ATTENDED) in wrong]
    elif reason in HOW_MUCH:
        found = [key for key in marks if key in (PERCENT, MINUTES) or key.startswith(f"{SESSION}:")]
    elif reason in NO_VALUE:
        found = [key for key in (STUDENT_ID, *marks) if not cells[key] or cells[key].startswith("#")]
    return found or [STUDENT_ID]

"""What a person mended on the review page, put into the reading before the rules judge it. What was written stays.

A mend is plain data: `id` as typed, `attended` and each of `badges` as a mark ("Y", "N"), `reason` and `reason_text`
for what is withheld. Only what differs from the sheet is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from awards.attendance.cells import Mark, read_mark, read_number
from awards.attendance.lines import marks_of
from awards.attendance.reading import Reading, ReadRow

Mend = Mapping[str, Any]

UNREADABLE = ("error_cell", "formula_no_value")
"""Lines with a cell that has no value: once a person mended them, what they typed and what can be read holds."""
YES, NO = "Y", "N"


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as a person wants it understood. An empty mark leaves it as the sheet has it."""

    number: str
    attended: str = ""
    badges: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    reason_text: str = ""


def as_typed(row: ReadRow, offered: Sequence[str]) -> Typed:
    """The row as it is understood now, in the words of the form."""
    attended, badges = marks_of(row, offered)
    return Typed(
        number=row.student_number or row.said_id,
        attended=_word(attended),
        badges={code: _word(mark) for code, mark in badges.items()},
        reason=row.reason,
        reason_text=row.reason_text,
    )


def _word(mark: Mark) -> str:
    return {Mark.YES: YES, Mark.NO: NO}.get(mark, "")


def mend_for(row: ReadRow, typed: Typed, offered: Sequence[str]) -> dict[str, Any]:
    """What of it differs from the row as written; nothing where it is the same.

    Somebody who did not attend gets no badge, whatever stands beside it.
    """
    written = as_typed(row, offered)
    mend: dict[str, Any] = {}
    if typed.number.strip() != written.number.strip():
        mend["id"] = typed.number.strip()
    if typed.attended and typed.attended != written.attended:
        mend["attended"] = typed.attended
    said = _not_attended(row, offered) if typed.attended == NO else typed.badges
    badges = {code: said[code] for code in offered if said.get(code) and said[code] != written.badges[code]}
    if badges:
        mend["badges"] = badges
    if (typed.reason, typed.reason_text.strip()) != (written.reason, written.reason_text):
        mend |= {"reason": typed.reason, "reason_text": typed.reason_text.strip()}
    return mend


def _not_attended(row: ReadRow, offered: Sequence[str]) -> dict[str, str]:
    """No to every badge that the sheet may mean for somebody who was not there."""
    _attended, badges = marks_of(row, offered)
    return {code: NO for code, mark in badges.items() if mark in (Mark.YES, Mark.UNCLEAR)}


def mended(reading: Reading, mends: Mapping[int, Mend], student_number_digits: int) -> Reading:
    """The reading with these rows, by their place in it, as they were mended; the same reading where there are none."""
    rows = [
        mended_row(row, mends[place], student_number_digits) if place in mends else row
        for place, row in enumerate(reading.rows)
    ]
    return replace(reading, rows=tuple(rows)) if mends else reading


def mended_row(row: ReadRow, mend: Mend, student_number_digits: int) -> ReadRow:
    """The row as mended, through the same rules for IDs and marks as the sheet; the same row where it was not."""
    if not mend:
        return row
    if "id" in mend or row.problem in UNREADABLE:
        row = _identified(row, mend.get("id"), student_number_digits)
    badges = {code: read_mark(mark) for code, mark in mend.get("badges", {}).items()}
    is_marked = bool(badges) or "attended" in mend
    return replace(
        row,
        attended=read_mark(mend["attended"], takes_times=True) if "attended" in mend else row.attended,
        badges={**row.badges, **badges},
        reason=mend.get("reason", row.reason),
        reason_text=mend.get("reason_text", row.reason_text),
        doubts=tuple(doubt for doubt in row.doubts if not (is_marked and doubt == "merged_mark")),
        warnings=(*row.warnings, "mended"),
        mended=dict(mend),
    )


def _identified(row: ReadRow, typed: str | None, digits: int) -> ReadRow:
    """The row of the ID that was typed, or where none was of the one as written."""
    text = row.raw_id if typed is None else typed
    number = read_number(text, digits)
    problem = "" if number.number else number.doubt or ("bad_id" if text.strip() else "missing_id")
    others = tuple(code for code in row.warnings if code != "id_cleaned")
    return replace(
        row,
        student_number=number.number,
        maybe_number=number.maybe,
        problem=problem,
        warnings=(*others, "id_cleaned") if typed is None and number.is_cleaned else others,
    )


def mends_in(stored: Mapping[str, Any]) -> dict[int, Mend]:
    """The mends that are kept with a record's answers, by the place of their row."""
    return {int(place): mend for place, mend in stored.get("mends", {}).items()}

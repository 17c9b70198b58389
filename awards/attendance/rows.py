"""A sheet as read and understood: plain data, which survives as JSON between the upload and the commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from awards.attendance.cells import Mark
from awards.attendance.measuring import NOT_SAID, Needed


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One line of the sheet. `line` is the physical row, as a person sees it in the spreadsheet program.

    `marks` holds what was written, by "attended", "award" or a badge code; `badges` what it means, by "award" or code.
    `problem` is "" or why the line cannot be taken as it stands: bad_id, missing_id, error_cell, formula_no_value,
    not_a_student_line, joined_again (the minutes are on a line above), id_lost_zero, id_in_email or id_in_name (the
    last three: `maybe_number` is what the ID might be). `share` (per cent) and `minutes` are how much was attended.
    `doubts` are what only a person can settle: struck_out, hidden_line, merged_mark. `mended` is what a person typed in
    place of what was written (`mending`); what was written stays.
    """

    sheet: str
    line: int
    raw_id: str
    student_number: str
    raw_name: str
    marks: Mapping[str, str]
    attended: Mark
    badges: Mapping[str, Mark]
    reason: str = ""
    reason_text: str = ""
    remarks: str = ""
    problem: str = ""
    maybe_number: str = ""
    doubts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    mended: Mapping[str, Any] = field(default_factory=dict)
    share: float | None = None
    minutes: float | None = None

    @property
    def hangs_on(self) -> str:
        """Which measure of the attendance the line has: "share", "minutes" or none."""
        if self.share is not None:
            return "share"
        return "" if self.minutes is None else "minutes"

    @property
    def said_id(self) -> str:
        """The ID as it was typed last: on the review page, or in the sheet."""
        return str(self.mended.get("id", self.raw_id))


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet as read. `notes` are codes that concern the whole file, such as ef_taken_as_ec or two_lists.

    `lists` are the names of the lists with at least one line about somebody (`ReadRow.sheet`); `not_read` are visible
    worksheets that hold no attendance list. `needed` is kept with a parked line: what the organiser said was needed.
    """

    format: str
    activity_code: str
    columns: tuple[str, ...]
    dropped_columns: tuple[str, ...]
    rows: tuple[ReadRow, ...]
    notes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()
    needed: Needed = NOT_SAID

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON column; `from_json` gives the same reading back."""
        return {
            "format": self.format,
            "activity_code": self.activity_code,
            "columns": list(self.columns),
            "dropped_columns": list(self.dropped_columns),
            "notes": list(self.notes),
            "lists": list(self.lists),
            "not_read": list(self.not_read),
            "needed": [self.needed.share, self.needed.minutes],
            "rows": [_row_to_json(row) for row in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        return cls(
            format=data["format"],
            activity_code=data["activity_code"],
            columns=tuple(data["columns"]),
            dropped_columns=tuple(data["dropped_columns"]),
            notes=tuple(data["notes"]),
            lists=tuple(data.get("lists", ())),
            not_read=tuple(data.get("not_read", ())),
            needed=Needed(*data.get("needed", ())),
            rows=tuple(row_from_json(row) for row in data["rows"]),
        )

    @property
    def plain(self) -> list[Any]:
        """All that is in it, as lists: what a fingerprint is made of, at half the price of `to_json`."""
        head = (self.format, self.activity_code, self.columns, self.dropped_columns)
        needed = [self.needed.share, self.needed.minutes]
        return [*head, self.notes, self.lists, self.not_read, needed, list(map(ALL_OF_ROW, self.rows))]

    @property
    def numbers(self) -> frozenset[str]:
        """The student numbers to look up in the register: those written, and those that a doubtful ID might be."""
        return frozenset(number for row in self.rows for number in (row.student_number, row.maybe_number) if number)


FIELDS = tuple(field.name for field in fields(ReadRow))
ALL_OF_ROW = attrgetter(*FIELDS)
MARKS = {mark.value: mark for mark in Mark}


def _row_to_json(row: ReadRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS} | {
        "marks": dict(row.marks),
        "badges": dict(row.badges),
        "doubts": list(row.doubts),
        "warnings": list(row.warnings),
    }


def row_from_json(row: Mapping[str, Any]) -> ReadRow:
    """One row of a reading's JSON."""
    return ReadRow(
        **{
            **row,
            "attended": MARKS[row["attended"]],
            "badges": {code: MARKS[mark] for code, mark in row["badges"].items()},
            "doubts": tuple(row["doubts"]),
            "warnings": tuple(row["warnings"]),
        }
    )

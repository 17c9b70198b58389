"""Workbook → Reading: every line as written and as understood, with all that can be said without the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from awards.attendance.formats import Refusal, Workbook


class Mark(StrEnum):
    """What one cell of a mark column says. MISSING: the sheet has no such column."""

    YES = "yes"
    NO = "no"
    BLANK = "blank"
    UNCLEAR = "unclear"
    MISSING = "missing"


ATTENDED = "attended"
AWARD = "award"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One line of the sheet. `line` is the physical row, as a person sees it in the spreadsheet program.

    `marks` holds what was written, by "attended", "award" or a badge code; `badges` what it means, by "award" or code.
    `problem` is "" or why the line cannot be taken as it stands: bad_id, missing_id, error_cell, formula_no_value,
    not_a_student_line, id_lost_zero or id_in_email (the last two: `maybe_number` is what the ID might be).
    `doubts` are what only a person can settle: hidden_line, struck_out, merged_mark.
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


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet as read. `notes` are codes that concern the whole file, such as ef_taken_as_ec or two_lists."""

    format: str
    activity_code: str
    columns: tuple[str, ...]
    dropped_columns: tuple[str, ...]
    rows: tuple[ReadRow, ...]
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON column; `from_json` gives the same reading back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        rows = tuple(
            ReadRow(
                **{
                    **row,
                    "attended": Mark(row["attended"]),
                    "badges": {code: Mark(mark) for code, mark in row["badges"].items()},
                    "doubts": tuple(row["doubts"]),
                    "warnings": tuple(row["warnings"]),
                }
            )
            for row in data["rows"]
        )
        return cls(
            format=data["format"],
            activity_code=data["activity_code"],
            columns=tuple(data["columns"]),
            dropped_columns=tuple(data["dropped_columns"]),
            rows=rows,
            notes=tuple(data["notes"]),
        )

    @property
    def numbers(self) -> frozenset[str]:
        """The student numbers to look up in the register: those written, and those that a doubtful ID might be."""
        return frozenset(number for row in self.rows for number in (row.student_number, row.maybe_number) if number)


def read_attendance(
    workbook: Workbook, *, offered: Sequence[str], activity_code: str, student_number_digits: int
) -> Reading:
    """Every line of the visible worksheets as understood.

    `offered` are the badge codes on offer, in their order. Raises Refusal: wrong_activity, no_header, no_id_column,
    header_twice.
    """
    raise Refusal("no_header")

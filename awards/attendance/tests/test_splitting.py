"""A bulk file is split by activity without losing a line, and each part is the file that is kept of it."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sheets.formats import read_workbook
from awards.attendance.formats import Workbook, Worksheet
from awards.attendance.splitting import Part, Split, Unsplittable, split_by_activity

HEADING = ["Activity code", "Student ID", "Name", "Attended"]


def file(*rows: list[str], heading: list[str] | None = None) -> Workbook:
    text = StringIO(newline="")
    csv.writer(text).writerows([heading or HEADING, *rows])
    return read_workbook(text.getvalue().encode())


def told(split: Split) -> list[tuple[str, list[int], list[list[str]]]]:
    return [(part.code, part.lines, [list(row) for row in part.rows]) for part in split.parts]


def test_lines_go_to_their_activity_in_their_order() -> None:
    split = split_by_activity(
        file(["DB-1", "1", "A", "Y"], ["DB-2", "2", "B", "Y"], [], ["DB-1 ", "3", "C", "N"], ["", "4", "D", "Y"])
    )
    assert told(split) == [("DB-1", [2, 5], [["1", "A", "Y"], ["3", "C", "N"]]), ("DB-2", [3], [["2", "B", "Y"]])]
    assert (split.strays, split.row_count) == ((6,), 3)


def test_the_code_may_stand_in_any_column_and_in_chinese() -> None:
    split = split_by_activity(file(["1", "DB-1", "Y"], heading=["學號", "活動編號", "出席"]))
    assert told(split) == [("DB-1", [2], [["1", "Y"]])]
    assert split.parts[0].data.decode() == "Activity code,DB-1\r\n學號,出席\r\n1,Y\r\n"


@pytest.mark.parametrize(
    ("workbook", "says"),
    [
        (file(["x", "1", "A", "Y"], heading=["Activity", "Student ID", "Name", "Attended"]), "Activity code"),
        (file(["x", "x", "1"], heading=["Activity code", "Event code", "ID"]), "exactly one column"),
        (Workbook("xlsx", (Worksheet("S", (("Activity code", "ID"),)),)), "no CSV file"),
        (Workbook("csv", (Worksheet("", (("Activity code", "ID"),)),), encoding_is_guessed=True), "not certain"),
    ],
)
def test_a_file_that_cannot_be_split_says_why(workbook: Workbook, says: str) -> None:
    with pytest.raises(Unsplittable, match=says):
        split_by_activity(workbook)


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n"), max_size=8)


@given(st.lists(st.lists(CELLS.filter(lambda cell: cell.count("\n") < 6), min_size=3, max_size=3), max_size=6))
@pytest.mark.thorough
def test_the_kept_file_reads_as_the_part_that_was_loaded(rows: list[list[str]]) -> None:
    part = Part("DB-1", ["Student ID", "Name", "Attended"], [*rows])
    read, loaded = (workbook.sheets[0].rows for workbook in (read_workbook(part.data), part.workbook))
    lines = [tuple(cell for cell in row) for row in loaded]
    while lines and not any(lines[-1]):
        lines.pop()
    assert [_trimmed(row) for row in read] == [_trimmed(row) for row in lines]


def _trimmed(row: tuple[object, ...]) -> tuple[object, ...]:
    """Without the blanks at the end of a line, which mean nothing."""
    while row and not row[-1]:
        row = row[:-1]
    return row

"""The sheet handed back: rows on their own lines, comments where the problem is, no formula, and it reads back."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from awards.attendance.formats import read_workbook
from awards.attendance.problem_sheet import BackRow, columns_of, write_problem_sheet
from awards.attendance.reading import Mark, Reading, read_attendance


def row(line: int, student_id: str = "240000001", *, sheet: str = "List", **more: object) -> BackRow:
    cells = {"student_id": student_id, "name": "CHAN Sam", "attended": "Y", "EC": "N"}
    return BackRow(**{"sheet": sheet, "line": line, "cells": cells} | more)  # type: ignore[arg-type]


def opened(*rows: BackRow) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(write_problem_sheet("DB2526-0001", rows, ["PF", "EC"])))


def read_back(*rows: BackRow) -> Reading:
    return read_attendance(
        read_workbook(write_problem_sheet("DB2526-0001", rows, ["PF", "EC"])),
        offered=["PF", "EC"],
        activity_code="DB2526-0001",
        student_number_digits=9,
    )


def test_rows_stand_on_their_own_lines() -> None:
    page = opened(row(5), row(9, "240000002"))["List"]
    assert (page["A4"].value, page["A5"].value, page["A6"].value, page["A9"].value) == (
        "Student ID\n學生編號",
        "240000001",
        None,
        "240000002",
    )


def test_a_list_from_the_first_line_moves_down_below_its_heading() -> None:
    assert [r.line for r in read_back(row(1), row(2, "240000002")).rows] == [2, 3]


def test_a_list_far_down_has_its_heading_where_headings_are_looked_for() -> None:
    assert [r.line for r in read_back(row(80)).rows] == [80]


def test_a_problem_has_its_colour_its_comment_and_what_to_do() -> None:
    page = opened(
        row(2, problem="Cannot be read.", problem_cells=["EC"], what_to_do="Write Y or N."), row(3, "240000002")
    )["List"]
    assert [cell.comment.text if cell.comment else None for cell in page[2]] == [
        None,
        None,
        None,
        "Cannot be read.",
        None,
    ]
    assert [cell.fill.fgColor.rgb for cell in page[2]] == ["00FFF2D6"] * 3 + ["00FFC857", "00FFF2D6"]
    assert (page["E1"].value, page["E2"].value) == ("What to do\n須處理事項", "Write Y or N.")
    assert {cell.fill.fill_type for cell in page[3]} == {None}


def test_a_missing_cell_can_carry_the_comment() -> None:
    page = opened(row(2, "", problem="No ID.", problem_cells=["student_id"]))["List"]
    assert page["A2"].comment.text == "No ID."


def test_it_reads_back_with_nothing_to_ask_and_nothing_dropped() -> None:
    reading = read_back(row(2, problem="?", problem_cells=["EC"], what_to_do="Write Y or N."), row(3, "240000002"))
    assert (reading.notes, reading.dropped_columns, reading.activity_code) == ((), (), "DB2526-0001")
    assert [(r.student_number, r.raw_name, r.attended, dict(r.badges)) for r in reading.rows] == [
        ("240000001", "CHAN Sam", Mark.YES, {"EC": Mark.NO}),
        ("240000002", "CHAN Sam", Mark.YES, {"EC": Mark.NO}),
    ]


def test_hidden_and_struck_rows_stay_so() -> None:
    first, second = read_back(row(2, is_hidden=True), row(3, "240000002", is_struck=True)).rows
    assert (first.doubts, second.doubts) == (("hidden_line",), ("struck_out",))


def test_each_list_has_its_worksheet_with_a_name_of_its_own() -> None:
    names = ["", "Day 1: [a/b]", "day 1- (a b)", "x" * 90, "x" * 90 + " (2)", "_portal"]
    book = opened(*(row(2, f"24000000{n}", sheet=name) for n, name in enumerate(names)))
    visible = [page.title for page in book if page.sheet_state == "visible"]
    assert len(visible) == len({title.casefold() for title in visible}) == len(names)
    assert (visible[0], max(map(len, visible)), book.sheetnames[-1]) == ("Attendance", 31, "_portal")


def test_the_columns_are_those_used_in_the_order_of_our_sheet() -> None:
    cells = {"reason": "x", "EC": "Y", "award": "", "attended": "Y", "other": "1"}
    assert columns_of([BackRow("", 2, cells)], ["PF", "EC"]) == [
        "student_id",
        "name",
        "attended",
        "award",
        "EC",
        "other",
        "reason",
        "what_to_do",
    ]


def test_a_time_of_signing_in_stays_a_time() -> None:
    made = row(2)
    cells = {**made.cells, "attended": "2025-11-21T09:02:00"}
    page = opened(BackRow("List", 2, cells))["List"]
    assert page["C2"].value == dt.datetime(2025, 11, 21, 9, 2)
    assert read_back(BackRow("List", 2, cells)).rows[0].attended is Mark.YES


texts = st.one_of(st.text(max_size=30), st.builds(str.__add__, st.sampled_from("=+-@\t＝"), st.text(max_size=9)))


@pytest.mark.thorough
@hypothesis_settings(deadline=None, max_examples=40)
@given(texts, texts, texts)
def test_no_text_becomes_a_formula(student_id: str, name: str, sheet: str) -> None:
    made = BackRow(sheet, 2, {"student_id": student_id, "name": name, "EC": name}, "p", ["name"], notes={"EC": name})
    cells = [cell for page in opened(made) for line in page.iter_rows() for cell in line if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "d"}
    assert not [cell.value for cell in cells if str(cell.value)[:1] in tuple("=+-@\t\r＝＋－＠")]

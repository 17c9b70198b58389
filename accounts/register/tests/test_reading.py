"""A register file as a grid of cells → students and everything that is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.register.reading import Problem, RegisterReading, RegisterRow, folded, read_register
from accounts.sheets.formats import read_workbook
from accounts.sheets.workbook import Cell, Refusal, Workbook, Worksheet
from accounts.text import clean_line

UNITS = {"fde": "FDE", "facultyofdesign": "FDE", "設計學院": "FDE"}
HEADINGS = ("student_id", "name_en", "name_zh", "status")


def read(
    *rows: tuple[Cell, ...], headings: tuple[Cell, ...] = HEADINGS, digits: int = 9, **more: Any
) -> RegisterReading:
    sheet = Worksheet(name="", rows=(headings, *rows), **more)
    return read_register(Workbook("csv", (sheet,)), units=UNITS, student_number_digits=digits)


def read_one(heading: str, cell: Cell) -> Any:
    """The value of one cell under one heading, or the code of its problem."""
    reading = read(("200135791", cell), headings=("student_id", heading))
    if reading.problems:
        return reading.problems[0].code
    return getattr(reading.rows[0], reading.columns[1])


def test_a_line_becomes_a_student() -> None:
    reading = read(("200135791", "CHAN Tai Man", "陳大文", "active"))
    assert reading.rows == (
        RegisterRow(line=2, student_number="200135791", name_en="CHAN Tai Man", name_zh="陳大文", status="active"),
    )
    assert (reading.problems, reading.dropped_columns) == ((), ())
    assert reading.columns == ("student_number", "name_en", "name_zh", "status")


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (("Student ID", "English Name", "Chinese name"), ("student_number", "name_en", "name_zh")),
        (("學號", "英文姓名", "中文姓名"), ("student_number", "name_en", "name_zh")),
        (("STUDENT NO.", "Programme", "Year of Study"), ("student_number", "programme", "year_of_study")),
        (("狀態", "學生編號", "電郵"), ("status", "student_number", "email")),
        (("Ｓｔｕｄｅｎｔ　ＩＤ", "Faculty", "E-mail"), ("student_number", "unit", "email")),
        (("cna", "started_on", "status_on"), ("student_number", "started_on", "status_on")),
    ],
)
def test_headings_are_understood_in_two_languages_and_any_order(
    headings: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    row = tuple("200135791" if field == "student_number" else "" for field in fields)
    assert read(row, headings=headings).columns == fields


def test_what_we_do_not_know_is_dropped_and_named() -> None:
    reading = read(("200135791", "CHAN Tai Man", "A123456(7)"), headings=("student_id", "name_en", "HKID"))
    assert reading.dropped_columns == ("HKID",)
    assert "A123456" not in str(reading)


def test_headings_may_stand_below_a_title_and_lines_are_counted_as_in_the_spreadsheet() -> None:
    sheet = Worksheet("", (("Register 2026",), (), HEADINGS, (), ("1", "", "", "")), first_line=3)
    reading = read_register(Workbook("xlsx", (sheet,)), units={}, student_number_digits=9)
    assert [problem.line for problem in reading.problems] == [7]


def test_a_hidden_sheet_is_not_read() -> None:
    hidden = Worksheet("old", (HEADINGS, ("200135791", "OLD", "", "")), is_visible=False)
    shown = Worksheet("new", (HEADINGS, ("200135792", "NEW", "", "")))
    reading = read_register(Workbook("xlsx", (hidden, shown)), units={}, student_number_digits=9)
    assert [row.student_number for row in reading.rows] == ["200135792"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((("name", "status"), ("CHAN", "active")), "no_number_column"),
        ((), "no_number_column"),
        ((("",),) * 30 + (HEADINGS,), "no_number_column"),
        ((("student_id", "學號"), ("1", "2")), "header_twice"),
        ((HEADINGS,), "no_rows"),
        ((HEADINGS, ("", None, " ", "")), "no_rows"),
    ],
)
def test_a_file_without_students_is_refused(rows: tuple[tuple[Cell, ...], ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_register(Workbook("csv", (Worksheet("", rows),)), units={}, student_number_digits=9)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("012345678", "012345678"),
        (" 012345678 ", "012345678"),
        ("'012345678", "012345678"),
        ('="012345678"', "012345678"),
        ("０１２３４５６７８", "012345678"),
        ("012 345 678", "012345678"),
        ("0123\u200b45678", "012345678"),
        (200135791, "200135791"),
        (200135791.0, "200135791"),
    ],
)
def test_a_student_number_is_text_with_its_leading_zeros(cell: Cell, number: str) -> None:
    reading = read((cell, "CHAN", "", ""))
    assert [row.student_number for row in reading.rows] == [number]


@pytest.mark.parametrize("cell", ["12345678", "0123456789", "01234567A", "1.9E+08", 12345678, 1.5, True])
def test_what_is_no_student_number_is_said(cell: Cell) -> None:
    reading = read((cell, "CHAN", "", ""))
    assert reading.rows == ()
    assert [(p.line, p.column, p.code, p.expected) for p in reading.problems] == [(2, "student_id", "bad_number", "9")]


def test_the_number_of_digits_is_the_institutions() -> None:
    assert [row.student_number for row in read(("0123", "CHAN", "", ""), digits=4).rows] == ["0123"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-09-01", dt.date(2026, 9, 1)),
        ("1/9/2026", dt.date(2026, 9, 1)),
        ("13.9.2026", dt.date(2026, 9, 13)),
        ("2026/9/1", dt.date(2026, 9, 1)),
        ("2026年9月1日", dt.date(2026, 9, 1)),
        (dt.datetime(2026, 9, 1), dt.date(2026, 9, 1)),
        (dt.date(2026, 9, 1), dt.date(2026, 9, 1)),
        ("", None),
        ("9/13/2026", "bad_date"),
        ("1/9/26", "bad_date"),
        ("0001-01-01", "bad_date"),
        ("2026-02-30", "bad_date"),
        ("soon", "bad_date"),
        (46266, "bad_date"),
    ],
)
def test_days_are_read_day_first(cell: Cell, day: Any) -> None:
    assert read_one("status_on", cell) == day
    assert read_one("started_on", cell) == day


@pytest.mark.parametrize(
    ("heading", "cell", "value"),
    [
        ("status", "Active", "active"),
        ("status", "休學", "deferred"),
        ("status", "畢業", "graduated"),
        ("status", "Withdrew", "withdrawn"),
        ("status", "gone", "bad_status"),
        ("year", "2", 2),
        ("year", 2.0, 2),
        ("year", "Year 3", 3),
        ("year", "二", "bad_year"),
        ("year", "12", "bad_year"),
        ("unit", "fde", "FDE"),
        ("unit", "Faculty of  Design", "FDE"),
        ("unit", "設計學院", "FDE"),
        ("unit", "Hogwarts", "unknown_unit"),
        ("email", "a.b@example.edu.hk", "a.b@example.edu.hk"),
        ("email", "a.b at example", "bad_email"),
        ("name_en", "X" * 200, "X" * 200),
        ("name_en", "X" * 201, "too_long"),
        ("name_zh", "𠮷田嘅", "𠮷田嘅"),
        ("name_zh", "陳\u202e大文\x00", "陳大文"),
    ],
)
def test_one_cell(heading: str, cell: Cell, value: Any) -> None:
    assert read_one(heading, cell) == value


def test_everything_wrong_on_a_line_is_said_at_once() -> None:
    reading = read(("12", "CHAN", "gone", "x", "nowhere"), headings=("student_id", "name_en", "status", "year", "unit"))
    assert reading.problems == (
        Problem(2, "student_id", "12", "bad_number", "9"),
        Problem(2, "status", "gone", "bad_status"),
        Problem(2, "year", "x", "bad_year"),
        Problem(2, "unit", "nowhere", "unknown_unit"),
    )


def test_an_error_of_the_spreadsheet_program_is_no_name() -> None:
    reading = read(("200135791", "#N/A", "", ""), error_cells=frozenset({(2, 1)}))
    assert [(p.column, p.code) for p in reading.problems] == [("name_en", "error_cell")]


def test_the_same_line_twice_counts_once_and_a_contradiction_counts_not_at_all() -> None:
    same = ("200135791", "CHAN Tai Man", "", "active")
    reading = read(same, same, ("200135792", "A", "", ""), ("200135792", "B", "", ""), ("200135793", "C", "", ""))
    assert [row.student_number for row in reading.rows] == ["200135791", "200135793"]
    assert [(p.line, p.code, p.expected) for p in reading.problems] == [
        (3, "repeated", "2"),
        (4, "conflict", "5"),
        (5, "conflict", "4"),
    ]


CELLS = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.from_regex(r"[0-9]{8,10}", fullmatch=True),
    st.sampled_from(["active", "FDE", "2026-09-01", "a@b.hk"]),
)


@given(st.lists(st.lists(CELLS, max_size=8).map(tuple), max_size=12))
def test_no_grid_breaks_the_reader_and_no_line_is_lost(grid: list[tuple[Cell, ...]]) -> None:
    headings = ("student_id", "name_en", "name_zh", "status", "unit", "year", "status_on", "email")
    filled = {n for n, cells in enumerate(grid, start=2) if any(_is_filled(cell) for cell in cells)}
    if not filled:
        with pytest.raises(Refusal, match="no_rows"):
            read(*grid, headings=headings)
        return
    reading = read(*grid, headings=headings)
    said = {row.line for row in reading.rows} | {problem.line for problem in reading.problems}
    assert said == filled
    numbers = [row.student_number for row in reading.rows]
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 9 and number.isascii() and number.isdigit() for number in numbers)
    assert RegisterReading.from_json(reading.to_json()) == reading


def _is_filled(cell: Cell) -> bool:
    return cell is not None and clean_line(str(cell)) != ""


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_the_sample_roster_is_read_whole() -> None:
    from django.conf import settings

    path = settings.BASE_DIR.parent / "shared" / "attendance" / "sheets" / "roster.csv"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    reading = read_register(read_workbook(path.read_bytes()), units={}, student_number_digits=9)
    assert (len(reading.rows), reading.problems) == (64, ())
    assert "𠮷田嘅" in {row.name_zh for row in reading.rows}
    assert any(row.student_number.startswith("0") for row in reading.rows)

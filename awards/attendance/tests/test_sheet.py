"""The sheet that is downloaded reads back as what it was made for, and holds no formula from a name."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.sheets.tables import safe
from awards.attendance.formats import read_workbook
from awards.attendance.reading import REASONS, read_attendance
from awards.attendance.sheet import SheetFor, write_blank_sheet, write_sheet
from awards.models import WithholdingReason

MADE = SheetFor(
    code="DB2526-0001",
    title="團隊溝通 Team communication",
    dates="21 November 2025",
    badges=[("PF", "Positive and flexible\n正向靈活"), ("EC", "Effective communicators\n有效溝通者")],
    participants=[("012345678", "YIP Yuk Ling 葉玉玲"), ("240000001", "CHAN Sam")],
)


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def filled(data: bytes, marks: dict[str, str]) -> bytes:
    book = opened(data)
    for place, mark in marks.items():
        book["Attendance"][place] = mark
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_our_sheet_filled_in_reads_back() -> None:
    marks = {"C9": "Y", "D9": "Y", "E9": "N", "F9": REASONS[2][1], "C10": "N", "D10": "N", "E10": "N"}
    reading = read_attendance(
        read_workbook(filled(write_sheet(MADE), marks)),
        offered=["PF", "EC"],
        activity_code="DB2526-0001",
        student_number_digits=9,
    )
    first, second = reading.rows
    assert (first.student_number, first.raw_name, first.warnings) == ("012345678", "YIP Yuk Ling 葉玉玲", ())
    assert (first.attended, first.badges, first.reason) == ("yes", {"PF": "yes", "EC": "no"}, "outcome")
    assert (second.student_number, second.attended, reading.notes, reading.dropped_columns) == (
        "240000001",
        "no",
        (),
        (),
    )


def test_the_ids_are_text_and_the_code_is_hidden_in_the_file() -> None:
    book = opened(write_sheet(MADE))
    page = book["Attendance"]
    assert (page["A9"].value, page["A9"].number_format, page["A40"].number_format) == ("012345678", "@", "@")
    assert (book["_portal"].sheet_state, book["_portal"]["B1"].value) == ("veryHidden", "DB2526-0001")


def test_it_prints_with_its_heading_on_every_page_and_offers_choices() -> None:
    page = opened(write_sheet(MADE))["Attendance"]
    assert (page.print_title_rows, page.page_setup.orientation, page.freeze_panes) == ("$8:$8", "landscape", "C9")
    assert [rule.formula1[:6] for rule in page.data_validations.dataValidation] == ['"Y,N"', '"Atten']
    assert all(len(rule.formula1) <= 255 for rule in page.data_validations.dataValidation)


def test_the_blank_sheet_has_one_column_for_all_badges_and_no_code() -> None:
    data = write_blank_sheet()
    reading = read_attendance(read_workbook(data), offered=["EC"], activity_code="X", student_number_digits=9)
    assert reading.columns == ("student_id", "name", "attended", "award", "reason", "remarks")
    assert (reading.activity_code, reading.notes, reading.rows) == ("", ("no_activity_code",), ())


def test_the_reasons_are_those_of_a_withholding() -> None:
    assert [value for value, _ in REASONS] == WithholdingReason.values


signs = st.sampled_from("=+-@\t\r＝＋－＠")
names = st.one_of(st.text(max_size=30), st.builds(str.__add__, signs, st.text(max_size=9)))


@hypothesis_settings(deadline=None)
@given(names)
def test_safe_text_never_begins_like_a_formula(name: str) -> None:
    assert safe(name)[:1] not in tuple("=+-@\t\r\n＝＋－＠﹢﹣﹦﹫")


@pytest.mark.thorough
@hypothesis_settings(deadline=None, max_examples=20)
@given(st.lists(names, min_size=1, max_size=5), names)
def test_no_name_becomes_a_formula(people: list[str], title: str) -> None:
    made = SheetFor("A1", title, "", [("EC", title[:20])], [("240000001", name) for name in people])
    cells = [cell for sheet in opened(write_sheet(made)) for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if str(cell.value)[:1] in tuple("=+-@\t\r＝＋－＠")]

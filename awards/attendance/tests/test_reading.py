"""Lines as understood: what is somebody, what is a note, what only a person can settle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from awards.attendance.codes import CodeFit, codes_of, compare_codes
from awards.attendance.formats import Cell, Refusal, Workbook, Worksheet
from awards.attendance.reading import Mark, Reading, read_attendance

HEADING = ("Student ID", "Student Name", "Attended", "Award badge", "Reason", "Remarks", "Phone")
SAM, SUKI = "240000001", "240000002"


def sheet(*rows: Sequence[Cell], name: str = "Attendance", **marks: object) -> Worksheet:
    return Worksheet(name=name, rows=(("Activity code", "A1"), HEADING, *map(tuple, rows)), **marks)  # type: ignore[arg-type]


def read(*sheets: Worksheet) -> Reading:
    return read_attendance(Workbook("xlsx", sheets), offered=["EC"], activity_code="A1", student_number_digits=9)


def problems(reading: Reading) -> list[tuple[int, str]]:
    return [(row.line, row.problem) for row in reading.rows]


def test_a_line_as_written_and_as_understood() -> None:
    (row,) = read(sheet((240000001.0, " CHAN  Sam ", dt.time(9, 2), "N", "Assessment", "late", "9123 4567"))).rows
    assert (row.sheet, row.line, row.raw_id, row.student_number, row.raw_name) == (
        "Attendance",
        3,
        SAM,
        SAM,
        "CHAN Sam",
    )
    assert (row.marks, row.attended, row.badges) == ({"attended": "09:02", "award": "N"}, Mark.YES, {"award": Mark.NO})
    assert (row.reason, row.reason_text, row.remarks) == ("assessment", "", "late")


def test_columns_that_are_not_ours_are_dropped_and_named() -> None:
    reading = read(sheet((SAM, "CHAN Sam", "Y", "Y", None, None, "9123 4567")))
    assert reading.dropped_columns == ("Phone",)
    assert "9123" not in str(reading.to_json())


def test_notes_totals_and_repeated_headings_are_nobody() -> None:
    reading = read(
        sheet(
            (SAM, "CHAN Sam", "Y", "Y"),
            (None,) * 7,
            HEADING,
            ("Total: 12",),
            ("Total", 12.0, 12.0, 10.0),
            (None, "合計", 12.0),
            ("Checked by: Ms WONG",),
            (None, None, None, None, None, None, "see me"),
            (None, None, None, None, None, None, 7.0),
        )
    )
    assert problems(reading) == [(3, ""), *((line, "not_a_student_line") for line in (5, 6, 7, 8, 9, 10))]


def test_lines_without_a_usable_id() -> None:
    reading = read(
        sheet(
            ("THEi220152425", "CHAN Sam", "Y", "Y"),
            ("1.90123E+08", None, None, None),
            (None, "CHAN Sam", None, None),
            (None, None, "Y", "Y"),
            ("exchange", "Bob", "Y", "Y"),
        )
    )
    assert [problem for _, problem in problems(reading)] == ["bad_id", "bad_id", "missing_id", "missing_id", "bad_id"]


def test_errors_and_formulas_without_a_value() -> None:
    page = sheet(
        ("#N/A", "CHAN Sam", "Y", "Y"),
        (SAM, "#N/A", "Y", "Y"),
        (SUKI, "WONG Suki", None, "Y"),
        ("#N/A", None, None, None),
        (None, None, None, None),
        (None, None, None, None),
        error_cells=frozenset({(3, 0), (4, 1), (6, 0)}),
        valueless_formulas=frozenset({(5, 2), (7, 0), (8, 2)}),
    )
    reading = read(page)
    said = [(3, "error_cell"), (4, ""), (5, "formula_no_value"), (6, "not_a_student_line"), (7, "formula_no_value")]
    assert problems(reading) == [*said, (8, "not_a_student_line")]
    assert (reading.rows[0].raw_id, reading.rows[1].raw_name) == ("#N/A", "")


def test_what_only_a_person_can_settle() -> None:
    page = sheet(
        (SAM, "CHAN Sam", "Y", "Y"),
        (SUKI, "WONG Suki", None, None),
        hidden_lines=frozenset({3}),
        struck_cells=frozenset({(3, 1)}),
        merged_cells=frozenset({(4, 2)}),
    )
    assert [row.doubts for row in read(page).rows] == [("struck_out", "hidden_line"), ("merged_mark",)]


def test_a_repeated_heading_with_other_columns_begins_a_second_list() -> None:
    page = sheet(
        (SAM, "CHAN Sam", "Y", "Y"), ("Name", "Student ID", "Attended", "Badge"), ("WONG Suki", SUKI, "Y", "N")
    )
    reading = read(page)
    assert [(row.sheet, row.line, row.student_number) for row in reading.rows] == [
        ("Attendance", 3, SAM),
        ("Attendance (2)", 5, SUKI),
    ]
    assert reading.notes == ("two_lists",)


def test_a_marked_line_whose_id_begins_like_a_note_is_somebody() -> None:
    reading = read(sheet((f"#{SAM}", "CHAN Sam", "Y", "Y"), (f"*{SAM}", None, "Y", "Y"), (f"* {SAM} left early",)))
    assert problems(reading) == [(3, "bad_id"), (4, "bad_id"), (5, "not_a_student_line")]


def test_hidden_sheets_and_sheets_of_notes_are_not_read() -> None:
    hidden = Worksheet("Last year", (HEADING, (SUKI, "WONG Suki", "Y", "Y")), is_visible=False)
    notes = Worksheet("Notes", (("call AV team",),))
    reading = read(sheet((SAM, "CHAN Sam", "Y", "Y")), hidden, notes)
    assert ([row.student_number for row in reading.rows], reading.notes) == ([SAM], ())


def test_lists_on_two_visible_sheets_are_asked() -> None:
    reading = read(sheet((SAM, "CHAN Sam", "Y", "Y")), sheet((SUKI, "WONG Suki", "Y", "Y"), name="Day 2"))
    assert ([row.sheet for row in reading.rows], reading.notes) == (["Attendance", "Day 2"], ("two_lists",))


def test_the_code_on_our_hidden_sheet_counts() -> None:
    portal = Worksheet("_portal", (("code", "B2"), ("template", "x")), is_visible=False)
    assert codes_of(Workbook("xlsx", (sheet(), portal))) == ["A1", "B2"]
    with pytest.raises(Refusal, match="wrong_activity"):
        read(sheet((SAM, "CHAN Sam", "Y", "Y")), portal)


@pytest.mark.parametrize(
    ("codes", "fit"),
    [
        ([], CodeFit.NONE),
        (["WPE-2025-014"], CodeFit.SAME),
        (["wpe-2025-014 "], CodeFit.SAME),
        (["WPE 2025 014"], CodeFit.UNCLEAR),
        (["WPE-2O25-14"], CodeFit.UNCLEAR),
        (["WPE-2025-015"], CodeFit.WRONG),
        (["WPE-2025-014", "CSR-2025-003"], CodeFit.WRONG),
    ],
)
def test_how_codes_agree(codes: list[str], fit: CodeFit) -> None:
    assert compare_codes(codes, "WPE-2025-014") is fit


@pytest.mark.parametrize("head", [("Activity code: A1",), ("活動編號", "A1"), ("Activity code 活動編號", None, "A1")])
def test_where_the_code_may_stand(head: tuple[Cell, ...]) -> None:
    assert codes_of(Workbook("xlsx", (Worksheet("S", (head,)),))) == ["A1"]


def test_no_heading_at_all() -> None:
    with pytest.raises(Refusal, match="no_header"):
        read(Worksheet("S", ((SAM, "CHAN Sam", "Y", "Y"),)))


def test_a_total_is_nobody_even_if_it_looks_like_a_mark() -> None:
    reading = read(sheet((SAM, "CHAN Sam", "Y", "Y"), (None, "Total", 1.0, 1.0), (None, "SUM Ka Yan", "Y", "Y")))
    assert problems(reading) == [(3, ""), (4, "not_a_student_line"), (5, "missing_id")]

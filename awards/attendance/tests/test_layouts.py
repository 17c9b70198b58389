"""What a person said of the columns goes before the headings, and is known again whatever their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.attendance.formats import Cell, Refusal, Workbook, Worksheet
from awards.attendance.layouts import (
    Layout,
    Layouts,
    guess_columns,
    guess_heading,
    keys_of,
    layout_for,
    letter_of,
    to_remember,
    wrong_in,
)
from awards.attendance.reading import Reading, read_attendance

SAM, SUKI, ADA = "240000001", "240000002", "240000003"
ODD = ("Nr", "Wer", "Da?", "Da?")
LINES = ((SAM, "CHAN Sam", "Y", "N"), (SUKI, "WONG Suki", "N", "Y"))


def sheet(*rows: Sequence[Cell], name: str = "S", **more: Any) -> Worksheet:
    return Worksheet(name, tuple(map(tuple, rows)), **more)


def read(*sheets: Worksheet, layouts: Layouts) -> Reading:
    return read_attendance(
        Workbook("xlsx", sheets), offered=["EC", "PF"], activity_code="A1", student_number_digits=9, layouts=layouts
    )


def test_the_columns_are_read_as_said() -> None:
    layout = Layout("S", 2, {0: "student_id", 1: "name", 2: "session", 3: "session"})
    reading = read(sheet(("Our list",), ODD, *LINES), layouts=Layouts(layout))
    assert [(row.line, row.student_number, row.raw_name, row.share) for row in reading.rows] == [
        (3, SAM, "CHAN Sam", 50.0),
        (4, SUKI, "WONG Suki", 50.0),
    ]
    assert list(reading.rows[0].marks) == ["session:01:Da?", "session:02:Da? [4]", "share"]
    assert "columns_chosen" in reading.notes


def test_a_sheet_without_headings() -> None:
    layout = Layout("S", 0, {0: "student_id", 1: "name", 2: "attended", 3: "code PF"})
    reading = read(sheet(*LINES, first_line=4), layouts=Layouts(layout))
    assert [(row.line, str(row.attended), str(row.badges["PF"])) for row in reading.rows] == [
        (4, "yes", "no"),
        (5, "no", "yes"),
    ]
    assert reading.dropped_columns == ()


def test_shares_are_found_in_a_column_without_a_heading() -> None:
    layout = Layout("S", 0, {0: "student_id", 1: "percent"})
    reading = read(sheet((SAM, 0.5), (SUKI, 1), first_line=3), layouts=Layouts(layout))
    assert [row.share for row in reading.rows] == [50.0, 100.0]


def test_what_goes_before_the_recognised_headings() -> None:
    heading = ("Student ID", "Name", "Attended", "Award badge")
    layout = Layout("S", 1, {0: "student_id", 2: "attended", 3: "code PF"})
    reading = read(sheet(heading, *LINES), layouts=Layouts(layout))
    assert (reading.columns, reading.dropped_columns) == (("student_id", "attended", "PF"), ("Name",))


def test_a_heading_that_comes_again_is_nobody() -> None:
    layout = Layout("S", 1, {0: "student_id", 1: "name", 2: "attended"})
    reading = read(sheet(ODD, LINES[0], ODD, LINES[1]), layouts=Layouts(layout))
    assert [(row.line, row.problem) for row in reading.rows] == [(2, ""), (3, "not_a_student_line"), (4, "")]


def test_a_badge_that_is_not_on_offer_here_is_not_read() -> None:
    layout = Layout("S", 1, {0: "student_id", 2: "code IPC", 3: "attended"})
    assert read(sheet(ODD, *LINES), layouts=Layouts(layout)).columns == ("student_id", "attended")


def test_several_columns_of_a_name_are_one_name() -> None:
    layout = Layout("S", 0, {0: "student_id", 1: "name", 2: "name"})
    (row,) = read(sheet((SAM, "CHAN", "Sam")), layouts=Layouts(layout)).rows
    assert row.raw_name == "CHAN Sam"


def test_a_layout_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Refusal, match="no_id_column"):
        read(sheet(ODD, *LINES), layouts=Layouts(Layout("S", 1, {1: "name"})))


def remembered(layout: Layout, worksheet: Worksheet) -> Layouts:
    found = to_remember(layout, worksheet)
    assert found
    return Layouts(remembered={found[0]: found[1]})


@given(st.permutations(range(4)), st.integers(0, 20), st.booleans())
def test_the_same_headings_are_known_again_in_any_order_and_on_any_line(
    order: Sequence[int], above: int, is_loud: bool
) -> None:
    headings = ("Nr", "Wer", "Da?", "Grund")
    meanings = {0: "student_id", 1: "name", 2: "attended", 3: "remarks"}
    layouts = remembered(Layout("S", 1, meanings), sheet(headings))
    texts = [headings[place].upper() if is_loud else headings[place] for place in order]
    line = [(SAM, "CHAN Sam", "Y", "late")[place] for place in order]
    reading = read(sheet(*[("Faculty of Design",)] * above, texts, line, name="Other"), layouts=layouts)
    (row,) = reading.rows
    assert (row.student_number, row.raw_name, str(row.attended), row.remarks) == (SAM, "CHAN Sam", "yes", "late")
    assert "columns_remembered" in reading.notes


def test_other_headings_are_not_taken_for_those_remembered() -> None:
    layouts = remembered(Layout("S", 1, {0: "student_id"}), sheet(ODD))
    for headings in (ODD[:3], (*ODD, "More"), ("Nr", "Wer", "Da?", "Grund")):
        assert layout_for(sheet(headings, *LINES), layouts) is None


def test_nothing_is_remembered_of_a_sheet_without_headings() -> None:
    assert to_remember(Layout("S", 0, {0: "student_id"}), sheet(*LINES)) is None


def test_equal_headings_are_told_apart_by_their_order() -> None:
    assert keys_of(("Da?", None, "DA", "da ", "–")) == {0: "da", 2: "da#2", 3: "da#3", 4: "–"}


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({0: "student_id", 1: "name", 2: "name", 3: "session", 4: "session"}, ""),
        ({}, "one_id"),
        ({0: "student_id", 1: "student_id"}, "one_id"),
        ({0: "student_id", 1: "code EC", 2: "code EC"}, "meaning_twice"),
        ({0: "student_id", **dict.fromkeys(range(1, 7), "name")}, "too_many_names"),
    ],
)
def test_what_may_be_said(columns: dict[int, str], wrong: str) -> None:
    assert wrong_in(columns) == wrong


def test_a_guess_by_headings_and_where_they_say_nothing_by_contents() -> None:
    worksheet = sheet(
        ("Workshop",),
        ("Matrikel", "Wer", "Attended", "PF", "Telephone"),
        *((a, b, c, d, "91234567") for a, b, c, d in LINES),
    )
    assert guess_heading(worksheet, ["PF"], 9) == 2
    assert guess_columns(worksheet, 2, ["PF"], 9) == {0: "student_id", 1: "name", 2: "attended", 3: "code PF"}
    bare = sheet(*LINES)
    assert guess_heading(bare, ["PF"], 9) == 0
    assert guess_columns(bare, 0, ["PF"], 9) == {0: "student_id", 1: "name", 2: "attended"}


def test_texts_above_the_first_student_number_are_the_heading() -> None:
    assert guess_heading(sheet(("Some title",), ODD, *LINES), [], 9) == 2
    assert guess_heading(sheet(("Some title",), *LINES), [], 9) == 0
    assert guess_heading(sheet((1, 2), *LINES), [], 9) == 0
    assert guess_heading(sheet(("nothing",), ("like", "a list")), [], 9) == 0


def test_a_guess_never_says_one_thing_twice() -> None:
    worksheet = sheet(("Student ID", "Student No", "Present", "Attended"), *LINES)
    assert guess_columns(worksheet, 1, [], 9) == {0: "student_id", 1: "name", 2: "attended"}


def test_names_of_columns() -> None:
    assert [letter_of(column) for column in (0, 25, 26, 51, 52, 255)] == ["A", "Z", "AA", "AZ", "BA", "IV"]


def test_a_layout_survives_as_plain_data() -> None:
    layout = Layout("出席", 3, {0: "student_id", 12: "code EC"})
    assert Layout.from_json(layout.to_json()) == layout

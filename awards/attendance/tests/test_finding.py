"""Which lists a workbook holds, and which of its worksheets are none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from awards.attendance.finding import find_lists
from awards.attendance.formats import Cell, Refusal, Workbook, Worksheet
from awards.attendance.reading import Reading, read_attendance

SAM, SUKI, ADA = "240000001", "240000002", "240000003"
MARKED = ("Student ID", "Name", "Attended")


def book(**sheets: Sequence[Sequence[Cell]]) -> Workbook:
    return Workbook("xlsx", tuple(Worksheet(name, tuple(map(tuple, rows))) for name, rows in sheets.items()))


def read(**sheets: Sequence[Sequence[Cell]]) -> Reading:
    return read_attendance(book(**sheets), offered=["EC"], activity_code="A1", student_number_digits=9)


def test_every_list_has_a_name_of_its_own() -> None:
    two = (MARKED, (SAM, "CHAN Sam", "Y"), ("Name", "Student ID", "Attended"), ("WONG Suki", SUKI, "Y"))
    found = find_lists(book(**{"A": two, "A (2)": (MARKED, (ADA, "LEE Ada", "Y"))}), ["EC"])
    assert [one.label for one in found.lists] == ["A", "A (2)", "A (2) (2)"]


def test_a_worksheet_of_notes_is_said_not_to_be_read_even_if_it_looks_like_a_list() -> None:
    reading = read(
        Notes=(("Name", "Present", "Telephone"), ("AV team", "yes", "1234")),
        Attendance=(MARKED, (SAM, "CHAN Sam", "Y")),
        Empty=((None,),),
    )
    assert (reading.lists, reading.not_read, reading.notes) == (("Attendance",), ("Notes",), ("no_activity_code",))


def test_what_was_nearly_a_heading_is_said_where_there_is_no_list() -> None:
    with pytest.raises(Refusal, match="no_id_column"):
        find_lists(book(Notes=(("hello",),), List=(("Name", "Attended"), ("CHAN Sam", "Y"))), [])
    with pytest.raises(Refusal, match="no_header"):
        find_lists(book(Notes=(("hello",),)), [])


def test_a_heading_without_lines_does_not_hide_what_is_wrong_with_the_list() -> None:
    with pytest.raises(Refusal, match="no_id_column"):
        read(Blank=(MARKED,), List=(("Name", "Attended"), ("CHAN Sam", "Y")))


def test_the_class_list_beside_the_attendance_is_not_the_attendance() -> None:
    everybody = (("Student ID", "Name"), (SAM, "CHAN Sam"), (SUKI, "WONG Suki"), (ADA, "LEE Ada"))
    reading = read(Students=everybody, Attendance=(MARKED, (SAM, "CHAN Sam", "Y"), (SUKI, "WONG Suki", "N")))
    assert ([row.sheet for row in reading.rows], reading.not_read) == (["Attendance"] * 2, ("Students",))
    assert reading.notes == ("no_activity_code",)


@pytest.mark.parametrize("name", ["Class List", "Registered", "學生名單"])
def test_a_class_list_is_known_by_its_name(name: str) -> None:
    reading = read(**{name: (("Student ID", "Name"), (ADA, "LEE Ada")), "Day": (MARKED, (SAM, "CHAN Sam", "Y"))})
    assert (reading.lists, reading.not_read) == (("Day",), (name,))


def test_a_list_of_others_without_marks_is_asked() -> None:
    reading = read(Attendance=(MARKED, (SAM, "CHAN Sam", "Y")), Walk_ins=(("Student ID", "Name"), (ADA, "LEE Ada")))
    assert (reading.lists, reading.notes) == (("Attendance", "Walk_ins"), ("no_activity_code", "two_lists"))


def test_what_was_read_survives_as_plain_data() -> None:
    reading = read(Notes=(("x",),), A=(MARKED, (SAM, "CHAN Sam", "Y")), B=(MARKED, (SUKI, "WONG Suki", "Y")))
    assert Reading.from_json(reading.to_json()) == reading
    assert (reading.lists, reading.not_read) == (("A", "B"), ("Notes",))

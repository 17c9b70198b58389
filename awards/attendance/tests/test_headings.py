"""The heading is found within the first lines, in either language and any order."""

from __future__ import annotations

import pytest

from awards.attendance.formats import Refusal, Worksheet
from awards.attendance.headings import IN_ID, MEANINGS, STUDENT_ID, find_headings, meaning_of, repeated_heading


def sheet(*rows: tuple[str | None, ...]) -> Worksheet:
    return Worksheet(name="S", rows=rows)


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Student ID", "student_id"),
        ("Student No.", "student_id"),
        ("STUDENT ID\n學生編號", "student_id"),
        ("學號", "student_id"),
        ("Student Name (English)", "name_en"),
        ("中文姓名", "name_zh"),
        ("Present", "attended"),
        ("Attended? (Y/N)", "attended"),
        ("出席 Attended", "attended"),
        ("Badge", "award"),
        ("頒發徽章", "award"),
        ("PF", "code PF"),
        ("PF – Positive and flexible", "code PF"),
        ("PF\nPositive and flexible 正向靈活", "code PF"),
        ("pf (Y/N)", "code PF"),
        ("Badge PF", "code PF"),
        ("Reason", "reason"),
        ("備註", "remarks"),
        ("Signature\n簽名", "signature"),
        ("IDL", ""),
        ("HKID", ""),
        ("Phone", ""),
        ("x" * 500, ""),
    ],
)
def test_what_a_heading_means(heading: str, meaning: str) -> None:
    assert meaning_of(heading, ("PF", "EC")) == (meaning, "")


def test_ef_is_taken_as_ec_and_said_where_ec_is_on_offer() -> None:
    assert meaning_of("EF – Effective communicators", ("EC",)) == ("code EC", "ef_taken_as_ec")
    assert meaning_of("EF", ("PF",)) == ("", "")
    assert meaning_of("EF", ("EC", "EF")) == ("code EF", "")


def test_columns_in_any_order_below_other_lines() -> None:
    (columns,) = find_headings(
        sheet(("Institute",), (None,), ("EF", "HKID", "Remarks", "Name", "Student ID", "Attended")), ["EC", "PF"]
    )
    assert (columns.heading_line, columns.student_id, columns.names, columns.attended) == (3, 4, (3,), 5)
    assert (columns.codes, columns.remarks, columns.dropped, columns.notes) == (
        {"EC": 0},
        2,
        ("HKID",),
        ("ef_taken_as_ec",),
    )
    assert columns.read == ("EC", "remarks", "name", "student_id", "attended")


def test_a_heading_below_line_30_is_none() -> None:
    heading = ("Student ID", "Name")
    assert len(find_headings(sheet(*[(None,)] * 29, heading), [])) == 1
    assert find_headings(sheet(*[(None,)] * 30, heading), []) == []


def test_no_column_of_ids() -> None:
    with pytest.raises(Refusal, match="no_id_column"):
        find_headings(sheet(("Name", "Attended", "Badge")), [])


@pytest.mark.parametrize(
    "row", [("Student ID", "Name", "Attended", "Present"), ("ID", "Student No", "Name"), ("ID", "EF", "EC")]
)
def test_two_columns_that_mean_the_same(row: tuple[str, ...]) -> None:
    with pytest.raises(Refusal, match="header_twice"):
        find_headings(sheet(row), ["EC"])


def test_two_lists_side_by_side() -> None:
    lists = find_headings(sheet(("ID", "Name", "Badge", None, "ID", "Name", "Badge")), [])
    assert [(columns.student_id, columns.award) for columns in lists] == [(0, 2), (4, 6)]


@pytest.mark.parametrize("heading", [words for words, meaning in MEANINGS.items() if meaning == STUDENT_ID])
def test_the_quick_look_misses_no_heading_of_the_student_id(heading: str) -> None:
    assert IN_ID.search(heading)
    assert repeated_heading(9, (heading.upper(), "Attended"), ("EC",))


def test_a_repeated_heading_in_full_width_letters_is_seen() -> None:
    assert repeated_heading(9, ("Ｓtudent ＩＤ", "Attended"), ("EC",))
    assert repeated_heading(9, ("I\u200bD", "Attended"), ("EC",))
    assert not repeated_heading(9, ("CHAN Tai Man", "Y"), ("EC",))

"""Pasted text: what is a list, what is a table, what its columns are; and that no ID is lost or joined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from awards.attendance.formats import Limits, Refusal, Workbook
from awards.attendance.pasting import read_pasted
from awards.attendance.reading import Mark, Reading, read_attendance


def pasted(text: str, *offered: str, limits: Limits | None = None) -> Workbook:
    return read_pasted(text, offered=offered or ("EC",), student_number_digits=9, limits=limits or Limits())


def read(text: str, *offered: str) -> Reading:
    return read_attendance(
        pasted(text, *offered), offered=offered or ("EC",), activity_code="A1", student_number_digits=9
    )


def refusal_of(text: str, *offered: str, limits: Limits | None = None) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as caught:
        pasted(text, *offered, limits=limits)
    return caught.value.code, dict(caught.value.details)


def people(reading: Reading) -> list[tuple[int, str, str]]:
    return [(row.line, row.student_number or row.problem, row.raw_name) for row in reading.rows]


def test_ids_one_a_line_keep_their_lines() -> None:
    reading = read("240000001\r\n240 000 002\r\n\r\n 240-000-003 \n")
    assert people(reading) == [(1, "240000001", ""), (2, "240000002", ""), (4, "240000003", "")]
    assert [row.raw_id for row in reading.rows] == ["240000001", "240 000 002", "240-000-003"]
    assert reading.notes == ("listed_attended",)
    assert (reading.format, reading.activity_code) == ("pasted", "")


def test_several_ids_on_a_line_are_counted() -> None:
    reading = read("240000001, 240000002；240000003\n240000004 24000005")
    assert people(reading) == [
        (1, "240000001", ""),
        (2, "240000002", ""),
        (3, "240000003", ""),
        (4, "240000004", ""),
        (5, "id_lost_zero", ""),
    ]
    assert reading.notes == ("listed_attended", "places_counted")


def test_ids_in_a_row_of_a_spreadsheet_are_a_list_too() -> None:
    assert people(read("240000001\t240000002\n240000003\t")) == [
        (1, "240000001", ""),
        (2, "240000002", ""),
        (3, "240000003", ""),
    ]


def test_an_email_gives_ids_and_names() -> None:
    reading = read(
        "Dear Olga,\nhere is the list:\n1. 240000001 CHAN Sam\n2) WONG, Suki (240000002)\n"
        "- LEE Tai Man 李大文 <240000003@stu.example.edu.hk>\nHO Nobody\nTotal: 3\nRegards,"
    )
    assert people(reading) == [
        (1, "not_a_student_line", ""),
        (2, "not_a_student_line", ""),
        (3, "240000001", "CHAN Sam"),
        (4, "240000002", "WONG, Suki"),
        (5, "id_in_email", "LEE Tai Man 李大文"),
        (6, "missing_id", "HO Nobody"),
        (7, "not_a_student_line", "Total: 3"),
        (8, "not_a_student_line", ""),
    ]


def test_two_people_on_a_line_are_two_and_two_ids_in_a_sentence_are_nobody() -> None:
    assert people(read("240000001 CHAN Sam, 240000002 WONG Suki")) == [
        (1, "240000001", "CHAN Sam"),
        (2, "240000002", "WONG Suki"),
    ]
    sentence = "240000001 instead of 240000002"
    assert people(read(f"240000003\n{sentence}"))[1] == (2, "bad_id", sentence)


def test_a_number_beside_an_id_is_not_lost() -> None:
    assert [number for _, number, _ in people(read("240000001, 2400002"))] == ["240000001", "bad_id"]


@pytest.mark.parametrize(("date", "ids"), [("2025-11-21", 1), ("2025/1/2", 1)])
def test_a_date_is_no_id(date: str, ids: int) -> None:
    reading = read(f"Held on {date}.\n240000001")
    assert sum(bool(row.student_number or row.maybe_number) for row in reading.rows) == ids


def test_headings_are_read_like_those_of_a_file() -> None:
    reading = read("Name\tEC\t學號\tPresent\nCHAN, Sam\tN\t240000001\tY\n")
    (row,) = reading.rows
    assert (row.line, row.student_number, row.raw_name) == (2, "240000001", "CHAN, Sam")
    assert (row.attended, row.badges, reading.notes) == (Mark.YES, {"EC": Mark.NO}, ())


def test_headings_without_marks_mean_that_those_listed_attended() -> None:
    assert read("Student ID,Name\n240000001,CHAN Sam").notes == ("listed_attended",)
    assert read("Student ID\n240000001").notes == ("listed_attended",)


def test_without_headings_the_columns_are_those_of_our_sheet_and_asked() -> None:
    reading = read("1\t240000001\tCHAN Sam\tY\tY\tN\n2\t240000002\tWONG Suki\tY\tlate\tY", "PF", "EC")
    assert reading.notes == ("columns_guessed",)
    assert [dict(row.badges) for row in reading.rows] == [
        {"PF": Mark.YES, "EC": Mark.NO},
        {"PF": Mark.UNCLEAR, "EC": Mark.YES},
    ]
    assert (people(reading)[0], reading.dropped_columns) == ((1, "240000001", "CHAN Sam"), ("(A)",))


def test_two_columns_of_marks_are_attended_and_all_badges() -> None:
    (row,) = read("240000001\tCHAN Sam\t陳三\tY\tN", "PF", "EC").rows
    assert (row.raw_name, row.attended, dict(row.badges)) == ("CHAN Sam 陳三", Mark.YES, {"award": Mark.NO})


def test_commas_do_as_well_where_there_are_marks() -> None:
    (row,) = read("240000001,CHAN Sam,Y").rows
    assert (row.raw_name, row.attended) == ("CHAN Sam", Mark.YES)
    (row,) = read("240000001, CHAN, Sam").rows
    assert (row.raw_name, row.attended) == ("CHAN, Sam", Mark.MISSING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" \n\t", ("nothing_pasted", {})),
        ("Dear all,\nthank you", ("pasted_without_ids", {"digits": 9})),
        ("CHAN\tY\nWONG\tY", ("pasted_without_ids", {"digits": 9})),
        ("240000001\tCHAN\tSam\tY", ("pasted_columns", {})),
        ("240000001\tY\tN\tY\tN", ("pasted_columns", {})),
        ("240000001\tx\t240000002\ty\n240000003\tx\t240000004\ty", ("pasted_columns", {})),
        ("Student ID\tName\tStudent ID\n240000001\tA\t240000002", ("header_twice", {"heading": "student_id"})),
        ('240000001\t"CHAN Sam\n240000002\tWONG', ("csv_broken", {"line": 1})),
    ],
)
def test_what_cannot_be_used_is_refused(text: str, expected: tuple[str, dict[str, object]]) -> None:
    assert refusal_of(text) == expected


def test_an_open_quotation_mark_in_an_email_does_no_harm() -> None:
    assert people(read('"Hello\n240000001'))[1] == (2, "240000001", "")


def test_lines_above_the_limit_are_refused_and_those_at_it_are_not() -> None:
    limits = Limits(max_row=3)
    assert len(pasted("240000001\n240000002\n240000003\n\n", limits=limits).sheets[0].rows) == 4
    assert refusal_of("240000001\n2\n3\n4", limits=limits) == ("too_many_rows", {"limit": 3})
    assert refusal_of("240000001 240000002 240000003 240000004", limits=limits) == ("too_many_rows", {"limit": 3})


def test_words_above_the_limit_of_cells_are_refused_at_once() -> None:
    assert refusal_of("a b c d e", limits=Limits(max_cells=3)) == ("too_many_cells", {"limit": 3})
    assert refusal_of("1 " * 2_000_000) == ("too_many_cells", {"limit": 200_000})


numbers = st.lists(st.integers(100_000_000, 999_999_999).map(str), min_size=1, max_size=20)
gaps = st.sampled_from(["\n", "\r\n", ", ", ";", " ", "、", "\t", "\n\n", " | "])


@hypothesis_settings(deadline=None)
@given(numbers, st.data())
def test_every_id_of_a_list_is_read_once_and_in_order(ids: list[str], data: st.DataObject) -> None:
    text = "".join(number + data.draw(gaps) for number in ids)
    reading = read(text)
    assert [row.student_number for row in reading.rows] == ids
    assert len({row.line for row in reading.rows}) == len(ids)


@hypothesis_settings(deadline=None, max_examples=hypothesis_settings().max_examples * 3)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789\t\n,;\"' YN@")), max_size=200))
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    try:
        workbook = pasted(text)
    except Refusal:
        return
    reading = read_attendance(workbook, offered=["EC"], activity_code="A1", student_number_digits=9)
    keys = [(row.sheet, row.line) for row in reading.rows]
    assert len(set(keys)) == len(keys)
    assert min((line for _, line in keys), default=1) >= 1

"""The heading is found within the first lines, in either language and any order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.attendance.formats import Cell, Refusal, Workbook, Worksheet
from awards.attendance.headings import IN_ID, find_headings, meaning_of, repeated_heading
from awards.attendance.reading import Reading, read_attendance
from awards.attendance.words import CHINESE, ENGLISH, MEANINGS, STUDENT_ID, names_session


def sheet(*rows: Sequence[Cell]) -> Worksheet:
    return Worksheet(name="S", rows=tuple(map(tuple, rows)))


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
        ("Student's Name", "name"),
        ("姓名（中文）", "name_zh"),
        ("Did you attend?", "attended"),
        ("出席/缺席", "attended"),
        ("Attendance %", "percent"),
        ("Attendance Rate (%)", "percent"),
        ("出席率", "percent"),
        ("In-Meeting Duration", "minutes"),
        ("持續時間（分鐘）", "minutes"),
        ("Participant ID (UPN)", "account"),
        ("參與者識別碼 (UPN)", "account"),
        ("Name (Original Name)", "name"),
        ("Attended (3 Mar)", "session"),
        ("第二節", "session"),
        ("Year 1", ""),
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


@pytest.mark.parametrize(
    "heading",
    [
        "Session 1", "Day 2 (3 Mar)", "3 Mar", "Mar 3 (Tue)", "3/3", "3/3/2026", "2026-03-03", "12-Mar-26",
        "1st session", "S1", "AM", "Day 1 PM", "3 Mar (Tue) 14:00-16:00", "Lesson 2 attendance",
        "3月3日(二)", "第1堂 (3月3日)",
        "第二節 出席", "上午",
    ],
)  # fmt: skip
def test_what_names_a_session(heading: str) -> None:
    assert names_session(heading.casefold())


@pytest.mark.parametrize(
    "heading", ["session", "date", "may", "sat", "year 1", "group 2", "no. 1", "attendance", "1-" * 30]
)
def test_what_does_not(heading: str) -> None:
    assert not names_session(heading)


def test_no_word_means_two_things() -> None:
    for table in (ENGLISH, CHINESE):
        words = [word for ways in table.values() for word in ways]
        assert {word for word in words if words.count(word) > 1} <= {"參與者"}


SAM = "240000001"
FILLED: Sequence[tuple[str, Sequence[str], Cell]] = (
    ("student_id", ENGLISH["student_id"][:3] + CHINESE["student_id"][:3] + ("STUDENT ID\n學生編號",), SAM),
    ("name", ENGLISH["name"] + CHINESE["name"] + ("Name 姓名",), "CHAN Sam"),
    ("attended", ENGLISH["attended"] + CHINESE["attended"], "Y"),
    ("EC", ("EC", "EC – Effective communicators", "Badge EC", "EC (Y/N)"), "N"),
    ("reason", ENGLISH["reason"] + CHINESE["reason"], "assessment"),
    ("remarks", ENGLISH["remarks"] + CHINESE["remarks"], "was late"),
    ("", ("Programme", "課程", "Telephone", "Year of study"), "x"),
)
TITLES: Sequence[Sequence[Cell]] = (
    (),
    ("Faculty of Design and Environment",),
    (None, "工作坊簽到表", None, "2026/27"),
    ("Date", dt.datetime(2026, 3, 3)),
    ("Venue:", "Room 101", None, 30),
    ("Total present", 12),
)


def read(*rows: Sequence[Cell]) -> Reading:
    book = Workbook("xlsx", (sheet(*rows),))
    return read_attendance(book, offered=["EC"], activity_code="A1", student_number_digits=9)


@given(
    order=st.permutations(FILLED),
    words=st.lists(st.integers(0, 200), min_size=len(FILLED), max_size=len(FILLED)),
    titles=st.lists(st.sampled_from(TITLES), max_size=29),
    offset=st.integers(0, 5),
    is_loud=st.booleans(),
)
def test_any_order_of_columns_below_any_titles_reads_the_same(
    order: Sequence[tuple[str, Sequence[str], Cell]],
    words: list[int],
    titles: list[Sequence[Cell]],
    offset: int,
    is_loud: bool,
) -> None:
    headings = [ways[pick % len(ways)] for (_, ways, _), pick in zip(order, words, strict=True)]
    heading = [None] * offset + [text.upper() if is_loud else text for text in headings]
    (row,) = read(*titles, heading, [None] * offset + [cell for _, _, cell in order]).rows
    assert (row.line, row.student_number, row.raw_name, str(row.attended), str(row.badges["EC"])) == (
        len(titles) + 2,
        SAM,
        "CHAN Sam",
        "yes",
        "no",
    )
    assert (row.reason, row.remarks) == ("assessment", "was late")


MARKED = ("student_id", "name", "attended", "award")


@pytest.mark.parametrize(
    ("above", "below", "columns"),
    [
        (("Student ID", "Name", "Attendance", None), (None, None, "Day 1", "Day 2"), ("student_id", "name", "session")),
        (
            ("Student", None, "Attended", "Badge"),
            ("ID", "Name", None, None),
            ("student_id", "name", "attended", "award"),
        ),
        (("Student ID", "Name", "Award badge", None), (None, None, "EC", "PF"), ("student_id", "name", "EC", "PF")),
        (
            ("學生編號", "姓名", "出席", "徽章"),
            ("Student ID", "Name", "Attended", "Badge"),
            ("student_id", "name", "attended", "award"),
        ),
        (
            ("Student ID", "Name", "Attended", "Badge"),
            (None, "(English)", "(Y/N)", "Y/N"),
            ("student_id", "name", "attended", "award"),
        ),
        (("Student ID", "Name", "3 Mar", None), (None, None, "AM", "PM"), ("student_id", "name", "session")),
    ],
)
def test_headings_on_two_lines(above: Sequence[Cell], below: Sequence[Cell], columns: Sequence[str]) -> None:
    book = Workbook("xlsx", (sheet(above, below, (SAM, "CHAN Sam", "Y", "Y")),))
    reading = read_attendance(book, offered=["EC", "PF"], activity_code="A1", student_number_digits=9)
    assert (reading.columns, [row.line for row in reading.rows]) == (columns, [3])


def test_equal_halves_of_two_days_are_told_apart() -> None:
    reading = read(
        ("Student ID", "Day 1", None, "Day 2", None), (None, "AM", "PM", "AM", "PM"), (SAM, "Y", "N", "Y", "Y")
    )
    assert list(reading.rows[0].marks)[:4] == [
        "session:01:Day 1 AM",
        "session:02:Day 1 PM",
        "session:03:Day 2 AM",
        "session:04:Day 2 PM",
    ]


def test_a_first_line_without_an_id_is_no_second_heading() -> None:
    reading = read(("Student ID", "Name", "Attended"), (None, "CHAN Sam", "present"), (SAM, "CHAN Sam", "Y"))
    assert [(row.line, row.problem) for row in reading.rows] == [(2, "missing_id"), (3, "")]


def test_the_number_of_an_answer_is_no_student_id() -> None:
    reading = read(("ID", "Start time", "Name", "Student ID", "Present"), (1, "9:00", "CHAN Sam", SAM, "Yes"))
    assert [row.student_number for row in reading.rows] == [SAM]
    with pytest.raises(Refusal, match="header_twice"):
        read(("ID", "Name", "Student ID"), ("240000002", "CHAN Sam", SAM))


def test_a_mark_in_words_below_the_headings_is_no_second_line_of_them() -> None:
    (columns,) = find_headings(
        sheet(("Student ID", "Name", "Attended", "PF", "EC"), (None, None, None, "Turned: up")), ("PF", "EC")
    )
    assert (columns.heading_line, columns.marks) == (1, {"attended": 2, "PF": 3, "EC": 4})

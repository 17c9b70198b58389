"""Text whose encoding is unknown: the reading that fits the register is taken, and the file is asked about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from accounts.models import Participant
from activities.models import Activity
from awards.attendance.choosing import best_reading, read_all
from awards.attendance.formats import Refusal, read_workbook
from awards.attendance.outcomes import Student
from awards.attendance.reading import Reading
from awards.attendance.staging import preview_upload, stage_upload
from badges_portal.testing import Cast

HEAD = "Activity code,A1\r\nStudent ID,Name,Attended,Award badge\r\n"
CHINESE_HEAD = "活動編號,A1\r\n學號,姓名,出席,徽章\r\n"
PEOPLE = {"240000001": "陳大文", "240000002": "司徒樂瑤", "240000003": "黃詠詩"}
REGISTER = {number: Student(n, number, "", name, "active", None) for n, (number, name) in enumerate(PEOPLE.items())}


def readings_of(text: str, encoding: str) -> list[Reading]:
    return read_all(read_workbook(text.encode(encoding)), offered=["EC"], activity_code="A1", student_number_digits=9)


def lines(names: Sequence[str]) -> str:
    return "".join(f"{number},{name},Y,Y\r\n" for number, name in zip(PEOPLE, names, strict=True))


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (list(PEOPLE.values()), "big5"),
        (list(PEOPLE.values()), "gb18030"),
        (["陈大文", "司徒乐瑶", "黄咏诗"], "gb18030"),
    ],
)
def test_the_reading_whose_names_fit_the_register_is_taken(names: list[str], encoding: str) -> None:
    readings = readings_of(HEAD + lines(names), encoding)
    best = best_reading(readings, REGISTER)
    assert [row.raw_name for row in best.rows] == names
    assert "encoding_guessed" in best.notes


def test_western_names_are_found_among_chinese_guesses() -> None:
    register = {"240000001": Student(1, "240000001", "DUPONT Renée", "", "active", None)}
    readings = readings_of(HEAD + "240000001,Renée Dupont,Y,Y\r\n", "cp1252")
    assert [row.raw_name for row in best_reading(readings, register).rows] == ["Renée Dupont"]


def test_where_no_name_is_in_the_register_the_likeliest_reading_stands() -> None:
    readings = readings_of(HEAD + lines(list(PEOPLE.values())), "big5")
    assert best_reading(readings, {}) is readings[0]


def test_a_heading_that_makes_sense_in_one_encoding_only_is_enough() -> None:
    (reading,) = readings_of(CHINESE_HEAD + lines(list(PEOPLE.values())), "big5")
    assert [row.raw_name for row in reading.rows] == list(PEOPLE.values())


def test_where_no_reading_can_be_used_the_likeliest_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        readings_of("陳大文,1\r\n", "big5")
    assert refusal.value.code == "no_header"


def test_an_upload_in_an_unknown_encoding_asks_once(cast: Cast, course: Activity, students: list[Participant]) -> None:
    student = students[0]
    Participant.objects.filter(pk=student.pk).update(name_zh="陈大文")
    text = HEAD.replace("A1", course.code) + f"{student.student_number},陈大文,Y,Y\r\n"
    upload = stage_upload(acting_user=cast.olga, activity=course, file_name="a.csv", data=text.encode("gb18030"))
    decision = preview_upload(upload=upload).decision
    assert upload.file_format == "csv"
    assert (decision.file_outcome, decision.file_reason) == ("ask", "encoding_guessed")
    assert [(row.row.line, row.row.raw_name, row.reason) for row in decision.rows] == [(3, "陈大文", "")]

"""Which of several lists: a question with as many answers as there are lists."""

from __future__ import annotations

from typing import Any

import pytest

from awards.attendance.asking import ListChoice, list_choices, yes_or_no
from awards.attendance.deciding import Decision, decide
from awards.attendance.reading import Reading, read_attendance
from awards.attendance.staging import answers_of
from awards.attendance.tests.test_deciding import CODE, DAY, SAM, STUDENTS, SUKI, told
from awards.attendance.tests.test_finding import MARKED, book, read

FIRST = (("Activity code", CODE), MARKED, (SAM, "CHAN Sam", "Y"), (SUKI, "WONG Suki", "Y"), ("Total", None, 2))
SECOND = (MARKED, (SUKI, "WONG Suki", "Y"))
LISTS: dict[str, Any] = {"Day 1": FIRST, "Day 2": SECOND}


def reading() -> Reading:
    return read_attendance(book(**LISTS), offered=["EC"], activity_code=CODE, student_number_digits=9)


def decided(stored: dict[str, Any]) -> Decision:
    sheet = reading()
    return decide(
        sheet,
        students=STUDENTS,
        offered=("EC",),
        max_badges=1,
        held_on=(DAY, DAY),
        answers=answers_of(sheet, {"file": True, **stored}),
    )


def outcomes(decision: Decision) -> list[tuple[str, int, str, str]]:
    return [(row.row.sheet, row.row.line, *told(row)) for row in decision.rows]


def test_the_choices_are_all_lists_and_each_alone() -> None:
    assert list_choices(reading(), {"lists": "1"}) == [
        ListChoice("all", "", 3, False),
        ListChoice("0", "Day 1", 2, False),
        ListChoice("1", "Day 2", 1, True),
    ]
    assert list_choices(read(One=SECOND), {}) == []


@pytest.mark.parametrize(
    ("lists", "chosen"),
    [(None, None), ("", set()), ("7", set()), ("x", set()), ("0", {"Day 1"}), ("all", {"Day 1", "Day 2"})],
)
def test_what_the_answer_means(lists: str | None, chosen: set[str] | None) -> None:
    assert answers_of(reading(), {"lists": lists}).lists == chosen


def test_both_lists_where_it_was_not_asked_apart() -> None:
    decision = decided({})
    assert decision.can_be_committed
    assert outcomes(decision) == [
        ("Day 1", 3, "award", ""),
        ("Day 1", 4, "award", ""),
        ("Day 1", 5, "ignore", "not_a_student_line"),
        ("Day 2", 2, "award", ""),
    ]
    assert decision.rows[3].warnings == ("duplicate_line",)


def test_one_list_alone_shows_the_other_and_leaves_it_out() -> None:
    decision = decided({"lists": "1", "file": None})
    assert (decision.file_questions[:1], yes_or_no(decision)) == (("two_lists",), ["award_column_blank"])
    assert outcomes(decision) == [
        ("Day 1", 3, "ignore", "other_list"),
        ("Day 1", 4, "ignore", "other_list"),
        ("Day 1", 5, "ignore", "not_a_student_line"),
        ("Day 2", 2, "award", ""),
    ]
    assert (decision.counts.total, decision.counts.ignored, decision.can_be_committed) == (4, 3, False)
    assert decided({"lists": "1"}).can_be_committed


def test_a_yes_to_another_question_does_not_choose_a_list() -> None:
    assert not decided({"lists": ""}).can_be_committed


def test_a_badge_column_left_blank_can_be_answered_no_once_the_list_is_chosen() -> None:
    decision = decided({"lists": "all", "file": False})
    assert (decision.can_be_committed, decision.rows[0].withholds) == (True, (("EC", "", ""),))
    assert not decided({"lists": "", "file": False}).can_be_committed

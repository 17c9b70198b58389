""" "Did you mean": near numbers and the same name, only ever offered."""

from __future__ import annotations

from awards.attendance.deciding import Decision
from awards.attendance.mending import mended
from awards.attendance.suggesting import Suggester, near_numbers
from awards.attendance.tests.test_deciding import ADA, SAM, STUDENTS, SUKI, ZERO, judge, read


def suggested(decision: Decision) -> list[list[str]]:
    suggester = Suggester(STUDENTS)
    return [[student.number for student in suggester.suggest(row)] for row in decision.rows]


def test_did_you_mean_by_one_figure_or_by_name() -> None:
    decision = judge(
        read(("240000010", "X Y", "Y", "Y", "Y"), ("24O000002", "", "Y", "Y", "Y"), ("999999999", "Suki WONG", "Y"))
    )
    assert suggested(decision) == [[SAM], [SUKI], [SUKI]]
    assert all(row.student is None and not row.awards for row in decision.rows)


def test_of_the_near_numbers_the_one_of_the_name_stands_first() -> None:
    decision = judge(read(("24000000", "WONG Suki", "Y", "Y", "Y"), ("24000000", "CHAN Sam", "Y", "Y", "Y")))
    assert suggested(decision) == [[SUKI, SAM, ADA], [SAM, SUKI, ADA]]


def test_an_id_in_doubt_suggests_whom_it_would_mean_and_a_plain_row_nobody() -> None:
    decision = judge(read(("12345678", "", "Y", "Y", "Y"), (SAM, "CHAN Sam", "Y", "Y", "Y")))
    assert suggested(decision) == [[ZERO], []]


def test_an_id_that_was_typed_is_compared_as_it_was_typed() -> None:
    reading = mended(read(("x", "", "Y", "Y", "Y")), {0: {"id": "24000000l"}}, 9)
    assert suggested(judge(reading)) == [[SAM]]


def test_near_numbers_are_one_slip_away() -> None:
    near = near_numbers("12")
    assert {"21", "1", "2", "13", "92", "120", "012", "112"} <= near
    assert near.isdisjoint({"12", "34", ""})

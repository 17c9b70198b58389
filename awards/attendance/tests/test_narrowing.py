"""Which rows the review page shows: any state, reason and words, and nothing that is none of ours in an address."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from awards.attendance.narrowing import Wanted, found, in_short, reasons_of
from awards.attendance.review import ShownRow, shown_rows
from awards.attendance.tests.test_deciding import SAM, STUDENTS, SUKI, judge, read


def rows() -> list[ShownRow]:
    decision = judge(
        read(
            (SAM, "CHAN Sam", "Y", "Y", "Y"),
            (f"{SUKI}-", "WONG Suki", "Y", "?", "Y"),
            ("24000000", "NOBODY Known", "Y", "Y", "Y"),
            (SUKI, "POON Fay", "Y", "Y", "Y"),
        )
    )
    return shown_rows(decision, [], STUDENTS)


def lines(**wanted: str) -> list[int]:
    return [row.decided.row.line for row in found(rows(), Wanted(**wanted))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", [3, 4, 5, 6]),
        ("5", [5]),
        ("24000000", [3, 4, 5, 6]),
        ("２４０００００02", [4, 6]),
        ("suki", [4, 6]),
        ("黃素琪", [4, 6]),
        ("fay poon", [6]),
        ("nobody known", [5]),
        ("nobody at all", []),
    ],
)
def test_rows_are_found_by_line_id_or_name_as_written_or_in_the_register(words: str, expected: list[int]) -> None:
    assert lines(words=words) == expected


def test_rows_are_found_by_state_and_by_reason_or_remark() -> None:
    assert lines(show="parked") == [4, 5, 6]
    assert lines(reason="bad_id") == [5]
    assert lines(reason="id_cleaned", show="parked") == [4]
    assert lines(reason="bad_id", words="suki") == []


def test_every_reason_is_offered_with_how_many_rows_have_it() -> None:
    assert [(code, number) for code, _text, number in reasons_of(rows())] == [
        ("duplicate_conflict", 2),
        ("bad_id", 1),
        ("id_cleaned", 1),
    ]


def test_a_reason_in_short_is_its_first_sentence() -> None:
    assert in_short("This is not a student ID. Compare it with the student card.") == "This is not a student ID"
    assert in_short("On record at 9.30 somewhere else: look") == "On record at 9.30 somewhere else"
    assert in_short("這不是學生編號。請與學生證核對。") == "這不是學生編號"


@given(query=st.dictionaries(st.sampled_from(["show", "reason", "page", "question", "at", "words"]), st.text()))
def test_an_address_leads_back_to_what_was_wanted_without_words(query: dict[str, str]) -> None:
    from django.http import QueryDict

    wanted = Wanted.of(query)
    assert wanted.words == ""
    assert Wanted.of(QueryDict(wanted.query)) == wanted

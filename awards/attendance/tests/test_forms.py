"""Answers of the review page: what is read from the form, and what is not."""

from __future__ import annotations

import uuid

import hypothesis.strategies as st
from hypothesis import given

from awards.attendance.forms import ReviewForm, row_answers


def test_the_answers_of_rows_are_read_by_their_place() -> None:
    data = {"answer-0": "award", "answer-12": "leave_open", "answer-3": "maybe", "answer-x": "award", "other": "award"}
    assert row_answers(data) == {"0": "award", "12": "leave_open"}


@given(data=st.dictionaries(st.text(max_size=20), st.text(max_size=20)))
def test_nothing_that_is_sent_breaks_the_reading(data: dict[str, str]) -> None:
    assert set(row_answers(data).values()) <= {"award", "no_award", "leave_open"}


def test_what_was_answered_is_shown_again_as_it_was() -> None:
    sent = ReviewForm({"file": "no", "withheld_reason": "other", "withheld_reason_text": " ill ", "answer-1": "award"})
    assert sent.is_valid()
    stored = sent.stored_answers()
    assert stored == {
        "rows": {"1": "award"},
        "file": False,
        "withheld_reason": "other",
        "withheld_reason_text": "ill",
        "replaces": False,
        "take_back_reason": "",
    }
    shown = ReviewForm.showing(stored, "f" * 64)
    assert (shown["file"].value(), shown["withheld_reason_text"].value()) == ("no", "ill")
    assert shown["fingerprint"].value() == "f" * 64
    assert str(uuid.UUID(str(shown["request_key"].value()))) == str(shown["request_key"].value())


def test_an_unknown_reason_and_a_key_that_is_none_are_refused() -> None:
    form = ReviewForm({"withheld_reason": "weather", "request_key": "nonsense"})
    assert sorted(form.errors) == ["request_key", "withheld_reason"]

"""Answers of the review page: what is read from the form, and what is not."""

from __future__ import annotations

import uuid

import hypothesis.strategies as st
from hypothesis import given

from awards.attendance.forms import ReviewForm, row_answers


def test_the_answers_of_rows_are_read_by_their_place_and_with_what_was_asked() -> None:
    data = {
        "answer-0-unclear_mark": "award",
        "answer-12-name_mismatch": "leave_open",
        "answer-3-unclear_mark": "maybe",
        "answer-x-unclear_mark": "award",
        "answer-4": "award",
        "other": "award",
    }
    assert row_answers(data) == {
        "rows": {"0": "award", "12": "leave_open"},
        "asked": {"0": "unclear_mark", "12": "name_mismatch"},
    }


@given(data=st.dictionaries(st.text(max_size=20), st.text(max_size=20)))
def test_nothing_that_is_sent_breaks_the_reading(data: dict[str, str]) -> None:
    assert set(row_answers(data)["rows"].values()) <= {"award", "no_award", "leave_open"}


def test_what_the_page_did_not_ask_is_not_answered() -> None:
    sent = ReviewForm({"answer-7-unclear_mark": "award"})
    assert sent.is_valid()
    assert sent.stored_answers() == {"rows": {"7": "award"}, "asked": {"7": "unclear_mark"}}


def test_what_was_answered_is_shown_again_as_it_was() -> None:
    sent = ReviewForm(
        {
            "file": "no",
            "withheld_reason": "other",
            "withheld_reason_text": " ill ",
            "take_back_reason": "",
            "answer-1-unclear_mark": "award",
        }
    )
    assert sent.is_valid()
    stored = sent.stored_answers()
    assert stored == {
        "rows": {"1": "award"},
        "asked": {"1": "unclear_mark"},
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

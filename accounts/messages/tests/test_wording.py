"""Words are made of kind and context in the language that is on; the subject is one line without student numbers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template import TemplateDoesNotExist
from django.utils import translation

from accounts.messages.wording import Words, spoken, worded

CONTEXT = {
    "code": "DB2526-0001",
    "title_en": "Tea & <b>ethics</b>",
    "title_zh": "茶與倫理",
    "question": "Who signed\n\n\n\nrow 7?",
    "committed_at": "2026-05-12T08:00:00+00:00",
}


def test_the_first_line_is_the_subject_and_nothing_is_escaped_for_html() -> None:
    assert worded("attendance_queried", CONTEXT) == Words(
        "A question about the attendance record of DB2526-0001",
        "The scheme administrator looked at the attendance record of “Tea & <b>ethics</b>” that was committed on "
        "12 May 2026, and asks:\n\nWho signed\n\nrow 7?\n\n"
        "Please answer on the page of the record. Nothing that was recorded changes by the question.",
    )


def test_the_words_follow_the_language() -> None:
    with translation.override("zh-hant"):
        words = worded("attendance_queried", CONTEXT)
    assert "茶與倫理" in words.body
    assert "ethics" not in words.body


def test_a_pair_of_languages_a_date_and_a_moment_are_what_their_names_say() -> None:
    said = spoken(
        {"title_en": "Tea", "title_zh": "", "due_on": "2026-06-12", "at": "x", "sent_at": CONTEXT["committed_at"]}
    )
    assert (said["title"], said["due_on"], said["at"]) == ("Tea", dt.date(2026, 6, 12), "x")
    assert said["sent_at"] == dt.datetime(2026, 5, 12, 8, tzinfo=dt.UTC)


def test_a_student_number_does_not_come_into_the_subject() -> None:
    words = worded("attendance_queried", CONTEXT | {"code": "240000001"})
    assert words.subject == "A question about the attendance record of …"


def test_a_kind_without_a_template_is_a_mistake_of_ours() -> None:
    with pytest.raises(TemplateDoesNotExist):
        worded("no_such_kind", {})

"""The administrator's words for marks: known from then on, never against our own, always on the trail."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.cells import NO_WORDS, Mark, Words, read_mark
from awards.attendance.models import MarkWord
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.staging import preview_upload
from awards.attendance.tests.made import line, stage
from awards.attendance.vocabulary import add_mark_word, remove_mark_word, words_in_force
from badges_portal.testing import Cast


def test_a_word_is_known_without_case_and_width() -> None:
    words = Words(yes=frozenset({"here"}), no=frozenset({"x"}))
    assert [read_mark(cell, words=words) for cell in ("Here", " ＨＥＲＥ ", "x", "×", "here!", None)] == [
        Mark.YES,
        Mark.YES,
        Mark.NO,
        Mark.UNCLEAR,
        Mark.UNCLEAR,
        Mark.BLANK,
    ]


def test_added_words_never_overrule_our_own() -> None:
    words = Words(yes=frozenset({"n"}), no=frozenset({"y", "9:00"}))
    assert (read_mark("Y", words=words), read_mark("N", words=words)) == (Mark.YES, Mark.NO)
    assert read_mark("9:00", takes_times=True, words=words) is Mark.YES


def test_sheets_are_read_with_the_words_of_the_day(cast: Cast, course: Activity) -> None:
    sheet = [line(cast.sam_participant, "●", "Y", "Y")]
    before = stage(course, sheet, cast.olga)
    assert preview_upload(upload=before).decision.rows[0].reason == "unclear_mark"
    word = add_mark_word(acting_user=cast.adam, word=" ● ", meaning="yes")
    after = stage(course, [*sheet, line(cast.suki_participant)], cast.olga)
    assert preview_upload(upload=after).decision.rows[0].awards == ("PF", "EC")
    assert preview_upload(upload=before).decision.rows[0].reason == "unclear_mark"
    remove_mark_word(acting_user=cast.adam, word=word)
    assert words_in_force() is NO_WORDS
    entries = AuditEntry.objects.filter(action__startswith="mark_word.").order_by("pk")
    assert [(entry.action, entry.changes) for entry in entries] == [
        ("mark_word.added", {"word": "●", "meaning": "yes"}),
        ("mark_word.removed", {"word": "●", "meaning": "yes"}),
    ]


@pytest.mark.parametrize(
    ("word", "meaning", "code"),
    [
        ("Yes", "yes", "word_known"),
        ("出席", "no", "word_opposite"),
        ("Here", "yes", "word_known"),
        ("HERE", "no", "word_opposite"),
        (" ", "yes", "word_unfit"),
        ("9:05", "no", "word_unfit"),
        ("80%", "yes", "word_unfit"),
        ("w" * 31, "yes", "word_unfit"),
    ],
)
def test_what_is_refused(cast: Cast, word: str, meaning: str, code: str) -> None:
    add_mark_word(acting_user=cast.adam, word="here", meaning="yes")
    with pytest.raises(AttendanceRefused, match=code):
        add_mark_word(acting_user=cast.adam, word=word, meaning=meaning)
    assert MarkWord.objects.count() == 1


def test_the_page(cast: Cast, sign_in: Any) -> None:
    client, url = sign_in(cast.adam), reverse("attendance:words")
    assert "No word was added" in client.get(url).content.decode()
    assert client.post(url, {"word": "出席", "meaning": "no"}).status_code == 422
    assert client.post(url, {"word": "在", "meaning": "yes"}).status_code == 302
    assert "在" in client.get(url).content.decode()
    client.post(reverse("attendance:remove-word", args=[MarkWord.objects.get().pk]))
    assert not MarkWord.objects.exists()


def test_the_threshold_of_the_scheme_is_set_on_the_same_page(cast: Cast, sign_in: Any) -> None:
    client, url = sign_in(cast.adam), reverse("attendance:threshold")
    assert client.post(url, {"percent": "101"}).status_code == 422
    assert client.post(url, {"percent": "75"}).status_code == 302
    assert 'name="percent" value="75"' in client.get(reverse("attendance:words")).content.decode()

"""What is taken out of text at the door."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.text import UNSEEN, clean_line, clean_text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  CHAN   Tai Man ", "CHAN Tai Man"),
        ("CHAN\u200b Tai\u00a0Man", "CHAN Tai Man"),
        ("\u202eCHAN", "CHAN"),
        ("a\x00b", "ab"),
        ("Jose\u0301", "José"),
        ("陳\u3000大文", "陳 大文"),
        ("𠮷田嘅", "𠮷田嘅"),
        ("one\ntwo\tthree", "one two three"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_a_line_keeps_what_can_be_seen(written: str, kept: str) -> None:
    assert clean_line(written) == kept


def test_several_lines_stay_several_lines() -> None:
    assert clean_text(" one \r\n\u200btwo\x07\rthree  \n\n") == "one\ntwo\nthree"


@given(st.text())
def test_nothing_unseen_survives_and_cleaning_twice_is_cleaning_once(text: str) -> None:
    line = clean_line(text)
    assert [ch for ch in line if unicodedata.category(ch) in UNSEEN] == []
    assert clean_line(line) == line
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(alphabet=st.characters(categories=["Lo", "Lu", "Ll", "Nd"])))
def test_letters_and_digits_are_never_lost(text: str) -> None:
    assert clean_line(text) == unicodedata.normalize("NFC", text)

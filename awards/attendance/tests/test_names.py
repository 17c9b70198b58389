"""Names only raise doubt: what is no difference, what is a variant, what must be asked."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from awards.attendance.names import NameFit, compare

LAM = ("LAM Hoi Ching, Peter", "林凱晴")


@pytest.mark.parametrize(
    "written",
    [
        "LAM Hoi Ching, Peter",
        "lam hoi ching peter",
        "Peter LAM Hoi Ching",
        "LAM Hoi Ching",
        "LAM Hoiching",
        "LAM Hoi-ching",
        "Peter LAM",
        "林凱晴",
        "LAM Hoi Ching 林凱晴",
        "林凱晴 (Peter LAM)",
        "ＬＡＭ Hoi Ching",
    ],
)
def test_these_are_no_difference(written: str) -> None:
    assert compare(written, *LAM) is NameFit.FITS


@pytest.mark.parametrize("written", ["林凯晴", "LAM Hoi Ching 林凯晴"])
def test_simplified_characters_are_a_variant(written: str) -> None:
    assert compare(written, *LAM) is NameFit.VARIANT


@pytest.mark.parametrize(
    "written",
    [
        "CHAN Tai Man",
        "LAM Hoi Chin",
        "LAM Hoi",
        "LAM",
        "Peter",
        "林凱",
        "林凱睛",
        "CHAN Tai Man 林凱晴",
        "LAM Ka Yan, Peter",
    ],
)
def test_any_other_difference_is_asked(written: str) -> None:
    assert compare(written, *LAM) is NameFit.MISFIT


def test_accents_are_no_difference() -> None:
    name = "GARCÍA LÓPEZ María José"
    for written in (name, unicodedata.normalize("NFD", name), "garcia lopez maria jose"):
        assert compare(written, name, "") is NameFit.FITS


def test_punctuation_is_no_difference() -> None:
    assert compare("OBrien Lee Ka Yan", "O'BRIEN LEE Ka Yan", "") is NameFit.FITS


@pytest.mark.parametrize(("written", "name_zh"), [("", "陳三"), ("   ", "陳三"), ("陳三", "")])
def test_nothing_to_compare(written: str, name_zh: str) -> None:
    assert compare(written, "CHAN Sam", name_zh) is NameFit.BLANK


def test_a_character_beyond_the_basic_plane_is_compared() -> None:
    assert compare("𠮷田嘅", "LEE Siu Ming", "𠮷田嘅") is NameFit.FITS
    assert compare("吉田嘅", "LEE Siu Ming", "𠮷田嘅") is NameFit.MISFIT


@hypothesis_settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=10))
def test_any_text_is_compared_without_an_error(written: str, name_en: str, name_zh: str) -> None:
    assert compare(written, name_en, name_zh) in NameFit


@hypothesis_settings(deadline=None)
@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True), min_size=2, max_size=4, unique=True).flatmap(
    lambda words: st.tuples(st.just(words), st.permutations(words))
))  # fmt: skip
def test_the_order_of_the_words_is_no_difference(names: tuple[list[str], list[str]]) -> None:
    registered, written = names
    assert compare(" ".join(written), " ".join(registered), "") is NameFit.FITS

"""One cell: cleaned without loss or not at all; a mark is the whole cell."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from awards.attendance.cells import Mark, NumberRead, read_mark, read_number, text_of

numbers = st.from_regex(r"[0-9]{9}", fullmatch=True)
harmless = st.text(alphabet=" \u00a0\u200b\ufeff-–'’", max_size=4)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (200135791.0, NumberRead("200135791")),
        (200135791.0000001, NumberRead("200135791")),
        ("200135791", NumberRead("200135791")),
        ("012345678", NumberRead("012345678")),
        (" 200135791 ", NumberRead("200135791", is_cleaned=True)),
        ("200-135-791", NumberRead("200135791", is_cleaned=True)),
        ("200135791.0", NumberRead("200135791", is_cleaned=True)),
        ("'200135791", NumberRead("200135791", is_cleaned=True)),
        ("２００１３５７９１", NumberRead("200135791", is_cleaned=True)),
        ("\u200b200135791\u200e", NumberRead("200135791", is_cleaned=True)),
        (12345678.0, NumberRead(maybe="012345678", doubt="id_lost_zero")),
        ("s200135791@stu.example.hk", NumberRead(maybe="200135791", doubt="id_in_email")),
        ("s2001357912@stu.example.hk", NumberRead()),
        (210144108.5, NumberRead()),
        (2101441087.0, NumberRead()),
        (-200135791.0, NumberRead()),
        (True, NumberRead()),
        (dt.date(2025, 11, 21), NumberRead()),
        (None, NumberRead()),
        ("S200135791", NumberRead()),
        ("21O144108", NumberRead()),
        ("200.135.791", NumberRead()),
        ("200,135,791", NumberRead()),
        ("1.90123456E8", NumberRead()),
        ("20013579²", NumberRead()),
        ("\u202e197531002", NumberRead()),
        ("٢٠٠١٣٥٧٩١", NumberRead()),
    ],
)
def test_a_number_is_cleaned_without_loss_or_not_at_all(cell: Any, expected: NumberRead) -> None:
    assert read_number(cell, 9) == expected


@hypothesis_settings(deadline=None)
@given(numbers)
def test_a_register_number_stays_itself(number: str) -> None:
    assert read_number(number, 9) == NumberRead(number)


@hypothesis_settings(deadline=None)
@given(numbers, numbers, harmless, harmless)
def test_two_register_numbers_are_never_read_as_one(one: str, other: str, before: str, after: str) -> None:
    read = read_number(before + one + after, 9).number
    assert read in ("", one)
    assert one == other or read != other


@hypothesis_settings(deadline=None)
@given(st.text(alphabet="0123456789.-Ee O９²\u200b@", max_size=16))
def test_no_text_becomes_a_number_whose_figures_it_does_not_have(text: str) -> None:
    figures = "".join(c for c in unicodedata.normalize("NFKC", text) if c in "0123456789")
    assert figures.startswith(read_number(text, 9).number)


UNSEEN_OR_DASH = re.compile(
    r"[\s\u00ad\u180e\u200b-\u200f\u202a\u202c\u202d\u2060\u2066\u2068\u2069\ufe0e\ufe0f\ufeff]|[-‐-―−]"
)
MESSY = st.text(st.one_of(st.sampled_from("0123456789０９'’`-–.\u200b\xa0\t²①٣eE/_,"), st.characters()), max_size=24)


@hypothesis_settings(deadline=None)
@given(st.one_of(MESSY, st.tuples(harmless, numbers, MESSY).map("".join)))
def test_a_text_is_a_number_only_after_the_cleanings_that_are_listed(text: str) -> None:
    number = read_number(text, 9).number
    if number:
        left = UNSEEN_OR_DASH.sub("", unicodedata.normalize("NFKC", text))
        assert re.fullmatch(rf"['’‘ʼ＇`´′]*{number}(\.0+|\.000000[0-9]*)?", left)


@pytest.mark.parametrize(
    "cell", ["y", "Yes", " YES ", 1.0, True, "TRUE", "T", "✓", "✔️", "√", "☑", "是", "有", "出席", "Ｙ"]
)
def test_yes(cell: Any) -> None:
    assert read_mark(cell) is Mark.YES


@pytest.mark.parametrize(
    "cell", ["n", "No", 0.0, False, "F", "✗", "✘", "否", "沒有", "没有", "缺席", "absent", "-", "－"]
)
def test_no(cell: Any) -> None:
    assert read_mark(cell) is Mark.NO


@pytest.mark.parametrize(
    "cell", ["○", "●", "×", "x", "/", "v", "?", "late", "online", 2.0, "No - left early", "Y?", 0.5]
)
def test_everything_else_is_unclear(cell: Any) -> None:
    assert read_mark(cell, takes_times=True) is Mark.UNCLEAR


@pytest.mark.parametrize("cell", [None, "", "  ", "\u200b"])
def test_blank(cell: Any) -> None:
    assert read_mark(cell) is Mark.BLANK


@pytest.mark.parametrize(
    "cell", [dt.time(9, 2), dt.datetime(2025, 11, 21, 9, 2), dt.timedelta(hours=9), "09:05", "9：05 am"]
)
def test_a_time_is_a_yes_in_the_attended_column_only(cell: Any) -> None:
    assert (read_mark(cell, takes_times=True), read_mark(cell)) == (Mark.YES, Mark.UNCLEAR)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (5.0, "5"),
        (210144108.5, "210144108.5"),
        (True, "TRUE"),
        (dt.time(9, 5), "09:05"),
        ("a\n\u202eb  c", "a b c"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_a_cell_as_text(cell: Any, text: str) -> None:
    assert text_of(cell) == text

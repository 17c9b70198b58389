"""Shares and minutes are read from what people and meetings write; what is not certain is not read."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.attendance.formats import Cell
from awards.attendance.measuring import (
    Needed,
    counts_as_fraction,
    looks_like_share,
    needed_by_rules,
    read_minutes,
    read_share,
    read_stay,
    together,
)

NINE = dt.datetime(2026, 3, 3, 9)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("1h 2m 33s", 62.55),
        ("1h2m", 62.0),
        ("45s", 0.75),
        ("2 hrs 5 mins", 125.0),
        ("1 小時 2 分 33 秒", 62.55),
        ("62 分鐘", 62.0),
        ("6２ 分钟", 62.0),
        ("1:02:33", 62.55),
        ("90", 90.0),
        (90, 90.0),
        (0, 0.0),
        (dt.time(1, 2, 30), 62.5),
        (dt.timedelta(minutes=75), 75.0),
        ("1:02", None),
        ("1.5h", None),
        ("an hour", None),
        ("-5", None),
        (-5, None),
        (float("inf"), None),
        (1e300, None),
        ("9999999", None),
        (True, None),
        ("", None),
        (None, None),
    ],
)
def test_minutes(cell: Cell, minutes: float | None) -> None:
    assert read_minutes(cell) == minutes


@pytest.mark.parametrize(
    ("cell", "as_fraction", "as_percent"),
    [
        ("80%", 80.0, 80.0),
        ("８０ ％", 80.0, 80.0),
        ("66.7%", 66.7, 66.7),
        ("6/8", 75.0, 75.0),
        ("6 out of 8", 75.0, 75.0),
        (0.8, 80.0, 0.8),
        (1, 100.0, 1.0),
        (80, None, 80.0),
        ("120%", None, None),
        ("9/8", None, None),
        ("0/0", None, None),
        (dt.datetime(2026, 8, 6), None, None),
        ("Y", None, None),
        (True, None, None),
        (None, None, None),
    ],
)
def test_shares(cell: Cell, as_fraction: float | None, as_percent: float | None) -> None:
    assert read_share(cell, is_fraction=True) == as_fraction
    assert read_share(cell, is_fraction=False) == as_percent


def test_a_column_is_of_fractions_or_of_per_cent_or_it_is_not_read() -> None:
    assert counts_as_fraction([0.8, 1, 0, "0.5", "Y", None]) is True
    assert counts_as_fraction([80, 1, 0, "75%"]) is False
    assert counts_as_fraction([0.8, 80]) is None
    assert read_share(0.8, is_fraction=None) is None
    assert read_share("80%", is_fraction=None) == 80.0


def test_what_looks_like_a_share_among_marks() -> None:
    assert [looks_like_share(cell) for cell in (0.8, "80%", "6/8", 1, 1.0, 2, "Y", "1", None, True)] == [
        *[True] * 3,
        *[False] * 7,
    ]


@pytest.mark.parametrize(
    ("joined", "left", "minutes"),
    [
        ("7/22/26, 7:02:11 PM", "7/22/26, 8:02:11 PM", 60),
        ("22/7/2026, 19:02:11", "22/7/2026, 20:02:11", 60),
        ("10/05/2026 11:55:00 PM", "11/05/2026 12:55:00 AM", 60),
        ("3/31/2026, 11:30:00\u202fPM", "4/1/2026, 12:30:00\u202fAM", 60),
        ("2026/3/3 下午 2:05:00", "2026/3/3 下午 3:05:00", 60),
        ("2026/3/3, 上午12:05:00", "2026/3/3, 上午1:05:00", 60),
        ("Aug 12, 2026 10:00 AM", "Aug 12, 2026 11:00 AM", 60),
        ("12 Aug 2026 10:00", "12 August 2026 11:00", 60),
        ("2026-09-15 09:00:23", "2026-09-15T10:00:23", 60),
        (NINE, NINE + dt.timedelta(hours=1), 60),
        ("3/3/2026, 2:05:00 PM", "3/3/2026, 1:05:00 PM", None),
        ("3/3/2026, 2:05:00 PM", "9/3/2026, 2:05:00 PM", None),
        ("09:00", "10:00", None),
        ("", None, None),
    ],
)
def test_from_when_to_when(joined: Cell, left: Cell, minutes: int | None) -> None:
    stay = read_stay(joined, left)
    assert (stay and (stay[1] - stay[0]) // dt.timedelta(minutes=1)) == minutes


def stay(start: int, end: int) -> tuple[dt.datetime, dt.datetime]:
    return NINE + dt.timedelta(minutes=start), NINE + dt.timedelta(minutes=end)


def test_two_devices_at_once_count_once() -> None:
    assert together([stay(0, 60), stay(30, 90)], [60, 60]) == 90
    assert together([stay(0, 60), stay(10, 20), stay(70, 80)], [60, 10, 10]) == 70
    assert together([stay(0, 60), stay(70, 80)], [None, None]) == 70


def test_what_the_report_says_is_added_up_where_the_times_are_missing() -> None:
    assert together([None, None], [20, 25]) == 45
    assert together([None, stay(0, 9)], [20, None]) is None


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 120)), min_size=1, max_size=6))
def test_minutes_together_are_those_in_which_somebody_was_there(spans: list[tuple[int, int]]) -> None:
    there = {minute for start, length in spans for minute in range(start, start + length)}
    stays = [stay(start, start + length) for start, length in spans]
    assert together(stays, [length for _, length in spans]) == len(there)


def test_what_the_rules_ask_for() -> None:
    assert needed_by_rules(None, 90) == Needed()
    assert needed_by_rules(75, 90) == Needed(share=75, minutes=68)
    assert needed_by_rules(75, None) == Needed(share=75)
    assert needed_by_rules(0, 90) == Needed(share=0, minutes=0)
    assert Needed(minutes=5).otherwise(Needed(75, 68)) == Needed(75, 5)

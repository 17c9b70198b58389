"""Dates, durations and the principles are said as a registrar would say them."""

import datetime as dt
from dataclasses import replace

import pytest

from transcripts.content import Words
from transcripts.tests.samples import NUMBERING, sample_content, sample_entry, sample_student
from transcripts.wording import both, days, duration, mark, period, principles, totals


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (dt.date(2026, 5, 12), dt.date(2026, 5, 12), "12 May 2026"),
        (dt.date(2026, 5, 12), dt.date(2026, 5, 14), "12–14 May 2026"),
        (dt.date(2026, 4, 30), dt.date(2026, 5, 2), "30 Apr – 2 May 2026"),
        (dt.date(2025, 12, 30), dt.date(2026, 1, 2), "30 Dec 2025 – 2 Jan 2026"),
    ],
)
def test_days_do_not_repeat_what_both_ends_share(first: dt.date, last: dt.date, said: str) -> None:
    assert days(first, last) == said


@pytest.mark.parametrize(
    ("counted", "minutes", "said"),
    [
        (1, 150, ("1 day 1 天", "2.5 h 2.5 小時")),
        (2, 960, ("2 days 2 天", "16 h 16 小時")),
        (1, 100, ("1 day 1 天", "1.67 h 1.67 小時")),
        (92, None, ("92 days 92 天", "")),
    ],
)
def test_a_duration_has_days_and_hours_where_they_are_known(
    counted: int, minutes: int | None, said: tuple[str, str]
) -> None:
    assert duration(sample_entry(0, days=counted, minutes=minutes)) == said


def test_a_period_of_study_is_open_until_it_ends() -> None:
    assert period(sample_student()) == "Sep 2023 – present 至今"
    assert period(sample_student(studied_until=dt.date(2027, 7, 1))) == "Sep 2023 – Jul 2027"
    assert period(sample_student(studied_from=None)) == "–"


def test_totals_say_one_and_many() -> None:
    assert both(totals(sample_content(4)), " · ") == ("4 activities · 7 badges of 5 kinds · 4 項活動 · 7 個徽章 · 5 種")
    assert totals(sample_content(entries=[sample_entry(3)])).en == "1 activity · 1 badge of 1 kind"


def test_only_a_later_print_is_marked() -> None:
    assert mark(NUMBERING) == ""
    assert mark(replace(NUMBERING, print_number=2)) == "Reprint 2 重印"


def test_the_principles_say_the_tiers_of_the_scheme() -> None:
    assert principles([(1, 1), (2, 2), (3, 3)])[1] == Words(
        "The duration of an activity decides how many badges one participant can earn: 1 day or less: 1 badge; "
        "2 days: up to 2 badges; 3 days or more: up to 3 badges.",
        "每名參加者可得的徽章數目按活動時長而定：1 天或以下：1 個；2 天：最多 2 個；3 天或以上：最多 3 個。",
    )


def test_the_principles_say_the_tiers_of_another_institution() -> None:
    said = principles([(1, 2), (3, 4), (6, 5)])[1]
    assert said.en.endswith(
        ": 2 days or less: up to 2 badges; 3 to 5 days: up to 4 badges; 6 days or more: up to 5 badges."
    )
    assert said.zh.endswith("：2 天或以下：最多 2 個；3 至 5 天：最多 4 個；6 天或以上：最多 5 個。")

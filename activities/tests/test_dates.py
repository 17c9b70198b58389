"""Days as people read them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from activities.dates import day_range

MAY_12 = dt.date(2026, 5, 12)


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        (MAY_12, None, "12 May 2026", "2026年5月12日"),
        (MAY_12, MAY_12, "12 May 2026", "2026年5月12日"),
        (MAY_12, dt.date(2026, 5, 14), "12–14 May 2026", "2026年5月12日至14日"),
        (dt.date(2026, 4, 30), dt.date(2026, 5, 2), "30 Apr – 2 May 2026", "2026年4月30日至5月2日"),
        (dt.date(2025, 12, 30), dt.date(2026, 1, 2), "30 Dec 2025 – 2 Jan 2026", "2025年12月30日至2026年1月2日"),
        (dt.date(2025, 5, 12), MAY_12, "12 May 2025 – 12 May 2026", "2025年5月12日至2026年5月12日"),
    ],
)
def test_what_both_ends_share_is_said_once(first: dt.date, last: dt.date | None, english: str, chinese: str) -> None:
    with translation.override("en-gb"):
        assert day_range(first, last) == english
    with translation.override("zh-hant"):
        assert day_range(first, last) == chinese


@given(st.dates(), st.dates(), st.sampled_from(["en-gb", "zh-hant"]))
def test_two_different_spans_never_read_alike(first: dt.date, last: dt.date, language: str) -> None:
    first, last = min(first, last), max(first, last)
    with translation.override(language):
        text = day_range(first, last)
        assert text.startswith((str(first.day), str(first.year)))
        assert str(last.year) in text
        if last < dt.date.max:
            assert day_range(first, last + dt.timedelta(days=1)) != text

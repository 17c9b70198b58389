"""Days as people read them, in the language of the page. Pure but for that language."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils.dateformat import format as formatted
from django.utils.translation import get_language


def day_range(first: dt.date, last: dt.date | None = None) -> str:
    """One day or a span of days, without repeating what both ends share.

    >>> day_range(date(2026, 5, 12), date(2026, 5, 14))
    '12–14 May 2026'
    """
    last = last or first
    chinese = (get_language() or "").startswith("zh")
    return _chinese_range(first, last) if chinese else _english_range(first, last)


@lru_cache(maxsize=1024)
def _english_range(first: dt.date, last: dt.date) -> str:
    end = formatted(last, "j M Y")
    if first == last:
        return end
    if first.year != last.year:
        return f"{formatted(first, 'j M Y')} – {end}"
    if first.month != last.month:
        return f"{formatted(first, 'j M')} – {end}"
    return f"{first.day}–{end}"


def _chinese_range(first: dt.date, last: dt.date) -> str:
    start = f"{first.year}年{first.month}月{first.day}日"
    if first == last:
        return start
    if first.year != last.year:
        return f"{start}至{last.year}年{last.month}月{last.day}日"
    if first.month != last.month:
        return f"{start}至{last.month}月{last.day}日"
    return f"{start}至{last.day}日"

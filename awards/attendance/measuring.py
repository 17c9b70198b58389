"""How much of an activity somebody attended: shares in per cent, and minutes; read from cells, never guessed.

What is needed for a badge is not said by the sheet. It comes from the activity's or the scheme's attendance threshold,
or the organiser is asked once for the file (`Needed`). Without either, a share stays unclear. It only proposes: a badge
column that is filled in goes before it, and the organiser can change every row.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from awards.attendance.cells import text_of
from awards.attendance.formats import Cell

ALL = 100.0
"""Per cent."""
DIGIT = re.compile(r"\d")
PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?) ?%")
OUT_OF = re.compile(r"(\d{1,3}) ?(?:/|of|out of) ?(\d{1,3})")
NUMBER = re.compile(r"\d{1,7}(?:\.\d{1,6})?")
UNITS = re.compile(
    r"(?:(\d{1,3}) ?(?:h|hr|hrs|hour|hours|小時|小时|時|时) ?)?"
    r"(?:(\d{1,4}) ?(?:m|min|mins|minute|minutes|分鐘|分钟|分) ?)?"
    r"(?:(\d{1,4}) ?(?:s|sec|secs|second|seconds|秒鐘|秒) ?)?"
)
CLOCK = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})")
TIME = re.compile(r"(上午|下午|[ap]\.?m\.?)? ?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)? ?([ap]\.?m\.?)?")
DATE = re.compile(r"(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?")
NAMED_DATE = re.compile(r"([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})|(\d{1,2}) ([a-z]{3})[a-z]*\.?,? (\d{4})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONGEST = dt.timedelta(hours=24)
"""A stay in a meeting that seems longer was not read rightly."""

MOST_MINUTES = 30_000
"""Three weeks without a break: more was not read rightly."""

Stay = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Needed:
    """What must be attended for a badge: `share` in per cent, `minutes` of an online meeting. None: not said."""

    share: int | None = None
    minutes: int | None = None

    def otherwise(self, other: Needed) -> Needed:
        """This, and where this says nothing, the other."""
        return Needed(
            other.share if self.share is None else self.share,
            other.minutes if self.minutes is None else self.minutes,
        )


NOT_SAID = Needed()


def needed_by_rules(threshold: int | None, held_minutes: int | None) -> Needed:
    """What an attendance threshold (per cent) asks for, at an activity of so many minutes; None where not known."""
    if threshold is None or not held_minutes:
        return Needed(share=threshold)
    return Needed(share=threshold, minutes=ceil(Fraction(threshold * held_minutes, 100)))


def plain(cell: Cell) -> str:
    """The text of a cell with figures, letters and signs in their plain forms."""
    return " ".join(unicodedata.normalize("NFKC", text_of(cell)).casefold().split())


def counts_as_fraction(cells: Iterable[Cell]) -> bool | None:
    """Whether the bare numbers of a column are fractions (0.8) or per cent (80); None where both stand in it."""
    numbers = [number for cell in cells if (number := _bare(cell)) is not None]
    has_fractions, has_percent = any(0 < n < 1 for n in numbers), any(n > 1 for n in numbers)
    return None if has_fractions and has_percent else not has_percent


def _bare(cell: Cell) -> float | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None
    if isinstance(cell, str):
        text = plain(cell)
        return float(text) if NUMBER.fullmatch(text) else None
    return float(cell)


def read_share(cell: Cell, *, is_fraction: bool | None) -> float | None:
    """The share in per cent, 0 to 100; None for anything else. `is_fraction` is what bare numbers of the column are."""
    text = plain(cell) if isinstance(cell, str) else ""
    if found := PERCENT.fullmatch(text):
        return _share(float(found[1]))
    if found := OUT_OF.fullmatch(text):
        part, whole = int(found[1]), int(found[2])
        return _share(ALL * part / whole) if whole else None
    number = _bare(cell)
    if number is None or (is_fraction is None and number != 0):
        return None
    return _share(number * ALL if is_fraction else number)


def _share(percent: float) -> float | None:
    return round(percent, 4) if 0 <= percent <= ALL else None


def looks_like_share(cell: Cell) -> bool:
    """Whether a cell in a column of marks holds a share, and no mark."""
    if isinstance(cell, float):
        return 0 < cell < 1
    if not isinstance(cell, str) or not DIGIT.search(cell):
        return False
    text = plain(cell)
    return bool(PERCENT.fullmatch(text) or OUT_OF.fullmatch(text))


def read_minutes(cell: Cell) -> float | None:
    """Minutes of "1h 2m 33s", "62 分鐘", 1:02:33, a time or duration cell, or a bare number of minutes."""
    minutes = _minutes(cell)
    return minutes if minutes is not None and 0 <= minutes <= MOST_MINUTES else None


def _minutes(cell: Cell) -> float | None:
    match cell:
        case bool():
            return None
        case dt.timedelta():
            return cell.total_seconds() / 60
        case dt.datetime() | dt.time():
            return cell.hour * 60 + cell.minute + cell.second / 60
        case int() | float():
            return float(cell)
    text = plain(cell)
    if found := CLOCK.fullmatch(text):
        return int(found[1]) * 60 + int(found[2]) + int(found[3]) / 60
    if NUMBER.fullmatch(text):
        return float(text)
    found = UNITS.fullmatch(text) if text else None
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 60 + minutes + seconds / 60


def read_stay(joined: Cell, left: Cell) -> Stay | None:
    """From when to when somebody was there; None where that cannot be read beyond doubt."""
    for month_first in (False, True):
        start, end = _moment(joined, month_first), _moment(left, month_first)
        if start and end and dt.timedelta(0) <= end - start <= LONGEST:
            return start, end
    return None


def _moment(cell: Cell, month_first: bool) -> dt.datetime | None:
    if isinstance(cell, dt.datetime):
        return cell
    text = plain(cell) if isinstance(cell, str) else ""
    found = TIME.search(text)
    day = _day(text, month_first)
    if not found or day is None:
        return None
    half = (found[1] or found[5] or "").replace(".", "")
    hour = int(found[2])
    if half in ("pm", "下午"):
        hour = hour % 12 + 12
    elif half:
        hour %= 12
    try:
        return dt.datetime(*day, hour, int(found[3]), int(found[4] or 0))
    except ValueError:
        return None


def _day(text: str, month_first: bool) -> tuple[int, int, int] | None:
    if found := NAMED_DATE.search(text):
        month, day, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        return (int(year), MONTHS.index(month) + 1, int(day)) if month in MONTHS else None
    found = DATE.search(text)
    if found is None:
        return None
    first, second, third = map(int, found.groups())
    if first > 31:
        return first, second, third
    month, day = (first, second) if month_first else (second, first)
    return third if third > 99 else 2000 + third, month, day


def together(stays: Sequence[Stay | None], minutes: Sequence[float | None]) -> float | None:
    """The minutes of one person who was there several times; what overlaps (two devices) counts once."""
    known = [number for number in minutes if number is not None]
    told = sum(known) if len(known) == len(minutes) else None
    if any(stay is None for stay in stays):
        return told
    seen, reached = dt.timedelta(0), dt.datetime.min
    for start, end in sorted(stay for stay in stays if stay):
        seen += max(end - max(start, reached), dt.timedelta(0))
        reached = max(reached, end)
    in_minutes = seen.total_seconds() / 60
    return in_minutes if told is None else min(told, in_minutes)

"""One cell → what it says: plain text, a student number, or a mark. What is not certain stays uncertain."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from awards.attendance.formats import Cell

YES = frozenset(["y", "yes", "1", "true", "t", "✓", "✔", "√", "☑", "是", "有", "出席", "present", "attended"])
NO = frozenset(["n", "no", "0", "false", "f", "✗", "✘", "否", "沒有", "没有", "缺席", "absent", "-"])

INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a\u202c\u202d\u2060\u2066\u2068\u2069\ufe0e\ufe0f\ufeff]")
"""Zero-width characters and marks of direction that do not change the order in which digits are seen."""
UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What never leaves the door: invisible, bidirectional and control characters."""
APOSTROPHES = "'’‘ʼ＇`´′"
HYPHENS = re.compile(r"[-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?( ?[ap]\.?m\.?)?")
NEARLY_WHOLE = 1e-6
LARGEST_WHOLE = 1e15
MOST_LETTERS_OF_ID = 40
MOST_LETTERS = 200


class Mark(StrEnum):
    """What one cell of a mark column says. MISSING: the sheet has no such column."""

    YES = "yes"
    NO = "no"
    BLANK = "blank"
    UNCLEAR = "unclear"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Words:
    """What the scheme administrator added to the words of marks, in their plain form (`plain_mark`)."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()


NO_WORDS = Words()


class NumberRead(NamedTuple):
    """A student number as understood: `number` is "" when the cell is none; `maybe` is what it might be, and `doubt`
    why that must be asked (id_lost_zero, id_in_email, id_in_name)."""

    number: str = ""
    is_cleaned: bool = False
    maybe: str = ""
    doubt: str = ""


def text_of(cell: Cell, most: int = MOST_LETTERS) -> str:
    """The cell as a person reads it, on one line, shortened."""
    if cell is None:
        return ""
    match cell:
        case str():
            text = cell
        case bool():
            text = "TRUE" if cell else "FALSE"
        case float() | int():
            whole = _whole(cell)
            text = repr(cell) if whole is None else str(whole)
        case dt.time():
            text = cell.isoformat("minutes")
        case dt.datetime() | dt.date():
            text = cell.isoformat()
        case _:
            text = str(cell)
    if not (text.isascii() and text.isprintable()):
        text = UNSEEN.sub("", text)
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _whole(number: float) -> int | None:
    """The whole number that a cell means; None when it means a fraction or has lost its digits."""
    if abs(number) < LARGEST_WHOLE and abs(number - round(number)) < NEARLY_WHOLE:
        return round(number)
    return None


def read_number(cell: Cell, digits: int) -> NumberRead:
    """The student number in an ID cell, cleaned without loss only: nothing that could turn one student into another.

    White space, zero-width characters, leading apostrophes, hyphens, full-width digits, ".0" and the noise of floating
    point are cleaned. A number cell that holds a whole number was not cleaned.
    """
    if isinstance(cell, bool):
        return NumberRead()
    if isinstance(cell, int | float):
        whole = _whole(cell)
        return NumberRead() if whole is None else _sized(str(whole), digits, is_cleaned=False)
    if not isinstance(cell, str) or len(cell) > 4 * MOST_LETTERS_OF_ID:
        return NumberRead()
    text = INVISIBLE.sub("", cell).strip().lstrip(APOSTROPHES)
    if any(unicodedata.category(letter) == "No" for letter in text):
        return NumberRead()  # a small raised 2 is a footnote, not a digit
    text = HYPHENS.sub("", "".join(unicodedata.normalize("NFKC", text).split()))
    if "@" in text:
        return _in_address(text, digits)
    if fraction := re.fullmatch(r"([0-9]{1,15})\.([0-9]{1,20})", text):
        if float("0." + fraction[2]) >= NEARLY_WHOLE:
            return NumberRead()
        text = fraction[1]
    return _sized(text, digits, is_cleaned=text != cell)


def _sized(text: str, digits: int, *, is_cleaned: bool) -> NumberRead:
    if not (text.isascii() and text.isdigit()):
        return NumberRead()
    if len(text) == digits:
        return NumberRead(text, is_cleaned)
    if len(text) == digits - 1:
        return NumberRead(maybe="0" + text, doubt="id_lost_zero")
    return NumberRead()


def _in_address(text: str, digits: int) -> NumberRead:
    found = re.findall(rf"(?<![0-9])[0-9]{{{digits}}}(?![0-9])", text.partition("@")[0])
    return NumberRead(maybe=found[0], doubt="id_in_email") if len(found) == 1 else NumberRead()


def number_in_name(text: str, digits: int) -> NumberRead:
    """The one student number that stands among the words of a name, which is asked; none where there is no such."""
    found = re.findall(rf"(?<![0-9A-Za-z])[0-9]{{{digits}}}(?![0-9A-Za-z])", unicodedata.normalize("NFKC", text))
    return NumberRead(maybe=found[0], doubt="id_in_name") if len(set(found)) == 1 else NumberRead()


def read_mark(cell: Cell, *, takes_times: bool = False, words: Words = NO_WORDS) -> Mark:
    """What a mark says. The mark is the whole cell; `takes_times`: a sign-in time is a yes (the attended column).

    `words` are known beside our own, which nothing overrules.
    """
    if cell is None:
        return Mark.BLANK
    if isinstance(cell, str):
        mark = _mark_in(cell, takes_times=takes_times)
    else:
        mark = Mark.YES if takes_times and _is_time(cell) else _mark_in(text_of(cell), takes_times=False)
    if mark is not Mark.UNCLEAR or words is NO_WORDS:
        return mark
    plain = plain_mark(text_of(cell))
    if plain in words.yes:
        return Mark.YES
    return Mark.NO if plain in words.no else Mark.UNCLEAR


def plain_mark(written: str) -> str:
    """A mark as it is compared: without case, width, invisible letters and space around it."""
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text_of(written))).strip().casefold()


@lru_cache(maxsize=4_000)
def _mark_in(written: str, *, takes_times: bool) -> Mark:
    if takes_times and _is_time(written):
        return Mark.YES
    text = plain_mark(written)
    if not text:
        return Mark.BLANK
    if text in YES:
        return Mark.YES
    return Mark.NO if text in NO else Mark.UNCLEAR


def _is_time(cell: Cell) -> bool:
    match cell:
        case dt.datetime():
            return cell.time() != dt.time(0)
        case dt.time():
            return cell != dt.time(0)
        case dt.timedelta():
            return cell > dt.timedelta(0)
        case str():
            return bool(CLOCK.fullmatch(unicodedata.normalize("NFKC", cell).strip().casefold()))
    return False

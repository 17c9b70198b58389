"""What the columns of a sheet mean where a person said it: for this file, or for all with the same headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from awards.attendance.cells import NO_WORDS, Mark, Words, read_mark, read_number, text_of
from awards.attendance.formats import Cell, Worksheet
from awards.attendance.headings import HEADING_WITHIN, MarkColumns, columns_of, heading_text, meanings_of
from awards.attendance.words import (
    ATTENDED,
    AWARD,
    MINUTES,
    NAMES,
    PERCENT,
    REASON,
    REMARKS,
    SESSION,
    STUDENT_ID,
)

NAME = "name"
CODE = "code "
"""Before a badge code, where a column has the marks of one badge."""
SIMPLE = (STUDENT_ID, NAME, ATTENDED, AWARD, REASON, REMARKS, SESSION, PERCENT, MINUTES)
SEVERAL = (NAME, SESSION, REMARKS)
"""What more than one column may mean."""
MOST_NAMES = len(NAMES)
LOOKED_AT = 40
"""Lines by which a column without a heading is guessed."""

Meanings = Mapping[int, str]
"""Column (0 for A) → what it means, in the words of SIMPLE or CODE and a badge code; others are not needed."""
Remembered = Mapping[frozenset[str], Mapping[str, str]]
"""The headings of a sheet → what each of them means."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a person said of one worksheet. `heading_line` 0: there are no headings."""

    sheet: str
    heading_line: int
    columns: Meanings

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` gives the same layout back."""
        return {
            "sheet": self.sheet,
            "heading_line": self.heading_line,
            "columns": {str(column): meaning for column, meaning in self.columns.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Layout:
        columns = {int(column): str(meaning) for column, meaning in data["columns"].items()}
        return cls(data["sheet"], data["heading_line"], columns)


@dataclass(frozen=True, slots=True)
class Layouts:
    """All that people said of sheets: `chosen` of this file, `remembered` of those with the same headings, and the
    `words` that are marks."""

    chosen: Layout | None = None
    remembered: Remembered = field(default_factory=dict)
    words: Words = NO_WORDS


NO_LAYOUTS = Layouts()


def wrong_in(columns: Meanings) -> str:
    """What is wrong with a choice of meanings, in a code; "" for nothing."""
    said = list(columns.values())
    if said.count(STUDENT_ID) != 1:
        return "one_id"
    if any(said.count(meaning) > 1 for meaning in set(said) if meaning not in SEVERAL):
        return "meaning_twice"
    return "too_many_names" if said.count(NAME) > MOST_NAMES else ""


def keys_of(row: Sequence[Cell]) -> dict[int, str]:
    """Column → its heading in a form that is the same next time; the second of two equal ones is told apart."""
    keys: dict[int, str] = {}
    for column, cell in enumerate(row):
        text = " ".join(re.findall(r"\w+", heading_text(cell).casefold())) or heading_text(cell)
        if text:
            again = sum(key.partition("#")[0] == text for key in keys.values())
            keys[column] = text if not again else f"{text}#{again + 1}"
    return keys


def line_of(worksheet: Worksheet, line: int) -> Sequence[Cell]:
    """One line of a worksheet; nothing where there is none."""
    place = line - worksheet.first_line
    return worksheet.rows[place] if 0 <= place < len(worksheet.rows) else ()


def to_remember(layout: Layout, worksheet: Worksheet) -> tuple[frozenset[str], dict[str, str]] | None:
    """The headings and what each of them means; None for a sheet without headings."""
    keys = keys_of(line_of(worksheet, layout.heading_line)) if layout.heading_line else {}
    if not keys:
        return None
    return frozenset(keys.values()), {key: layout.columns.get(column, "") for column, key in keys.items()}


def layout_for(worksheet: Worksheet, layouts: Layouts) -> Layout | None:
    """What was said about this worksheet: the choice for this file, or what is remembered of its headings."""
    chosen, remembered = layouts.chosen, dict(layouts.remembered)
    if chosen is not None and chosen.sheet == worksheet.name:
        return chosen
    if not remembered:
        return None
    for line in range(worksheet.first_line, HEADING_WITHIN + 1):
        keys = keys_of(line_of(worksheet, line))
        meanings = remembered.get(frozenset(keys.values())) if len(keys) > 1 else None
        if meanings:
            return Layout(worksheet.name, line, {c: meanings[key] for c, key in keys.items() if meanings[key]})
    return None


def columns_by(layout: Layout, worksheet: Worksheet, offered: Sequence[str]) -> MarkColumns:
    """The columns of the list as a person said. A badge that is not on offer here is not read.

    Raises Refusal no_id_column or header_twice where the layout does not fit the worksheet.
    """
    row = line_of(worksheet, layout.heading_line)
    width = max([len(row), *(column + 1 for column in layout.columns)])
    headings = [heading_text(row[c]) if c < len(row) else "" for c in range(width)]
    texts = [headings[c] or letter_of(c) for c in range(width)]
    codes = {f"{CODE}{code}" for code in offered}
    names = iter(NAMES)
    meanings: dict[int, str] = {}
    for column in range(width):
        said = layout.columns.get(column, "")
        if said == NAME:
            meanings[column] = next(names, "")
        elif said in SIMPLE or said in codes:
            meanings[column] = said
        elif headings[column]:
            meanings[column] = ""
    return columns_of(layout.heading_line or worksheet.first_line - 1, texts, meanings)


def letter_of(column: int) -> str:
    """What a spreadsheet program calls a column: A, B … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def guess_heading(worksheet: Worksheet, offered: Sequence[str], digits: int) -> int:
    """The line that looks most like a heading; where none does the texts above the first student number, or 0."""
    best, line_found = 0, 0
    for line in range(worksheet.first_line, HEADING_WITHIN + 1):
        known = {meaning for meaning in meanings_of(line_of(worksheet, line), offered).values() if meaning}
        if len(known) > best:
            best, line_found = len(known), line
    return line_found or _above_first_number(worksheet, digits)


def _above_first_number(worksheet: Worksheet, digits: int) -> int:
    for line in range(worksheet.first_line, HEADING_WITHIN + 2):
        if any(read_number(cell, digits).number for cell in line_of(worksheet, line)):
            above = [cell for cell in line_of(worksheet, line - 1) if cell is not None]
            return line - 1 if len(above) > 1 and all(isinstance(cell, str) for cell in above) else 0
    return 0


def guess_columns(worksheet: Worksheet, heading_line: int, offered: Sequence[str], digits: int) -> dict[int, str]:
    """What each column probably means: by its heading, or where that says nothing by what stands in it."""
    found: dict[int, str] = {}
    for column, meaning in meanings_of(line_of(worksheet, heading_line) if heading_line else (), offered).items():
        plain = NAME if meaning in NAMES else meaning
        may_be = plain in SIMPLE or plain.startswith(CODE)
        found[column] = plain if may_be and (plain in SEVERAL or plain not in found.values()) else ""
    for column in range(max((len(row) for row in worksheet.rows), default=0)):
        cells = _below(worksheet, heading_line, column)
        guess = _by_contents(cells, digits) if cells else ""
        if not found.get(column) and guess and guess not in found.values():
            found[column] = guess
    return {column: meaning for column, meaning in sorted(found.items()) if meaning}


def _below(worksheet: Worksheet, heading_line: int, column: int) -> list[Cell]:
    below = worksheet.rows[max(0, heading_line + 1 - worksheet.first_line) :][:LOOKED_AT]
    return [row[column] for row in below if column < len(row) and text_of(row[column])]


def _by_contents(cells: Sequence[Cell], digits: int) -> str:
    """What a column is whose cells nearly all look alike: student numbers, marks, or names."""
    most = 0.7 * len(cells)
    numbers = [read_number(cell, digits) for cell in cells]
    if sum(bool(number.number or number.maybe) for number in numbers) >= most:
        return STUDENT_ID
    marks = [read_mark(cell, takes_times=True) for cell in cells]
    if sum(mark in (Mark.YES, Mark.NO) for mark in marks) >= most:
        return ATTENDED
    words = [text_of(cell) for cell in cells]
    is_name = [" " in word.strip() or not word.isascii() for word in words if word and not any(map(str.isdigit, word))]
    return NAME if sum(is_name) >= most else ""

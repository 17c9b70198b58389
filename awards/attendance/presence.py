"""How much each line of a list says was attended: sessions, a percentage, or the minutes of an online meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from awards.attendance.cells import NO_WORDS, Mark, Words, read_mark, text_of
from awards.attendance.formats import Cell, Worksheet
from awards.attendance.headings import MarkColumns
from awards.attendance.measuring import (
    ALL,
    Stay,
    counts_as_fraction,
    looks_like_share,
    read_minutes,
    read_share,
    read_stay,
    together,
)
from awards.attendance.rows import ReadRow
from awards.attendance.words import JOINED, LEFT, MINUTES

AGAIN = "joined_again"
"""Problem of a line of somebody whose minutes are counted on a line above."""
SHARE, TOTAL = "share", "total"
"""Marks that are reckoned: the share of the sessions, the minutes of all lines."""
UNMARKED = "session_unmarked"
"""Note: a session in which nobody is marked was not counted."""


@dataclass(frozen=True, slots=True)
class Measures:
    """How the columns of one list are to be read. `sessions` are those in which anybody is marked."""

    columns: MarkColumns
    sessions: tuple[tuple[str, int], ...] = ()
    is_fraction: bool | None = True
    marks_are_shares: bool = False
    words: Words = NO_WORDS
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Presence:
    """What one line says. `attended` is None where something was measured, or where nothing says it."""

    attended: Mark | None = None
    share: float | None = None
    minutes: float | None = None
    stay: Stay | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


NOTHING = Presence()


def measures_of(worksheet: Worksheet, columns: MarkColumns, words: Words = NO_WORDS) -> Measures | None:
    """How this list says how much was attended; None for a list of plain marks."""
    if columns.attended is not None and not columns.measures:
        cells = _column(worksheet, columns, columns.attended)
        if not any(map(looks_like_share, cells)):
            return None
        has_fractions = any(isinstance(cell, float) and 0 < cell < 1 for cell in cells)
        return Measures(columns, is_fraction=has_fractions, marks_are_shares=True)
    if not columns.measures:
        return None
    held = tuple(
        (name, column)
        for name, column in columns.sessions
        if any(read_mark(cell, takes_times=True) is not Mark.BLANK for cell in _column(worksheet, columns, column))
    )
    percent = _column(worksheet, columns, columns.percent) if columns.percent is not None else []
    return Measures(
        columns,
        sessions=held,
        words=words,
        is_fraction=counts_as_fraction(percent),
        notes=(UNMARKED,) if held and len(held) < len(columns.sessions) else (),
    )


def _column(worksheet: Worksheet, columns: MarkColumns, column: int) -> list[Cell]:
    below = worksheet.rows[columns.heading_line + 1 - worksheet.first_line :]
    return [cells[column] for cells in below if column < len(cells)]


def presence_of(measures: Measures, cell: Callable[[int | None], Cell]) -> Presence:
    """What one line says; `cell` gives the cell of a column."""
    columns = measures.columns
    if measures.marks_are_shares:
        return _share_among_marks(measures, cell(columns.attended))
    written = {name: text_of(cell(column)) for name, column in columns.measures.items()}
    if columns.percent is not None:
        return _percent(measures, cell(columns.percent), written)
    if columns.minutes is not None or columns.joined is not None:
        return _minutes(columns, cell, written)
    return _sessions(measures, cell, written)


def _share_among_marks(measures: Measures, cell: Cell) -> Presence:
    """A column of marks in which shares stand too: "80 %", 0.8, "6/8"; 1 and 0 are all and nothing beside fractions."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool) and measures.is_fraction and cell in (0, 1)
    return Presence(share=read_share(cell, is_fraction=True) if is_number or looks_like_share(cell) else None)


def _percent(measures: Measures, cell: Cell, written: dict[str, str]) -> Presence:
    share = read_share(cell, is_fraction=measures.is_fraction)
    if share is not None:
        return Presence(share=share, marks=written)
    mark = read_mark(cell, words=measures.words)
    return Presence(attended=mark if mark is not Mark.YES else Mark.UNCLEAR, marks=written)


def _minutes(columns: MarkColumns, cell: Callable[[int | None], Cell], written: dict[str, str]) -> Presence:
    stay = read_stay(cell(columns.joined), cell(columns.left))
    told = read_minutes(cell(columns.minutes)) if columns.minutes is not None else None
    minutes = told if told is not None or columns.minutes is not None else together([stay], [None])
    if minutes is not None:
        return Presence(minutes=round(minutes, 2), stay=stay, marks=written)
    is_blank = not any(written.get(key) for key in (MINUTES, JOINED, LEFT))
    return Presence(attended=Mark.BLANK if is_blank else Mark.UNCLEAR, stay=stay, marks=written)


def _sessions(measures: Measures, cell: Callable[[int | None], Cell], written: dict[str, str]) -> Presence:
    words = measures.words
    marks = [read_mark(cell(column), takes_times=True, words=words) for _, column in measures.sessions]
    if Mark.UNCLEAR in marks:
        return Presence(attended=Mark.UNCLEAR, marks=written)
    if all(mark is Mark.BLANK for mark in marks):
        return Presence(attended=Mark.BLANK, marks=written)
    there = marks.count(Mark.YES)
    return Presence(share=round(ALL * there / len(marks), 4), marks=written | {SHARE: f"{there}/{len(marks)}"})


def united(rows: Sequence[ReadRow], stays: Sequence[Stay | None]) -> list[ReadRow]:
    """The lines of an online meeting with all minutes of a person on the first of his or her lines.

    A person is who has the same ID or address, or where neither stands the same name.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.problem in ("", "id_in_email", "id_in_name", "id_lost_zero", "bad_id", "missing_id"):
            who = row.student_number or row.maybe_number or row.raw_id.casefold() or row.raw_name.casefold()
            groups[who].append(place)
    found = list(rows)
    for places in groups.values():
        if len(places) == 1:
            continue
        first, *others = places
        total = together([stays[place] for place in places], [rows[place].minutes for place in places])
        minutes = None if total is None else round(total, 2)
        attended = Mark.MISSING if minutes is not None else Mark.UNCLEAR
        marks = {**rows[first].marks, TOTAL: "" if minutes is None else f"{minutes:g}"}
        found[first] = replace(rows[first], minutes=minutes, attended=attended, marks=marks)
        for place in others:
            found[place] = about_nobody(rows[place], AGAIN)
    return found


def about_nobody(row: ReadRow, problem: str) -> ReadRow:
    """The line without a participant: its heading once more, or somebody whose minutes are counted already."""
    return replace(
        row, problem=problem, student_number="", maybe_number="", minutes=None, share=None, doubts=(), warnings=()
    )

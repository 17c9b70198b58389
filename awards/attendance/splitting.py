"""One file with the attendance of many activities → a sheet for each of them, as somebody would have uploaded it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from io import StringIO

from awards.attendance.cells import text_of
from awards.attendance.codes import is_code_label
from awards.attendance.formats import Cell, Workbook, Worksheet

LINE_BREAK = re.compile("\r\n|\r|\n")
HEAD = "Activity code"


class Unsplittable(Exception):
    """A file that cannot be split; the message says why and what to do."""


@dataclass
class Part:
    """The lines of one activity. `lines` are those of the whole file, in the order of `rows`."""

    code: str
    heading: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @cached_property
    def data(self) -> bytes:
        """The whole part as a file of its own, which is kept as the original of its record."""
        text = StringIO(newline="")
        csv.writer(text).writerows([[HEAD, self.code], self.heading, *self.rows])
        return text.getvalue().encode()

    @cached_property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()

    @property
    def workbook(self) -> Workbook:
        """The same file as it is read: a cell with line breaks takes up several lines."""
        rows: list[tuple[Cell, ...]] = []
        for row in ([HEAD, self.code], self.heading, *self.rows):
            rows.append(tuple(cell or None for cell in row))
            rows += [()] * sum(len(LINE_BREAK.findall(cell)) for cell in row)
        return Workbook("csv", (Worksheet("", tuple(rows)),), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Split:
    """The parts in the order of the file, and the lines that name no activity."""

    parts: tuple[Part, ...]
    strays: tuple[int, ...]

    @property
    def row_count(self) -> int:
        return sum(len(part.rows) for part in self.parts)


def split_by_activity(workbook: Workbook) -> Split:
    """The lines of a CSV file by the activity code in one of its columns. Raises Unsplittable."""
    if workbook.format != "csv":
        raise Unsplittable("This is no CSV file: save the list as “CSV UTF-8” first.")
    if workbook.encoding_is_guessed:
        raise Unsplittable("The characters of this file are not certain: save it as “CSV UTF-8” first.")
    lines = _filled(workbook.sheets[0])
    _, heading = next(lines, (0, []))
    columns = [column for column, text in enumerate(heading) if is_code_label(text)]
    if len(columns) != 1:
        raise Unsplittable("The first line must be the heading, with exactly one column called “Activity code”.")
    (at,) = columns
    parts: dict[str, Part] = {}
    strays: list[int] = []
    for line, row in lines:
        code = text_of(row[at]) if at < len(row) else ""
        if not code:
            strays.append(line)
            continue
        part = parts.get(code) or parts.setdefault(code, Part(code, _without(heading, at)))
        part.rows.append(_without(row, at))
        part.lines.append(line)
    return Split(tuple(parts.values()), tuple(strays))


def _filled(worksheet: Worksheet) -> Iterator[tuple[int, list[str]]]:
    """The lines that have something in them, with their numbers."""
    for line, row in enumerate(worksheet.rows, worksheet.first_line):
        if any(row):
            yield line, [str(cell or "") for cell in row]


def _without(row: Sequence[str], column: int) -> Sequence[str]:
    return [*row[:column], *row[column + 1 :]]

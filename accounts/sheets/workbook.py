"""What a spreadsheet is once it has been read: worksheets of cells, and what the reader noticed about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
Place = tuple[int, int]
"""A cell: its line as a person sees it in the spreadsheet program (from 1), and its column (from 0 for A)."""


class Refusal(Exception):
    """A file that cannot be used; `code` picks the sentence, `details` fill it (never with contents of the file)."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details: Mapping[str, str | int] = details


def megabytes(size: int) -> int | str:
    """So many bytes in megabytes: 5, or "0.48"."""
    return size // 2**20 if size % 2**20 == 0 else f"{size / 2**20:.2g}"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be, and what reading it may cost. Sizes in bytes, times in seconds."""

    max_bytes: int = 5 * 2**20
    max_inflated: int = 64 * 2**20
    max_entries: int = 1_000
    max_sheets: int = 50
    max_row: int = 20_000
    max_column: int = 256
    max_cells: int = 200_000
    max_elements: int = 1_500_000
    max_strings: int = 300_000
    max_depth: int = 64
    cpu_seconds: int = 10
    wall_seconds: int = 15
    address_space: int = 768 * 2**20


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One worksheet. `rows[n]` is line `first_line + n`; every row begins at column A and may be short."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    first_line: int = 1
    is_visible: bool = True
    hidden_lines: frozenset[int] = frozenset()
    error_cells: frozenset[Place] = frozenset()
    """Cells that hold an error such as #N/A; the row has the error's name as text."""
    valueless_formulas: frozenset[Place] = frozenset()
    """Formulas whose result is not in the file; the row has None."""
    struck_cells: frozenset[Place] = frozenset()
    merged_cells: frozenset[Place] = frozenset()
    """Cells of a merge over several lines, but for those of its top line, which keep the value."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as read. `format` is what its bytes are ("xlsx"), whatever its name says."""

    format: str
    sheets: tuple[Worksheet, ...] = field(default=())
    encoding: str = ""
    """Of a text file."""
    encoding_is_guessed: bool = False
    others: tuple[Workbook, ...] = ()
    """The same text in other encodings, where the bytes do not say which; this one is the likeliest."""
    notes: tuple[str, ...] = ()
    """What whoever made it of something that was no file has to say about it, in codes."""

    @property
    def readings(self) -> tuple[Workbook, ...]:
        """Everything that the bytes may say: one workbook, but for text of an unknown encoding."""
        return (self, *self.others)

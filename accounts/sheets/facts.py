"""What a scan notes of each worksheet before the reader sees the file, and the limits that all formats share."""

from __future__ import annotations

from typing import Any

from accounts.sheets.refused import Refused

Place = tuple[int, int]
"""Line from 1, column from 0."""
LAST_LINE = 1_048_576
MAX_AREA = 2_000_000
"""The reader keeps the used range dense: lines × columns, at most."""


class SheetFacts:
    """What the scan saw of one worksheet. `certain` cells have a value for sure, `possible` ones perhaps."""

    def __init__(self) -> None:
        self.certain: set[Place] = set()
        self.possible: set[Place] = set()
        self.errors: dict[Place, str] = {}
        self.valueless: set[Place] = set()
        self.struck: set[Place] = set()
        self.merges: list[tuple[Place, Place]] = []
        self.hidden: set[int] = set()
        self.last_line = 0
        self.last_column = 0

    def merged_cells(self, most: int) -> list[Place]:
        """Cells of merges over several lines, but for their top line; within the used range."""
        cells: list[Place] = []
        for (top, left), (bottom, right) in self.merges:
            bottom, right = min(bottom, self.last_line), min(right, self.last_column)
            if max(0, bottom - top) * (right - left + 1) > most - len(cells):
                raise Refused("too_complex")
            cells += [(line, column) for line in range(top + 1, bottom + 1) for column in range(left, right + 1)]
        return cells


class Found:
    """The facts of a whole file, within the limits. `names` are its sheets in order, as the reader must give them."""

    def __init__(self, limits: dict[str, Any]) -> None:
        self.limits = limits
        self.cells_left: int = limits["max_cells"]
        self.elements_left: int = limits["max_elements"]
        self.names: list[str] = []

    def facts_of(self, index: int) -> SheetFacts | None:
        """The facts of the n-th sheet; None for what is not a worksheet."""
        raise NotImplementedError

    def add_name(self, name: str) -> None:
        """Counts a sheet. Refuses too many, and two of one name, of which the reader would read one twice."""
        if len(self.names) >= self.limits["max_sheets"]:
            raise Refused("too_many_sheets", limit=self.limits["max_sheets"])
        if any(name.casefold() == other.casefold() for other in self.names):
            raise Refused("damaged")
        self.names.append(name)

    def use_place(self, facts: SheetFacts, line: int, column: int, cells: int = 1) -> None:
        """Counts a cell that holds something, or a block of `cells` that ends here; refuses beyond the limits."""
        limits = self.limits
        if line > facts.last_line:
            facts.last_line = line
        if column > facts.last_column:
            facts.last_column = column
        if facts.last_line > limits["max_row"]:
            raise Refused("too_many_rows", limit=limits["max_row"])
        if facts.last_column >= limits["max_column"]:
            raise Refused("too_many_columns", limit=limits["max_column"])
        self.cells_left -= cells
        if self.cells_left < 0 or facts.last_line * (facts.last_column + 1) > MAX_AREA:
            raise Refused("too_many_cells", limit=limits["max_cells"])

"""Which lists a workbook holds: on which visible worksheets, from which heading on, and what each is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from awards.attendance.formats import Refusal, Workbook, Worksheet
from awards.attendance.headings import MarkColumns, find_headings, repeated_heading
from awards.attendance.layouts import NO_LAYOUTS, Layouts, columns_by, keys_of, layout_for, line_of

MOST_LETTERS_OF_SHEET = 90


@dataclass(frozen=True, slots=True)
class FoundList:
    """One list: its lines from the heading on, its columns, and what it is called on the pages.

    `is_detail`: the second part of the report of an online meeting, every single joining of those listed above.
    """

    worksheet: Worksheet
    columns: MarkColumns
    label: str
    is_detail: bool = False
    repeats: frozenset[int] = frozenset()
    """Lines below that only repeat a heading which a person explained."""


@dataclass(frozen=True, slots=True)
class Found:
    """All lists of a workbook. `not_read` are visible worksheets without one; `refusal` is why, where that was said."""

    lists: tuple[FoundList, ...]
    not_read: tuple[str, ...]
    refusal: Refusal | None
    is_explained: bool = False
    """Whether what a person said about the columns was used."""


def find_lists(workbook: Workbook, offered: Sequence[str], layouts: Layouts = NO_LAYOUTS) -> Found:
    """The lists of the visible worksheets, in their order; what a person said about a worksheet goes before all else.

    A worksheet of notes is only said not to be read. Raises Refusal where there is no list at all: no_header, or what
    is wrong with the first heading that was nearly one (no_id_column, header_twice).
    """
    lists: list[FoundList] = []
    not_read: list[str] = []
    refusals: list[Refusal] = []
    is_explained = False
    for worksheet in workbook.sheets:
        if not worksheet.is_visible:
            continue
        try:
            found = _explained(worksheet, offered, layouts)
            is_explained = is_explained or bool(found)
            found = found or list(_lists_on(worksheet, offered))
        except Refusal as refusal:
            refusals.append(refusal)
            found = []
        lists += found
        if not found and any(cell is not None for row in worksheet.rows for cell in row):
            not_read.append(worksheet.name[:MOST_LETTERS_OF_SHEET])
    if not lists:
        raise refusals[0] if refusals else Refusal("no_header")
    return Found(_named(lists), tuple(not_read), refusals[0] if refusals else None, is_explained)


def _named(lists: Sequence[FoundList]) -> tuple[FoundList, ...]:
    """The lists, each with a name of its own: the worksheet's, and a number from its second list on."""
    taken: dict[str, FoundList] = {}
    for found in lists:
        name, number = found.label, 1
        while (label := name if number == 1 else f"{name} ({number})") in taken:
            number += 1
        taken[label] = replace(found, label=label)
    return tuple(taken.values())


def _explained(worksheet: Worksheet, offered: Sequence[str], layouts: Layouts) -> list[FoundList]:
    """The list of a worksheet whose columns a person explained; none where nobody did."""
    layout = layout_for(worksheet, layouts)
    if layout is None:
        return []
    heading = keys_of(line_of(worksheet, layout.heading_line)) if layout.heading_line else {}
    repeats = [
        line
        for line, row in enumerate(worksheet.rows, worksheet.first_line)
        if heading and line > layout.heading_line and keys_of(row) == heading
    ]
    columns = columns_by(layout, worksheet, offered)
    return [FoundList(worksheet, columns, worksheet.name[:MOST_LETTERS_OF_SHEET], repeats=frozenset(repeats))]


def _lists_on(worksheet: Worksheet, offered: Sequence[str]) -> Iterator[FoundList]:
    """Each list of a worksheet; nothing for a sheet of notes."""
    lists = find_headings(worksheet, offered)
    if not lists:
        return
    starts = [(lists[0].heading_line, lists)]
    for line, row in enumerate(worksheet.rows, worksheet.first_line):
        if line > lists[0].heading_line and (again := repeated_heading(line, row, offered)):
            current = starts[-1][1]
            if not all(one.is_same_as(other) for one, other in zip(again, current, strict=False)):
                starts.append((line, again))
    ends = [line for line, _ in starts[1:]] + [worksheet.first_line + len(worksheet.rows)]
    for (start, found), end in zip(starts, ends, strict=True):
        lines = replace(
            worksheet,
            first_line=start,
            rows=worksheet.rows[start - worksheet.first_line : end - worksheet.first_line],
        )
        for columns in found:
            is_detail = columns.is_meeting and start != starts[0][0]
            yield FoundList(lines, columns, worksheet.name[:MOST_LETTERS_OF_SHEET], is_detail)

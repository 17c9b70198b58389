"""The program of the guarded child: a file on standard input, its cells as JSON on standard output.

It runs with little address space and processor time and may write no file; whatever a file does to it, the parent only
sees that there is no answer. It imports as little as it can, so that it starts quickly.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import resource
import signal
import sys
from io import BytesIO
from typing import Any

from accounts.sheets.archive import Entry, inflate, read_directory
from accounts.sheets.facts import Found, Place, SheetFacts
from accounts.sheets.kinds import OLE, TEXT
from accounts.sheets.refused import Refused
from accounts.sheets.scan import Scan

MOST_LETTERS = 20_000_000
"""Of all cells together, as they leave: one long shared string can stand in many cells."""
MOST_LETTERS_IN_CELL = 32_767
MOST_OF_MIMETYPE = 1_000
WORKBOOK = re.compile(r"(.*/)?workbook\d*\.xml")
"""Usually xl/workbook.xml; a relation of the package says where it lies."""


def main() -> None:
    kind, limits = sys.argv[3], json.loads(sys.argv[4])
    guard(limits)
    try:
        answer = read(kind, sys.stdin.buffer.read(), limits)
    except Refused as refused:
        answer = {"refused": refused.code, "details": refused.details}
    except MemoryError:
        answer = {"refused": "too_much_memory", "details": {}}
    sys.stdout.write(json.dumps(answer, default=encode))


def guard(limits: dict[str, Any]) -> None:
    """Takes away what reading does not need."""
    for kind, soft, hard in (
        (resource.RLIMIT_AS, limits["address_space"], limits["address_space"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"], limits["cpu_seconds"] + 1),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, 16, 16),
        (resource.RLIMIT_NPROC, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))
    signal.alarm(limits["wall_seconds"] + 1)  # in case the parent is gone


def encode(value: Any) -> dict[str, Any]:
    """The kinds of cells that JSON has no word for."""
    if isinstance(value, dt.timedelta):
        return {"timedelta": value.total_seconds()}
    return {type(value).__name__: value.isoformat()}


def read(kind: str, data: bytes, limits: dict[str, Any]) -> dict[str, Any]:
    """The answer for a file of this kind: its format and its sheets. Raises Refused."""
    if kind == TEXT:
        from accounts.sheets.text import read_text

        return read_text(data, limits)
    if kind == OLE:
        from accounts.sheets.old import scan_old

        return {"format": "xls", "sheets": read_cells(data, scan_old(data, limits), limits)}
    entries = read_directory(data, limits)
    paths = {entry.path for entry in entries}
    format_ = format_of(paths, data, entries)
    if format_ == "ods":
        from accounts.sheets.open_document import OpenScan

        scan: Scan | OpenScan = OpenScan(limits)
    else:
        scan = Scan(limits)
    scan.run(data, entries)
    return {"format": format_, "sheets": read_cells(data, scan, limits)}


def format_of(paths: set[str], data: bytes, entries: list[Entry]) -> str:
    """What kind of archive it is, by the parts it has."""
    if "[content_types].xml" in paths and any(map(WORKBOOK.fullmatch, paths)):
        return "xlsm" if "xl/vbaproject.bin" in paths else "xlsx"
    if "mimetype" in paths and "content.xml" in paths:
        mimetype = b"".join(inflate(data, next(e for e in entries if e.path == "mimetype"), MOST_OF_MIMETYPE))
        if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
        raise Refused("not_a_spreadsheet", kind="office")
    if "xl/workbook.bin" in paths:
        raise Refused("other_format", kind="xlsb")
    if "index.zip" in paths or any(path.endswith((".iwa", ".numbers", "index.apxl")) for path in paths):
        raise Refused("other_format", kind="numbers")
    if any(path.startswith(("word/", "ppt/")) for path in paths):
        raise Refused("not_a_spreadsheet", kind="office")
    raise Refused("not_a_spreadsheet", kind="zip")


def read_cells(data: bytes, scan: Found, limits: dict[str, Any]) -> list[dict[str, Any]]:
    """The worksheets by the one reader, each compared with what the scan saw of it."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        described = workbook.sheets_metadata
        if [sheet.name for sheet in described] != scan.names:
            raise Refused("damaged")
        sheets = []
        letters_left = MOST_LETTERS
        for index, sheet in enumerate(described):
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            facts = scan.facts_of(index)
            if facts is None:
                raise Refused("damaged")
            cells = workbook.get_sheet_by_index(index)
            column = cells.start[1] if cells.start else 0
            rows = [[""] * column + row for row in cells.iter_rows()]  # lines from 1, but columns from the first used
            letters_left -= count_letters(rows, letters_left)
            take_census(rows, facts)
            is_visible = sheet.visible == SheetVisibleEnum.Visible
            sheets.append(describe(sheet.name, is_visible, rows, facts, limits))
    except (Refused, MemoryError):
        raise
    except BaseException:
        # the reader's own panics are not Exceptions; any of them means that the file is not what it says
        raise Refused("damaged") from None
    return sheets


def count_letters(rows: list[list[Any]], left: int) -> int:
    """The letters of all cells; cuts a cell to what a spreadsheet program can hold in one."""
    total = 0
    for row in rows:
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if len(cell) > MOST_LETTERS_IN_CELL:
                    row[column] = cell[:MOST_LETTERS_IN_CELL]
                total += min(len(cell), MOST_LETTERS_IN_CELL)
        if total > left:
            raise Refused("too_big_inside")
    return total


def take_census(rows: list[list[Any]], facts: SheetFacts) -> None:
    """Refuses when the reader lost or invented a cell; puts back what it gives as blanks or leaves out."""
    found = {
        (line, column)
        for line, row in enumerate(rows, 1)
        for column, cell in enumerate(row)
        if cell != "" and not (isinstance(cell, str) and not cell.strip())
    }
    if facts.certain - found or found - facts.certain - facts.possible - facts.errors.keys():
        raise Refused("damaged")
    for place in facts.valueless:
        make_room(rows, place)
    for place, text in facts.errors.items():
        make_room(rows, place)[place[1]] = text


def make_room(rows: list[list[Any]], place: Place) -> list[Any]:
    """The row of a cell without a value, which the reader leaves out where nothing stands beyond it."""
    line, column = place
    rows.extend([] for _ in range(line - len(rows)))
    row = rows[line - 1]
    row.extend([""] * (column + 1 - len(row)))
    return row


def describe(
    name: str, is_visible: bool, rows: list[list[Any]], facts: SheetFacts, limits: dict[str, Any]
) -> dict[str, Any]:
    """One worksheet for the parent."""
    errors: list[Place] = sorted(facts.errors)
    return {
        "name": name,
        "is_visible": is_visible,
        "rows": rows,
        "hidden_lines": sorted(facts.hidden),
        "error_cells": errors,
        "valueless_formulas": sorted(facts.valueless),
        "struck_cells": sorted(facts.struck),
        "merged_cells": facts.merged_cells(limits["max_cells"]),
    }

"""Text files (CSV and its kin) → cells: which encoding, which delimiter, which line (runs in the child)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from accounts.sheets.refused import Refused

BIG5, GB, WESTERN = LEGACY = ("big5hkscs", "gb18030", "cp1252")
"""Each decodes most bytes of the others without an error, into other characters."""
DELIMITERS = ",;\t"
LOOKED_AT = 200
"""Lines that decide about the delimiter."""
MOST_LINE_BREAKS = 6
"""A cell with more of them is a quotation mark that was never closed."""
MOST_LETTERS_IN_CELL = 32_767
LINE_BREAK = re.compile("\r\n|\r|\n")
CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f]")
FEW_CONTROLS, ONE_CONTROL_IN = 5, 1_000
SEPARATOR_LINE = re.compile('"?sep=(.)"?[ ,;\t]*(\r\n|\r|\n|$)', re.IGNORECASE)
END = "\x1e"
"""A line of our own behind the last: where it does not come back alone, a quotation mark is still open."""

Rows = list[list[str]]


def read_text(data: bytes, limits: dict[str, Any]) -> dict[str, Any]:
    """The answer for a text file: the readings that its bytes allow, the likeliest first. Raises Refused."""
    if not data.strip(b" \t\r\n\0\x1a"):
        raise Refused("empty_file")
    decoded = decode(data)
    readings = [
        {"format": "csv", "encoding": encoding, "sheets": [_sheet(read_lines(text, limits))]}
        for encoding, text in decoded
    ]
    is_guess = decoded[0][0] in LEGACY
    return {**readings[0], "encoding_is_guessed": is_guess, "others": readings[1:]}


def decode(data: bytes) -> list[tuple[str, str]]:
    """The texts that these bytes may be, as (encoding, text), the likeliest first; one where the bytes say it."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            text = _decoded(data, encoding)
            if text is None:
                raise Refused("damaged")
            return [(encoding.removesuffix("-sig"), text)]
    text = _decoded(data, "utf-8")
    if text is not None:
        return [("utf-8", text)]
    found = [(encoding, text) for encoding in LEGACY if (text := _decoded(data, encoding)) is not None]
    if not found:
        raise Refused("not_a_spreadsheet", kind="unknown")
    return sorted(found, key=lambda candidate: -share_of_frequent(data, candidate[0]))


def _decoded(data: bytes, encoding: str) -> str | None:
    """The text; None where the bytes are not of this encoding. Raises Refused where they are no text at all."""
    try:
        text = data.decode(encoding).rstrip("\x1a")
    except UnicodeDecodeError:
        return None
    if "\0" in text or len(CONTROL.findall(text)) > max(FEW_CONTROLS, len(text) // ONE_CONTROL_IN):
        raise Refused("not_a_spreadsheet", kind="unknown")
    return text


def share_of_frequent(data: bytes, encoding: str) -> float:
    """Of the two-byte characters, the share of frequent ones: Big5 and GB 2312 each put those in a block."""
    if encoding == WESTERN:
        return 0.0
    found = frequent = place = 0
    while place < len(data) - 1:
        lead, trail = data[place], data[place + 1]
        if lead < 0x80:
            place += 1
            continue
        found += 1
        if encoding == BIG5:
            frequent += 0xA4 <= lead <= 0xC6
        else:
            frequent += 0xB0 <= lead <= 0xD7 and trail >= 0xA1
        place += 4 if encoding == GB and 0x30 <= trail <= 0x39 else 2
    return frequent / found if found else 0.0


def read_lines(text: str, limits: dict[str, Any], delimiter: str = "") -> Rows:
    """Row n is what begins on line n of the file; lines that a cell with line breaks takes up are empty rows.

    A first line `sep=;` names the delimiter and is an empty row. Without it and without `delimiter` it is guessed.
    """
    named = SEPARATOR_LINE.match(text)
    body = text[named.end() :] if named else text
    delimiter = named[1] if named else delimiter or delimiter_of(body)
    rows: Rows = [[]] if named and named[2] else []
    cells_left: int = limits["max_cells"]
    for row in _records(body, delimiter, len(rows) + 1):
        while row and not row[-1]:
            row.pop()
        rows.append(row)
        if not row:
            continue
        if len(row) > limits["max_column"]:
            raise Refused("too_many_columns", limit=limits["max_column"])
        cells_left -= sum(map(bool, row))
        if cells_left < 0:
            raise Refused("too_many_cells", limit=limits["max_cells"])
        if len(rows) > limits["max_row"]:
            raise Refused("too_many_rows", limit=limits["max_row"])
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _records(body: str, delimiter: str, first_line: int) -> Iterator[list[str]]:
    """The rows, each followed by an empty one for every further line that it takes up. Raises Refused csv_broken."""
    csv.field_size_limit(2 * MOST_LETTERS_IN_CELL)
    reader = csv.reader(chain(io.StringIO(body, newline=""), [END]), delimiter=delimiter)
    begins = line = 0
    row: list[str] = []
    try:
        for row in reader:
            taken = reader.line_num - line
            if taken > MOST_LINE_BREAKS and any(len(LINE_BREAK.findall(cell)) > MOST_LINE_BREAKS for cell in row):
                raise Refused("csv_broken", line=first_line + line)
            if row != [END]:
                yield row
                yield from ([] for _ in range(taken - 1))
            begins, line = line, reader.line_num
    except csv.Error:
        raise Refused("csv_broken", line=first_line + line) from None
    if row != [END]:
        raise Refused("csv_broken", line=first_line + begins)


def delimiter_of(body: str) -> str:
    """The delimiter that gives the most lines of one and the same width, wide ones counting more."""
    return max(DELIMITERS, key=lambda delimiter: _fit(body, delimiter))


def _fit(body: str, delimiter: str) -> tuple[int, int]:
    lines = islice(io.StringIO(body, newline=""), LOOKED_AT)
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return 0, 0
    return max(((count * count * (width - 1), width) for width, count in widths.items()), default=(0, 0))


def _sheet(rows: Rows) -> dict[str, Any]:
    """The one worksheet of a text file, for the parent."""
    return {
        "name": "",
        "is_visible": True,
        "rows": [[cell[:MOST_LETTERS_IN_CELL] for cell in row] for row in rows],
        "hidden_lines": [],
        "error_cells": [],
        "valueless_formulas": [],
        "struck_cells": [],
        "merged_cells": [],
    }

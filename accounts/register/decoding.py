"""Bytes of a register file in plain text (CSV) → rows of cells with their lines. Pure.

The encodings are told apart by their byte order mark, by whether they decode, and for Big5 and GB18030, which decode
each other's bytes without error, by how many characters are frequent ones: both sets put those in a block of their own.
"""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from itertools import chain

from accounts.sheets.workbook import Refusal, Workbook, Worksheet

DELIMITERS = ",;\t"
MOST_LINE_BREAKS = 6
"""A cell with more of them is a quotation mark that was never closed."""
AFTER_THE_LAST_LINE = "\x00end"
"""Read as a line of its own unless the last lines stand in a quotation that was never closed."""


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file; `is_guess` where two encodings were possible."""

    text: str
    encoding: str
    is_guess: bool = False


def decode(data: bytes) -> Text:
    """The text of the file. Raises Refusal("not_text")."""
    if data.startswith(codecs.BOM_UTF8):
        return _decoded(data, "utf-8-sig")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(data, "utf-16")
    if b"\0" in data:
        raise Refusal("not_text")
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    possible = [encoding for encoding in ("big5hkscs", "gb18030") if _decodes(data, encoding)]
    if not possible:
        raise Refusal("not_text")
    best = max(possible, key=lambda encoding: _share_of_frequent(data, encoding))
    return Text(data.decode(best), best, is_guess=True)


def read_csv(data: bytes) -> Workbook:
    """A CSV file as a workbook of one sheet whose rows may be short. Empty lines inside are kept as empty rows.

    Raises Refusal: empty_file, not_text, csv_broken.
    """
    if not data.strip():
        raise Refusal("empty_file")
    text = decode(data)
    body, delimiter, first_line = _without_separator_line(text.text)
    rows: dict[int, tuple[str, ...]] = {}
    reader = csv.reader(chain(io.StringIO(body, newline=""), [AFTER_THE_LAST_LINE]), delimiter=delimiter)
    line = first_line
    cells: list[str] = []
    try:
        for cells in reader:
            if cells == [AFTER_THE_LAST_LINE]:
                break
            if any(cell.count("\n") > MOST_LINE_BREAKS for cell in cells):
                raise Refusal("csv_broken", line=line)
            rows[line] = tuple(cells)
            line = first_line + reader.line_num
    except csv.Error as error:
        raise Refusal("csv_broken", line=line) from error
    if cells != [AFTER_THE_LAST_LINE]:
        raise Refusal("csv_broken", line=max(rows, default=first_line))
    last = max(rows, default=0)
    grid = tuple(rows.get(number, ()) for number in range(first_line, last + 1))
    sheet = Worksheet(name="", rows=grid, first_line=first_line)
    return Workbook(format="csv", sheets=(sheet,), encoding_is_guessed=text.is_guess)


def _decoded(data: bytes, encoding: str) -> Text:
    try:
        return Text(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise Refusal("not_text") from error


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _share_of_frequent(data: bytes, encoding: str) -> float:
    """Of the two-byte characters, the share in the block of frequent ones (Big5 level 1, GB 2312 level 1)."""
    found = frequent = place = 0
    while place < len(data):
        lead = data[place]
        if lead < 0x80 or place + 1 >= len(data):
            place += 1
            continue
        trail = data[place + 1]
        found += 1
        if encoding == "big5hkscs":
            frequent += 0xA4 <= lead <= 0xC6
        else:
            frequent += 0xB0 <= lead <= 0xD7 and trail >= 0xA1
        place += 4 if encoding == "gb18030" and 0x30 <= trail <= 0x39 else 2
    return frequent / found if found else 0.0


def _without_separator_line(text: str) -> tuple[str, str, int]:
    """The text without a first line `sep=;`, its delimiter, and the line on which it begins."""
    head, _, rest = text.partition("\n")
    if head.strip().strip('"').lower().startswith("sep=") and len(head.strip().strip('"')) == 5:
        return rest, head.strip().strip('"')[4], 2
    sample = next((line for line in text.splitlines() if line.strip()), "")
    return text, max(DELIMITERS, key=sample.count), 1

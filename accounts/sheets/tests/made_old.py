"""Old Excel workbooks for the tests, record by record, in the smallest compound file."""

from __future__ import annotations

import struct
from collections.abc import Iterable

SECTOR = 512
END, FREE, FAT_MARK = 0xFFFF_FFFE, 0xFFFF_FFFF, 0xFFFF_FFFD
BIFF8 = 0x600


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


def begin(kind: int, version: int = BIFF8) -> bytes:
    return record(0x809, struct.pack("<4H2L", version, kind, 0, 0, 0, 6))


def text(value: str) -> bytes:
    """A string as a label has it: length, width, letters."""
    return struct.pack("<HB", len(value.encode("utf-16-le")) // 2, 1) + value.encode("utf-16-le")


def label(line: int, column: int, value: str, style: int = 0) -> bytes:
    return record(0x204, struct.pack("<3H", line - 1, column, style) + text(value))


def number(line: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x203, struct.pack("<3Hd", line - 1, column, style, value))


def error(line: int, column: int, code: int) -> bytes:
    return record(0x205, struct.pack("<3H2B", line - 1, column, 0, code, 1))


def shared(line: int, column: int, index: int) -> bytes:
    return record(0xFD, struct.pack("<3HL", line - 1, column, 0, index))


def hidden(line: int) -> bytes:
    return record(0x208, struct.pack("<6HL", line - 1, 0, 256, 255, 0, 0, 0x20))


def merge(*corners: int) -> bytes:
    """First line, last line, first column, last column."""
    top, bottom, left, right = corners
    return record(0xE5, struct.pack("<5H", 1, top - 1, bottom - 1, left, right))


FONTS_AND_FORMATS = b"".join(
    [
        *(record(0x31, struct.pack("<2H", 200, flags) + bytes(10) + b"\x01\x00A") for flags in (0, 0, 0, 0, 8)),
        *(record(0xE0, struct.pack("<2H", font, 0) + bytes(16)) for font in (0, 5)),
    ]
)
"""Five fonts, the last struck through and called 5, since there is none called 4; format 1 uses it."""


def book(*sheets: tuple[str, int, bytes], head: bytes = b"", version: int = BIFF8) -> bytes:
    """The stream of a workbook: each sheet as (name, 0 visible or 1 hidden, its records)."""
    globals_ = begin(5, version) + head + FONTS_AND_FORMATS
    entries = [
        struct.pack("<BBB", is_hidden, 0, len(name)) + b"\x01" + name.encode("utf-16-le")
        for name, is_hidden, _ in sheets
    ]
    start = len(globals_) + sum(len(entry) + 8 for entry in entries) + 4
    for entry, (_, _, body) in zip(entries, sheets, strict=True):
        globals_ += record(0x85, struct.pack("<L", start) + entry)
        start += len(begin(0x10)) + len(body) + 4
    substreams = (begin(0x10, version) + body + record(0x0A) for _, _, body in sheets)
    return globals_ + record(0x0A) + b"".join(substreams)


def compound(stream: bytes, names: Iterable[str] = ("Workbook",), embedded: Iterable[str] = ()) -> bytes:
    """A compound file whose every stream is this one, padded so that it is no small one; `embedded` lie deeper."""
    size = max(4096, len(stream))
    content = stream.ljust(-(-size // SECTOR) * SECTOR, b"\0")
    count = len(content) // SECTOR
    names = list(names)
    directory = _entry("Root Entry", 5, END, 0) + b"".join(
        _entry(name, 2, 0, size, right=number if number <= len(names) else FREE)
        for number, name in enumerate([*names, *embedded], 2)
    )
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
    rooms = len(directory) // SECTOR
    fat = [*range(1, count), END, *range(count + 1, count + rooms), END]
    sectors = -(-(len(fat) + 2) // 128)
    fat += [FAT_MARK] * sectors
    raw = struct.pack(f"<{len(fat)}L", *fat).ljust(sectors * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<8L", sectors, count, 0, 4096, END, 0, END, 0)
    first_fat = count + rooms
    head += struct.pack(f"<{sectors}L", *range(first_fat, first_fat + sectors))
    return head.ljust(SECTOR, b"\xff") + content + directory + raw


def _entry(name: str, kind: int, start: int, size: int, right: int = FREE) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB3L", len(raw), kind, 1, FREE, right, 1 if kind == 5 else FREE)
        + bytes(36)
        + struct.pack("<2LL", start, size, 0)
    )

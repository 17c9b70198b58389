"""The strings of an old Excel workbook: is there anything in them? Only that is asked; the reader gives their text."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from accounts.sheets.refused import Refused

WIDE, EXTENDED, RICH = 0x01, 0x04, 0x08


def text_of_label(body: bytes, *, is_8: bool) -> str:
    """The text of a record that begins with its length; in old code pages every byte is one letter."""
    (length,) = struct.unpack_from("<H", body)
    if not is_8:
        return body[2 : 2 + length].decode("latin-1")
    if body[2:3] and body[2] & WIDE:
        return body[3 : 3 + 2 * length].decode("utf-16-le", "replace")
    return body[3 : 3 + length].decode("latin-1")


def blank_strings(records: Sequence[bytes], most: int) -> dict[int, bool]:
    """Index of each shared string without letters → whether it has nothing at all.

    `records` are the table and its continuations: a string may go on in the next one, which then says anew how wide
    its letters are.
    """
    (count,) = struct.unpack_from("<L", records[0], 4)
    if count > most:
        raise Refused("too_many_strings", limit=most)
    table = _Table(records)
    blank = {}
    for index in range(count):
        if table.is_at_end:
            break
        text = table.read_string()
        if not text.strip():
            blank[index] = not text
    return blank


class _Table:
    def __init__(self, records: Sequence[bytes]) -> None:
        self.records = records
        self.number = 0
        self.at = 8

    @property
    def is_at_end(self) -> bool:
        return self.number >= len(self.records) - 1 and self.at >= len(self.records[self.number])

    def _next(self) -> None:
        self.number, self.at = self.number + 1, 0
        if self.number >= len(self.records):
            raise Refused("damaged")

    def _take(self, size: int) -> bytes:
        """The next bytes; those of a table that goes on in the next record are joined."""
        taken = b""
        while len(taken) < size:
            if self.at >= len(self.records[self.number]):
                self._next()
            piece = self.records[self.number][self.at : self.at + size - len(taken)]
            self.at += len(piece)
            taken += piece
        return taken

    def _skip(self, size: int) -> None:
        while size:
            left = len(self.records[self.number]) - self.at
            if left >= size:
                self.at += size
                return
            size -= left
            self._next()

    def read_string(self) -> str:
        """The first letters of the next string, enough to see whether there are any."""
        length, flags = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flags & RICH else 0
        extended = struct.unpack("<L", self._take(4))[0] if flags & EXTENDED else 0
        parts = []
        while length:
            if self.at >= len(self.records[self.number]):
                self._next()
                flags = self._take(1)[0]
            size = 2 if flags & WIDE else 1
            letters = min(length, (len(self.records[self.number]) - self.at) // size)
            if not letters:
                raise Refused("damaged")
            parts.append(self._take(letters * size).decode("utf-16-le" if size == 2 else "latin-1", "replace"))
            length -= letters
        self._skip(4 * runs + extended)
        return "".join(parts)

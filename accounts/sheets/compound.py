"""The compound file (OLE) that old Office programs write: its directory and one of its streams (runs in the child)."""

from __future__ import annotations

import struct
from typing import NamedTuple

from accounts.sheets.refused import Refused

HEADER = struct.Struct("<24x4H12xLL4xLLLLL")
"""Of the first 76 bytes: versions, byte order, sector size; FAT sectors, directory, small streams, DIFAT."""
ENTRY_SIZE = 128
LAST_SECTOR = 0xFFFF_FFFA
"""Numbers from here on are marks: end of chain, free, and the like."""
STREAM, ROOT = 2, 5
SMALL_SECTOR = 64


class Stream(NamedTuple):
    """One entry of the directory. The entries of a storage are a tree: `left`, `right`, and below its own `child`."""

    name: str
    kind: int
    start: int
    size: int
    left: int
    right: int
    child: int


class Compound:
    """A compound file. Every chain of sectors is followed at most once through, whatever the file says."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 1_024:
            raise Refused("damaged")
        self.data = data
        (_, _, order, shift, _, directory, self.cutoff, small_fat, _, more, _) = HEADER.unpack_from(data)
        if order != 0xFFFE or shift not in (9, 12):
            raise Refused("damaged")
        self.size = 1 << shift
        self.most = len(data) // self.size + 1
        self.fat = self._numbers(b"".join(self._sector(number) for number in self._fat_sectors(more)))
        self.entries = self._directory(directory)
        self.small_fat = self._numbers(self._chain(small_fat)) if small_fat < LAST_SECTOR else ()

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if number >= LAST_SECTOR or start >= len(self.data):
            raise Refused("damaged")
        return self.data[start : start + self.size]

    def _fat_sectors(self, more: int) -> list[int]:
        found = list(self._numbers(self.data[76:512]))
        for _ in range(self.most):
            if more >= LAST_SECTOR:
                break
            *numbers, more = self._numbers(self._sector(more))
            found += numbers
        sectors = [number for number in found if number < LAST_SECTOR]
        if len(sectors) > self.most:
            raise Refused("damaged")
        return sectors

    @staticmethod
    def _numbers(raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}L", raw[: len(raw) // 4 * 4])

    def _chain(self, number: int) -> bytes:
        parts = []
        while number < LAST_SECTOR:
            parts.append(self._sector(number))
            if len(parts) > self.most or number >= len(self.fat):
                raise Refused("damaged")
            number = self.fat[number]
        return b"".join(parts)

    def _directory(self, number: int) -> list[Stream]:
        raw = self._chain(number)
        entries = []
        for at in range(0, len(raw) - ENTRY_SIZE + 1, ENTRY_SIZE):
            length, kind, _, left, right, child = struct.unpack_from("<H2B3L", raw, at + 64)
            start, size = struct.unpack_from("<LL", raw, at + 116)
            name = raw[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.append(Stream(name, kind, start, size, left, right, child))
        return entries

    @property
    def names(self) -> frozenset[str]:
        """The names at the top, as they are compared: without case. What is embedded lies deeper."""
        names: set[str] = set()
        seen: set[int] = set()
        waiting = [self.entries[0].child] if self.entries else []
        while waiting:
            number = waiting.pop()
            if number < len(self.entries) and number not in seen:
                seen.add(number)
                entry = self.entries[number]
                names.add(entry.name.casefold())
                waiting += (entry.left, entry.right)
        return frozenset(names)

    def read(self, name: str) -> bytes | None:
        """The bytes of the first stream of this name; None when there is none."""
        wanted = name.casefold()
        stream = next((e for e in self.entries if e.name.casefold() == wanted and e.kind == STREAM), None)
        if stream is None:
            return None
        raw = self._chain(stream.start) if stream.size >= self.cutoff else self._small(stream)
        if len(raw) < stream.size:
            raise Refused("damaged")
        return raw[: stream.size]

    def _small(self, stream: Stream) -> bytes:
        root = next((entry for entry in self.entries if entry.kind == ROOT), None)
        if root is None:
            raise Refused("damaged")
        container = self._chain(root.start)
        parts: list[bytes] = []
        number = stream.start
        while number < LAST_SECTOR and len(parts) * SMALL_SECTOR < stream.size:
            if number >= len(self.small_fat):
                raise Refused("damaged")
            parts.append(container[number * SMALL_SECTOR : (number + 1) * SMALL_SECTOR])
            number = self.small_fat[number]
        return b"".join(parts)

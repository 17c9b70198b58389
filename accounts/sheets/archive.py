"""A ZIP archive whose directory is checked before anything of it is unpacked (runs in the child)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from accounts.sheets.refused import Refused

END = struct.Struct("<4s4H2LH")
ENTRY = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
ENCRYPTED, UTF8 = 0x1, 0x800
STORED, DEFLATED = 0, 8
NEVER_OPENED = ("xl/media/", "xl/embeddings/", "pictures/", "thumbnails/")
"""Parts that no reader of cells opens; they may be large."""
CHUNK = 65_536


class Entry(NamedTuple):
    """One file of the archive, by the directory's word."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    packed: int
    size: int
    offset: int

    @property
    def path(self) -> str:
        """The name as readers compare it: forward slashes, small letters."""
        return self.name.replace("\\", "/").lower()


def read_directory(data: bytes, limits: dict[str, Any]) -> list[Entry]:
    """The archive's entries. Refuses what an honest program does not write: too many, twice the same name, overlapping
    or encrypted ones, a path upwards, an unknown method, more bytes than the limit by its own word."""
    end = data.rfind(b"PK\5\6")
    if end < 0 or end + END.size > len(data):
        raise Refused("damaged")
    _, disk, start_disk, _, count, size, offset, _ = END.unpack_from(data, end)
    if disk or start_disk or offset + size != end:
        raise Refused("damaged")
    if count > limits["max_entries"]:
        raise Refused("too_many_parts", limit=limits["max_entries"])
    entries = list(_walk(data, offset, count, end))
    _check(entries, limits)
    return entries


def _walk(data: bytes, at: int, count: int, end: int) -> Iterator[Entry]:
    for _ in range(count):
        if at + ENTRY.size > end:
            raise Refused("damaged")
        (magic, _, _, flags, method, _, _, _, packed, size, n_name, n_extra, n_note, _, _, _, offset) = (
            ENTRY.unpack_from(data, at)
        )
        if magic != b"PK\1\2":
            raise Refused("damaged")
        raw = data[at + ENTRY.size : at + ENTRY.size + n_name]
        yield Entry(
            raw.decode("utf-8" if flags & UTF8 else "cp437", "replace"), raw, flags, method, packed, size, offset
        )
        at += ENTRY.size + n_name + n_extra + n_note
    if at != end:
        raise Refused("damaged")


def _check(entries: list[Entry], limits: dict[str, Any]) -> None:
    paths = [entry.path for entry in entries]
    if len(set(paths)) != len(paths):
        raise Refused("damaged")
    for entry in entries:
        if entry.flags & ENCRYPTED:
            raise Refused("password")
        if entry.method not in (STORED, DEFLATED) or "\0" in entry.name:
            raise Refused("damaged")
        if entry.path.startswith("/") or ".." in entry.path.split("/"):
            raise Refused("damaged")
    spans = sorted((entry.offset, entry.offset + LOCAL.size + len(entry.raw_name) + entry.packed) for entry in entries)
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise Refused("damaged")
    if sum(entry.size for entry in entries if not entry.path.startswith(NEVER_OPENED)) > limits["max_inflated"]:
        raise Refused("too_big_inside")


def inflate(data: bytes, entry: Entry, budget: int) -> Iterator[bytes]:
    """The bytes of one entry as they really unpack; stops at `budget`, whatever the headers claim."""
    if entry.offset + LOCAL.size > len(data):
        raise Refused("damaged")
    magic, *_, n_name, n_extra = LOCAL.unpack_from(data, entry.offset)
    start = entry.offset + LOCAL.size
    if magic != b"PK\3\4" or data[start : start + n_name] != entry.raw_name:
        raise Refused("damaged")
    packed = memoryview(data)[start + n_name + n_extra :][: entry.packed]
    got = 0
    for piece in [bytes(packed)] if entry.method == STORED else _deflate(packed):
        got += len(piece)
        if got > budget:
            raise Refused("too_big_inside")
        if got > entry.size:
            raise Refused("damaged")
        yield piece
    if got != entry.size:
        raise Refused("damaged")


def _deflate(packed: memoryview) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(packed), CHUNK):
        left = bytes(packed[at : at + CHUNK])
        while left and not unpacker.eof:
            try:
                piece = unpacker.decompress(left, 4 * CHUNK)
            except zlib.error:
                raise Refused("damaged") from None
            left = unpacker.unconsumed_tail
            if piece:
                yield piece
    while not unpacker.eof:
        piece = unpacker.decompress(unpacker.unconsumed_tail, 4 * CHUNK)
        if not piece:
            return
        yield piece

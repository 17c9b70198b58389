"""One pass over the records of an old Excel workbook (.xls) before its reader sees it (runs in the child).

It notes what the XLSX scan notes: which cells hold a value, hidden lines, errors, struck cells and merges.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from accounts.sheets.compound import Compound
from accounts.sheets.facts import Found, Place, SheetFacts
from accounts.sheets.old_strings import blank_strings, text_of_label
from accounts.sheets.refused import Refused

BOF, EOF, CONTINUE, FILEPASS, BOUNDSHEET, FONT, XF, SST = 0x809, 0x0A, 0x3C, 0x2F, 0x85, 0x31, 0xE0, 0xFC
NUMBER, RK, MULRK, LABELSST, LABEL, RSTRING, BOOLERR, FORMULA, STRING = (
    0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6, 0x205, 0x06, 0x207,
)  # fmt: skip
ROW, MERGES = 0x208, 0xE5
SUBSTREAM_END = (EOF,)
BIFF8, BIFF5 = 0x600, 0x500
WORKSHEET = 0x10
STRIKE, HIDDEN = 0x08, 0x20
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
NOT_WORKBOOKS = {
    "EncryptedPackage": ("password", ""),
    "WordDocument": ("not_a_spreadsheet", "office"),
    "PowerPoint Document": ("not_a_spreadsheet", "office"),
    "__properties_version1.0": ("not_a_spreadsheet", "mail"),
}

Record = tuple[int, int, int]
"""Its id, and where its contents begin and end."""


def scan_old(data: bytes, limits: dict[str, Any]) -> OldScan:
    """The facts of an old workbook. Raises Refused, also for what else such a file may be."""
    compound = Compound(data)
    names = compound.names
    for name, (code, kind) in NOT_WORKBOOKS.items():
        if name.casefold() in names:
            raise Refused(code, **({"kind": kind} if kind else {}))
    book = compound.read("Workbook") or compound.read("Book")
    if book is None:
        raise Refused("not_a_spreadsheet", kind="unknown")
    scan = OldScan(book, limits)
    try:
        scan.run()
    except (struct.error, IndexError):
        raise Refused("damaged") from None
    return scan


class OldScan(Found):
    """The facts of a whole XLS file, substream by substream, within the limits."""

    def __init__(self, book: bytes, limits: dict[str, Any]) -> None:
        super().__init__(limits)
        self.book = book
        self.records_left: int = limits["max_elements"]
        self.starts: list[int] = []
        self.facts: list[SheetFacts | None] = []
        self.struck_fonts: set[int] = set()
        self.struck_formats: set[int] = set()
        self.fonts = self.formats = 0
        self.blank_strings: dict[int, bool] = {}
        """Index of a shared string without letters → whether it has nothing at all."""

    def facts_of(self, index: int) -> SheetFacts | None:
        return self.facts[index] if index < len(self.facts) else None

    def run(self) -> None:
        kind, version = self._begin(0)
        if kind != 5 or version not in (BIFF8, BIFF5):
            raise Refused("damaged")
        self.is_8 = version == BIFF8
        self._read_globals()
        for start in self.starts:
            kind, _ = self._begin(start)
            self.facts.append(self._read_sheet(start) if kind == WORKSHEET else None)

    def _begin(self, at: int) -> tuple[int, int]:
        """What kind of substream begins here, and of which version."""
        record, length, version, kind = struct.unpack_from("<4H", self.book, at)
        if record != BOF or length < 4:
            raise Refused("damaged")
        return kind, version

    def _records(self, at: int) -> Iterator[Record]:
        """The records of the substream that begins here, without those of charts that lie inside it."""
        depth = 0
        book, last = self.book, len(self.book)
        while at + 4 <= last:
            self.records_left -= 1
            if self.records_left < 0:
                raise Refused("too_many_elements", limit=self.limits["max_elements"])
            record, length = struct.unpack_from("<2H", book, at)
            start, at = at + 4, at + 4 + length
            if at > last:
                break
            depth += (record == BOF) - (record == EOF)
            if depth == 0:
                return
            if depth == 1:
                yield record, start, at
        raise Refused("damaged")

    def _read_globals(self) -> None:
        strings: list[bytes] = []
        previous = 0
        for record, start, end in self._records(0):
            body = self.book[start:end]
            if record == FILEPASS:
                raise Refused("password")
            if record == BOUNDSHEET:
                self._add_sheet(body)
            elif record == FONT:
                self._add_font(body)
            elif record == XF:
                if struct.unpack_from("<H", body)[0] in self.struck_fonts:
                    self.struck_formats.add(self.formats)
                self.formats += 1
            elif record == SST or (record == CONTINUE and previous == SST):
                strings.append(body)
                record = SST
            previous = record
        if strings:
            self.blank_strings = blank_strings(strings, self.limits["max_strings"])

    def _add_sheet(self, body: bytes) -> None:
        start, _, _, length = struct.unpack_from("<L3B", body)
        self.starts.append(start)
        if not self.is_8:
            name = body[7 : 7 + length].decode("latin-1")
        elif body[7] & 1:
            name = body[8 : 8 + 2 * length].decode("utf-16-le", "replace")
        else:
            name = body[8 : 8 + length].decode("latin-1")
        self.add_name(name)

    def _add_font(self, body: bytes) -> None:
        if struct.unpack_from("<H", body, 2)[0] & STRIKE:
            self.struck_fonts.add(self.fonts if self.fonts < 4 else self.fonts + 1)  # there is no font 4
        self.fonts += 1

    def _read_sheet(self, at: int) -> SheetFacts:
        facts = SheetFacts()
        waiting: Place | None = None
        for record, start, end in self._records(at):
            body = self.book[start:end]
            if record in (NUMBER, RK, LABELSST, LABEL, RSTRING, BOOLERR, FORMULA):
                waiting = self._add_cell(facts, record, body)
            elif record == STRING and waiting:
                self._add_text(facts, waiting, text_of_label(body, is_8=self.is_8))
                waiting = None
            elif record == MULRK:
                line, column = struct.unpack_from("<2H", body)
                for index in range((len(body) - 6) // 6):
                    style = struct.unpack_from("<H", body, 4 + 6 * index)[0]
                    self._use(facts, (line + 1, column + index), style)
                    facts.certain.add((line + 1, column + index))
            elif record == ROW:
                if struct.unpack_from("<H", body, 12)[0] & HIDDEN:
                    facts.hidden.add(struct.unpack_from("<H", body)[0] + 1)
            elif record == MERGES:
                for index in range(struct.unpack_from("<H", body)[0]):
                    top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * index)
                    if bottom > top:
                        facts.merges.append(((top + 1, left), (bottom + 1, right)))
        return facts

    def _use(self, facts: SheetFacts, place: Place, style: int) -> None:
        self.use_place(facts, *place)
        if style in self.struck_formats:
            facts.struck.add(place)

    def _add_cell(self, facts: SheetFacts, record: int, body: bytes) -> Place | None:
        """Notes a cell; returns its place when its text comes in a record behind it."""
        line, column, style = struct.unpack_from("<3H", body)
        place = (line + 1, column)
        self._use(facts, place, style)
        if record == LABELSST:
            blank = self.blank_strings.get(struct.unpack_from("<L", body, 6)[0])
            if not blank:
                (facts.certain if blank is None else facts.possible).add(place)
        elif record in (LABEL, RSTRING):
            self._add_text(facts, place, text_of_label(body[6:], is_8=self.is_8))
        elif record == BOOLERR and body[7]:
            facts.errors[place] = ERRORS.get(body[6], "#N/A")
        elif record == FORMULA and body[12:14] == b"\xff\xff":
            if body[6] == 0:
                return place
            if body[6] == 2:
                facts.errors[place] = ERRORS.get(body[8], "#N/A")
            elif body[6] == 1:
                facts.certain.add(place)
        else:
            facts.certain.add(place)
        return None

    @staticmethod
    def _add_text(facts: SheetFacts, place: Place, text: str) -> None:
        (facts.certain if text.strip() else facts.possible).add(place)

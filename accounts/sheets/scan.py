"""One pass of expat over the parts of an XLSX file before its reader sees them (runs in the child).

It stops what would hurt the reader (entities, depth, numbers of cells and elements, cells far apart) and notes what
the reader does not tell: hidden lines, errors, formulas without a value, struck cells, merges, and which cells hold
a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from accounts.sheets.archive import Entry, inflate
from accounts.sheets.facts import LAST_LINE, Found, Place, SheetFacts
from accounts.sheets.markup import Part
from accounts.sheets.refused import Refused

REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})").fullmatch
ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
MOST_CLAIMED_STRINGS = 5_000_000
NOT_READ = (
    "__macosx/",
    "docprops/",
    "customxml/",
    "xl/theme/",
    "xl/drawings/",
    "xl/charts/",
    "xl/media/",
    "xl/pivotcache/",
)
PACKAGE = "_rels/.rels"
"""The part that says where the workbook lies."""
FIRST = ("styles", "sharedstrings")
TRUE = ("1", "true")


@cache
def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26; there are 18,278 of them."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def place_of(reference: str) -> Place:
    """ "B7" → (7, 1), and so "b7", which some programs write."""
    match = REFERENCE(reference) or REFERENCE(reference.upper())
    if not match:
        raise Refused("damaged")
    letters, digits = match.groups()
    line = int(digits)
    if line > LAST_LINE:
        raise Refused("damaged")
    return line, column_number(letters)


class Scan(Found):
    """The facts of a whole XLSX file, part by part, within the limits."""

    def __init__(self, limits: dict[str, Any]) -> None:
        super().__init__(limits)
        self.relations: list[str] = []
        """Relation ids of the sheets, in the workbook's order."""
        self.targets: dict[str, str] = {}
        self.workbook = "xl/workbook.xml"
        self.facts: dict[str, SheetFacts] = {}
        self.struck_styles: set[int] = set()
        self.blank_strings: dict[int, bool] = {}
        """Index of a shared string without letters → whether it has nothing at all."""

    def run(self, data: bytes, entries: Iterable[Entry]) -> None:
        budget: int = self.limits["max_inflated"]
        wanted = [e for e in entries if e.path.endswith((".xml", ".rels")) and not e.path.startswith(NOT_READ)]
        for entry in sorted(wanted, key=_turn):
            part = _Part(self, entry.path)
            for piece in inflate(data, entry, budget):
                budget -= len(piece)
                part.feed(piece)
            if entry.size:
                part.feed(b"", final=True)

    def facts_of(self, index: int) -> SheetFacts | None:
        """The facts of the n-th sheet of the workbook; None for what is not a worksheet."""
        target = self.targets.get(self.relations[index], "").replace("\\", "/").lower()
        folder = self.workbook.rpartition("/")[0]
        path = target.removeprefix("/") if target.startswith("/") or not folder else f"{folder}/{target}"
        return self.facts.get(path)

    @property
    def relations_path(self) -> str:
        """The part that says where the sheets of the workbook lie."""
        folder, _, name = self.workbook.rpartition("/")
        return f"{folder}/_rels/{name}.rels".removeprefix("/")


def _turn(entry: Entry) -> int:
    """What other parts are understood by comes before them."""
    if entry.path == PACKAGE:
        return 0
    return 1 if entry.path.rpartition("/")[2].startswith(FIRST) else 2


class _Part(Part):
    """The parser of one part. What a part is, its first element says, not its path."""

    def __init__(self, scan: Scan, path: str) -> None:
        super().__init__(scan)
        self.scan = scan
        self.path = path
        self.parser.StartElementHandler = self.first

    def first(self, name: str, attributes: dict[str, str]) -> None:
        parser = self.parser
        match name.rpartition(":")[2]:
            case "worksheet":
                self.begin_sheet()
            case "sst":
                self.begin_strings(attributes)
            case "workbook":
                parser.StartElementHandler = self.start_workbook
            case "Relationships" if self.path in (PACKAGE, self.scan.relations_path):
                parser.StartElementHandler = self.start_relation
            case "styleSheet":
                self.begin_styles()
            case _:
                parser.StartElementHandler = self.start
        self.enter()

    # the workbook and its relations

    def start_workbook(self, name: str, attributes: dict[str, str]) -> None:
        self.enter()
        if name.rpartition(":")[2] != "sheet":
            return
        self.scan.add_name(attributes.get("name", ""))
        self.scan.relations.append(next((value for key, value in attributes.items() if key.endswith(":id")), ""))

    def start_relation(self, name: str, attributes: dict[str, str]) -> None:
        self.enter()
        if name.rpartition(":")[2] != "Relationship":
            return
        target = attributes.get("Target", "")
        if self.path != PACKAGE:
            self.scan.targets[attributes.get("Id", "")] = target
        elif attributes.get("Type", "").endswith("/officeDocument"):
            self.scan.workbook = target.replace("\\", "/").lower().removeprefix("/")

    # shared strings: which of them are blank

    def begin_strings(self, attributes: dict[str, str]) -> None:
        for key in ("count", "uniqueCount"):
            claimed = attributes.get(key, "0")
            if not claimed.isdecimal() or len(claimed) > 9 or int(claimed) > MOST_CLAIMED_STRINGS:
                raise Refused("damaged")
        self.strings = 0
        self.text = ""
        self.in_phonetic = False
        self.in_text = False
        self.parser.StartElementHandler = self.start_string
        self.parser.EndElementHandler = self.end_string
        self.parser.CharacterDataHandler = self.add_text

    def start_string(self, name: str, attributes: dict[str, str]) -> None:
        self.enter()
        match name.rpartition(":")[2]:
            case "si":
                self.text = ""
                if self.strings >= self.scan.limits["max_strings"]:
                    raise Refused("too_many_strings", limit=self.scan.limits["max_strings"])
            case "rPh":
                self.in_phonetic = True
            case "t":
                self.in_text = not self.in_phonetic

    def end_string(self, name: str) -> None:
        self.depth -= 1
        match name.rpartition(":")[2]:
            case "t":
                self.in_text = False
            case "rPh":
                self.in_phonetic = False
            case "si":
                if not is_certain(self.text):
                    self.scan.blank_strings[self.strings] = not self.text
                self.strings += 1

    def add_text(self, text: str) -> None:
        if self.in_text and len(self.text) < 64:
            self.text += text[:64] if self.text else text.lstrip()[:64]

    # styles: which of them strike through

    def begin_styles(self) -> None:
        self.section = ""
        self.fonts = -1
        self.formats = -1
        self.struck_fonts: set[int] = set()
        self.parser.StartElementHandler = self.start_style

    def start_style(self, name: str, attributes: dict[str, str]) -> None:
        self.enter()
        local = name.rpartition(":")[2]
        if self.depth == 2:
            self.section = local
        elif local == "font" and self.section == "fonts":
            self.fonts += 1
        elif local == "strike" and self.section == "fonts" and attributes.get("val", "1") in TRUE:
            self.struck_fonts.add(self.fonts)
        elif local == "xf" and self.section == "cellXfs":
            self.formats += 1
            font = attributes.get("fontId", "0")
            if font.isdecimal() and len(font) < 7 and int(font) in self.struck_fonts:
                self.scan.struck_styles.add(self.formats)

    # a worksheet

    def begin_sheet(self) -> None:
        if self.path in self.scan.facts:
            raise Refused("damaged")
        self.facts = self.scan.facts[self.path] = SheetFacts()
        self.line = 0
        self.column = -1
        self.in_cell = self.in_inline = self.in_phonetic = self.in_text = False
        self.parser.StartElementHandler = self.start_sheet
        self.parser.EndElementHandler = self.end_sheet
        self.parser.CharacterDataHandler = self.add_text

    def start_sheet(self, name: str, attributes: dict[str, str]) -> None:
        self.enter()
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self.start_cell(attributes)
        elif name == "v":
            self.has_value = self.in_text = self.in_cell
        elif name == "row":
            self.start_row(attributes)
        elif name == "t":
            self.in_text = self.in_inline and not self.in_phonetic
        elif name == "is":
            self.in_inline = self.in_cell
        elif name == "f":
            self.has_formula = True
        elif name == "rPh":
            self.in_phonetic = True
        elif name == "mergeCell":
            self.add_merge(attributes.get("ref", ""))

    def end_sheet(self, name: str) -> None:
        self.depth -= 1
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self.end_cell()
        elif name in ("v", "t"):
            self.in_text = False
        elif name == "is":
            self.in_inline = False
        elif name == "rPh":
            self.in_phonetic = False

    def start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        if number is None:
            self.line += 1
        elif number.isdecimal() and len(number) <= 7 and 1 <= int(number) <= LAST_LINE:
            self.line = int(number)
        else:
            raise Refused("damaged")
        self.column = -1
        if attributes.get("hidden") in TRUE:
            self.facts.hidden.add(self.line)

    def start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            self.line, self.column = place_of(reference)
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s", "")
        self.text = ""
        self.in_cell = True
        self.has_value = self.has_formula = False

    def end_cell(self) -> None:
        self.in_cell = False
        if not self.text:
            if self.has_formula and not (self.kind == "str" and self.has_value):
                self.use_place()
                self.facts.valueless.add((self.line, self.column))
            return
        self.use_place()
        place = (self.line, self.column)
        facts = self.facts
        if self.kind == "e":
            facts.errors[place] = self.text.strip()
        elif self.kind == "s":
            index = self.text.strip()
            blank = self.scan.blank_strings.get(int(index)) if index.isdecimal() and len(index) < 10 else None
            if blank is None:
                facts.certain.add(place)
            elif not blank:
                facts.possible.add(place)
        elif self.kind not in ("str", "inlineStr") or is_certain(self.text):
            facts.certain.add(place)
        else:
            facts.possible.add(place)
        if self.scan.struck_styles and self.style.isdecimal() and int(self.style[:9]) in self.scan.struck_styles:
            facts.struck.add(place)

    def use_place(self) -> None:
        """Counts a cell that holds something, and refuses it beyond the limits."""
        self.scan.use_place(self.facts, self.line, self.column)

    def add_merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if last and (corners := (place_of(first), place_of(last)))[0][0] != corners[1][0]:
            self.facts.merges.append(corners)


def is_certain(text: str) -> bool:
    """Whether a reader must find text here: something stays when escapes such as _x000D_ and white space are gone."""
    return bool(ESCAPE.sub("", text).strip())

"""One pass of expat over an OpenDocument spreadsheet before its reader sees it (runs in the child).

It stops what would hurt the reader (entities, depth, repeats without end) and notes what the XLSX scan notes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.sheets.archive import Entry, inflate
from accounts.sheets.facts import LAST_LINE, Found, Place, SheetFacts
from accounts.sheets.markup import Part
from accounts.sheets.refused import Refused

CONTENT, MANIFEST = "content.xml", "meta-inf/manifest.xml"
MOST_SPACES = 32_767
HIDDEN = ("collapse", "filter")
CELLS = ("table:table-cell", "table:covered-table-cell")
ASIDE = ("office:annotation", "draw:frame", "draw:g", "draw:custom-shape", "table:detective", "table:shapes")
"""Elements inside a cell or a table whose text is no cell's."""
NO_LINE = ("", "none")


class OpenScan(Found):
    """The facts of a whole ODS file, within the limits."""

    def __init__(self, limits: dict[str, Any]) -> None:
        super().__init__(limits)
        self.facts: list[SheetFacts] = []
        self.struck_styles: set[str] = set()

    def run(self, data: bytes, entries: Iterable[Entry]) -> None:
        budget: int = self.limits["max_inflated"]
        wanted = [entry for entry in entries if entry.path in (CONTENT, MANIFEST)]
        for entry in sorted(wanted, key=lambda entry: entry.path == CONTENT):  # the manifest says what is encrypted
            part = _Content(self) if entry.path == CONTENT else _Manifest(self)
            for piece in inflate(data, entry, budget):
                budget -= len(piece)
                part.feed(piece)
            part.feed(b"", final=True)

    def facts_of(self, index: int) -> SheetFacts | None:
        return self.facts[index] if index < len(self.facts) else None


class _Manifest(Part):
    """The parser of the part that says what is encrypted."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.enter()
        if name.endswith(":encryption-data"):
            raise Refused("password")


class _Content(_Manifest):
    """The parser of the sheets. Lines and columns are counted through their repeats."""

    def __init__(self, scan: OpenScan) -> None:
        super().__init__(scan)
        self.scan = scan
        self.parser.CharacterDataHandler = self.add_text
        self.style = ""
        self.tables = self.aside = 0
        self.in_cell = self.in_paragraph = False
        self.groups_hidden: list[bool] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        if self.aside or name in ASIDE:
            self.aside += 1
        elif name in CELLS:
            self.start_cell(attributes)
        elif name == "text:p":
            self.in_paragraph = self.in_cell
        elif name == "text:s":
            if repeats(attributes.get("text:c")) > MOST_SPACES:
                raise Refused("damaged")
        elif name == "table:table-row":
            self.start_row(attributes)
        elif name == "table:table-row-group":
            self.groups_hidden.append(attributes.get("table:display") == "false")
        elif name == "table:table":
            self.start_table(attributes)
        elif name == "style:style":
            self.style = attributes.get("style:name", "")
        elif name == "style:text-properties" and is_struck(attributes):
            self.scan.struck_styles.add(self.style)

    def end(self, name: str) -> None:
        super().end(name)
        if self.aside:
            self.aside -= 1
        elif name in CELLS:
            self.end_cell()
        elif name == "text:p":
            self.in_paragraph = False
        elif name == "table:table-row":
            self.end_row()
        elif name == "table:table-row-group":
            self.groups_hidden.pop()
        elif name == "table:table":
            self.tables -= 1

    def start_table(self, attributes: dict[str, str]) -> None:
        self.tables += 1
        if self.tables > 1:
            raise Refused("too_complex")
        self.scan.add_name(attributes.get("table:name", ""))
        self.facts = SheetFacts()
        self.scan.facts.append(self.facts)
        self.line = 0
        self.hidden_blocks: list[range] = []

    def start_row(self, attributes: dict[str, str]) -> None:
        if not self.tables:
            raise Refused("damaged")
        self.lines = repeats(attributes.get("table:number-rows-repeated"))
        self.first_line = self.line + 1
        self.line += self.lines
        self.column = -1
        self.is_hidden = attributes.get("table:visibility") in HIDDEN or any(self.groups_hidden)

    def end_row(self) -> None:
        if self.is_hidden:
            self.facts.hidden.update(range(self.first_line, min(self.line, self.scan.limits["max_row"]) + 1))

    def start_cell(self, attributes: dict[str, str]) -> None:
        self.columns = repeats(attributes.get("table:number-columns-repeated"))
        self.first_column = self.column + 1
        self.column += self.columns
        self.in_cell = True
        self.text = ""
        self.attributes = attributes

    def add_text(self, text: str) -> None:
        if self.in_paragraph and not self.aside and len(self.text) < 64:
            self.text += text.strip()[:64]

    def end_cell(self) -> None:
        self.in_cell = False
        attributes = self.attributes
        kind = attributes.get("office:value-type", "")
        has_formula = "table:formula" in attributes
        if not kind and not self.text and not has_formula:
            return
        self.use_block()
        facts = self.facts
        text = self.text or attributes.get("office:string-value", "").strip()
        places = [(line, column) for line in self._lines() for column in self._columns()]
        if attributes.get("calcext:value-type") == "error":
            facts.errors.update(dict.fromkeys(places, text or "#N/A"))
        elif text or kind not in ("", "string"):
            facts.certain.update(places)
        elif has_formula and not kind:
            facts.valueless.update(places)
        else:
            facts.possible.update(places)
        if attributes.get("table:style-name") in self.scan.struck_styles:
            facts.struck.update(places)
        self.add_merge(attributes)

    def use_block(self) -> None:
        if self.line > LAST_LINE:
            raise Refused("too_many_rows", limit=self.scan.limits["max_row"])
        self.scan.use_place(self.facts, self.line, self.column, self.lines * self.columns)

    def _lines(self) -> range:
        return range(self.first_line, self.line + 1)

    def _columns(self) -> range:
        return range(self.first_column, self.column + 1)

    def add_merge(self, attributes: dict[str, str]) -> None:
        lines = repeats(attributes.get("table:number-rows-spanned"))
        columns = repeats(attributes.get("table:number-columns-spanned"))
        if lines > 1:
            top: Place = (self.line, self.column)
            self.facts.merges.append((top, (self.line + lines - 1, self.column + columns - 1)))


def repeats(number: str | None) -> int:
    """How often a row, a cell or a space stands; once where nothing is said."""
    if number is None:
        return 1
    if not number.isdecimal() or len(number) > 10:
        raise Refused("damaged")
    return int(number)


def is_struck(attributes: dict[str, str]) -> bool:
    """Whether a style strikes its text through."""
    return any(attributes.get(f"style:text-line-through-{kind}", "") not in NO_LINE for kind in ("style", "type"))

"""The XML parser of one part of a spreadsheet: no entities, no depth, no elements without end (runs in the child)."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from accounts.sheets.facts import Found
from accounts.sheets.refused import Refused


class Part:
    """Feeds expat and counts elements; a kind of part says in `start` and `end` what it makes of them."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.depth = 0
        self.max_depth: int = found.limits["max_depth"]
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.StartDoctypeDeclHandler = self.refuse_entities
        parser.EntityDeclHandler = self.refuse_entities

    def feed(self, piece: bytes, *, final: bool = False) -> None:
        """The next bytes. Raises Refused."""
        try:
            self.parser.Parse(piece, final)
        except (expat.ExpatError, ValueError, LookupError):
            raise Refused("damaged") from None

    def refuse_entities(self, *_: Any) -> None:
        raise Refused("damaged")

    def enter(self) -> None:
        """Counts an element that begins."""
        self.depth += 1
        found = self.found
        found.elements_left -= 1
        if found.elements_left < 0:
            raise Refused("too_many_elements", limit=found.limits["max_elements"])
        if self.depth > self.max_depth:
            raise Refused("too_complex")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.enter()

    def end(self, name: str) -> None:
        self.depth -= 1

"""Blocks on pages: what belongs together stays together, and a heading is repeated where its table goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from accounts.paper.text import draw, width, wrap
from transcripts.content import Words
from transcripts.wording import both

PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT, RIGHT = 45.0, PAGE_WIDTH - 45.0
ROOM = RIGHT - LEFT
TOP, FOOT = PAGE_HEIGHT - 62, 62.0
"""Where the frame of a later page begins and that of every page ends."""
INK, MUTED, NAVY = HexColor("#15202B"), HexColor("#55606B"), HexColor("#0B2A4A")
LINE, TINT, GOLD = HexColor("#C9D1D9"), HexColor("#F3F6F9"), HexColor("#B8902F")
RED, WATERMARK = HexColor("#A3123A"), HexColor("#FAECEF")


@dataclass(frozen=True, slots=True)
class Block:
    """A strip across the page, `height` points tall, that draws itself below a given top."""

    height: float
    draw: Callable[[Canvas, float], None]
    keeps_next: bool = False
    """Never the last block of a page."""
    repeats: Block | None = None
    """What is drawn above this block when a page begins with it."""


Placed = tuple[Block, float]
"""A block, and how many points below the top of the page's frame it begins."""


def paginate(blocks: Sequence[Block], first_room: float, room: float) -> list[list[Placed]]:
    """Places blocks on pages of `room` points (the first page has `first_room`).

    What does not fit on an empty page stands there alone and overflows; callers keep their blocks smaller than that.
    """
    pages: list[list[Placed]] = [[]]
    used, left = 0.0, first_room
    for unit in _units(blocks):
        needed = sum(block.height for block in unit)
        if needed > left and pages[-1]:
            pages.append([])
            used, left = 0.0, room
            heading = unit[0].repeats
            unit = [heading, *unit] if heading else unit
        for block in unit:
            pages[-1].append((block, used))
            used += block.height
            left -= block.height
    return pages


def _units(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Runs of blocks that may not be parted."""
    unit: list[Block] = []
    for block in blocks:
        unit.append(block)
        if not block.keeps_next:
            yield unit
            unit = []
    if unit:
        yield unit


def rule(canvas: Canvas, y: float, colour: Color, weight: float) -> None:
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(weight)
    canvas.line(LEFT, y, RIGHT, y)


def space(height: float) -> Block:
    return Block(height, lambda canvas, top: None)


def heading(words: Words, aside: str = "") -> Block:
    def drawn(canvas: Canvas, top: float) -> None:
        canvas.setFillColor(NAVY)
        draw(canvas, LEFT, top - 17, both(words), 11, bold=True)
        canvas.setFillColor(MUTED)
        draw(canvas, RIGHT, top - 17, aside, 7.5, align="right")

    return Block(25, drawn, keeps_next=True)


def lines(canvas: Canvas, x: float, y: float, lines: tuple[str, ...], size: float, leading: float) -> float:
    """Draws lines downwards from `y`; returns where the next one would stand."""
    for line in lines:
        draw(canvas, x, y, line, size)
        y -= leading
    return y


def pair(words: Words, size: float, room: float, bold: bool = False, most: int = 3) -> tuple[str, ...]:
    """English and Chinese on one line where they fit, else Chinese below English, each of at most `most` lines."""
    english, chinese = wrap(words.en, size, room, bold, most), wrap(words.zh, size, room, bold, most)
    if len(english) == 1 and len(chinese) == 1 and width(f"{english[0]} {chinese[0]}", size, bold) <= room:
        return (f"{english[0]} {chinese[0]}",)
    return (*english, *chinese)

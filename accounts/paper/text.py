"""Any text, safely on paper: cleaned, cut, set in the face that has each character, measured and broken into lines."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal
from xml.sax.saxutils import escape

from reportlab.pdfgen.canvas import Canvas

from accounts.paper.typefaces import BOLD, REGULAR, font, has_glyph

LONGEST = 200
"""Characters of one piece of text that reach the paper; a longer one is cut (a 200,000-letter name costs a minute)."""
REPLACEMENT = "\ufffd"
"""Stands, visibly, where no typeface has the character."""

Run = tuple[str, str]
"""Name of a typeface, and text that is set in it."""

_INVISIBLE = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
_VARIATION_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_HAN = "\u2e80-\u312f\u3130-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_PIECE = re.compile(f"[{_HAN}][，。、；：？！）」』》】％]*|[^\\s{_HAN}]+?(?:[-/–—]+|(?=[\\s{_HAN}])|$)|\\s+")


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """One line of visible characters: composed, without controls, bidi and zero-width marks, at most 200 long."""
    spaced = " ".join(text[: 4 * LONGEST].split())
    composed = unicodedata.normalize("NFC", _VARIATION_SELECTOR.sub("", spaced))
    visible = "".join(char for char in composed if unicodedata.category(char) not in _INVISIBLE)
    visible = " ".join(visible.split())
    return visible if len(visible) <= LONGEST else visible[: LONGEST - 1].rstrip() + "…"


@lru_cache(maxsize=8192)
def _face_of(char: str) -> int | None:
    """Which of the faces, in order of preference, has the character."""
    return next((index for index, name in enumerate(REGULAR) if has_glyph(name, char)), None)


def missing(text: str) -> str:
    """The characters of a text that no typeface has, each once, in order; empty when all can be printed."""
    return "".join(dict.fromkeys(char for char in clean(text) if _face_of(char) is None))


@lru_cache(maxsize=8192)
def runs(text: str, bold: bool = False) -> tuple[Run, ...]:
    """The cleaned text in pieces of one typeface each; a character that no face has becomes a visible mark."""
    faces = BOLD if bold else REGULAR
    pieces: list[list[str]] = []
    for char in clean(text):
        face = _face_of(char)
        name, shown = (faces[0], REPLACEMENT) if face is None else (faces[face], char)
        if pieces and pieces[-1][0] == name:
            pieces[-1][1] += shown
        else:
            pieces.append([name, shown])
    return tuple((name, piece) for name, piece in pieces)


@lru_cache(maxsize=8192)
def _run_widths(text: str, bold: bool) -> tuple[float, ...]:
    """Width of each run at a size of one point."""
    return tuple(font(name).stringWidth(piece, 1) for name, piece in runs(text, bold))


def width(text: str, size: float, bold: bool = False) -> float:
    """Points that the text takes on one line."""
    return size * sum(_run_widths(text, bold))


def draw(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    bold: bool = False,
    align: Literal["left", "centre", "right"] = "left",
) -> float:
    """Draws one line in the canvas' fill colour, `x` being its left end, middle or right end; returns its width."""
    widths = _run_widths(text, bold)
    total = size * sum(widths)
    x -= {"left": 0.0, "centre": total / 2, "right": total}[align]
    for (name, piece), one in zip(runs(text, bold), widths, strict=True):
        canvas.setFont(name, size)
        canvas.drawString(x, y, piece)
        x += size * one
    return total


@lru_cache(maxsize=4096)
def wrap(text: str, size: float, room: float, bold: bool = False, most: int = 6) -> tuple[str, ...]:
    """The text in lines of at most `room` points, broken at spaces, after hyphens and between Chinese characters.

    A word longer than a line is broken where it must be; what does not fit in `most` lines ends in an ellipsis.
    """
    lines, line = [], ""
    for piece in _PIECE.findall(clean(text)):
        if not line.strip():
            line = ""
            piece = piece.lstrip()
        if width(line + piece, size, bold) <= room or piece.isspace():
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        line = piece
        while line and width(line, size, bold) > room:
            fits = _longest_start(line, size, room, bold)
            lines.append(line[:fits])
            line = line[fits:]
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) > most:
        last = lines[most - 1]
        while last and width(last + "…", size, bold) > room:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip() + "…"]
    return tuple(lines)


def _longest_start(word: str, size: float, room: float, bold: bool) -> int:
    """How many characters of a word fit into the room; at least one, so that breaking always ends."""
    fits, total = 0, 0.0
    for char in word:
        total += width(char, size, bold)
        if total > room:
            break
        fits += 1
    return max(fits, 1)


def markup(text: str, bold: bool = False) -> str:
    """The text for a Paragraph set in "Noto": escaped, so that no tag in it is obeyed, Chinese in its own face."""
    return "".join(
        escape(piece) if name in ("Noto", "Noto-Bold") else f'<font name="{name}">{escape(piece)}</font>'
        for name, piece in runs(text, bold)
    )

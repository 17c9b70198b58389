"""The typefaces of everything on paper: Noto Sans for Latin, Noto Sans HK for Chinese, Noto Sans SC for the rest."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from reportlab.graphics import shapes
from reportlab.pdfbase import pdfmetrics, ttfonts

FONT_DIR = Path(__file__).parent / "fonts"
FILES = {
    "Noto": "NotoSans_400Regular.ttf",
    "Noto-Bold": "NotoSans_700Bold.ttf",
    "NotoHK": "NotoSansHK_400Regular.ttf",
    "NotoHK-Bold": "NotoSansHK_700Bold.ttf",
    "NotoSC": "NotoSansSC_400Regular.ttf",
    "NotoSC-Bold": "NotoSansSC_700Bold.ttf",
}
REGULAR = ("Noto", "NotoHK", "NotoSC")
"""In order of preference: a character is set in the first face that has it.

Noto Sans comes first because Noto Sans HK has full-width quotes and dots; Noto Sans HK lacks 1,898 simplified
characters, for which Noto Sans SC stands by and is loaded only when one of them is met.
"""
BOLD = ("Noto-Bold", "NotoHK-Bold", "NotoSC-Bold")

_registering = threading.RLock()
_drawing = threading.Lock()


def to_unicode_map(font_name: str, subset: Sequence[int]) -> str:
    """The table by which a reader copies and searches text: code in the subset → UTF-16, 100 lines a block.

    Replaces reportlab's, which writes characters beyond U+FFFF (𤨪) as something else.
    """
    rows = [f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>" for code, char in enumerate(subset)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    for start in range(0, len(rows), 100):
        block = rows[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


@cache
def font(name: str) -> ttfonts.TTFont:
    """The typeface of this name, loaded and registered with reportlab on its first use in the process."""
    with _registering:
        if name not in pdfmetrics.getRegisteredFontNames():
            ttfonts.makeToUnicodeCMap = to_unicode_map
            shapes.STATE_DEFAULTS["fontName"] = "Noto"  # reportlab's own default, Helvetica, would not be embedded
            pdfmetrics.registerFont(ttfonts.TTFont(name, str(FONT_DIR / FILES[name]), asciiReadable=False))
        return pdfmetrics.getFont(name)


@cache
def preload() -> None:
    """Loads the four faces that nearly every paper needs: half a second, once per process; a server calls it early."""
    for regular, bold in ((REGULAR[0], BOLD[0]), (REGULAR[1], BOLD[1])):
        for name in (regular, bold):
            font(name)
        pdfmetrics.registerFontFamily(regular, normal=regular, bold=bold, italic=regular, boldItalic=bold)


@contextmanager
def drawing() -> Iterator[None]:
    """Holds reportlab for one document: its faces keep a reading position, so two threads must not embed at once."""
    preload()
    with _drawing:
        yield


def has_glyph(name: str, char: str) -> bool:
    return ord(char) in font(name).face.charToGlyph

"""Badge artwork on paper: an SVG becomes drawing operators once per process, and a form once per document."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Group, String
from reportlab.lib.colors import Color, HexColor, white
from reportlab.pdfgen.canvas import Canvas
from svglib.svglib import svg2rlg

from accounts.paper.text import draw

ARTWORK_DIR = Path(__file__).parents[1] / "static" / "img" / "badges"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
DARK = HexColor("#15202B")
COLOURS = {
    "IPC": (HexColor("#0B45D0"), white),
    "IDL": (HexColor("#05837E"), white),
    "PS": (HexColor("#E4A70E"), DARK),
    "EC": (HexColor("#5B2C83"), white),
    "PSG": (HexColor("#123F12"), white),
    "PF": (HexColor("#B0124F"), white),
}
"""Ground and ink of the six badges, told apart under every kind of colour blindness."""
OTHER = (HexColor("#46525E"), white)
"""Ground and ink of any other badge."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text in the artwork, drawn by us so that its typeface is embedded."""

    x: float
    y: float
    size: float
    colour: Color
    text: str


@dataclass(frozen=True, slots=True)
class Artwork:
    """An image as PDF operators, with its size in points and the texts that stand on it."""

    width: float
    height: float
    operators: tuple[str, ...]
    labels: tuple[Label, ...]


@lru_cache(maxsize=64)
def artwork(name: str) -> Artwork | None:
    """The image of this name; None where there is no such file, or it is none that we could draw."""
    path = ARTWORK_DIR / f"{name}.svg"
    if not NAME.fullmatch(name) or not path.is_file():
        return None
    drawing = svg2rlg(io.BytesIO(path.read_bytes()))
    if drawing is None:
        return None
    labels = tuple(_take_labels(drawing, (1, 0, 0, 1, 0, 0)))
    canvas = Canvas(io.BytesIO(), pageCompression=0, initialFontName="Noto")
    before = len(canvas._code)
    renderPDF.draw(drawing, canvas, 0, 0)
    operators = tuple(line for line in canvas._code[before:] if not line.startswith("BT"))
    return Artwork(drawing.width, drawing.height, operators, labels)


def _take_labels(group: Drawing | Group, outer: tuple[float, ...]) -> list[Label]:
    """Removes every text from the drawing, and returns each with its place in it."""
    a, b, c, d, e, f = outer
    ga, gb, gc, gd, ge, gf = group.transform
    here = (
        a * ga + c * gb,
        b * ga + d * gb,
        a * gc + c * gd,
        b * gc + d * gd,
        a * ge + c * gf + e,
        b * ge + d * gf + f,
    )
    found: list[Label] = []
    for shape in list(group.contents):
        if isinstance(shape, String):
            group.contents.remove(shape)
            x = here[0] * shape.x + here[2] * shape.y + here[4]
            y = here[1] * shape.x + here[3] * shape.y + here[5]
            colour = shape.fillColor or DARK
            found.append(Label(x, y, shape.fontSize * abs(here[3]), colour, shape.text.strip()))
        elif isinstance(shape, Group):
            found += _take_labels(shape, here)
    return found


def colours(code: str) -> tuple[Color, Color]:
    """Ground and ink of a badge's chip."""
    return COLOURS.get(code, OTHER)


def draw_badge(canvas: Canvas, name: str, code: str, earned: bool, x: float, y: float, height: float) -> None:
    """Draws the badge with its lower middle at (x, y); one not earned has its own, pale artwork.

    A badge whose image is missing is a plain seal with its code.
    """
    image = artwork(name if earned else f"{name}-locked") or artwork(name)
    if image is None:
        _draw_seal(canvas, code, earned, x, y, height)
        return
    form = f"badge-{name}-{earned:d}"
    if not canvas.hasForm(form):
        canvas.beginForm(form, 0, 0, image.width, image.height)
        canvas._code.extend(image.operators)
        for label in image.labels:
            canvas.setFillColor(label.colour)
            draw(canvas, label.x, label.y, label.text, label.size, bold=True, align="centre")
        canvas.endForm()
    scale = height / image.height
    canvas.saveState()
    canvas.translate(x - image.width * scale / 2, y)
    canvas.scale(scale, scale)
    canvas.doForm(form)
    canvas.restoreState()


def _draw_seal(canvas: Canvas, code: str, earned: bool, x: float, y: float, height: float) -> None:
    ground, ink = colours(code)
    canvas.saveState()
    canvas.setStrokeColor(ground)
    canvas.setFillColor(ground if earned else white)
    canvas.setLineWidth(1)
    canvas.circle(x, y + height / 2, height / 2 - 1, stroke=1, fill=1)
    canvas.setFillColor(ink if earned else ground)
    draw(canvas, x, y + height / 2 - height * 0.08, code, height * 0.24, bold=True, align="centre")
    canvas.restoreState()


def draw_chip(canvas: Canvas, code: str, x: float, y: float, size: float = 7) -> float:
    """Draws the badge's code on its colour, the text's foot at `y`; returns the chip's width."""
    from accounts.paper.text import width

    ground, ink = colours(code)
    room = max(width(code, size, True) + size, 2.6 * size)
    canvas.setFillColor(ground)
    canvas.roundRect(x, y - 0.36 * size, room, 1.5 * size, 0.35 * size, stroke=0, fill=1)
    canvas.setFillColor(ink)
    draw(canvas, x + room / 2, y, code, size, bold=True, align="centre")
    return room

"""TranscriptContent → the NAT as PDF bytes; the same content always gives the same bytes."""

from __future__ import annotations

import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from accounts.paper.text import draw, width, wrap
from accounts.paper.typefaces import drawing
from transcripts import wording as say
from transcripts.artwork import COLOURS
from transcripts.content import Numbering, TranscriptContent
from transcripts.layout import (
    FOOT,
    GOLD,
    LEFT,
    LINE,
    MUTED,
    NAVY,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    ROOM,
    TOP,
    WATERMARK,
    Placed,
    paginate,
    rule,
)
from transcripts.opening import opening
from transcripts.record import closing, record


class EmptyTranscript(ValueError):
    """A NAT without a single activity is never printed."""


def render(content: TranscriptContent, numbering: Numbering) -> bytes:
    """Draws the paper, A4. Raises EmptyTranscript where there is nothing to print."""
    if content.is_empty:
        raise EmptyTranscript("A NAT without an activity is not printed.")
    held = io.BytesIO()
    with drawing():
        canvas = Canvas(
            held, pagesize=A4, invariant=1, pageCompression=1, initialFontName="Noto", lang="en-HK", pdfVersion=(1, 7)
        )
        canvas.setTitle(f"{say.TITLE.en} {numbering.serial}")
        canvas.setAuthor(content.institution.name.en)
        canvas.setSubject(content.institution.scheme.en)
        canvas.setCreator(content.institution.scheme.en)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        head = opening(content, numbering)
        room = TOP - FOOT
        pages = paginate([*head, *record(content), *closing(content, numbering)], PAGE_HEIGHT - 30 - FOOT, room)
        for number, placed in enumerate(pages, start=1):
            _draw_page(canvas, content, numbering, placed, number, len(pages))
        canvas.save()
    return held.getvalue()


# --- The page ------------------------------------------------------------------------------------------------------


def _draw_page(
    canvas: Canvas, content: TranscriptContent, numbering: Numbering, placed: list[Placed], number: int, of: int
) -> None:
    if numbering.print_number > 1:
        _watermark(canvas)
    _colour_bar(canvas)
    top = PAGE_HEIGHT - 30 if number == 1 else TOP
    if number > 1:
        _running_head(canvas, content, numbering)
    for block, below in placed:
        block.draw(canvas, top - below)
    _foot(canvas, content, numbering, number, of)
    canvas.showPage()


def _colour_bar(canvas: Canvas) -> None:
    """The six colours of the scheme along the upper edge."""
    step = PAGE_WIDTH / len(COLOURS)
    for index, (ground, _) in enumerate(COLOURS.values()):
        canvas.setFillColor(ground)
        canvas.rect(index * step, PAGE_HEIGHT - 7, step + 0.5, 7, stroke=0, fill=1)


def _watermark(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
    canvas.rotate(52)
    canvas.setFillColor(WATERMARK)
    draw(canvas, 0, -30, say.both(say.COPY), 120, bold=True, align="centre")
    canvas.restoreState()


def _running_head(canvas: Canvas, content: TranscriptContent, numbering: Numbering) -> None:
    canvas.setFillColor(NAVY)
    draw(canvas, LEFT, PAGE_HEIGHT - 34, say.both(say.TITLE), 10, bold=True)
    canvas.setFillColor(MUTED)
    draw(canvas, LEFT, PAGE_HEIGHT - 46, content.institution.name.en, 7.5)
    draw(canvas, RIGHT, PAGE_HEIGHT - 34, numbering.serial, 8, align="right")
    draw(canvas, RIGHT, PAGE_HEIGHT - 46, say.mark(numbering) or say.day(content.issued_on), 7.5, align="right")
    rule(canvas, PAGE_HEIGHT - 53, GOLD, 0.8)


def _foot(canvas: Canvas, content: TranscriptContent, numbering: Numbering, number: int, of: int) -> None:
    rule(canvas, 46, LINE, 0.6)
    canvas.setFillColor(MUTED)
    page = f"Page {number} of {of} 第 {number} 頁，共 {of} 頁"
    draw(canvas, RIGHT, 36, page, 7, align="right")
    owner = f"{numbering.serial} · {content.student.name.en or content.student.name.zh} · {content.student.number}"
    draw(canvas, LEFT, 36, wrap(owner, 7, ROOM - width(page, 7) - 20, most=1)[0], 7)
    address = numbering.verify_url.rsplit("/verify/", 1)[0] + "/verify/"
    draw(canvas, LEFT, 26, f"Verify at 核實：{address}  {numbering.code}", 7)

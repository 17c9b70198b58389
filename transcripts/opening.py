"""The opening of the NAT: letterhead, title, the student's data with the QR code, and the badges in summary."""

from __future__ import annotations

import segno
from reportlab.lib.colors import white
from reportlab.pdfgen.canvas import Canvas

from accounts.paper.text import draw, wrap
from transcripts import wording as say
from transcripts.artwork import COLOURS, draw_badge
from transcripts.content import Badge, Numbering, TranscriptContent
from transcripts.layout import GOLD, INK, LEFT, MUTED, NAVY, RED, RIGHT, ROOM, TINT, Block, heading, lines, pair, rule


def opening(content: TranscriptContent, numbering: Numbering) -> list[Block]:
    return [
        Block(58, lambda canvas, top: _letterhead(canvas, top, content), keeps_next=True),
        Block(50, lambda canvas, top: _title(canvas, top, content, numbering), keeps_next=True),
        _particulars(content, numbering),
        heading(say.SUMMARY),
        _summary(content.badges[:6]),
    ]


def _letterhead(canvas: Canvas, top: float, content: TranscriptContent) -> None:
    institution = content.institution
    _emblem(canvas, LEFT + 20, top - 22)
    canvas.setFillColor(NAVY)
    x, room = LEFT + 52, ROOM - 52
    draw(canvas, x, top - 12, wrap(institution.name.en, 13, room, True, 1)[0], 13, bold=True)
    draw(canvas, x, top - 27, institution.name.zh, 11)
    canvas.setFillColor(MUTED)
    scheme = f"{say.both(institution.scheme)} · {say.both(institution.office)}"
    draw(canvas, x, top - 40, wrap(scheme, 8, room, False, 1)[0], 8)


def _emblem(canvas: Canvas, x: float, y: float) -> None:
    """The scheme's mark: six discs in the colours of the badges around a tick."""
    canvas.setFillColor(NAVY)
    _hexagon(canvas, x, y, 23)
    spots = ((0, 14.5), (12.6, 7.25), (12.6, -7.25), (0, -14.5), (-12.6, -7.25), (-12.6, 7.25))
    for (dx, dy), (ground, _) in zip(spots, COLOURS.values(), strict=True):
        canvas.setFillColor(white)
        canvas.circle(x + dx, y + dy, 4.2, stroke=0, fill=1)
        canvas.setFillColor(ground)
        canvas.circle(x + dx, y + dy, 3.2, stroke=0, fill=1)
    canvas.setStrokeColor(white)
    canvas.setLineWidth(2.4)
    canvas.lines([(x - 5, y, x - 1.4, y - 3.8), (x - 1.4, y - 3.8, x + 5.4, y + 4)])


def _hexagon(canvas: Canvas, x: float, y: float, radius: float) -> None:
    path = canvas.beginPath()
    corners = ((0, 1), (0.866, 0.5), (0.866, -0.5), (0, -1), (-0.866, -0.5), (-0.866, 0.5))
    path.moveTo(x, y + radius)
    for dx, dy in corners[1:]:
        path.lineTo(x + dx * radius, y + dy * radius)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _title(canvas: Canvas, top: float, content: TranscriptContent, numbering: Numbering) -> None:
    rule(canvas, top, GOLD, 1)
    canvas.setFillColor(NAVY)
    taken = draw(canvas, LEFT, top - 30, say.TITLE.en, 19, bold=True)
    draw(canvas, LEFT + taken + 10, top - 30, say.TITLE.zh, 15, bold=True)
    canvas.setFillColor(MUTED)
    draw(canvas, RIGHT, top - 14, say.both(say.SERIAL), 6.5, align="right")
    canvas.setFillColor(INK)
    draw(canvas, RIGHT, top - 25, numbering.serial, 9.5, bold=True, align="right")
    canvas.setFillColor(MUTED)
    draw(canvas, RIGHT, top - 37, f"{say.both(say.ISSUED)}  {say.day(content.issued_on)}", 7, align="right")
    if mark := say.mark(numbering):
        canvas.setFillColor(RED)
        draw(canvas, LEFT, top - 43, mark, 8, bold=True)


def _particulars(content: TranscriptContent, numbering: Numbering) -> Block:
    """The student's data, label above value, with the QR code at the right."""
    student = content.student
    qr, pad = 76.0, 10.0
    room = ROOM - qr - 3 * pad
    half = room / 2
    name = pair(student.name, 11, room, True)
    rows = [
        (
            (0.0, say.NUMBER, (student.number,)),
            (half, say.PERIOD, (say.period(student),)),
        ),
        (
            (0.0, say.PROGRAMME, wrap(student.programme, 8.5, half - 8, False, 3) or ("–",)),
            (half, say.UNIT, pair(student.unit, 8.5, half - 8) or ("–",)),
        ),
    ]
    heights = [max(len(values) for _, _, values in row) * 11 + 14 for row in rows]
    name_height = len(name) * 14 + 11
    height = max(pad + name_height + sum(heights) + 6, qr + 2 * pad + 8)

    def drawn(canvas: Canvas, top: float) -> None:
        canvas.setFillColor(TINT)
        canvas.roundRect(LEFT, top - height, ROOM, height, 5, stroke=0, fill=1)
        y = top - pad - 4
        x = LEFT + pad
        canvas.setFillColor(MUTED)
        draw(canvas, x, y, say.both(say.NAME), 6.5)
        canvas.setFillColor(INK)
        for line in name:
            y -= 14
            draw(canvas, x, y, line, 11, bold=True)
        y -= 15
        for row, tall in zip(rows, heights, strict=True):
            for at, label, values in row:
                canvas.setFillColor(MUTED)
                draw(canvas, x + at, y, say.both(label), 6.5)
                canvas.setFillColor(INK)
                lines(canvas, x + at, y - 11, values, 8.5, 11)
            y -= tall
        right = RIGHT - pad - qr
        canvas.setFillColor(white)
        canvas.roundRect(right - 3, top - pad - qr + 1, qr + 6, qr + 5, 3, stroke=0, fill=1)
        _draw_qr(canvas, numbering.verify_url, right, top - pad - qr + 4, qr)
        canvas.setFillColor(MUTED)
        draw(canvas, right + qr / 2, top - pad - qr - 9, say.both(say.SCAN), 6.5, align="centre")

    return Block(height, drawn)


def _draw_qr(canvas: Canvas, url: str, x: float, y: float, size: float) -> None:
    """The code as one path of bars, a bar for each run of dark modules."""
    matrix = segno.make(url, error="m", micro=False).matrix
    unit = size / len(matrix)
    bars = []
    for row, modules in enumerate(matrix):
        bottom = y + size - (row + 1) * unit
        start = None
        for column, dark in enumerate([*modules, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                bars.append(f"{x + start * unit:.3f} {bottom:.3f} {(column - start) * unit:.3f} {unit + 0.02:.3f} re")
                start = None
    canvas.setFillColor(INK)
    canvas._code.append("\n".join([*bars, "f"]))


def _summary(badges: tuple[Badge, ...]) -> Block:
    cell = ROOM / max(len(badges), 1)

    def drawn(canvas: Canvas, top: float) -> None:
        for index, badge in enumerate(badges):
            middle = LEFT + (index + 0.5) * cell
            draw_badge(canvas, badge.artwork, badge.code, badge.count > 0, middle, top - 58, 56)
            canvas.setFillColor(INK if badge.count else MUTED)
            if badge.count:
                draw(canvas, middle, top - 71, f"× {badge.count}", 10.5, bold=True, align="centre")
            else:
                draw(canvas, middle, top - 70, say.both(say.NOT_EARNED), 7, align="centre")
            canvas.setFillColor(MUTED)
            y = top - 81
            for line in (*wrap(badge.name.en, 6.8, cell - 6, False, 3), *wrap(badge.name.zh, 6.8, cell - 6, False, 1)):
                draw(canvas, middle, y, line, 6.8, align="centre")
                y -= 8.4

    return Block(112, drawn)

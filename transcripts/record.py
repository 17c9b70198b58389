"""The body of the NAT: the table by academic year, then its end, the legend, the principles and the signature."""

from __future__ import annotations

from functools import partial

from reportlab.lib.colors import white
from reportlab.pdfgen.canvas import Canvas

from accounts.paper.text import draw, width, wrap
from transcripts import wording as say
from transcripts.artwork import draw_chip
from transcripts.content import Badge, Entry, Numbering, TranscriptContent, Words, Year
from transcripts.layout import INK, LEFT, LINE, MUTED, NAVY, RIGHT, ROOM, TINT, Block, heading, lines, pair, rule, space

DATE_AT, ACTIVITY_AT, DURATION_AT, BADGES_AT = 6.0, 92.0, 356.0, 420.0
"""Columns of the table, from the left margin."""
ACTIVITY_ROOM = DURATION_AT - ACTIVITY_AT - 10
DATE_ROOM = ACTIVITY_AT - DATE_AT - 8
SIZE, LEADING, SMALL, SMALL_LEADING = 8.4, 10.8, 7.0, 9.4
CHIP_SIZE = 7.0


def record(content: TranscriptContent) -> list[Block]:
    """The table: a bar for each academic year, repeated on every page it runs to, and a row for each activity."""
    blocks = [heading(say.RECORD, say.both(say.totals(content), "  ·  "))]
    for year in content.years:
        blocks += _year(year)
    return blocks


def _year(year: Year) -> list[Block]:
    bar = Block(17, partial(_draw_bar, label=f"{year.label} {say.both(say.YEAR)}"), keeps_next=True)
    again = Block(17, partial(_draw_bar, label=f"{year.label} {say.both(say.CONTINUED)}"), keeps_next=True)
    rows = [_row(entry, shaded=bool(index % 2), again=again) for index, entry in enumerate(year.entries)]
    return [bar, *rows, space(7)]


def _draw_bar(canvas: Canvas, top: float, label: str) -> None:
    canvas.setFillColor(NAVY)
    canvas.rect(LEFT, top - 17, ROOM, 17, stroke=0, fill=1)
    canvas.setFillColor(white)
    draw(canvas, LEFT + DATE_AT, top - 11.6, label, 7.4, bold=True)
    draw(canvas, LEFT + ACTIVITY_AT, top - 11.6, say.both(say.ACTIVITY), 7.4)
    draw(canvas, LEFT + DURATION_AT, top - 11.6, say.both(say.DURATION), 7.4)
    draw(canvas, LEFT + BADGES_AT, top - 11.6, say.both(say.BADGES), 7.4)


def _row(entry: Entry, shaded: bool, again: Block) -> Block:
    titles = pair(entry.title, SIZE, ACTIVITY_ROOM, most=4)
    source = wrap(f"{say.both(entry.kind)} · {say.both(entry.unit)}", SMALL, ACTIVITY_ROOM, False, 3)
    dates = _date_lines(entry)
    counted, hours = say.duration(entry)
    chip_rows = _chip_rows([earned.code for earned in entry.badges])
    height = (
        max(len(titles) * LEADING + len(source) * SMALL_LEADING, len(dates) * LEADING, len(chip_rows) * 14.0, 20.0) + 8
    )

    def drawn(canvas: Canvas, top: float) -> None:
        if shaded:
            canvas.setFillColor(TINT)
            canvas.rect(LEFT, top - height, ROOM, height, stroke=0, fill=1)
        first = top - 12
        canvas.setFillColor(INK)
        lines(canvas, LEFT + DATE_AT, first, dates, 8, LEADING)
        below = lines(canvas, LEFT + ACTIVITY_AT, first, titles, SIZE, LEADING)
        draw(canvas, LEFT + DURATION_AT, first, counted, 8)
        canvas.setFillColor(MUTED)
        lines(canvas, LEFT + ACTIVITY_AT, below + 0.8, source, SMALL, SMALL_LEADING)
        draw(canvas, LEFT + DURATION_AT, first - LEADING + 0.8, hours, SMALL)
        for index, codes in enumerate(chip_rows):
            x = LEFT + BADGES_AT
            for code in codes:
                x += draw_chip(canvas, code, x, first - 14 * index, CHIP_SIZE) + 4
        rule(canvas, top - height, LINE, 0.4)

    return Block(height, drawn, repeats=again)


def _date_lines(entry: Entry) -> tuple[str, ...]:
    """The days on one line, or parted at the dash."""
    days = say.days(entry.first_on, entry.last_on)
    if width(days, 8) <= DATE_ROOM:
        return (days,)
    first, last = days.split(" – ")
    return (f"{first} –", last)


def _chip_rows(codes: list[str]) -> list[list[str]]:
    """Chips in rows that fit into their column."""
    rows: list[list[str]] = []
    left = 0.0
    for code in codes:
        wide = max(width(code, CHIP_SIZE, True) + CHIP_SIZE, 2.6 * CHIP_SIZE) + 4
        if not rows or wide > left:
            rows.append([])
            left = ROOM - BADGES_AT
        rows[-1].append(code)
        left -= wide
    return rows


# --- After the table ------------------------------------------------------------------------------------------------


def closing(content: TranscriptContent, numbering: Numbering) -> list[Block]:
    """What follows the record: the legend, and on one page the principles, the signature and the mark of the end."""
    return [
        heading(say.LEGEND),
        *_legend(content.badges),
        heading(say.PRINCIPLES),
        *(_principle(words) for words in content.principles),
        Block(82, partial(_draw_signature, content=content, numbering=numbering), keeps_next=True),
        Block(22, _draw_end),
    ]


def _legend(badges: tuple[Badge, ...]) -> list[Block]:
    """Two badges a row; the six stay on one page."""
    starts = range(0, len(badges), 2)
    return [_legend_row(badges[at : at + 2], keeps_next=at < 4 and at != starts[-1]) for at in starts]


def _legend_row(badges: tuple[Badge, ...], keeps_next: bool) -> Block:
    half = (ROOM - 16) / 2
    text_at = 36.0
    cells = [
        (
            badge,
            pair(badge.name, 7.4, half - text_at, True, 2),
            (
                *wrap(badge.meaning.en, SMALL, half - text_at, False, 3),
                *wrap(badge.meaning.zh, SMALL, half - text_at, False, 2),
            ),
        )
        for badge in badges
    ]
    height = max(len(names) * 9.6 + len(texts) * 9 for _, names, texts in cells) + 7

    def drawn(canvas: Canvas, top: float) -> None:
        for index, (badge, names, texts) in enumerate(cells):
            x = LEFT + index * (half + 16)
            draw_chip(canvas, badge.code, x, top - 9, CHIP_SIZE)
            canvas.setFillColor(INK)
            y = top - 9
            for name in names:
                draw(canvas, x + text_at, y, name, 7.4, bold=True)
                y -= 9.6
            canvas.setFillColor(MUTED)
            lines(canvas, x + text_at, y + 0.4, texts, SMALL, 9)

    return Block(height, drawn, keeps_next=keeps_next)


def _principle(words: Words) -> Block:
    texts = (*wrap(words.en, SMALL, ROOM - 10, False, 3), *wrap(words.zh, SMALL, ROOM - 10, False, 2))

    def drawn(canvas: Canvas, top: float) -> None:
        canvas.setFillColor(NAVY)
        canvas.circle(LEFT + 2.2, top - 6.4, 1.5, stroke=0, fill=1)
        canvas.setFillColor(MUTED)
        lines(canvas, LEFT + 10, top - 9, texts, SMALL, 9.2)

    return Block(len(texts) * 9.2 + 2.5, drawn, keeps_next=True)


def _draw_signature(canvas: Canvas, top: float, content: TranscriptContent, numbering: Numbering) -> None:
    institution = content.institution
    at = LEFT + ROOM - 230
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.7)
    canvas.line(at, top - 48, RIGHT, top - 48)
    canvas.setFillColor(MUTED)
    draw(canvas, at, top - 77, wrap(institution.contact, 7, 230, False, 1)[0] if institution.contact else "", 7)
    draw(canvas, RIGHT, top - 45, say.both(say.SIGNED), 6.2, align="right")
    canvas.setFillColor(INK)
    draw(canvas, at, top - 58, wrap(say.both(institution.signatory), 8.2, 230, True, 1)[0], 8.2, bold=True)
    draw(canvas, at, top - 68, wrap(say.both(institution.office), 7.2, 230, False, 1)[0], 7.2)
    canvas.setFillColor(NAVY)
    draw(canvas, LEFT, top - 30, say.both(say.VERIFY), 8.2, bold=True)
    canvas.setFillColor(MUTED)
    draw(canvas, LEFT, top - 41, "Scan the code on page 1, or type the code at the foot of the page.", 7)
    draw(canvas, LEFT, top - 50.5, "The page shows each line as printed, and whether it still stands.", 7)
    draw(canvas, LEFT, top - 60, "掃描首頁二維碼，或於網頁輸入頁底的核實碼，", 7)
    draw(canvas, LEFT, top - 69.5, "即可逐項核對本成績表及其現況。", 7)


def _draw_end(canvas: Canvas, top: float) -> None:
    rule(canvas, top - 4, LINE, 0.6)
    canvas.setFillColor(MUTED)
    draw(canvas, LEFT + ROOM / 2, top - 16, f"— {say.both(say.END)} —", 7.4, align="centre")

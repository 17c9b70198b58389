"""The receipt of a committed record on one page of paper: numbers and the hash of the original, no student names."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from accounts.paper.text import draw, width, wrap
from accounts.paper.typefaces import drawing
from activities.dates import day_range
from awards.attendance.models import AttendanceUpload

INK, MUTED, LINE, DANGER = HexColor("#1B2430"), HexColor("#4D5866"), HexColor("#D5DBE3"), HexColor("#A61B14")
LEFT, RIGHT = 22 * mm, A4[0] - 22 * mm
COLUMN = 62 * mm
"""Where the values begin, from the left margin."""
ROOM = RIGHT - LEFT - COLUMN
LONGEST_WORD = 64
"""Characters of a SHA-256."""

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything that stands on the paper, as text. Each section is a heading and its lines of label and value."""

    institution: str
    title: str
    subtitle: str
    stamp: str
    sections: Sequence[tuple[str, Sequence[Line]]]
    footer: str


def receipt_of(upload: AttendanceUpload) -> Receipt:
    """The receipt of a record that stands or stood, in the language of the page."""
    undone = upload.status == AttendanceUpload.Status.UNDONE
    return Receipt(
        institution=str(getattr(settings, "INSTITUTION_NAME", "")),
        title=_("Attendance record: receipt"),
        subtitle=f"{upload.activity.code} · {upload.activity.title}",
        stamp=_("UNDONE") if undone else "",
        sections=[
            (_("Activity"), _activity_lines(upload)),
            (_("Rows of the sheet"), _row_lines(upload)),
            (_("Badges"), _badge_lines(upload)),
            (_("Record"), _record_lines(upload)),
            (_("Original file"), _file_lines(upload)),
        ],
        footer=_("The original file is kept unchanged. Its SHA-256 proves which file this receipt is about."),
    )


def _activity_lines(upload: AttendanceUpload) -> list[Line]:
    activity = upload.activity
    lines = [(_("Code"), activity.code), (_("Title"), activity.title_en)]
    if activity.title_zh:
        lines.append((_("Chinese title"), activity.title_zh))
    return [
        *lines,
        (_("Held on"), day_range(activity.first_on, activity.last_on)),
        (_("Unit"), activity.unit.name),
    ]


def _row_lines(upload: AttendanceUpload) -> list[Line]:
    return [
        (_("Rows that earn badges"), str(upload.award_row_count)),
        (_("Rows without a badge"), str(upload.no_award_row_count)),
        (_("Rows parked for an answer"), str(upload.parked_row_count)),
        (_("Lines that are no participants"), str(upload.ignored_row_count)),
        (_("All rows"), str(upload.row_count)),
    ]


def _badge_lines(upload: AttendanceUpload) -> list[Line]:
    needed = [f"{upload.needed_share} %"] if upload.needed_share is not None else []
    if upload.needed_minutes is not None:
        needed.append(_("%(minutes)s minutes") % {"minutes": upload.needed_minutes})
    return [
        *([(_("Attendance needed"), ", ".join(needed))] if needed else []),
        (_("Badges awarded"), str(upload.award_count)),
        (_("Badges that stood before"), str(upload.unchanged_count)),
        (_("Badges withheld"), str(upload.withholding_count)),
        (_("Withheld badges awarded after all"), str(upload.lifted_count)),
        (_("Badges taken back"), str(upload.revoked_count)),
    ]


def _record_lines(upload: AttendanceUpload) -> list[Line]:
    assert upload.committed_at is not None
    late = _("late, it was due on %(day)s") if upload.is_late else _("on time, it was due on %(day)s")
    due = late % {"day": day_range(upload.activity.due_on)}
    lines = [
        (_("Committed by"), str(upload.committed_by)),
        (_("Committed at"), f"{_moment(upload.committed_at)} ({due})"),
        (_("Reference"), str(upload.key)),
    ]
    if upload.confirmed_at is not None:
        lines.append((_("Confirmed as correct"), f"{_moment(upload.confirmed_at)}, {upload.confirmed_by}"))
    if upload.undone_at is not None:
        lines.append((_("Undone"), f"{_moment(upload.undone_at)}, {upload.undone_by}"))
        lines.append((_("Why undone"), upload.undone_because))
    return lines


def _file_lines(upload: AttendanceUpload) -> list[Line]:
    return [
        (_("File"), upload.file_name if not upload.entered_as else f"{upload.file_name} ({upload.entered_as})"),
        (_("Bytes"), str(upload.file_size)),
        (_("SHA-256"), upload.sha256),
    ]


def _moment(at: object) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")  # type: ignore[arg-type]


def draw_receipt(receipt: Receipt) -> bytes:
    """The receipt as a PDF of one A4 page, the typefaces embedded."""
    out = io.BytesIO()
    with drawing():
        canvas = Canvas(out, pagesize=A4, invariant=True)
        canvas.setTitle(f"{receipt.title} {receipt.subtitle}"[:200])
        y = _head(canvas, receipt)
        for heading, lines in receipt.sections:
            y = _section(canvas, y, heading, lines)
        canvas.setFillColor(MUTED)
        for number, line in enumerate(wrap(receipt.footer, 8.5, RIGHT - LEFT)):
            draw(canvas, LEFT, 18 * mm - number * 4 * mm, line, 8.5)
        canvas.showPage()
        canvas.save()
    return out.getvalue()


def _head(canvas: Canvas, receipt: Receipt) -> float:
    y = A4[1] - 24 * mm
    canvas.setFillColor(MUTED)
    draw(canvas, LEFT, y, receipt.institution, 9)
    if receipt.stamp:
        canvas.setFillColor(DANGER)
        draw(canvas, RIGHT, y, receipt.stamp, 14, bold=True, align="right")
    canvas.setFillColor(INK)
    y -= 10 * mm
    draw(canvas, LEFT, y, receipt.title, 18, bold=True)
    for line in wrap(receipt.subtitle, 11, RIGHT - LEFT, most=2):
        y -= 6 * mm
        draw(canvas, LEFT, y, line, 11)
    return y - 6 * mm


def _section(canvas: Canvas, y: float, heading: str, lines: Sequence[Line]) -> float:
    y -= 6 * mm
    canvas.setFillColor(INK)
    draw(canvas, LEFT, y, heading, 11.5, bold=True)
    y -= 2 * mm
    canvas.setStrokeColor(LINE)
    canvas.line(LEFT, y, RIGHT, y)
    for label, value in lines:
        canvas.setFillColor(MUTED)
        draw(canvas, LEFT, y - 5 * mm, label, 9.5)
        canvas.setFillColor(INK)
        size = _size_of(value)
        for part in wrap(value, size, ROOM, most=3) or ("–",):
            y -= 5 * mm
            draw(canvas, LEFT + COLUMN, y, part, size)
    return y - 3 * mm


def _size_of(value: str) -> float:
    """Smaller letters for one long word such as a hash, so that it stays on one line and can be copied."""
    if " " in value or len(value) > LONGEST_WORD:
        return 9.5
    return min(9.5, 9.5 * ROOM / max(width(value, 9.5), 1))

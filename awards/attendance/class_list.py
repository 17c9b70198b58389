"""The class list ticked on screen ↔ the CSV that is kept as its original, under the headings of our own sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from accounts.sheets.formats import UNSTORABLE
from accounts.sheets.refused import Refused
from accounts.sheets.tables import safe
from accounts.sheets.text import read_lines
from awards.attendance.formats import TICKED, Limits, Refusal, Workbook, Worksheet
from awards.attendance.sheet import HEADINGS, LAST_HEADINGS

REASON_HEADING = LAST_HEADINGS[0]
CODE_LABEL = "Activity code 活動編號"


@dataclass(frozen=True, slots=True)
class TickedLine:
    """One student: ID and name as they shall stand on the list, attended or not, the badges earned, why not others."""

    student_id: str
    name: str
    attended: bool
    badges: frozenset[str]
    reason: str = ""


def write_ticked(code: str, offered: Sequence[str], lines: Sequence[TickedLine]) -> bytes:
    """The list as CSV (UTF-8 with its mark, so that Excel opens it rightly); the same ticks give the same bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([CODE_LABEL, safe(code)])
    writer.writerow([])
    writer.writerow([heading.replace("\n", " ") for heading in (*HEADINGS, *offered, REASON_HEADING)])
    for line in lines:
        earned = line.badges if line.attended else frozenset()
        marks = [line.attended, *(badge in earned for badge in offered)]
        texts = [one_line(line.student_id), one_line(line.name), *("Y" if mark else "N" for mark in marks)]
        writer.writerow([*texts, one_line(line.reason) if line.attended and not all(marks) else ""])
    return out.getvalue().encode("utf-8-sig")


def one_line(text: str) -> str:
    """Text for one cell: no formula, no line break."""
    return safe(" ".join(text.split()))


def read_ticked(data: bytes, limits: Limits) -> Workbook:
    """The workbook in such a CSV. Raises Refusal: too_many_rows, too_many_cells."""
    try:
        rows = read_lines(data.decode("utf-8-sig"), asdict(limits), delimiter=",")
    except Refused as refused:
        raise Refusal(refused.code, **refused.details) from None
    cells = tuple(tuple(UNSTORABLE.sub("", cell) or None for cell in row) for row in rows)
    return Workbook(TICKED, (Worksheet("", cells),))

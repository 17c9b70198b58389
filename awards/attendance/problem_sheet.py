"""The sheet as it was read, handed back as XLSX: every row on its own line, a comment in each cell with a problem.

It carries our headings and the activity's code, so that it uploads straight again once it is corrected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from accounts.sheets.tables import writable
from awards.attendance.headings import HEADING_WITHIN, meaning_of
from awards.attendance.sheet import ACCENT, AWARD_HEADING, HEADINGS, LAST_HEADINGS, SheetFor, add_hidden_sheet, put
from awards.attendance.words import (
    ATTENDED,
    AWARD,
    JOINED,
    LEFT,
    MINUTES,
    PERCENT,
    REASON,
    REMARKS,
    SESSION,
    STUDENT_ID,
    WHAT_TO_DO,
)

NAME = "name"
WORDS = {
    STUDENT_ID: HEADINGS[0],
    NAME: HEADINGS[1],
    ATTENDED: HEADINGS[2],
    AWARD: AWARD_HEADING,
    PERCENT: "Attendance rate\n出席率",
    MINUTES: "Duration (minutes)\n時長（分鐘）",
    JOINED: "Join time\n加入時間",
    LEFT: "Leave time\n離開時間",
    REASON: LAST_HEADINGS[0],
    REMARKS: LAST_HEADINGS[1],
    WHAT_TO_DO: "What to do\n須處理事項",
}
WIDTHS = {STUDENT_ID: 23, NAME: 34, REASON: 24, REMARKS: 22, WHAT_TO_DO: 60}
WIDTH_OF_MARKS = 16
PROBLEM_ROW, PROBLEM_CELL = PatternFill("solid", fgColor="FFF2D6"), PatternFill("solid", fgColor="FFC857")
HEADING = PatternFill("solid", fgColor=ACCENT)
MOST_LETTERS_OF_TITLE = 31
NOT_IN_TITLES = str.maketrans("[]:*?/\\", "()-  --")
AUTHOR = "Digital Badges"
TYPEFACE = "Calibri"
WIDTH_OF_COMMENT, HEIGHT_OF_LINE, LETTERS_ON_LINE = 320, 18, 44


@dataclass(frozen=True, slots=True)
class BackRow:
    """One row to hand back. `cells` are the texts by column (student_id, name, attended, award, badge codes, reason,
    remarks); `problem` is what is wrong, as a sentence, `problem_cells` where, and `what_to_do` the remedy."""

    sheet: str
    line: int
    cells: Mapping[str, str]
    problem: str = ""
    problem_cells: Sequence[str] = ()
    what_to_do: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Comments on cells without a problem, by column: what stood there before it was corrected."""
    is_struck: bool = False
    is_hidden: bool = False


def write_problem_sheet(code: str, rows: Sequence[BackRow], offered: Sequence[str]) -> bytes:
    """The XLSX file; each list of the upload has a worksheet of its own."""
    book = Workbook()
    book.remove(book.worksheets[0])
    titles: set[str] = set()
    for name, of_list in groupby(rows, key=lambda row: row.sheet):
        _write_list(book.create_sheet(_title(name, titles)), list(of_list), offered)
    add_hidden_sheet(book, SheetFor(code=code, title="", dates="", badges=()))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _title(name: str, taken: set[str]) -> str:
    """A name for the worksheet that programs accept and that no other has."""
    plain = " ".join(writable(name).translate(NOT_IN_TITLES).split()).strip("'")[:MOST_LETTERS_OF_TITLE] or "Attendance"
    title, number = plain, 1
    while title.casefold() in taken or title.startswith("_"):
        number += 1
        end = f" ({number})"
        title = plain[: MOST_LETTERS_OF_TITLE - len(end)].lstrip("_") + end
    taken.add(title.casefold())
    return title


def columns_of(rows: Sequence[BackRow], offered: Sequence[str]) -> list[str]:
    """The columns that the rows use, in the order of our own sheet; what is wrong stands last."""
    used = {key for row in rows for key in (*row.cells, *row.problem_cells)}
    first = [STUDENT_ID, NAME, ATTENDED, AWARD, *offered]
    others = list(dict.fromkeys(key for row in rows for key in row.cells if key not in (*first, REASON, REMARKS)))
    ordered = [*(key for key in first if key in used or key in (STUDENT_ID, NAME)), *others]
    return [*ordered, *(key for key in (REASON, REMARKS) if key in used), WHAT_TO_DO]


def heading_of(key: str) -> str:
    """What stands above a column; a session keeps its heading, where that says that it is one."""
    if not key.startswith(f"{SESSION}:"):
        return WORDS.get(key, key)
    _, number, name = key.split(":", 2)
    return name if meaning_of(name, ())[0] == SESSION else f"Session {int(number)}"


def _write_list(page: Worksheet, rows: Sequence[BackRow], offered: Sequence[str]) -> None:
    columns = columns_of(rows, offered)
    first = min(row.line for row in rows)
    shift = max(0, 2 - first)  # a list that began on the first line had no heading
    heading_line = min(first + shift - 1, HEADING_WITHIN)
    for column, key in enumerate(columns, 1):
        cell = put(page, heading_line, column, heading_of(key))
        cell.font, cell.fill = Font(name=TYPEFACE, bold=True, color="FFFFFF"), HEADING
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        page.column_dimensions[get_column_letter(column)].width = WIDTHS.get(key, WIDTH_OF_MARKS)
    page.row_dimensions[heading_line].height = 34
    for row in rows:
        _write_row(page, row, row.line + shift, columns)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.freeze_panes = f"C{heading_line + 1}"
    page.auto_filter.ref = f"A{heading_line}:{get_column_letter(len(columns))}{page.max_row}"


def _write_row(page: Worksheet, row: BackRow, line: int, columns: Sequence[str]) -> None:
    texts = {**row.cells, WHAT_TO_DO: row.what_to_do}
    for column, key in enumerate(columns, 1):
        text = texts.get(key, "")
        is_problem = bool(row.problem) and key in row.problem_cells
        comment = row.problem if is_problem else row.notes.get(key, "")
        if not (text or row.problem or comment):
            continue
        cell = put(page, line, column, text)
        if key == STUDENT_ID:
            cell.number_format = "@"
        with suppress(ValueError):
            if key in (PERCENT, MINUTES):
                cell.value, cell.number_format = float(text), "General"
            elif key not in (STUDENT_ID, NAME):
                cell.value, cell.number_format = _moment(text), "yyyy-mm-dd hh:mm"
        if row.problem:
            cell.fill = PROBLEM_CELL if is_problem else PROBLEM_ROW
        if row.is_struck and key != WHAT_TO_DO:
            cell.font = Font(name=TYPEFACE, strike=True)
        if comment:
            height = HEIGHT_OF_LINE * (2 + len(comment) // LETTERS_ON_LINE)
            cell.comment = Comment(writable(comment), AUTHOR, width=WIDTH_OF_COMMENT, height=height)
    if row.is_hidden:
        page.row_dimensions[line].hidden = True


def _moment(text: str) -> dt.datetime:
    """A time of signing in as the sheet had it; ValueError for any other text."""
    if "T" not in text or not text[:4].isdecimal():
        raise ValueError(text)
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError(text)
    return moment

"""The attendance sheet that an organiser downloads, prints as a sign-in sheet, and fills in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accounts.sheets.tables import safe
from awards.attendance.codes import HIDDEN_SHEET
from awards.attendance.reading import REASONS

TEMPLATE = "attendance-template 2"
BLANK_LINES = 40
"""Empty lines below the participants, for people who come without a place."""

INK, ACCENT, PALE, RULE = "1F2937", "0B3B8C", "EAF1FB", "B6C2D4"
HEADINGS = ("Student ID\n學生編號", "Student Name\n學生姓名", "Attended\n出席")
AWARD_HEADING = "Award badge\n頒發徽章"
LAST_HEADINGS = ("Reason\n原因", "Remarks\n備註", "Signature\n簽名")
HOW = (
    "Mark Y or N in every column; N for a badge means attended, badge not awarded. The student sees the reason.",
    "每欄填 Y 或 N；徽章欄填 N 表示有出席但不獲徽章。學生會看到原因。",
)
WIDTHS = {"id": 23, "name": 34, "mark": 16, "reason": 24, "remarks": 22, "signature": 20}


@dataclass(frozen=True, slots=True)
class SheetFor:
    """What a sheet is made for. `badges` are (code, name), `participants` (number, name), in their order.

    `reasons` are (value, words) of the reasons for withholding, for the drop-down list; an empty `badges` means a
    single column for all badges on offer.
    """

    code: str
    title: str
    dates: str
    badges: Sequence[tuple[str, str]]
    participants: Sequence[tuple[str, str]] = ()
    reasons: Sequence[tuple[str, str]] = REASONS


def write_sheet(sheet: SheetFor) -> bytes:
    """The XLSX file for one activity."""
    badges = [f"{code}\n{name}" for code, name in sheet.badges] or [AWARD_HEADING]
    return _write(sheet, badges)


def write_blank_sheet(reasons: Sequence[tuple[str, str]] = REASONS) -> bytes:
    """The generic XLSX file, whose single "Award badge" column means all badges on offer."""
    return _write(SheetFor(code="", title="", dates="", badges=(), reasons=reasons), [AWARD_HEADING])


def _write(sheet: SheetFor, badges: Sequence[str]) -> bytes:
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "Attendance"
    headings = [*HEADINGS, *badges, *LAST_HEADINGS]
    heading_line = _write_head(page, sheet, len(headings))
    _write_headings(page, headings, heading_line)
    last_line = _write_lines(page, sheet, len(headings), heading_line)
    _add_choices(page, sheet, len(badges), heading_line + 1, last_line)
    _set_up_page(page, sheet, len(headings), heading_line, last_line)
    add_hidden_sheet(book, sheet)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def put(page: Worksheet, line: int, column: int, text: str) -> Cell:
    """Writes text as text, whatever it looks like."""
    cell = page.cell(line, column)
    assert isinstance(cell, Cell)
    cell.value = safe(text)
    cell.data_type = "s"
    return cell


def _write_head(page: Worksheet, sheet: SheetFor, columns: int) -> int:
    """The head block; gives the line of the headings."""
    head = (
        ("Activity code 活動編號", sheet.code),
        ("Activity 活動", sheet.title),
        ("Date 日期", sheet.dates),
        ("Template 範本", TEMPLATE),
    )
    for line, (label, value) in enumerate(head, 1):
        put(page, line, 1, label).font = Font(bold=True, color=ACCENT, size=10)
        cell = put(page, line, 2, value)
        cell.font = Font(bold=line == 2, color=INK, size=12 if line == 2 else 10)
        cell.number_format = "@"
        page.merge_cells(start_row=line, end_row=line, start_column=2, end_column=columns)
        page.row_dimensions[line].height = 20 if line == 2 else 16
    for line, words in enumerate(HOW, len(head) + 1):
        put(page, line, 1, words).font = Font(italic=True, color="52606D", size=9)
        page.merge_cells(start_row=line, end_row=line, start_column=1, end_column=columns)
    return len(head) + len(HOW) + 2


def _write_headings(page: Worksheet, headings: Sequence[str], line: int) -> None:
    for column, heading in enumerate(headings, 1):
        cell = put(page, line, column, heading)
        cell.font = Font(bold=True, color="FFFFFF", size=10)
        cell.fill = PatternFill("solid", fgColor=ACCENT)
        is_mark = 3 <= column <= len(headings) - len(LAST_HEADINGS)
        cell.alignment = Alignment(horizontal="center" if is_mark else "left", vertical="center", wrap_text=True)
        cell.border = _rule()
    page.row_dimensions[line].height = (
        14 * (1 + max(heading.count("\n") + len(heading) // 24 for heading in headings)) + 8
    )
    kinds = ["id", "name", *["mark"] * (len(headings) - 5), "reason", "remarks", "signature"]
    for column, kind in enumerate(kinds, 1):
        page.column_dimensions[get_column_letter(column)].width = WIDTHS[kind]


def _write_lines(page: Worksheet, sheet: SheetFor, columns: int, heading_line: int) -> int:
    """The participants and empty lines below them; gives the last line."""
    last = heading_line + len(sheet.participants) + BLANK_LINES
    rule, pale = _rule(), PatternFill("solid", fgColor=PALE)
    middle = Alignment(horizontal="center", vertical="center")
    for line in range(heading_line + 1, last + 1):
        for column in range(1, columns + 1):
            cell = page.cell(line, column)
            cell.border = rule
            cell.alignment = middle if 3 <= column <= columns - len(LAST_HEADINGS) else Alignment(vertical="center")
            if (line - heading_line) % 2 == 0:
                cell.fill = pale
        page.cell(line, 1).number_format = "@"
        page.row_dimensions[line].height = 20
    for line, (number, name) in enumerate(sheet.participants, heading_line + 1):
        put(page, line, 1, number)
        put(page, line, 2, name)
    return last


def _rule() -> Border:
    side = Side(style="thin", color=RULE)
    return Border(left=side, right=side, top=side, bottom=side)


def _add_choices(page: Worksheet, sheet: SheetFor, badges: int, first: int, last: int) -> None:
    marks = DataValidation(type="list", formula1='"Y,N"', allow_blank=True, showErrorMessage=True)
    marks.errorTitle, marks.error = "Y / N", "Y or N, please. 請填 Y 或 N。"
    marks.add(f"C{first}:{get_column_letter(3 + badges)}{last}")
    page.add_data_validation(marks)
    if sheet.reasons:
        words = ",".join(reason.replace(",", " ").replace('"', "") for _, reason in sheet.reasons)
        reasons = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=False)
        reasons.add(f"{get_column_letter(4 + badges)}{first}:{get_column_letter(4 + badges)}{last}")
        page.add_data_validation(reasons)


def _set_up_page(page: Worksheet, sheet: SheetFor, columns: int, heading_line: int, last_line: int) -> None:
    """A4 across, the headings on every page, nobody's name in the footer."""
    page.freeze_panes = f"C{heading_line + 1}"
    page.sheet_view.showGridLines = False
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{heading_line}:{heading_line}"
    page.print_area = f"A1:{get_column_letter(columns)}{last_line}"
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.5, 0.75
    page.oddFooter.left.text = sheet.code.replace("&", "&&")
    page.oddFooter.right.text = "&P / &N"


def add_hidden_sheet(book: Workbook, sheet: SheetFor) -> None:
    """Says in the file itself which activity it was made for."""
    hidden = book.create_sheet(HIDDEN_SHEET)
    hidden.sheet_state = "veryHidden"
    lines = (("code", sheet.code), ("template", TEMPLATE)) if sheet.code else (("template", TEMPLATE),)
    for line, (key, value) in enumerate(lines, 1):
        put(hidden, line, 1, key)
        put(hidden, line, 2, value)

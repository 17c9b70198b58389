"""Tables that the portal gives out, as XLSX and CSV, without a formula from a name. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is a formula to some programs; full-width forms too."""
LONGEST = 32_000
"""Characters that a cell can hold, a little less than Excel's limit."""

Value = str | int | dt.date | dt.datetime | None
"""What a cell of ours can be; a moment is given in the institution's time zone, without saying so."""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, rows under them, and who made it from what (`about`: label and value)."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]
    about: Sequence[tuple[str, str]] = field(default=())


def safe(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, without control characters.

    A leading full-width or plain sign gets a space before it; nothing else of a name changes.
    """
    plain = writable(text)
    return f" {plain}" if unicodedata.normalize("NFKC", plain)[:1] in DANGEROUS else plain


def writable(text: str) -> str:
    """Text without the characters that no file of this kind can hold."""
    plain = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cs") or letter == "\n")
    return plain.replace("\ufffe", "").replace("\uffff", "").strip()


def xlsx_of(table: Table, about_title: str = "About") -> bytes:
    """The table as a workbook; what it is about stands on a second worksheet."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(table.title))
    page.freeze_panes = "A2"
    for number, heading in enumerate(table.headings, 1):
        page.column_dimensions[get_column_letter(number)].width = min(max(len(heading) + 4, 14), 44)
    page.append([_heading(page, heading) for heading in table.headings])
    for row in table.rows:
        page.append([_cell(page, value) for value in row])
    if table.about:
        about = book.create_sheet(_sheet_name(about_title))
        about.column_dimensions["A"].width, about.column_dimensions["B"].width = 28, 80
        for label, value in table.about:
            about.append([_heading(about, label), _cell(about, value)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_of(table: Table) -> bytes:
    """The table as CSV: UTF-8 with the mark by which Excel knows it, dates as 2026-05-12."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    for row in (table.headings, *table.rows):
        writer.writerow([_text(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _text(value: Value) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, str):
        text = safe(value)
        return f"'{text.lstrip()}" if text.startswith(" ") else text
    return "" if value is None else str(value)


def _cell(page: object, value: Value) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, safe(value)[:LONGEST] if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.alignment = Alignment(vertical="top", wrap_text=len(value) > 40)
    elif isinstance(value, dt.datetime):
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
    elif isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _heading(page: object, text: str) -> WriteOnlyCell:
    cell = _cell(page, text)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="0B2A4A")
    return cell


def _sheet_name(text: str) -> str:
    """Without what Excel does not allow in the name of a worksheet, and short enough."""
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in text)[:31].strip() or "Sheet"

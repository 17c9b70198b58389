"""What we give out opens again as it was, and no cell is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.sheets.tables import DANGEROUS, Table, csv_of, safe, xlsx_of

NOON = dt.datetime(2026, 5, 12, 12, 0)
TABLE = Table(
    "Overdue: all/any",
    ["Code", "Days", "Due", "At"],
    [["DB2526-0001", 7, dt.date(2026, 5, 12), NOON], ["=1+1", -3, None, NOON]],
    [("Made by", "LAM Adam"), ("Why", "=cmd()")],
)


def test_a_workbook_opens_again_with_numbers_and_dates_as_such() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(TABLE)))
    assert book.sheetnames == ["Overdue  all any", "About"]
    assert [[cell.value for cell in row] for row in book.worksheets[0]] == [
        ["Code", "Days", "Due", "At"],
        ["DB2526-0001", 7, dt.datetime(2026, 5, 12), NOON],
        [" =1+1", -3, None, NOON],
    ]
    assert [[cell.value for cell in row] for row in book["About"]] == [["Made by", "LAM Adam"], ["Why", " =cmd()"]]
    assert {cell.data_type for sheet in book for row in sheet for cell in row} == {"s", "n", "d"}


def test_csv_has_the_mark_and_quotes_what_looks_like_a_formula() -> None:
    data = csv_of(TABLE)
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == [
        ["Code", "Days", "Due", "At"],
        ["DB2526-0001", "7", "2026-05-12", "2026-05-12 12:00:00"],
        ["'=1+1", "-3", "", "2026-05-12 12:00:00"],
    ]


@given(st.text(max_size=30))
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert not safe(text).startswith(DANGEROUS)


@hypothesis_settings(max_examples=40)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
@pytest.mark.thorough
def test_any_text_opens_again_as_text(texts: list[str]) -> None:
    table = Table("T", ["H"], [[text] for text in texts])
    page = openpyxl.load_workbook(io.BytesIO(xlsx_of(table))).worksheets[0]
    kinds = [page.cell(line, 1).data_type for line in range(2, len(texts) + 2)]
    assert "f" not in kinds
    written = list(csv.reader(io.StringIO(csv_of(table).decode("utf-8-sig"), newline="")))
    assert not any(row and row[0].startswith(DANGEROUS) for row in written)


@pytest.mark.parametrize("title", ["", "'[]:*?/\\", "x" * 50])
def test_any_title_is_a_name_of_a_worksheet(title: str) -> None:
    names = openpyxl.load_workbook(io.BytesIO(xlsx_of(Table(title, ["H"], [])))).sheetnames
    assert len(names) == 1
    assert 0 < len(names[0]) <= 31

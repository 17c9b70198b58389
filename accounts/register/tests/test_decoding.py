"""Bytes of a CSV file → rows of cells."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.register.decoding import decode, read_csv
from accounts.sheets.workbook import Refusal

TRADITIONAL = "student_id,name_zh\r\n200135791,陳大文\r\n200135792,司徒樂瑤\r\n200135793,黃詠詩\r\n"
SIMPLIFIED = "student_id,name_zh\r\n200135791,陈大文\r\n200135792,司徒乐瑶\r\n200135793,黄咏诗\r\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found", "is_guess"),
    [
        (TRADITIONAL, "utf-8", "utf-8", False),
        (TRADITIONAL, "utf-8-sig", "utf-8-sig", False),
        (TRADITIONAL, "utf-16", "utf-16", False),
        (TRADITIONAL, "big5", "big5hkscs", True),
        (SIMPLIFIED, "gb18030", "gb18030", True),
        ("student_id\n1\n", "ascii", "utf-8", False),
    ],
)
def test_the_encoding_is_found(text: str, encoding: str, found: str, is_guess: bool) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.is_guess) == (text, found, is_guess)


def test_utf_16_of_either_byte_order_is_read() -> None:
    for order, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        assert decode(mark + TRADITIONAL.encode(order)).text == TRADITIONAL


@pytest.mark.parametrize("data", [b"a\0b", b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xff\xff", b"\xff\xfe\x00"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        decode(data)
    assert refused.value.code == "not_text"


@pytest.mark.parametrize(
    ("text", "rows", "first_line"),
    [
        ("a,b\n1,2\n", (("a", "b"), ("1", "2")), 1),
        ("a;b\n1,5;2\n", (("a", "b"), ("1,5", "2")), 1),
        ("a\tb\n1\t2", (("a", "b"), ("1", "2")), 1),
        ("sep=;\na;b\n", (("a", "b"),), 2),
        ('"sep=,"\r\na,b\n', (("a", "b"),), 2),
        ('a,b\n"x\ny",2\n3,4\n', (("a", "b"), ("x\ny", "2"), (), ("3", "4")), 1),
        ("\n\na,b\n", ((), (), ("a", "b")), 1),
    ],
)
def test_cells_and_lines_are_those_of_the_spreadsheet(
    text: str, rows: tuple[tuple[str, ...], ...], first_line: int
) -> None:
    (sheet,) = read_csv(text.encode()).sheets
    assert (sheet.rows, sheet.first_line) == (rows, first_line)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n ", "empty_file"),
        (b'a,b\n"never closed,1\n' + b"x,y\n" * 10, "csv_broken"),
        (b'a,b\n"never closed,1\nx,y\n', "csv_broken"),
        (b"a,b\n" + b"x" * 200_000 + b",1\n", "csv_broken"),
    ],
)
def test_a_broken_file_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_csv(data)
    assert refused.value.code == code


NAMES = st.text(alphabet="陳李張黃何歐陽司徒吳詠詩俊熙嘉欣子傑小明凱晴大文樂瑤", min_size=2, max_size=4)


@given(st.lists(NAMES, min_size=3, max_size=30))
def test_big5_names_of_students_are_never_taken_for_gb18030(names: list[str]) -> None:
    text = "student_id,name_zh\n" + "".join(f"2001357{n:02},{name}\n" for n, name in enumerate(names))
    assert decode(text.encode("big5")).text == text


@given(st.lists(st.lists(st.text(st.characters(categories=["L", "N", "P"]), max_size=8), min_size=2), min_size=1))
def test_what_a_spreadsheet_program_writes_is_read_back(grid: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c", "d"], *grid])
    (sheet,) = read_csv(out.getvalue().encode()).sheets
    assert [list(row) for row in sheet.rows[1:]] == grid


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    code, cells = "", []
    try:
        cells = [cell for row in read_csv(data).sheets[0].rows for cell in row]
    except Refusal as refusal:
        code = refusal.code
    assert code in {"", "empty_file", "not_text", "csv_broken"}
    assert all(isinstance(cell, str) for cell in cells)

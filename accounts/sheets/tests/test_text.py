"""Text files: the encoding, the delimiter, the lines, and nothing lost on the way."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.sheets.formats import read_workbook
from accounts.sheets.refused import Refused
from accounts.sheets.text import decode, delimiter_of, read_lines, read_text
from accounts.sheets.workbook import Limits

LIMITS: dict[str, Any] = asdict(Limits())
TRADITIONAL = "student_id,name_zh\r\n200135791,陳大文\r\n200135792,司徒樂瑤\r\n200135793,黃詠詩\r\n"
SIMPLIFIED = "student_id,name_zh\r\n200135791,陈大文\r\n200135792,司徒乐瑶\r\n200135793,黄咏诗\r\n"


def refusal_of(data: bytes, **limits: int) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refused) as refused:
        read_text(data, LIMITS | limits)
    return refused.value.code, refused.value.details


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (TRADITIONAL, "utf-8", ["utf-8"]),
        (TRADITIONAL, "utf-8-sig", ["utf-8"]),
        (TRADITIONAL, "utf-16", ["utf-16"]),
        ("student_id\n1\n", "ascii", ["utf-8"]),
        (TRADITIONAL, "big5", ["big5hkscs", "gb18030", "cp1252"]),
        (SIMPLIFIED, "gb18030", ["gb18030", "big5hkscs", "cp1252"]),
        ("姓名\n𠝹啲嘢\n", "big5hkscs", ["big5hkscs", "gb18030"]),
        ("姓名\n𠮷㐂\n", "gb18030", ["gb18030"]),
        ("name\nRené,1\n", "cp1252", ["cp1252"]),
    ],
)
def test_the_encodings_that_the_bytes_allow_are_found(text: str, encoding: str, found: list[str]) -> None:
    decoded = decode(text.encode(encoding))
    assert [name for name, _ in decoded] == found
    assert decoded[0][1] == text


def test_utf_16_of_either_byte_order_is_read() -> None:
    for order, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        assert decode(mark + TRADITIONAL.encode(order)) == [("utf-16", TRADITIONAL)]


@pytest.mark.parametrize(
    ("data", "is_guess"),
    [(TRADITIONAL.encode(), False), (TRADITIONAL.encode("big5"), True), ("Renée,1".encode("cp1252"), True)],
)
def test_a_guess_is_called_one(data: bytes, is_guess: bool) -> None:
    workbook = read_workbook(data)
    assert (workbook.format, workbook.encoding_is_guessed) == ("csv", is_guess)
    assert len({reading.encoding for reading in workbook.readings}) == len(workbook.readings)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a\0b", "not_a_spreadsheet"),
        (b"\xff\xff\xff\x81\x81", "not_a_spreadsheet"),
        (b"\xff\xfe\x00", "damaged"),
        (b"\xef\xbb\xbf\xff\xff", "damaged"),
        (bytes(range(1, 32)) * 9, "not_a_spreadsheet"),
        (b"", "empty_file"),
        (b" \r\n \x1a", "empty_file"),
        (b'a,b\n"never closed,1\n' + b"x,y\n" * 10, "csv_broken"),
        (b'a,b\n"never closed,1\nx,y\n', "csv_broken"),
        (b'a,b\n1,"x', "csv_broken"),
        (b"a,b\n" + b"x" * 200_000 + b",1\n", "csv_broken"),
    ],
)
def test_what_is_no_text_or_is_broken_is_refused(data: bytes, code: str) -> None:
    assert refusal_of(data)[0] == code


def test_the_limits_hold() -> None:
    grid = b"a,b,c\n" * 10
    assert refusal_of(grid, max_row=9) == ("too_many_rows", {"limit": 9})
    assert refusal_of(grid, max_column=2) == ("too_many_columns", {"limit": 2})
    assert refusal_of(grid, max_cells=29) == ("too_many_cells", {"limit": 29})
    assert read_text(grid, LIMITS | {"max_row": 10, "max_column": 3, "max_cells": 30})["format"] == "csv"
    assert read_text(b"a,b\n1,2\n" + b",,,\n" * 50, LIMITS | {"max_row": 2, "max_column": 2})["format"] == "csv"


def test_six_line_breaks_in_a_cell_are_a_cell_and_seven_are_a_quotation_mark_left_open() -> None:
    assert read_lines('a,b\n"' + "x\n" * 6 + '",1', LIMITS)[1][0] == "x\n" * 6
    assert refusal_of(b'a,b\n"' + b"x\n" * 7 + b'",1') == ("csv_broken", {"line": 2})


@pytest.mark.parametrize(
    ("text", "line"),
    [('a,b\n1,2\n"open,1\nx,y\n', 3), ('sep=;\na;b\n"open;1\n', 3), ('"open,1\n' + "x,y\n" * 20, 1)],
)
def test_the_line_of_the_open_quotation_mark_is_told(text: str, line: int) -> None:
    assert refusal_of(text.encode()) == ("csv_broken", {"line": line})


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]),
        ("sep=;\na;b\n", [[], ["a", "b"]]),
        ("SEP=|\r\na|b,c\n", [[], ["a", "b,c"]]),
        ('"sep=,"\r\na,b\n', [[], ["a", "b"]]),
        ("sep=\t\na\tb", [[], ["a", "b"]]),
        ('a,b\n"x\ny",2\n3,4\n', [["a", "b"], ["x\ny", "2"], [], ["3", "4"]]),
        ("\n\na,b\n", [[], [], ["a", "b"]]),
        ("a,b\n1,2\n\n,,,\n", [["a", "b"], ["1", "2"]]),
        ('a,b\n5" disk,x "y" z\n', [["a", "b"], ['5" disk', 'x "y" z']]),
        ("separate,b\n1,2", [["separate", "b"], ["1", "2"]]),
    ],
)
def test_row_n_is_what_begins_on_line_n(text: str, rows: list[list[str]]) -> None:
    assert read_lines(text, LIMITS) == rows


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Workshop, part 2, 3, 4 and 5\nID;Name;Attended\n1;CHAN, Sam;Y\n2;WONG, Suki;N\n", ";"),
        ("ID\tName\n1\tLAM Hoi Ching, Peter\n2\tNG Wing Sze, Karen\n", "\t"),
        ('ID,Name,Attended\n1,"a;b;c;d;e;f;g",Y\n', ","),
        ("ID\n1\n2\n", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_the_one_that_makes_a_table(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5hkscs"])
WORDS = st.text(alphabet='abz059 .陳大文黃詠詩"\n-', max_size=8)
TIDY = WORDS.filter(lambda word: word.count("\n") <= 6)


def grids(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8)


def written(rows: list[list[str]], delimiter: str, quoting: Any = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows(rows)
    return out.getvalue()


def filled(rows: Any) -> list[list[str]]:
    """The rows that have something, without the blanks at their ends."""
    cut = [[cell or "" for cell in row] for row in rows]
    for row in cut:
        while row and not row[-1]:
            row.pop()
    return [row for row in cut if row]


@given(grids(TIDY), ENCODINGS, st.sampled_from(",;\t"))
def test_what_a_program_writes_is_read_back(rows: list[list[str]], encoding: str, delimiter: str) -> None:
    table = [["Student ID", "姓名", "Attended"], *rows]
    answer = read_text(written(table, delimiter).encode(encoding), LIMITS)
    readings = {reading["encoding"]: reading["sheets"][0]["rows"] for reading in (answer, *answer["others"])}
    assert filled(table) == filled(readings[encoding.removesuffix("-sig")])


@given(
    grids(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n"), max_size=9)),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_any_text_is_read_back_where_the_delimiter_is_named(
    rows: list[list[str]], delimiter: str, quoting: Any
) -> None:
    if any(cell.count("\n") > 6 for row in rows for cell in row):
        return
    text = f"sep={delimiter}\r\n" + written(rows, delimiter, quoting)
    assert filled(read_lines(text, LIMITS)) == filled(rows)


@given(st.lists(st.text(alphabet='ab"\n', max_size=9), min_size=1, max_size=9))
def test_every_row_stands_at_the_line_on_which_it_begins(cells: list[str]) -> None:
    if any(cell.count("\n") > 6 for cell in cells):
        return
    rows = [[f"x{number}", cell] for number, cell in enumerate(cells)]
    text = "\n".join(written([row], ",", csv.QUOTE_ALL).rstrip("\r\n") for row in rows)
    lines = text.split("\n")
    for number, row in enumerate(read_lines(text, LIMITS)):
        assert not row or lines[number].startswith(f'"{row[0]}"')


NAMES = st.text(alphabet="陳李張黃何歐陽司徒吳詠詩俊熙嘉欣子傑小明凱晴大文樂瑤", min_size=2, max_size=4)


@given(st.lists(NAMES, min_size=3, max_size=30))
def test_big5_names_of_students_are_likeliest_big5(names: list[str]) -> None:
    text = "student_id,name_zh\n" + "".join(f"2001357{n:02},{name}\n" for n, name in enumerate(names))
    assert decode(text.encode("big5"))[0] == ("big5hkscs", text)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with suppress(Refused):
        assert read_text(data, LIMITS)["format"] == "csv"


@pytest.mark.thorough
@hypothesis_settings(deadline=None, max_examples=15)
@given(st.binary(min_size=1, max_size=60), st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=,\n", b'"']))
def test_no_bytes_break_the_parent(data: bytes, head: bytes) -> None:
    from accounts.sheets.workbook import Refusal

    with suppress(Refusal):
        for reading in read_workbook(head + data).readings:
            assert all(cell is None or isinstance(cell, str) for row in reading.sheets[0].rows for cell in row)

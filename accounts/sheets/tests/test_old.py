"""Old Excel workbooks: honest ones are read whole, hostile ones refused, and nothing is lost in silence."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.sheets.formats import read_workbook
from accounts.sheets.old_strings import blank_strings
from accounts.sheets.refused import Refused
from accounts.sheets.tests.made_old import (
    book,
    compound,
    error,
    hidden,
    label,
    merge,
    number,
    record,
    shared,
    text,
)
from accounts.sheets.workbook import Refusal

pytestmark = pytest.mark.thorough

LIST = b"".join(
    [
        label(1, 0, "Student ID"),
        label(1, 1, "姓名"),
        number(2, 0, 200135791),
        label(2, 1, "陳大文", style=1),
        hidden(3),
        number(3, 0, 200135792),
        error(3, 1, 42),
        label(4, 0, " "),
        label(5, 1, "end"),
        merge(2, 4, 1, 1),
    ]
)
GOOD = compound(book(("List", 0, LIST), ("_portal", 1, label(1, 0, "code"))))


def refusal_of(data: bytes) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(Refusal) as refused:
        read_workbook(data)
    return refused.value.code, dict(refused.value.details)


def test_an_old_workbook_is_read_with_all_that_its_reader_does_not_tell() -> None:
    workbook = read_workbook(GOOD)
    sheet, portal = workbook.sheets
    assert workbook.format == "xls"
    assert sheet.rows == (
        ("Student ID", "姓名"),
        (200135791.0, "陳大文"),
        (200135792.0, "#N/A"),
        (" ", None),
        (None, "end"),
    )
    assert (sheet.hidden_lines, sheet.error_cells, sheet.struck_cells) == ({3}, {(3, 1)}, {(2, 1)})
    assert sheet.merged_cells == {(3, 1), (4, 1)}
    assert (portal.name, portal.is_visible, portal.rows) == ("_portal", False, (("code",),))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["EncryptedPackage", "EncryptionInfo"], ("password", {})),
        (["WordDocument"], ("not_a_spreadsheet", {"kind": "office"})),
        (["PowerPoint Document"], ("not_a_spreadsheet", {"kind": "office"})),
        (["__properties_version1.0"], ("not_a_spreadsheet", {"kind": "mail"})),
        (["Something"], ("not_a_spreadsheet", {"kind": "unknown"})),
    ],
)
def test_what_else_such_a_file_may_be_is_told_by_its_streams(
    names: list[str], expected: tuple[str, dict[str, str]]
) -> None:
    assert refusal_of(compound(b"x", names)) == expected


@pytest.mark.parametrize("name", ["WORKBOOK", "BOOK", "Book"])
def test_a_report_generator_may_write_the_name_of_the_stream_in_capitals(name: str) -> None:
    assert read_workbook(compound(book(("List", 0, LIST)), [name])).sheets[0].rows[0] == ("Student ID", "姓名")


def test_a_letter_embedded_in_a_workbook_does_not_make_it_a_letter() -> None:
    stream = book(("List", 0, LIST))
    assert len(read_workbook(compound(stream, ["Workbook"], ["WordDocument"])).sheets) == 1
    assert refusal_of(compound(stream, ["WordDocument"], ["Workbook"])) == ("not_a_spreadsheet", {"kind": "office"})


def sheet(records: bytes, head: bytes = b"") -> bytes:
    return compound(book(("S", 0, records), head=head))


LOOP = bytearray(GOOD)
LOOP[-512:-508] = struct.pack("<L", 0)
HOSTILE = {
    "a password inside": (sheet(label(1, 0, "x"), head=record(0x2F, bytes(6))), "password"),
    "two cells far apart": (sheet(number(1, 0, 1) + number(65_536, 0, 1)), "too_many_rows"),
    "a far column": (sheet(number(1, 0, 1) + number(1, 65_535, 1)), "too_many_columns"),
    "a chain in a circle": (bytes(LOOP), "damaged"),
    "cut in half": (GOOD[: len(GOOD) // 2], "damaged"),
    "only a head": (GOOD[:1_000], "damaged"),
    "a record beyond the end": (compound(book(("S", 0, b"\x03\x02\xff\xff"))), "damaged"),
    "two sheets of one name": (compound(book(("S", 0, b""), ("s", 0, b""))), "damaged"),
    "many sheets": (compound(book(*((f"S{n}", 0, b"") for n in range(51)))), "too_many_sheets"),
    "a false count of strings": (
        sheet(shared(1, 0, 0), head=record(0xFC, struct.pack("<2L", 9, 0xFFFF_FFFF) + text("x"))),
        "too_many_strings",
    ),
    "a string longer than the table": (
        sheet(shared(1, 0, 0), head=record(0xFC, struct.pack("<2LHB", 1, 1, 60_000, 0) + b"x")),
        "damaged",
    ),
    "a string that is not there": (sheet(shared(1, 0, 7)), "damaged"),
    "no list of sheets": (compound(bytes(600)), "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    data, code = HOSTILE[name]
    assert refusal_of(data)[0] == code


def test_a_shared_string_goes_on_in_the_next_record() -> None:
    first = struct.pack("<2L", 3, 3) + struct.pack("<HB", 4, 0) + b"  "
    rest = (
        b"\x01" + " x".encode("utf-16-le") + struct.pack("<HB", 0, 0) + struct.pack("<HBH", 2, 8, 1) + b"  " + bytes(4)
    )
    assert blank_strings([first, rest], 10) == {1: True, 2: False}
    with pytest.raises(Refused):
        blank_strings([first], 10)


@pytest.mark.thorough
@hypothesis_settings(deadline=None, max_examples=25)
@given(st.integers(8, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_byte_never_gets_past_the_refusals(at: int, change: int) -> None:
    data = bytearray(GOOD)
    data[at] ^= change
    with suppress(Refusal):
        read_workbook(bytes(data))

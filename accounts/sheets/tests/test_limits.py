"""Every limit is a setting, reaches the guarded child, and stops what is just above it, not what is just below."""

from __future__ import annotations

import zipfile
from dataclasses import asdict, fields, replace
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from django.conf import settings as portal_settings

from accounts.sheets.formats import read_workbook
from accounts.sheets.limits import limits_in_force, most_megabytes
from accounts.sheets.tests.test_formats import MAIN, archive, parts, sheet_xml
from accounts.sheets.workbook import Limits, Refusal, megabytes

pytestmark = pytest.mark.thorough


def outcome(data: bytes, **limits: int) -> str | tuple[str, dict[str, Any]]:
    try:
        return read_workbook(data, replace(Limits(), **limits)).format
    except Refusal as refusal:
        return refusal.code, dict(refusal.details)


def book(*rows: list[Any], sheets: int = 1) -> bytes:
    made = openpyxl.Workbook()
    for row in rows or [["x"]]:
        made.active.append(row)
    for number in range(1, sheets):
        made.create_sheet(f"More {number}")["A1"] = number
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def entries(data: bytes) -> list[zipfile.ZipInfo]:
    return zipfile.ZipFile(BytesIO(data)).infolist()


def elements(data: bytes) -> int:
    file = zipfile.ZipFile(BytesIO(data))
    read = [name for name in file.namelist() if name.endswith((".xml", ".rels"))]
    return sum(1 for name in read for _ in ElementTree.fromstring(file.read(name)).iter())


STRINGS = f'<sst {MAIN} count="3"><si><t>a</t></si><si><t>b</t></si><si><t>c</t></si></sst>'
THREE_STRINGS = archive(
    parts(sheet_xml('<row r="1"><c r="A1" t="s"><v>2</v></c></row>')) | {"xl/sharedStrings.xml": STRINGS}
)
SMALL = archive(parts())
TEXT = b"Student ID,Name\n240000001,CHAN Sam\n"
GRID = book(["a", "b"], [None], ["c"])


@pytest.mark.parametrize(
    ("name", "data", "size", "refused"),
    [
        ("max_bytes", TEXT, len(TEXT), ("too_big", {"megabytes": megabytes(len(TEXT) - 1)})),
        ("max_inflated", SMALL, sum(e.file_size for e in entries(SMALL)), ("too_big_inside", {})),
        ("max_entries", SMALL, len(entries(SMALL)), ("too_many_parts", {"limit": len(entries(SMALL)) - 1})),
        ("max_elements", SMALL, elements(SMALL), ("too_many_elements", {"limit": elements(SMALL) - 1})),
        ("max_strings", THREE_STRINGS, 3, ("too_many_strings", {"limit": 2})),
        ("max_sheets", book(sheets=3), 3, ("too_many_sheets", {"limit": 2})),
        ("max_row", GRID, 3, ("too_many_rows", {"limit": 2})),
        ("max_column", GRID, 2, ("too_many_columns", {"limit": 1})),
        ("max_cells", GRID, 3, ("too_many_cells", {"limit": 2})),
        ("max_row", b"a\n\nb\n\n", 3, ("too_many_rows", {"limit": 2})),
        ("max_column", b"a,,c\n", 3, ("too_many_columns", {"limit": 2})),
        ("max_cells", b"a,,c\n", 2, ("too_many_cells", {"limit": 1})),
    ],
)
def test_a_file_at_the_limit_is_read_and_one_above_it_is_refused(
    name: str, data: bytes, size: int, refused: tuple[str, dict[str, Any]]
) -> None:
    assert outcome(data, **{name: size}) in ("xlsx", "csv")
    assert outcome(data, **{name: size - 1}) == (refused[0], refused[1] or {"megabytes": megabytes(size - 1)})


@pytest.mark.thorough
def test_reading_ends_with_the_time_and_the_memory_that_are_allowed() -> None:
    slow = archive(parts(sheet_xml("".join(f'<row r="{n}"/>' for n in range(1, 1_000_000)))))
    assert outcome(slow, cpu_seconds=1, wall_seconds=60) == ("timeout", {"seconds": 1})
    assert outcome(slow, cpu_seconds=60, wall_seconds=1) == ("timeout", {"seconds": 1})
    wide = b"\n".join([b",".join([b"x" * 30_000] * 100)] * 10)
    assert outcome(wide, max_bytes=2**30) == "csv"
    assert outcome(wide, max_bytes=2**30, address_space=128 * 2**20) == ("too_much_memory", {"megabytes": 128})


def test_every_limit_but_the_depth_is_a_setting_with_the_default_of_the_contract() -> None:
    by_settings = {"max_bytes", *portal_settings.SHEET_LIMITS}
    assert by_settings == {field.name for field in fields(Limits)} - {"max_depth"}
    assert limits_in_force() == Limits()


def test_the_settings_reach_the_reader(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 500_000
    settings.SHEET_LIMITS = {**settings.SHEET_LIMITS, "max_row": 7}
    assert asdict(limits_in_force()) == asdict(Limits()) | {"max_bytes": 500_000, "max_row": 7}
    assert most_megabytes() == "0.48"


def test_sizes_are_said_in_megabytes() -> None:
    assert [megabytes(size) for size in (5 * 2**20, 2**20, 1_500_000, 34)] == [5, 1, "1.4", "3.2e-05"]

"""OpenDocument spreadsheets: repeats are counted, honest files read whole, hostile ones refused."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.sheets.formats import read_workbook
from accounts.sheets.workbook import Refusal, Worksheet

pytestmark = pytest.mark.thorough

SPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
STYLES = (
    '<office:automatic-styles><style:style style:name="struck" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
    "</office:automatic-styles>"
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)


def cell(text: str = "", attributes: str = "", kind: str = "string") -> str:
    value = f' office:value-type="{kind}"' if text else ""
    return f"<table:table-cell{value} {attributes}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def tables(*bodies: str) -> str:
    return "".join(f'<table:table table:name="S{n}">{body}</table:table>' for n, body in enumerate(bodies, 1))


def document(*bodies: str, before: str = "", manifest: str = "", mimetype: str = MIMETYPE, content: str = "") -> bytes:
    inside = content or tables(*bodies)
    xml = (
        f'<?xml version="1.0"?>{before}<office:document-content {SPACES} office:version="1.2">{STYLES}'
        f"<office:body><office:spreadsheet>{inside}</office:spreadsheet></office:body></office:document-content>"
    )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        file.writestr("content.xml", xml)
        file.writestr("META-INF/manifest.xml", MANIFEST.format(manifest))
    return stream.getvalue()


def only_sheet(*rows: str) -> Worksheet:
    (sheet,) = read_workbook(document("".join(rows))).sheets
    return sheet


def refusal_of(data: bytes) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(Refusal) as refused:
        read_workbook(data)
    return refused.value.code, dict(refused.value.details)


def test_repeated_rows_and_cells_stand_where_the_program_shows_them() -> None:
    sheet = only_sheet(
        row(cell("Student ID"), cell("", 'table:number-columns-repeated="2"'), cell("Name")),
        row(cell("", 'table:number-columns-repeated="1024"'), attributes='table:number-rows-repeated="2"'),
        row(cell("Y", 'table:number-columns-repeated="3"'), attributes='table:number-rows-repeated="2"'),
        row(cell("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048571"'),
    )
    assert [[value for value in line if value] for line in sheet.rows] == [
        ["Student ID", "Name"],
        [],
        [],
        ["Y", "Y", "Y"],
        ["Y", "Y", "Y"],
    ]
    assert sheet.rows[0][3] == "Name"


def test_what_the_reader_does_not_tell_is_noted() -> None:
    sheet = only_sheet(
        row(cell("a"), cell("b", 'table:style-name="struck"'), cell("top", 'table:number-rows-spanned="2"')),
        row(cell("hidden"), attributes='table:visibility="collapse"'),
        row(cell("filtered"), attributes='table:visibility="filter" table:number-rows-repeated="2"'),
        row(cell("#N/A", 'calcext:value-type="error"'), cell("", 'table:formula="of:=1+1"')),
    )
    assert sheet.struck_cells == {(1, 1)}
    assert sheet.merged_cells == {(2, 2)}
    assert sheet.hidden_lines == {2, 3, 4}
    assert (sheet.error_cells, sheet.rows[4][0]) == ({(5, 0)}, "#N/A")
    assert sheet.valueless_formulas == {(5, 1)}


def test_the_text_of_a_note_is_no_cell() -> None:
    note = "<office:annotation><text:p>a note</text:p></office:annotation>"
    sheet = only_sheet(row(f'<table:table-cell office:value-type="string">{note}<text:p>Y</text:p></table:table-cell>'))
    assert sheet.rows == (("Y",),)


def test_hidden_worksheets_are_marked() -> None:
    content = tables(row(cell("x"))) + tables(row(cell("code"))).replace('"S1"', '"_portal" table:style-name="hidden"')
    found = read_workbook(document(content=content)).sheets
    assert [(sheet.name, sheet.is_visible) for sheet in found] == [("S1", True), ("_portal", False)]


HOSTILE = {
    "a million rows": (row(cell("x"), attributes='table:number-rows-repeated="1048576"'), "too_many_rows"),
    "rows beyond the last": (row(cell("x"), attributes='table:number-rows-repeated="4294967295"'), "too_many_rows"),
    "a repeat without end": (row(cell("x"), attributes=f'table:number-rows-repeated="{"9" * 30}"'), "damaged"),
    "a repeat that is no number": (row(cell("x", 'table:number-columns-repeated="-1"')), "damaged"),
    "many columns": (row(cell("x", 'table:number-columns-repeated="500000000"')), "too_many_columns"),
    "many cells": (
        row(cell("x", 'table:number-columns-repeated="256"'), attributes='table:number-rows-repeated="20000"'),
        "too_many_cells",
    ),
    "a cell far down": (
        row(cell(), attributes='table:number-rows-repeated="1048575"') + row(cell("x")),
        "too_many_rows",
    ),
    "two thousand million spaces": (row(cell('<text:s text:c="2000000000"/>')), "damaged"),
    "a table in a table": (row(cell(tables(row(cell("x"))))), "too_complex"),
    "five hundred deep": ("<text:x>" * 500 + "</text:x>" * 500, "too_complex"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    body, code = HOSTILE[name]
    assert refusal_of(document(body))[0] == code


def test_entities_passwords_and_other_documents_are_refused() -> None:
    assert refusal_of(document(row(cell("&b;")), before=BOMB)) == ("damaged", {})
    encrypted = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert refusal_of(document(row(cell("x")), manifest=encrypted)) == ("password", {})
    scrambled = document(content="\x8f & not XML", manifest=encrypted)
    assert refusal_of(scrambled) == ("password", {})
    text = document(mimetype="application/vnd.oasis.opendocument.text")
    assert refusal_of(text) == ("not_a_spreadsheet", {"kind": "office"})
    twice = tables(row(cell("x"))) * 2
    assert refusal_of(document(content=twice)) == ("damaged", {})


GOOD = document(row(cell("Student ID"), cell("Name")), row(cell("1", kind="string")))


@pytest.mark.thorough
@hypothesis_settings(deadline=None, max_examples=25)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_byte_never_gets_past_the_refusals(at: int, change: int) -> None:
    data = bytearray(GOOD)
    data[at] ^= change
    with suppress(Refusal):
        read_workbook(bytes(data))

"""The guarded reader: honest files are read whole, hostile ones are refused, and nothing of the child is left."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import psutil
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from accounts.sheets.formats import read_workbook
from accounts.sheets.workbook import Limits, Refusal, Worksheet

pytestmark = pytest.mark.thorough

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def sheet_xml(body: str, tail: str = "", before: str = "") -> str:
    return f"{HEAD}{before}<worksheet {MAIN}><sheetData>{body}</sheetData>{tail}</worksheet>"


ONE_CELL = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')


def parts(sheet: str | bytes = ONE_CELL, **others: str | bytes) -> dict[str, str | bytes]:
    """The parts of the smallest workbook; `others` replace or add, "/" written as "__"."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook {MAIN} xmlns:r="{LINKS}"><sheets>'
        f'<sheet name="S1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    return made | {name.replace("__", "/"): content for name, content in others.items()}


def archive(made: dict[str, str | bytes], repeat: str = "") -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in made.items():
            file.writestr(name, content)
        if repeat:
            with pytest.warns(UserWarning, match="Duplicate name"):
                file.writestr(repeat, ONE_CELL)
    return stream.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def refusal_of(data: bytes, limits: Limits | None = None) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refusal) as caught:
        read_workbook(data, limits or Limits())
    return caught.value.code, dict(caught.value.details)


def only_sheet(data: bytes) -> Worksheet:
    (sheet,) = read_workbook(data).sheets
    return sheet


def test_every_kind_of_cell_is_read_as_it_is() -> None:
    book = openpyxl.Workbook()
    book.active.append(["text", 200135791, 1.5, True, dt.datetime(2025, 11, 21, 9, 2), dt.time(9, 5), None, "陳𠮷"])
    sheet = only_sheet(saved(book))
    row = ("text", 200135791.0, 1.5, True, dt.datetime(2025, 11, 21, 9, 2), dt.time(9, 5), None, "陳𠮷")
    assert sheet.rows == (row,)


def test_lines_and_columns_are_those_of_the_spreadsheet_program() -> None:
    book = openpyxl.Workbook()
    book.active["C5"] = "x"
    sheet = only_sheet(saved(book))
    assert (sheet.first_line, sheet.rows[4], len(sheet.rows)) == (1, (None, None, "x"), 5)


def test_what_the_reader_does_not_tell_is_noted() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page["A1"], page["A2"], page["A3"], page["B1"] = "a", "b", "=1+1", "top"
    page["A2"].font = Font(strike=True)
    page.row_dimensions[2].hidden = True
    page.merge_cells("B1:B3")
    sheet = only_sheet(saved(book))
    assert sheet.hidden_lines == {2}
    assert sheet.struck_cells == {(2, 0)}
    assert sheet.valueless_formulas == {(3, 0)}
    assert sheet.merged_cells == {(2, 1), (3, 1)}


def test_a_line_of_nothing_but_errors_and_formulas_without_a_value_is_there() -> None:
    """As a program writes it that does not calculate, below and beside everything else."""
    book = openpyxl.Workbook()
    page = book.active
    page["A1"], page["A3"], page["C3"], page["B4"] = "a", "=Other!A3", "=1+1", "#N/A"
    page["B4"].data_type = "e"
    sheet = only_sheet(saved(book))
    assert [[cell for cell in row if cell] for row in sheet.rows] == [["a"], [], [], ["#N/A"]]
    assert (sheet.valueless_formulas, sheet.error_cells) == ({(3, 0), (3, 2)}, {(4, 1)})


def test_an_error_cell_has_its_name_and_place() -> None:
    sheet = only_sheet(
        archive(parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c></row>')))
    )
    assert (sheet.rows, sheet.error_cells) == (((1.0, "#N/A"),), {(1, 1)})


def test_hidden_worksheets_are_marked() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("_portal").sheet_state = "veryHidden"
    assert [(sheet.name, sheet.is_visible) for sheet in read_workbook(saved(book)).sheets] == [
        ("Sheet", True),
        ("_portal", False),
    ]


def test_a_blank_string_is_no_cell_and_no_alarm() -> None:
    strings = (
        f'{HEAD}<sst {MAIN} count="3"><si><t></t></si><si><t xml:space="preserve">  </t></si><si><t>x</t></si></sst>'
    )
    body = "".join(f'<c r="{c}1" t="s"><v>{n}</v></c>' for n, c in enumerate("ABC"))
    made = parts(sheet_xml(f'<row r="1">{body}</row>')) | {"xl/sharedStrings.xml": strings}
    assert only_sheet(archive(made)).rows[0][-1] == "x"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("empty_file", {})),
        (b"x" * (5 * 2**20 + 1), ("too_big", {"megabytes": 5})),
        (b"%PDF-1.4\n", ("not_a_spreadsheet", {"kind": "pdf"})),
        (b" \r\n\t", ("empty_file", {})),
        (b'a,b\n"never closed', ("csv_broken", {"line": 2})),
        (archive({"word/document.xml": "<w/>"}), ("not_a_spreadsheet", {"kind": "office"})),
        (archive({"xl/workbook.bin": "x"}), ("other_format", {"kind": "xlsb"})),
        (
            archive({"mimetype": "application/epub", "content.xml": "<x/>"}),
            ("not_a_spreadsheet", {"kind": "office"}),
        ),
        (archive({"Index/Document.iwa": "x"}), ("other_format", {"kind": "numbers"})),
        (archive({"notes.txt": "x"}), ("not_a_spreadsheet", {"kind": "zip"})),
    ],
)
def test_what_is_no_workbook_is_told_apart_by_its_bytes(data: bytes, expected: tuple[str, dict[str, Any]]) -> None:
    assert refusal_of(data) == expected


def cells_at(*references: str) -> bytes:
    rows = "".join(
        f'<row r="{r.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{r}"><v>1</v></c></row>' for r in references
    )
    return archive(parts(sheet_xml(rows)))


GOOD = archive(parts())
HOSTILE = {
    "two cells far apart": (cells_at("A1", "XFD1048576"), "too_many_rows"),
    "a far column": (cells_at("A1", "XFD1"), "too_many_columns"),
    "a row number beyond the last": (cells_at("A4294967295"), "damaged"),
    "a cell in line 0": (cells_at("A0"), "damaged"),
    "false count of strings": (
        archive(parts(**{"xl__sharedStrings.xml": f'<sst {MAIN} uniqueCount="4294967295"><si><t>x</t></si></sst>'})),
        "damaged",
    ),
    "entities": (archive(parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', before=BOMB))), "damaged"),
    "entities in the workbook": (archive(parts(**{"xl__workbook.xml": f"{BOMB}<workbook>&b;</workbook>"})), "damaged"),
    "a million deep": (archive(parts(sheet_xml("", tail="<a>" * 500 + "</a>" * 500))), "too_complex"),
    "one name twice": (archive(parts(), repeat="xl/worksheets/sheet1.xml"), "damaged"),
    "a path upwards": (archive(parts() | {"../../PWNED": "x"}), "damaged"),
    "many entries": (archive(parts() | {f"junk/{n}": "" for n in range(1_001)}), "too_many_parts"),
    "cut in half": (GOOD[: len(GOOD) // 2], "damaged"),
    "no directory": (GOOD[:-22], "damaged"),
    "something before the archive": (b"PK\3\4" + GOOD, "damaged"),
    "a sheet in UTF-16": (
        archive(parts(ONE_CELL.replace("UTF-8", "UTF-16").encode("utf-16"))),
        "damaged",
    ),
    "no sheet": (archive({name: part for name, part in parts().items() if "sheet1" not in name}), "damaged"),
    "two sheets of one name": (
        archive(parts(**{"xl__workbook.xml": f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets>'
        '<sheet name="A" r:id="rId1"/><sheet name="a" r:id="rId1"/></sheets></workbook>'})),
        "damaged",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    data, code = HOSTILE[name]
    assert refusal_of(data)[0] == code


def test_a_bomb_of_blanks_is_refused() -> None:
    assert refusal_of(archive(parts(sheet_xml(" " * (65 * 2**20)))))[0] == "too_big_inside"


def test_a_size_that_lies_is_found_by_unpacking() -> None:
    data = bytearray(archive(parts(sheet_xml(" " * 100_000))))
    name = b"xl/worksheets/sheet1.xml"
    directory = data.rfind(name) - 46
    data[directory + 24 : directory + 28] = (1_000).to_bytes(4, "little")
    assert refusal_of(bytes(data))[0] == "damaged"


@pytest.mark.thorough
@hypothesis_settings(deadline=None, max_examples=25)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_byte_never_gets_past_the_refusals(at: int, change: int) -> None:
    data = bytearray(GOOD)
    data[at] ^= change
    with suppress(Refusal):
        read_workbook(bytes(data))


def test_a_long_text_is_cut_to_what_a_cell_can_hold() -> None:
    body = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 40_000}</t></is></c></row>'
    assert only_sheet(archive(parts(sheet_xml(body)))).rows == (("x" * 32_767,),)


def test_control_characters_do_not_pass() -> None:
    body = '<row r="1"><c r="A1" t="inlineStr"><is><t>a_x0000_b_x0007_c</t></is></c></row>'
    (cell,) = only_sheet(archive(parts(sheet_xml(body)))).rows[0]
    assert isinstance(cell, str)
    assert not set(cell) & {"\0", "\7"}


def test_too_little_memory_or_time_is_a_refusal() -> None:
    assert refusal_of(GOOD, Limits(address_space=2**20))[0] == "damaged"
    assert refusal_of(GOOD, Limits(wall_seconds=0))[0] == "timeout"


def children() -> list[psutil.Process]:
    return psutil.Process().children()


@pytest.mark.thorough
def test_a_killed_child_is_a_refusal_and_leaves_no_zombie() -> None:
    rows = "".join(f'<row r="{n}"/>' for n in range(1, 400_000))
    slow = archive(parts(sheet_xml(rows)))
    known = {child.pid for child in children()}

    def kill_the_child() -> None:
        for _ in range(500):
            for child in children():
                if child.pid not in known:
                    time.sleep(0.1)
                    child.kill()
                    return
            time.sleep(0.005)

    killer = threading.Thread(target=kill_the_child)
    killer.start()
    code, _ = refusal_of(slow)
    killer.join()
    assert code == "damaged"
    assert {child.pid for child in children()} <= known


def moved(folder: str) -> bytes:
    """A workbook whose parts lie in another folder than usual, as the relation of the package says."""
    made = {name.replace("xl/", folder): content for name, content in parts().items()}
    made["_rels/.rels"] = str(made["_rels/.rels"]).replace("xl/", folder)
    return archive(made)


@pytest.mark.parametrize("folder", ["", "book/", "a/b/"])
def test_the_workbook_may_lie_where_its_package_says(folder: str) -> None:
    assert only_sheet(moved(folder)).rows == ((1.0,),)


def test_what_a_macintosh_adds_to_an_archive_is_passed_over() -> None:
    data = archive(parts() | {"__MACOSX/xl/worksheets/._sheet1.xml": b"\0\5\x16\7"})
    assert only_sheet(data).rows == ((1.0,),)


def test_references_may_be_written_in_small_letters() -> None:
    body = '<row r="1"><c r="a1"><v>1</v></c><c r="c1"><v>2</v></c></row>'
    assert only_sheet(archive(parts(sheet_xml(body)))).rows == ((1.0, None, 2.0),)


@pytest.mark.thorough
def test_the_child_ends_when_the_parent_is_killed(tmp_path: Path) -> None:
    slow = tmp_path / "slow.xlsx"
    slow.write_bytes(archive(parts(sheet_xml("".join(f'<row r="{n}"/>' for n in range(1, 700_000))))))
    program = (
        "import sys; from pathlib import Path; from accounts.sheets.formats import read_workbook; "
        "print('ready', flush=True); read_workbook(Path(sys.argv[1]).read_bytes())"
    )
    root = Path(__file__).resolve().parents[3]
    parent = subprocess.Popen([sys.executable, "-c", program, slow], cwd=root, stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        watched = psutil.Process(parent.pid)
        orphans: list[psutil.Process] = []
        for _ in range(400):
            if orphans := watched.children():
                break
            time.sleep(0.005)
        os.kill(parent.pid, signal.SIGKILL)
    assert orphans
    _gone, alive = psutil.wait_procs(orphans, timeout=15)
    assert [process.pid for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []

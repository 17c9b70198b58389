"""The sheets of `shared/attendance/sheets` through the services: what is stored is exactly what is expected."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Participant
from activities.models import Activity, Session
from awards.attendance.formats import Refusal
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.staging import preview_upload, stage_upload
from awards.attendance.tests.made import commit, standing
from badges_portal.testing import Cast, hong_kong, make_activity

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "attendance" / "sheets"
CASES: list[dict[str, Any]] = (
    json.loads((FOLDER / "expected.json").read_text())["cases"] if (FOLDER / "expected.json").is_file() else []
)
OURS = [case for case in CASES if case.get("from_issue") != "B"]
REASON = {"withheld_reason": "outcome"}

pytestmark = [pytest.mark.thorough, pytest.mark.django_db]


@pytest.fixture
def activities(cast: Cast) -> dict[str, Activity]:
    """The register and the activities of the folder."""
    with (FOLDER / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
        Participant.objects.bulk_create(
            Participant(
                student_number=row["student_id"],
                name_en=row["name_en"],
                name_zh=row["name_zh"],
                status=row["status"],
            )
            for row in csv.DictReader(file)
        )
    return {made["code"]: held_on(cast, made) for made in json.loads((FOLDER / "activities.json").read_text())}


def held_on(cast: Cast, made: dict[str, Any]) -> Activity:
    activity = make_activity(cast, code=made["code"], title=made["title"], badges=[made["badge"]])
    day = dt.date.fromisoformat(made["date"])
    starts, ends = (hong_kong(day.year, day.month, day.day, hour) for hour in (9, 17))
    Session.objects.filter(activity=activity).update(starts_at=starts, ends_at=ends)
    Activity.objects.filter(pk=activity.pk).update(first_on=day, last_on=day, starts_at=starts, ends_at=ends)
    activity.refresh_from_db()
    return activity


def test_the_folder_was_read(record_property: Any) -> None:
    if not CASES:
        pytest.skip(f"{FOLDER} is not there: none of its sheets was read")
    record_property("sheets", len(OURS))
    assert (len(CASES), len(OURS)) == (60, 28)


def outcome_of(cast: Cast, activity: Activity, name: str) -> dict[str, Any]:
    """What the services make of one file, in the words of expected.json; committed, the question answered yes."""
    data = (FOLDER / name).read_bytes()
    before = standing(activity)
    try:
        upload = stage_upload(acting_user=cast.olga, activity=activity, file_name=name, data=data)
    except Refusal as refusal:
        return {"file_outcome": "reject", "file_reason": refusal.code}
    except AttendanceRefused as refused:
        return {"file_outcome": "accept", "file_reason": refused.code}
    asked = preview_upload(upload=upload, stored_answers=REASON)
    stored = {**REASON, "file": True}
    seen: dict[str, Any] = {
        "file_outcome": asked.decision.file_outcome,
        "file_reason": asked.decision.file_reason,
        "awards": sorted(row.student.number for row in asked.decision.rows if row.student and row.awards),
        "unchanged": sorted(row.student.number for row in asked.decision.rows if row.student and row.unchanged),
        "left_out": sorted(student.number for student in asked.decision.left_out),
    }
    done = commit(upload, cast.olga, stored).upload
    rows = done.rows.select_related("participant").order_by("pk")
    seen["rows"] = [
        {
            "row": row.line,
            "raw_id": row.raw_id,
            "student": row.participant.student_number if row.participant else None,
            "outcome": row.outcome,
            "reason": row.reason,
            "warnings": row.warnings,
        }
        for row in rows
    ]
    seen["awards_if_file_question_answered_yes"] = sorted(number for number, _code in standing(activity) - before)
    assert done.row_count == len(seen["rows"])
    return seen


@pytest.mark.parametrize("case", OURS, ids=lambda case: case["file"])
def test_a_sheet_gives_exactly_what_is_expected(cast: Cast, activities: dict[str, Activity], case: Any) -> None:
    activity = activities[case["activity"]]
    for name in case["prior"]:
        outcome_of(cast, activity, name)
    seen = outcome_of(cast, activity, case["file"])
    expected = {"left_out": [], **case}
    for row in expected["rows"]:
        row["raw_id"] = row["raw_id"].removesuffix(".0")  # a number cell: what a person sees is the whole number
    for name in ("awards", "awards_if_file_question_answered_yes", "unchanged", "left_out"):
        expected[name] = sorted(expected[name])
    assert seen == {name: expected[name] for name in seen}


def test_a_file_with_a_question_is_not_committed_before_the_answer(cast: Cast, activities: dict[str, Activity]) -> None:
    asked = [case for case in OURS if case["file_outcome"] == "ask"]
    assert asked
    for case in asked:
        activity = activities[case["activity"]]
        data = (FOLDER / case["file"]).read_bytes()
        upload = stage_upload(acting_user=cast.olga, activity=activity, file_name=case["file"], data=data)
        with pytest.raises(AttendanceRefused) as refused:
            commit(upload, cast.olga, REASON)
        assert (refused.value.code, standing(activity)) == ("file_question_open", set())

"""The bulk load: whole records through the rules of an upload, nothing twice, nothing dropped without a word."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.originals import path_of
from awards.attendance.tests.made import standing, withheld
from awards.attendance.undoing import undo_upload
from badges_portal.testing import Cast, make_activity

pytestmark = pytest.mark.thorough

HEADING = ["Activity code", "Student ID", "Student Name", "Attended", "PF", "EC"]


@pytest.fixture
def talk(cast: Cast) -> Activity:
    return make_activity(cast, code="DB-TALK", badges=("PF",), organisers=[cast.olga])


@pytest.fixture
def meeting(cast: Cast) -> Activity:
    return make_activity(cast, code="DB-MEET", badges=("EC",), organisers=[cast.oscar])


@pytest.fixture
def people(students: list[Participant]) -> list[list[str]]:
    return [[person.student_number, person.full_name] for person in students]


def run(path: Path, *options: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("load_attendance", str(path), "--by", "s2001", *options, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def write(directory: Path, *rows: list[str]) -> Path:
    path = directory / "past.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADING, *rows])
    return path


def counted() -> tuple[int, int, int]:
    return AttendanceUpload.objects.count(), AttendanceRow.objects.count(), AuditEntry.objects.count()


def test_each_activity_gets_a_committed_record_with_its_original(
    cast: Cast, talk: Activity, meeting: Activity, people: list[list[str]], tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        *([talk.code, *person, "Y", "Y", ""] for person in people),
        [meeting.code, *people[0], "Y", "", "Y"],
        [meeting.code, "999999999", "WONG Nobody", "Y", "", "Y"],
    )
    out, err = run(path)
    assert out == (
        f"2 records with {len(people) + 2} rows, {len(people) + 1} badges awarded, 0 rows without a badge, "
        "1 waiting for an answer, 0 about nobody; 0 activities were stored before.\n"
    )
    assert "DB-MEET, row 4: waits for an answer. No student with this ID" in err
    assert "[##############################] 100%" in err
    assert standing(talk) == {(number, "PF") for number, _ in people}
    assert standing(meeting) == {(people[0][0], "EC")}
    record = meeting.uploads.get()
    original = path_of(record.stored_as).read_bytes()
    assert (record.status, record.committed_by, record.file_size) == ("committed", cast.adam, len(original))
    assert record.sha256 == hashlib.sha256(original).hexdigest()
    assert original.decode().splitlines()[:2] == ["Activity code,DB-MEET", "Student ID,Student Name,Attended,PF,EC"]
    source = f"past.csv (SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]})"
    entries = AuditEntry.objects.filter(target_id=str(record.pk), target_type="attendanceupload").order_by("id")
    assert [entry.action for entry in entries] == ["attendance.uploaded", "attendance.committed"]
    assert entries[0].changes["loaded_from"] == source


def test_a_dry_run_says_the_same_and_stores_nothing(
    cast: Cast, talk: Activity, people: list[list[str]], tmp_path: Path
) -> None:
    path = write(tmp_path, *([talk.code, *person, "Y", "Y", ""] for person in people))
    before = counted()
    out, _ = run(path, "--dry-run")
    assert counted() == before
    assert out == "Dry run, nothing stored: " + run(path)[0]


def test_a_second_run_goes_on_where_the_first_one_stopped(
    cast: Cast, talk: Activity, meeting: Activity, people: list[list[str]], tmp_path: Path
) -> None:
    first = [[talk.code, *people[0], "Y", "Y", ""]]
    run(write(tmp_path, *first))
    path = write(tmp_path, *first, [meeting.code, *people[0], "Y", "", "Y"])
    assert run(path)[0].endswith("1 activities were stored before.\n")
    before = counted()
    assert run(path)[0].startswith("0 records with 0 rows, ")
    assert counted() == before
    undo_upload(acting_user=cast.adam, upload=talk.uploads.get(), reason="Loaded by mistake.")
    assert standing(talk) == set()
    run(path)
    assert (standing(talk), talk.uploads.count()) == ({(people[0][0], "PF")}, 2)


def test_what_cannot_be_stored_is_named_and_the_rest_is_stored(
    cast: Cast, talk: Activity, meeting: Activity, people: list[list[str]], tmp_path: Path
) -> None:
    Activity.objects.filter(pk=meeting.pk).update(status="cancelled")
    path = write(
        tmp_path,
        ["DB-NONE", *people[0], "Y", "Y", ""],
        ["", *people[0], "Y", "Y", ""],
        [meeting.code, *people[0], "Y", "", "Y"],
        [talk.code, *people[1], "Y", "Y", ""],
    )
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="3 lines were left out"):
        call_command("load_attendance", str(path), by="s2001", stdout=out, stderr=err, no_color=True)
    assert [line for line in err.getvalue().splitlines() if not line.startswith("[")] == [
        "line 3: no activity code.",
        "DB-NONE, 1 lines from line 2 on, left out: there is no such activity.",
        "DB-MEET, 1 lines from line 4 on, left out: This activity was cancelled, so no attendance can be recorded "
        "for it.",
    ]
    assert (standing(talk), counted()[:2]) == ({(people[1][0], "PF")}, (1, 1))


def test_what_a_whole_sheet_would_ask_is_answered_by_options(
    cast: Cast, talk: Activity, people: list[list[str]], tmp_path: Path
) -> None:
    path = write(tmp_path, *([talk.code, *person, "Y", "N", ""] for person in people))
    for options, says in (((), "Nobody on this sheet gets a badge"), (("--yes",), "Say why the badges are withheld")):
        err = io.StringIO()
        with pytest.raises(CommandError):
            call_command("load_attendance", str(path), "--by", "s2001", *options, stdout=io.StringIO(), stderr=err)
        assert says in err.getvalue()
    run(path, "--yes", "--withheld-reason", "attendance")
    assert withheld(talk) == {(number, "PF") for number, _ in people}


def test_only_an_administrator_can_answer_for_it(cast: Cast, talk: Activity, tmp_path: Path) -> None:
    for cna in ("s1001", "nobody"):
        with pytest.raises(CommandError, match="is not the CNA of a scheme administrator"):
            call_command("load_attendance", str(write(tmp_path)), by=cna)


def test_a_file_that_cannot_be_used_is_said_in_one_sentence(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "past.csv"
    for content, says in (
        (None, "cannot be read"),
        (b"", "empty"),
        (b"a,b\n1,2\n", "exactly one column"),
        (b"%PDF-", "PDF"),
    ):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(CommandError, match=says):
            run(path)


def test_the_statements_of_a_part_do_not_grow_with_its_lines(
    cast: Cast, talk: Activity, meeting: Activity, people: list[list[str]], tmp_path: Path
) -> None:
    taken = []
    for activity, listed in ((talk, people[:1]), (meeting, people)):
        path = write(tmp_path, *([activity.code, *person, "Y", "Y", "Y"] for person in listed))
        with CaptureQueriesContext(connection) as captured:
            run(path)
        taken.append(len(captured))
    assert taken[0] == taken[1]

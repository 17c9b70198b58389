"""Staging: the gate, the refused file, the kept original, the same bytes again, discarding and expiring."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity, BadgeOffer
from awards.attendance.answering import keep_answers
from awards.attendance.formats import Refusal
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import path_of
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.staging import discard_upload, expire_uploads, preview_upload, stage_upload
from awards.attendance.tests.made import commit, line, record, sheet, stage
from badges_portal.testing import Cast, make_activity


def refusal_of(cast: Cast, activity: Activity, data: bytes = b"PK") -> str:
    with pytest.raises(AttendanceRefused) as refused:
        stage_upload(acting_user=cast.olga, activity=activity, file_name="a.xlsx", data=data)
    assert refused.value.sentence
    return refused.value.code


def files(settings: Any) -> list[Path]:
    folder = Path(settings.UPLOAD_DIR)
    return sorted(folder.iterdir()) if folder.exists() else []


def test_the_original_is_kept_byte_for_byte_with_its_hash(cast: Cast, course: Activity, settings: Any) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    upload = stage_upload(acting_user=cast.olga, activity=course, file_name="見習.xlsx", data=data)
    assert path_of(upload.stored_as).read_bytes() == data
    assert (upload.sha256, upload.file_size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (upload.file_name, upload.status, upload.uploaded_by) == ("見習.xlsx", "staged", cast.olga)
    assert AuditEntry.objects.get(action="attendance.uploaded").target_id == str(upload.pk)
    assert len(files(settings)) == 1


@pytest.mark.parametrize("status", ["draft", "cancelled", "archived"])
def test_only_a_published_activity_takes_attendance(cast: Cast, status: str) -> None:
    activity = make_activity(cast, status=status)
    assert refusal_of(cast, activity) == ("cancelled" if status == "cancelled" else "not_published")


def test_one_minute_before_the_end_is_too_early_and_the_end_itself_is_not(cast: Cast, course: Activity) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    with time_machine.travel(course.ends_at - dt.timedelta(minutes=1), tick=False):
        with pytest.raises(AttendanceRefused) as refused:
            stage_upload(acting_user=cast.olga, activity=course, file_name="a.xlsx", data=data)
        assert refused.value.code == "too_early"
        assert "17:00" in refused.value.sentence or "5 p.m." in refused.value.sentence
    with time_machine.travel(course.ends_at, tick=False):
        upload = stage_upload(acting_user=cast.olga, activity=course, file_name="a.xlsx", data=data)
    assert upload.status == "staged"


def test_an_activity_without_badges_takes_no_attendance(cast: Cast, course: Activity) -> None:
    BadgeOffer.objects.filter(activity=course).update(closed_at=timezone.now())
    assert refusal_of(cast, course) == "no_offers"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04 broken"])
def test_a_refused_file_is_not_stored(cast: Cast, course: Activity, settings: Any, data: bytes) -> None:
    with pytest.raises(Refusal):
        stage_upload(acting_user=cast.olga, activity=course, file_name="a.xlsx", data=data)
    assert (AttendanceUpload.objects.count(), files(settings)) == (0, [])


def test_the_sheet_of_another_activity_is_refused(cast: Cast, course: Activity) -> None:
    other = make_activity(cast, code="DB2526-0009")
    with pytest.raises(Refusal) as refusal:
        stage(course, [line(cast.sam_participant)], cast.olga, code=other.code)
    assert refusal.value.code == "wrong_activity"


def test_the_same_bytes_while_they_wait_are_the_record_that_waits(cast: Cast, course: Activity, settings: Any) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    first = stage(course, [], cast.olga, data=data)
    again = stage(course, [], cast.oscar, data=data)
    assert (again, len(files(settings))) == (first, 1)


def test_the_same_bytes_as_the_latest_record_are_said_with_who_and_when(cast: Cast, course: Activity) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    done = commit(stage(course, [], cast.olga, data=data), cast.olga).upload
    with pytest.raises(AttendanceRefused) as refused:
        stage(course, [], cast.oscar, data=data)
    assert (refused.value.code, refused.value.upload) == ("already_committed", done)
    assert "LEE Olga" in refused.value.sentence


def test_an_earlier_file_than_the_latest_is_a_new_record(cast: Cast, course: Activity) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    commit(stage(course, [], cast.olga, data=data), cast.olga)
    record(course, [line(cast.suki_participant)], cast.olga)
    assert stage(course, [], cast.olga, data=data).status == "staged"


def test_the_preview_takes_a_number_of_queries_that_does_not_depend_on_the_rows(
    cast: Cast, course: Activity, students: list[Participant], django_assert_num_queries: Any
) -> None:
    one = stage(course, [line(students[0])], cast.olga)
    many = stage(course, [line(student) for student in students], cast.olga)
    for upload in (one, many):
        upload = AttendanceUpload.objects.select_related("activity").get(pk=upload.pk)
        with django_assert_num_queries(4):
            preview_upload(upload=upload)


def test_only_students_on_the_sheet_or_on_record_here_are_ever_read(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    record(course, [line(students[0])], cast.olga)
    preview = preview_upload(upload=stage(course, [line(students[1])], cast.olga))
    assert set(preview.circumstances.students) == {students[0].student_number, students[1].student_number}


def test_answers_are_kept_until_the_commit(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant, "Y", "?", "Y")], cast.olga)
    keep_answers(acting_user=cast.oscar, upload=upload, given={"rows": {"0": "award"}})
    upload.refresh_from_db()
    assert preview_upload(upload=upload).decision.rows[0].awards == ("PF", "EC")


def test_discarding_removes_the_original_and_what_was_read(
    cast: Cast, course: Activity, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    with django_capture_on_commit_callbacks(execute=True):
        discard_upload(acting_user=cast.olga, upload=upload)
    upload.refresh_from_db()
    assert (upload.status, upload.reading, files(settings)) == ("discarded", None, [])
    with pytest.raises(AttendanceRefused) as refused:
        discard_upload(acting_user=cast.olga, upload=upload)
    assert refused.value.code == "not_staged"


def test_what_waits_longer_than_seven_days_expires_and_what_is_committed_does_not(
    cast: Cast, course: Activity, students: list[Participant], settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    kept = record(course, [line(students[0])], cast.olga)
    stale = stage(course, [line(students[1])], cast.olga)
    now = timezone.now()
    assert expire_uploads(now=now + dt.timedelta(days=6, hours=23)) == 0
    with django_capture_on_commit_callbacks(execute=True), time_machine.travel(now + dt.timedelta(days=8)):
        call_command("expire_uploads")
    stale.refresh_from_db()
    assert (stale.status, stale.reading) == ("expired", None)
    assert [path.name for path in files(settings)] == [kept.stored_as]
    assert AuditEntry.objects.get(action="attendance.expired").actor is None

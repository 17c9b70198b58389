"""Two people at once: all of a sheet's outcomes or none, and the second is told. Real threads, real transactions."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.committing import commit_upload
from awards.attendance.formats import Workbook
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import path_of
from awards.attendance.parked import ParkedAnswer, answer_parked_row
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.staging import preview_upload, read_file, stage_upload
from awards.attendance.tests.made import line, record, sheet, stage, standing
from awards.attendance.waking import Woken, wake_parked_rows
from awards.models import Award
from badges_portal.testing import Cast, make_participant

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs them in threads that start together; what each gave or raised, in order."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = act()
        except AttendanceRefused as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_bytes_twice_at_once_are_one_record(cast: Cast, course: Activity, settings: Any) -> None:
    data, both_read = sheet(course, [line(cast.sam_participant)]), threading.Barrier(2)

    def read(data: bytes, offered: Sequence[str]) -> Workbook:
        both_read.wait(timeout=30)
        return read_file(data, offered)

    def send() -> Any:
        return stage_upload(acting_user=cast.olga, activity=course, file_name="a.xlsx", data=data, read=read)

    results = at_once(send, send)
    upload = AttendanceUpload.objects.get()
    assert results == [upload, upload]
    assert list(settings.UPLOAD_DIR.iterdir()) == [path_of(upload.stored_as)]
    assert AuditEntry.objects.filter(action="attendance.uploaded").count() == 1


def test_two_people_commit_one_upload_at_once(cast: Cast, course: Activity, students: list[Participant]) -> None:
    upload = stage(course, [line(student) for student in students], cast.olga)
    seen = preview_upload(upload=upload).decision.fingerprint

    def by(user: Any) -> Callable[[], Any]:
        return lambda: commit_upload(
            acting_user=user, upload=upload, request_key=uuid.uuid4(), fingerprint=seen, stored_answers={}
        )

    results = at_once(by(cast.olga), by(cast.oscar))
    refusals = [result for result in results if isinstance(result, AttendanceRefused)]
    assert [refusal.code for refusal in refusals] == ["already_committed"]
    assert Award.objects.count() == 2 * len(students)


def test_one_form_sent_four_times_at_once_gives_one_record(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    upload = stage(course, [line(student) for student in students], cast.olga)
    seen, key = preview_upload(upload=upload).decision.fingerprint, uuid.uuid4()

    def send() -> Any:
        return commit_upload(acting_user=cast.olga, upload=upload, request_key=key, fingerprint=seen, stored_answers={})

    results = at_once(send, send, send, send)
    assert sorted(result.is_new for result in results) == [False, False, False, True]
    assert {result.upload for result in results} == {upload}
    assert Award.objects.count() == 2 * len(students)


def test_two_sheets_for_one_activity_at_once_come_one_after_the_other(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    uploads = [stage(course, [line(student) for student in group], cast.olga) for group in (students[:5], students[3:])]

    def send(upload: Any, seen: str) -> Callable[[], Any]:
        return lambda: commit_upload(
            acting_user=cast.olga, upload=upload, request_key=uuid.uuid4(), fingerprint=seen, stored_answers={}
        )

    acts = [send(upload, preview_upload(upload=upload).decision.fingerprint) for upload in uploads]
    results = at_once(*acts)
    refusals = [result for result in results if isinstance(result, AttendanceRefused)]
    assert [refusal.code for refusal in refusals] == ["changed_since_preview"]
    (done,) = [result.upload for result in results if not isinstance(result, AttendanceRefused)]
    assert len(standing(course)) == 2 * done.award_row_count


def test_a_row_that_wakes_twice_and_is_answered_at_once_is_settled_once(cast: Cast, course: Activity) -> None:
    lines = [line(cast.sam_participant), ["249999999", "TAM New", "Y", "Y", "Y"]]
    row = record(course, lines, cast.olga).rows.get(line=6)
    newcomer = make_participant("249999999", "TAM New")

    def answer() -> Any:
        return answer_parked_row(acting_user=cast.olga, row=row, answer=ParkedAnswer.AWARD)

    *woken, answered = at_once(wake_parked_rows, wake_parked_rows, answer)
    by_hand = not isinstance(answered, AttendanceRefused)
    assert by_hand or answered.code == "not_parked"
    assert sum(result.awarded for result in woken) + by_hand == 1
    assert Award.objects.filter(participant=newcomer).count() == 2
    row.refresh_from_db()
    assert (row.settlement, row.participant) == ("awarded", newcomer)
    settled = AuditEntry.objects.filter(action__in=["attendance.row_woke", "attendance.row_answered"])
    assert settled.count() == 1


def test_what_is_busy_when_rows_wake_is_left_for_the_next_time(cast: Cast, course: Activity) -> None:
    record(course, [line(cast.sam_participant), ["249999999", "TAM New", "Y", "Y", "Y"]], cast.olga)
    make_participant("249999999", "TAM New")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Activity.objects.select_for_update().get(pk=course.pk)
                held.set()
                done.wait(timeout=30)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(timeout=30)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    try:
        assert wake_parked_rows() == Woken(busy=1)
    finally:
        done.set()
        holder.join()
        connection.close()
    assert wake_parked_rows() == Woken(awarded=1)


def test_a_lock_that_is_held_too_long_is_said(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    seen = preview_upload(upload=upload).decision.fingerprint
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Activity.objects.select_for_update().get(pk=course.pk)
                held.set()
                done.wait(20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    try:
        with pytest.raises(AttendanceRefused) as refused:
            commit_upload(
                acting_user=cast.olga, upload=upload, request_key=uuid.uuid4(), fingerprint=seen, stored_answers={}
            )
    finally:
        done.set()
        holder.join()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
    assert (refused.value.code, Award.objects.count()) == ("busy", 0)

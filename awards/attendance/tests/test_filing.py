"""Filing: open at the commit by itself, filed or queried by the administrator, answered by the organiser."""

from __future__ import annotations

import pytest

from accounts.messages.models import Message
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.filing import confirm_record, file_upload, query_upload
from awards.attendance.models import AttendanceUpload
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.undoing import undo_upload
from badges_portal.testing import Cast, make_upload


@pytest.fixture
def upload(cast: Cast, course: Activity) -> AttendanceUpload:
    return make_upload(course, [cast.sam_participant], by=cast.olga)


def test_confirming_is_recorded_once(cast: Cast, upload: AttendanceUpload) -> None:
    first = confirm_record(acting_user=cast.olga, upload=upload)
    again = confirm_record(acting_user=cast.oscar, upload=upload)
    assert (again.confirmed_by, again.confirmed_at) == (cast.olga, first.confirmed_at)
    assert AuditEntry.objects.filter(action="attendance.confirmed").count() == 1


def test_a_question_goes_to_the_organiser_and_the_answer_opens_the_record_again(
    cast: Cast, upload: AttendanceUpload
) -> None:
    confirm_record(acting_user=cast.olga, upload=upload)
    asked = query_upload(acting_user=cast.adam, upload=upload, note=" Who signed row 7? ")
    assert (asked.filing, asked.filing_note, asked.filing_changed_by) == ("queried", "Who signed row 7?", cast.adam)
    answered = confirm_record(acting_user=cast.oscar, upload=upload, answer="Oscar did.")
    assert (answered.filing, answered.filing_answer, answered.confirmed_by) == ("open", "Oscar did.", cast.oscar)
    filed = file_upload(acting_user=cast.adam, upload=upload)
    assert (filed.filing, filed.filing_note) == ("filed", "Who signed row 7?")


def test_filing_twice_is_recorded_once(cast: Cast, upload: AttendanceUpload) -> None:
    file_upload(acting_user=cast.adam, upload=upload)
    file_upload(acting_user=cast.adam, upload=upload)
    assert AuditEntry.objects.filter(action="attendance.filed").count() == 1


def test_a_question_has_words(cast: Cast, upload: AttendanceUpload) -> None:
    with pytest.raises(AttendanceRefused) as refused:
        query_upload(acting_user=cast.adam, upload=upload, note="  ")
    assert refused.value.code == "note_missing"


def test_a_record_that_was_undone_is_not_filed(cast: Cast, upload: AttendanceUpload) -> None:
    undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file")
    for act in (
        lambda: confirm_record(acting_user=cast.olga, upload=upload),
        lambda: file_upload(acting_user=cast.adam, upload=upload),
        lambda: query_upload(acting_user=cast.adam, upload=upload, note="Why?"),
    ):
        with pytest.raises(AttendanceRefused) as refused:
            act()
        assert refused.value.code == "not_committed"


def test_all_organisers_are_told_of_a_question_once(cast: Cast, upload: AttendanceUpload) -> None:
    for _time in range(2):
        query_upload(acting_user=cast.adam, upload=upload, note="Who signed row 7?")
    told = Message.objects.filter(kind="attendance_queried")
    assert {message.recipient for message in told} == set(upload.activity.organisers.all())
    assert {(message.context["question"], message.url) for message in told} == {
        ("Who signed row 7?", f"/attendance/{upload.key}/receipt/")
    }
    assert told.count() == upload.activity.organisers.count()
    query_upload(acting_user=cast.adam, upload=upload, note="And row 8?")
    assert told.all().count() == 2 * upload.activity.organisers.count()


def test_nobody_is_told_of_what_is_filed(cast: Cast, upload: AttendanceUpload) -> None:
    file_upload(acting_user=cast.adam, upload=upload)
    assert not Message.objects.exists()

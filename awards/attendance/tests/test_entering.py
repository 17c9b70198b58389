"""A pasted list is a record like any other: its text is the original; judged, committed and undone the same."""

from __future__ import annotations

import hashlib

import pytest

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.answering import mend_row
from awards.attendance.entering import stage_pasted
from awards.attendance.formats import Refusal
from awards.attendance.mending import Typed
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import path_of
from awards.attendance.receipt import receipt_of
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.staging import preview_upload
from awards.attendance.tests.made import commit, standing, withheld
from awards.attendance.undoing import undo_upload
from badges_portal.testing import Cast


def ids(students: list[Participant]) -> str:
    return "\r\n".join(student.student_number for student in students)


def paste(cast: Cast, activity: Activity, text: str) -> AttendanceUpload:
    return stage_pasted(acting_user=cast.olga, activity=activity, text=text)


def test_what_was_pasted_is_kept_as_the_original(cast: Cast, course: Activity, students: list[Participant]) -> None:
    text = f" {ids(students[:2])}  陳 \n"
    upload = paste(cast, course, text)
    assert path_of(upload.stored_as).read_bytes() == text.encode()
    assert (upload.file_name, upload.file_format, upload.sha256) == (
        "pasted list.txt",
        "pasted",
        hashlib.sha256(text.encode()).hexdigest(),
    )
    assert AuditEntry.objects.filter(action="attendance.uploaded", target_id=str(upload.pk)).count() == 1


def test_a_list_of_ids_asks_once_whether_they_earn_the_badges(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    upload = paste(cast, course, ids(students[:3]))
    open_ = preview_upload(upload=upload).decision
    assert (open_.file_questions, open_.can_be_committed) == (("award_column_blank",), False)
    commit(upload, cast.olga, {"file": True})
    assert standing(course) == {(s.student_number, code) for s in students[:3] for code in ("PF", "EC")}


def test_no_means_attended_without_the_badges(cast: Cast, course: Activity, students: list[Participant]) -> None:
    upload = paste(cast, course, ids(students[:2]))
    commit(upload, cast.olga, {"file": False, "withheld_reason": "assessment"})
    assert standing(course) == set()
    assert withheld(course) == {(s.student_number, code) for s in students[:2] for code in ("PF", "EC")}


def test_unknown_and_doubtful_lines_are_treated_like_those_of_a_sheet(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    ada, ben = students[2], students[3]
    text = f"{ada.student_number} CHEUNG Ada\n{ben.student_number} WONG Nobody\n249999999 HO New\n"
    decision = preview_upload(upload=paste(cast, course, text), stored_answers={"file": True}).decision
    assert [(row.outcome, row.reason) for row in decision.rows] == [
        ("award", ""),
        ("ask", "name_mismatch"),
        ("reject", "unknown_id"),
    ]


def test_guessed_columns_are_asked_and_no_means_not_usable(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    text = f"{students[2].student_number}\tCHEUNG Ada\tY\tY\tN"
    upload = paste(cast, course, text)
    assert preview_upload(upload=upload).decision.file_questions == ("columns_guessed",)
    assert not preview_upload(upload=upload, stored_answers={"file": False}).decision.can_be_committed
    commit(upload, cast.olga, {"file": True, "withheld_reason": "outcome"})
    assert standing(course) == {(students[2].student_number, "PF")}
    assert withheld(course) == {(students[2].student_number, "EC")}


def test_the_same_text_again_is_already_committed_and_an_undone_one_is_new(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    text = ids(students[:2])
    first = commit(paste(cast, course, text), cast.olga, {"file": True}).upload
    with pytest.raises(AttendanceRefused) as refused:
        paste(cast, course, text)
    assert refused.value.code == "already_committed"
    undo_upload(acting_user=cast.olga, upload=first, reason="wrong list")
    assert standing(course) == set()
    assert paste(cast, course, text).pk != first.pk


def test_the_sheet_of_another_activity_is_refused(cast: Cast, course: Activity, students: list[Participant]) -> None:
    text = f"Activity code\tDB2526-0999\n\nStudent ID\tName\tAttended\n{students[0].student_number}\tCHAN Sam\tY"
    with pytest.raises(Refusal) as refusal:
        paste(cast, course, text)
    assert refusal.value.code == "wrong_activity"
    assert not AttendanceUpload.objects.exists()


@pytest.mark.thorough
def test_the_limit_of_bytes_holds(
    cast: Cast, course: Activity, students: list[Participant], settings: pytest.FixtureRequest
) -> None:
    settings.UPLOAD_MAX_BYTES = 2**20  # type: ignore[attr-defined]
    text = students[0].student_number
    with pytest.raises(Refusal) as refusal:
        paste(cast, course, text + "\n" * (2**20 - len(text) + 1))
    assert (refusal.value.code, dict(refusal.value.details)) == ("pasted_too_big", {"megabytes": 1})
    assert paste(cast, course, text + "\n" * (2**20 - len(text))).file_size == 2**20


def test_the_receipt_says_that_it_was_pasted(cast: Cast, course: Activity, students: list[Participant]) -> None:
    upload = commit(paste(cast, course, ids(students[:1])), cast.olga, {"file": True}).upload
    values = [value for _, lines in receipt_of(upload).sections for _, value in lines]
    assert "pasted list.txt (Pasted list)" in values


def test_rows_of_a_pasted_list_are_mended_in_place(cast: Cast, course: Activity, students: list[Participant]) -> None:
    upload = paste(cast, course, f"{students[2].student_number}\n24000000\n{students[4].student_number}")
    mends = {
        0: Typed(students[2].student_number, attended="Y", badges={"PF": "Y", "EC": "N"}, reason="outcome"),
        1: Typed(students[3].student_number),
        2: Typed(students[4].student_number, attended="N"),
    }
    for place, typed in mends.items():
        mend_row(acting_user=cast.olga, upload=upload, place=place, typed=typed)
    upload.refresh_from_db()
    commit(upload, cast.olga, upload.answers | {"file": True})
    ada, ben = students[2].student_number, students[3].student_number
    assert standing(course) == {(ada, "PF"), (ben, "PF"), (ben, "EC")}
    assert withheld(course) == {(ada, "EC")}

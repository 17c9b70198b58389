"""Answers and mends are kept with the staged record, and the commit uses all of them."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.answering import Mending, keep_answers, mend_row, restore_row, with_answers
from awards.attendance.committing import commit_upload
from awards.attendance.deciding import Decision
from awards.attendance.mending import Typed
from awards.attendance.models import AttendanceUpload
from awards.attendance.parked import ParkedAnswer, answer_parked_row
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.staging import preview_upload
from awards.attendance.tests.made import commit, line, record, stage, standing, withheld
from awards.attendance.undoing import undo_upload
from badges_portal.testing import Cast

BOTH = {"PF": "Y", "EC": "Y"}


def decision_of(upload: AttendanceUpload) -> Decision:
    upload.refresh_from_db()
    return preview_upload(upload=upload).decision


def mend(cast: Cast, upload: AttendanceUpload, place: int, number: str, **typed: Any) -> Mending:
    typed = {"attended": "Y", "badges": BOTH} | typed
    return mend_row(acting_user=cast.olga, upload=upload, place=place, typed=Typed(number, **typed))


def test_what_a_page_does_not_show_stays_answered() -> None:
    kept = {"rows": {"1": "award", "2": "award"}, "asked": {"1": "unclear_mark"}, "file": True, "mends": {"3": {}}}
    assert with_answers(kept, {"rows": {"2": "leave_open"}, "asked": {"2": "name_mismatch"}, "replaces": True}) == {
        "rows": {"1": "award", "2": "leave_open"},
        "asked": {"1": "unclear_mark", "2": "name_mismatch"},
        "file": True,
        "mends": {"3": {}},
        "replaces": True,
    }


def test_answers_of_several_pages_are_kept_together(cast: Cast, course: Activity, students: list[Participant]) -> None:
    upload = stage(course, [line(student, "Y", "?", "Y") for student in students[:3]], cast.olga)
    for place in ("0", "2"):
        given = {"rows": {place: "award"}, "asked": {place: "unclear_mark"}}
        keep_answers(acting_user=cast.oscar, upload=upload, given=given)
    assert [row.is_parked for row in decision_of(upload).rows] == [False, True, False]
    done = commit_upload(
        acting_user=cast.olga,
        upload=upload,
        request_key=upload.key,
        fingerprint=decision_of(upload).fingerprint,
        stored_answers={"rows": {"1": "award"}, "asked": {"1": "unclear_mark"}},
    ).upload
    assert (done.award_row_count, done.parked_row_count, done.answers) == (3, 0, {})


def test_a_mended_row_is_awarded_and_keeps_what_was_written_and_what_was_typed(cast: Cast, course: Activity) -> None:
    sam, suki = cast.sam_participant, cast.suki_participant
    upload = stage(course, [["24000000l", "CHAN Sam", "Y", "Y", "Y"], line(suki)], cast.olga)
    mend(cast, upload, 0, sam.student_number, badges={"PF": "Y", "EC": "N"}, reason="assessment")
    upload.refresh_from_db()
    done = commit(upload, cast.olga, upload.answers).upload
    assert standing(course) == {(sam.student_number, "PF"), (suki.student_number, "PF"), (suki.student_number, "EC")}
    assert withheld(course) == {(sam.student_number, "EC")}
    row = done.rows.get(line=5)
    assert (row.raw_id, row.marks["EC"], row.outcome, row.warnings) == ("24000000l", "Y", "award", ["mended"])
    assert row.mended == {
        "id": sam.student_number,
        "badges": {"EC": "N"},
        "reason": "assessment",
        "reason_text": "",
    }
    assert (done.mended_row_count, done.rows.get(line=6).mended) == (1, None)
    assert AuditEntry.objects.get(action="attendance.committed").changes["mended"] == 1
    undo_upload(acting_user=cast.olga, upload=done, reason="Wrong list")
    assert (standing(course), withheld(course)) == (set(), set())


def test_each_mend_is_on_the_trail_without_the_number_that_was_typed(cast: Cast, course: Activity) -> None:
    upload = stage(course, [["24000000l", "CHAN Sam", "Y", "Y", "Y"]], cast.olga)
    mend(cast, upload, 0, "240000001", badges={"PF": "Y", "EC": "N"})
    restore_row(acting_user=cast.oscar, upload=upload, place=0)
    entries = AuditEntry.objects.filter(action="attendance.row_mended").order_by("pk")
    assert [(entry.actor, entry.changes["line"], entry.changes["mended"]) for entry in entries] == [
        (cast.olga, 5, [[], ["id", "EC N"]]),
        (cast.oscar, 5, [["id", "EC N"], []]),
    ]


def test_what_is_as_written_is_no_mend(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    before = decision_of(upload)
    mend(cast, upload, 0, cast.suki_participant.student_number)
    assert decision_of(upload).fingerprint != before.fingerprint
    mend(cast, upload, 0, cast.sam_participant.student_number)
    assert (decision_of(upload), upload.answers["mends"]) == (before, {})


def test_a_mend_says_which_rows_it_changed(cast: Cast, course: Activity, students: list[Participant]) -> None:
    sam, ada = students[0], students[2]
    rows = [line(sam), [sam.student_number, ada.full_name, "Y", "N", "N"], line(students[1])]
    upload = stage(course, rows, cast.olga)
    assert [row.reason for row in decision_of(upload).rows] == ["duplicate_conflict", "duplicate_conflict", ""]
    done = mend(cast, upload, 1, ada.student_number, badges={"PF": "N", "EC": "N"})
    assert [row.reason for row in done.preview.decision.rows] == ["", "withheld", ""]
    assert done.touched == {0, 1}


def test_all_rows_with_one_question_get_one_answer_and_the_others_none(cast: Cast, course: Activity) -> None:
    sam, suki = cast.sam_participant, cast.suki_participant
    upload = stage(course, [line(sam, "Y", "?", "Y"), [suki.student_number, "Quix", "Y", "Y", "Y"]], cast.olga)
    keep_answers(acting_user=cast.olga, upload=upload, given={}, all_asking={"unclear_mark": "award", "x": "award"})
    assert [(row.answer, row.is_parked) for row in decision_of(upload).rows] == [("award", False), (None, True)]
    assert upload.answers["asked"] == {"0": "unclear_mark"}


def test_an_answer_does_not_outlive_the_question_it_answered(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant, "Y", "?", "Y")], cast.olga)
    given = {"rows": {"0": "award"}, "asked": {"0": "unclear_mark"}}
    keep_answers(acting_user=cast.olga, upload=upload, given=given)
    mend(cast, upload, 0, cast.suki_participant.student_number, badges={})
    (row,) = decision_of(upload).rows
    assert (row.reason, row.answer, row.is_parked) == ("name_mismatch", None, True)


def test_a_row_saved_without_a_change_stays_answered_and_leaves_no_entry(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant, "Y", "?", "Y")], cast.olga)
    given = {"rows": {"0": "award"}, "asked": {"0": "unclear_mark"}}
    keep_answers(acting_user=cast.olga, upload=upload, given=given)
    mend(cast, upload, 0, cast.sam_participant.student_number, badges={"EC": "Y"})
    (row,) = decision_of(upload).rows
    assert (row.reason, row.answer) == ("unclear_mark", "award")
    assert not AuditEntry.objects.filter(action="attendance.row_mended").exists()


def test_an_answer_about_the_whole_sheet_does_not_answer_a_new_question(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    keep_answers(acting_user=cast.olga, upload=upload, given={"file": True})
    done = mend(cast, upload, 0, cast.sam_participant.student_number, attended="N", badges={})
    assert done.preview.decision.file_questions == ("no_awards",)
    assert (done.upload.answers["file"], done.preview.decision.can_be_committed) == (None, False)


def test_a_mend_after_somebody_looked_asks_to_look_again(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    seen = decision_of(upload).fingerprint
    mend(cast, upload, 0, cast.sam_participant.student_number, badges={"PF": "Y", "EC": "N"})
    with pytest.raises(AttendanceRefused, match="changed_since_preview"):
        commit_upload(
            acting_user=cast.oscar,
            upload=upload,
            request_key=upload.key,
            fingerprint=seen,
            stored_answers={"withheld_reason": "outcome"},
        )
    assert standing(course) == set()


def test_a_parked_row_is_answered_as_it_was_mended(cast: Cast, course: Activity) -> None:
    upload = stage(course, [["x", "CHAN Sam", "Y", "Y", "Y"], line(cast.suki_participant)], cast.olga)
    mend(cast, upload, 0, "240000777", badges={"PF": "Y", "EC": "N"})
    upload.refresh_from_db()
    row = commit(upload, cast.olga, upload.answers).upload.rows.get(line=5)
    assert (row.reason, row.settlement, row.warnings) == ("unknown_id", "open", ["mended"])
    Participant.objects.create(student_number="240000777", name_en="CHAN Sam")
    answer_parked_row(acting_user=cast.olga, row=row, answer=ParkedAnswer.AWARD, withheld_reason="outcome")
    assert {code for number, code in standing(course) if number == "240000777"} == {"PF"}


def test_only_a_row_of_a_record_that_waits_is_mended(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    for place in (1, -1, 10**6):
        with pytest.raises(AttendanceRefused, match="no_such_row"):
            mend(cast, upload, place, "240000001")
    done = record(course, [line(cast.suki_participant)], cast.olga)
    with pytest.raises(AttendanceRefused, match="not_staged"):
        mend(cast, done, 0, "240000001")

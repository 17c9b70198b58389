"""Answering a parked row runs through the same rules and guards as the commit."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceRow
from awards.attendance.parked import ParkedAnswer, answer_parked_row
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.tests.made import line, record, standing, withheld
from awards.attendance.tests.test_committing import on_a_nat
from awards.attendance.undoing import undo_upload
from awards.models import Award
from badges_portal.testing import Cast, make_participant


@pytest.fixture
def unclear(cast: Cast, course: Activity) -> AttendanceRow:
    """Suki's row of a committed record, with a mark that nobody can read; Sam's is fine."""
    upload = record(course, [line(cast.sam_participant), line(cast.suki_participant, "Y", "?", "?")], cast.olga)
    return upload.rows.get(line=6)


def refused(row: AttendanceRow, by: Any, answer: str, **reasons: str) -> AttendanceRefused:
    before = (standing(row.upload.activity), withheld(row.upload.activity))
    with pytest.raises(AttendanceRefused) as refusal:
        answer_parked_row(acting_user=by, row=row, answer=ParkedAnswer(answer), **reasons)
    assert (standing(row.upload.activity), withheld(row.upload.activity)) == before
    return refusal.value


def test_yes_awards_every_badge_in_question(cast: Cast, course: Activity, unclear: AttendanceRow) -> None:
    answer_parked_row(acting_user=cast.oscar, row=unclear, answer=ParkedAnswer.AWARD)
    unclear.refresh_from_db()
    assert unclear.settlement == "awarded"
    given = Award.objects.active().filter(participant=cast.suki_participant)
    assert {(award.badge_type.code, award.awarded_by, award.row) for award in given} == {
        ("PF", cast.oscar, unclear),
        ("EC", cast.oscar, unclear),
    }
    entry = AuditEntry.objects.get(action="attendance.row_answered")
    assert (entry.participant, entry.changes["settlement"]) == (cast.suki_participant, ["open", "awarded"])


def test_no_withholds_with_a_reason(cast: Cast, course: Activity, unclear: AttendanceRow) -> None:
    assert refused(unclear, cast.olga, "no_award").code == "withheld_reason_missing"
    answer_parked_row(acting_user=cast.olga, row=unclear, answer=ParkedAnswer.NO_AWARD, withheld_reason="attendance")
    unclear.refresh_from_db()
    assert unclear.settlement == "refused"
    number = cast.suki_participant.student_number
    assert withheld(course) == {(number, "PF"), (number, "EC")}


def test_dismissing_changes_nothing_else(cast: Cast, course: Activity, unclear: AttendanceRow) -> None:
    before = standing(course)
    answer_parked_row(acting_user=cast.olga, row=unclear, answer=ParkedAnswer.DISMISS)
    unclear.refresh_from_db()
    assert (unclear.settlement, standing(course), withheld(course)) == ("dismissed", before, set())


@pytest.mark.parametrize("answer", ["award", "no_award", "dismiss"])
def test_a_row_is_answered_once(cast: Cast, unclear: AttendanceRow, answer: str) -> None:
    answer_parked_row(acting_user=cast.olga, row=unclear, answer=ParkedAnswer.DISMISS)
    assert refused(unclear, cast.oscar, answer, withheld_reason="outcome").code == "not_parked"


def test_a_row_of_an_undone_record_cannot_be_answered(cast: Cast, unclear: AttendanceRow) -> None:
    undo_upload(acting_user=cast.olga, upload=unclear.upload, reason="Wrong file")
    assert refused(unclear, cast.olga, "award").code == "not_parked"


def test_an_unknown_student_can_be_awarded_once_the_register_has_the_number(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant), ["249999999", "TAM New", "Y", "Y", "Y"]], cast.olga)
    row = upload.rows.get(line=6)
    refusal = refused(row, cast.olga, "award")
    assert refusal.code == "cannot_award"
    newcomer = make_participant("249999999", "TAM New")
    answer_parked_row(acting_user=cast.olga, row=row, answer=ParkedAnswer.AWARD)
    row.refresh_from_db()
    assert (row.settlement, row.participant) == ("awarded", newcomer)
    assert Award.objects.active().filter(participant=newcomer).count() == 2


def test_taking_back_needs_a_reason_and_for_a_nat_the_administrator(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    sam = students[0]
    record(course, [line(sam), line(students[1])], cast.olga)
    row = record(course, [line(sam, "N", "N", "N"), line(students[1])], cast.olga).rows.get(line=5)
    assert row.reason == "awarded_before"
    assert refused(row, cast.olga, "no_award").code == "take_back_reason_missing"
    on_a_nat(Award.objects.filter(participant=sam)[0], cast)
    assert refused(row, cast.olga, "no_award", take_back_reason="Never came").code == "on_issued_paper"
    answer_parked_row(acting_user=cast.adam, row=row, answer=ParkedAnswer.NO_AWARD, take_back_reason="Never came")
    assert {number for number, _code in standing(course)} == {students[1].student_number}
    undo_upload(acting_user=cast.adam, upload=row.upload, reason="She did come")
    assert (sam.student_number, "PF") in standing(course)


def test_a_cancelled_activity_gives_no_more_badges_but_rows_can_be_dismissed(
    cast: Cast, course: Activity, unclear: AttendanceRow
) -> None:
    Activity.objects.filter(pk=course.pk).update(status="cancelled")
    assert refused(unclear, cast.olga, "award").code == "cancelled"
    answer_parked_row(acting_user=cast.olga, row=unclear, answer=ParkedAnswer.DISMISS)


def test_a_stranger_answers_nothing(cast: Cast, course: Activity, unclear: AttendanceRow) -> None:
    with pytest.raises(PermissionDenied):
        answer_parked_row(acting_user=cast.otto, row=unclear, answer=ParkedAnswer.AWARD)
    assert len(standing(course)) == 2

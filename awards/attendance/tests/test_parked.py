"""Answering a parked row runs through the same rules and guards as the commit."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceRow
from awards.attendance.parked import ParkedAnswer, answer_parked_row, dismiss_leftovers, retype_parked_row
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.tests.made import line, record, standing, withheld
from awards.attendance.tests.test_committing import on_a_nat
from awards.attendance.undoing import undo_upload
from awards.attendance.waking import Woken, wake_parked_rows
from awards.granting import apply_request
from awards.models import Award, CorrectionRequest, Withholding
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
    answer_parked_row(acting_user=cast.olga, row=unclear, answer=ParkedAnswer.DISMISS, dismiss_reason="A guest")
    unclear.refresh_from_db()
    assert (unclear.settlement, standing(course), withheld(course)) == ("dismissed", before, set())
    assert (unclear.settled_because, AuditEntry.objects.get(action="attendance.row_answered").reason) == (
        "A guest",
    ) * 2


def test_dismissing_needs_a_reason(cast: Cast, course: Activity, unclear: AttendanceRow) -> None:
    assert refused(unclear, cast.olga, "dismiss", dismiss_reason=" ").code == "dismiss_reason_missing"


@pytest.mark.parametrize("answer", ["award", "no_award", "dismiss"])
def test_a_row_is_answered_once(cast: Cast, unclear: AttendanceRow, answer: str) -> None:
    answer_parked_row(acting_user=cast.olga, row=unclear, answer=ParkedAnswer.DISMISS, dismiss_reason="A guest")
    assert (
        refused(unclear, cast.oscar, answer, withheld_reason="outcome", dismiss_reason="A guest").code == "not_parked"
    )


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


def test_no_badge_settles_a_row_about_nobody_and_the_register_does_not_wake_it(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant), ["249999999", "TAM New", "Y", "Y", "Y"]], cast.olga)
    row = upload.rows.get(line=6)
    answer_parked_row(acting_user=cast.olga, row=row, answer=ParkedAnswer.NO_AWARD)
    make_participant("249999999", "TAM New")
    assert wake_parked_rows() == Woken()
    row.refresh_from_db()
    assert (row.settlement, row.participant) == ("refused", None)


def test_the_reason_given_with_the_answer_stands_in_place_of_the_sheets(cast: Cast, course: Activity) -> None:
    """The record withholds from Suki for one reason, which also stands for the unknown student until somebody says."""
    lines = [line(cast.suki_participant, "Y", "N", "Y"), ["249999999", "TAM New", "Y", "Y", "N"]]
    row = record(course, lines, cast.olga, withheld_reason="attendance").rows.get(line=6)
    newcomer = make_participant("249999999", "TAM New")
    given = {"withheld_reason": "other", "withheld_reason_text": "Slept"}
    answer_parked_row(acting_user=cast.olga, row=row, answer=ParkedAnswer.NO_AWARD, **given)
    reasons = Withholding.objects.active().filter(participant=newcomer).values_list("reason", "reason_text")
    assert set(reasons) == {("other", "Slept")}


@pytest.fixture
def unknown(cast: Cast, course: Activity) -> AttendanceRow:
    """A row with a number that is not in the register, one figure off Suki's."""
    lines = [line(cast.sam_participant), ["240000092", "WONG Suki", "Y", "Y", "Y"]]
    return record(course, lines, cast.olga).rows.get(line=6)


def test_an_id_typed_again_awards_where_the_name_agrees(cast: Cast, course: Activity, unknown: AttendanceRow) -> None:
    retype_parked_row(acting_user=cast.oscar, row=unknown, typed_id=" 240000002 ")
    unknown.refresh_from_db()
    assert (unknown.settlement, unknown.participant) == ("awarded", cast.suki_participant)
    assert (unknown.raw_id, unknown.reason, unknown.upload.parked_row_count) == ("240000092", "unknown_id", 1)
    given = Award.objects.active().filter(participant=cast.suki_participant)
    assert {(award.badge_type.code, award.awarded_by) for award in given} == {("PF", cast.oscar), ("EC", cast.oscar)}
    entry = AuditEntry.objects.get(action="attendance.row_retyped")
    assert (entry.actor, entry.changes["student_id"]) == (cast.oscar, ["240000092", "240000002"])


def test_an_id_typed_again_asks_where_the_name_does_not_agree(
    cast: Cast, course: Activity, unknown: AttendanceRow
) -> None:
    before = standing(course)
    other = make_participant("240000093", "LEUNG Other")
    retype_parked_row(acting_user=cast.olga, row=unknown, typed_id="240000093")
    unknown.refresh_from_db()
    assert (unknown.settlement, unknown.question, unknown.participant) == ("open", "name_mismatch", other)
    assert standing(course) == before
    answer_parked_row(acting_user=cast.olga, row=unknown, answer=ParkedAnswer.AWARD)
    assert standing(course) == before | {("240000093", "PF"), ("240000093", "EC")}


def test_a_row_without_a_name_asks_whatever_id_is_typed(cast: Cast, course: Activity) -> None:
    row = record(course, [line(cast.sam_participant), ["", "", "Y", "Y", "Y"]], cast.olga).rows.get(line=6)
    assert row.question == "missing_id"
    retype_parked_row(acting_user=cast.olga, row=row, typed_id="240000002")
    row.refresh_from_db()
    assert (row.settlement, row.question) == ("open", "name_not_compared")


def test_a_typed_id_that_nobody_has_goes_on_waiting_and_wakes_later(
    cast: Cast, course: Activity, unknown: AttendanceRow
) -> None:
    retype_parked_row(acting_user=cast.olga, row=unknown, typed_id="240000094")
    unknown.refresh_from_db()
    assert (unknown.settlement, unknown.question) == ("open", "unknown_id")
    make_participant("240000094", "Wong Suki")
    assert wake_parked_rows() == Woken(awarded=1)
    assert ("240000094", "PF") in standing(course)


@pytest.mark.parametrize("typed", ["", "24000000", "24000000x", "2400000021"])
def test_what_is_no_student_id_is_not_taken(cast: Cast, unknown: AttendanceRow, typed: str) -> None:
    with pytest.raises(AttendanceRefused) as refusal:
        retype_parked_row(acting_user=cast.olga, row=unknown, typed_id=typed)
    assert refusal.value.code == "typed_id_bad"


def test_an_id_that_can_be_used_is_not_typed_again(cast: Cast, unclear: AttendanceRow) -> None:
    with pytest.raises(AttendanceRefused) as refusal:
        retype_parked_row(acting_user=cast.olga, row=unclear, typed_id="240000001")
    assert refusal.value.code == "not_retypable"


def test_the_leftovers_of_a_record_are_dismissed_together(cast: Cast, course: Activity, unclear: AttendanceRow) -> None:
    lines = [line(cast.sam_participant), ["x", "A guest", "Y", "Y", "Y"], ["y", "Another", "Y", "Y", "Y"]]
    upload = record(course, lines, cast.olga)
    assert dismiss_leftovers(acting_user=cast.olga, upload=upload, reason="Guests") == 2
    assert dismiss_leftovers(acting_user=cast.olga, upload=upload, reason="Guests") == 0
    kept = upload.rows.exclude(settlement="").values_list("settlement", "settled_because")
    assert list(kept) == [("dismissed", "Guests")] * 2
    assert list(AttendanceRow.objects.parked()) == [unclear]
    entry = AuditEntry.objects.get(action="attendance.rows_dismissed")
    assert (entry.target_id, entry.changes["lines"], entry.reason) == (str(upload.pk), [6, 7], "Guests")


def test_taking_back_needs_a_reason_and_for_a_nat_the_administrator(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    sam = students[0]
    record(course, [line(sam), line(students[1])], cast.olga)
    row = record(course, [line(sam, "N", "N", "N"), line(students[1])], cast.olga).rows.get(line=5)
    assert row.reason == "awarded_before"
    assert refused(row, cast.olga, "no_award").code == "take_back_reason_missing"
    on_a_nat(Award.objects.filter(participant=sam)[0], cast)
    answer_parked_row(acting_user=cast.olga, row=row, answer=ParkedAnswer.NO_AWARD, take_back_reason="Never came")
    assert standing(course) == {(sam.student_number, "PF"), *((students[1].student_number, c) for c in ("PF", "EC"))}
    (request,) = CorrectionRequest.objects.open()
    assert (request.award.participant, request.reason, request.row) == (sam, "Never came", row)
    apply_request(acting_user=cast.adam, request=request)
    assert {number for number, _code in standing(course)} == {students[1].student_number}
    undo_upload(acting_user=cast.adam, upload=row.upload, reason="She did come")
    assert (sam.student_number, "PF") in standing(course)


def test_a_cancelled_activity_gives_no_more_badges_but_rows_can_be_dismissed(
    cast: Cast, course: Activity, unclear: AttendanceRow
) -> None:
    Activity.objects.filter(pk=course.pk).update(status="cancelled")
    assert refused(unclear, cast.olga, "award").code == "cancelled"
    answer_parked_row(acting_user=cast.olga, row=unclear, answer=ParkedAnswer.DISMISS, dismiss_reason="A guest")


def test_a_stranger_answers_nothing(cast: Cast, course: Activity, unclear: AttendanceRow) -> None:
    with pytest.raises(PermissionDenied):
        answer_parked_row(acting_user=cast.otto, row=unclear, answer=ParkedAnswer.AWARD)
    assert len(standing(course)) == 2

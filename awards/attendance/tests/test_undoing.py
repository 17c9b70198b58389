"""Undoing a record: exactly the state before it, or a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.parked import ParkedAnswer, answer_parked_row
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.tests.made import commit, line, record, sheet, stage, standing, withheld
from awards.attendance.tests.test_committing import on_a_nat
from awards.attendance.undoing import undo_upload, what_undoing_does
from awards.models import Award, AwardEvent, Withholding
from awards.services import award_by_hand, reinstate_award, revoke_award
from badges_portal.testing import Cast


def refused(upload: AttendanceUpload, by: Any, reason: str = "Wrong file") -> AttendanceRefused:
    before = (standing(upload.activity), withheld(upload.activity))
    with pytest.raises(AttendanceRefused) as refusal:
        undo_upload(acting_user=by, upload=upload, reason=reason)
    assert (standing(upload.activity), withheld(upload.activity)) == before
    return refusal.value


def test_everything_of_the_record_goes(cast: Cast, course: Activity, students: list[Participant]) -> None:
    upload = record(course, [line(students[0]), line(students[1], "Y", "Y", "N")], cast.olga, withheld_reason="outcome")
    undo_upload(acting_user=cast.oscar, upload=upload, reason="Wrong file")
    assert (standing(course), withheld(course)) == (set(), set())
    upload.refresh_from_db()
    assert (upload.status, upload.undone_by, upload.undone_because) == ("undone", cast.oscar, "Wrong file")
    assert set(Award.objects.values_list("status", flat=True)) == {"undone"}
    assert AwardEvent.objects.filter(kind="undone", reason="Wrong file").count() == 3
    assert AuditEntry.objects.filter(action="award.undone").count() == 3
    assert AuditEntry.objects.get(action="attendance.undone").reason == "Wrong file"


def test_the_same_file_can_be_uploaded_again_after_an_undo(cast: Cast, course: Activity) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    first = commit(stage(course, [], cast.olga, data=data), cast.olga).upload
    undo_upload(acting_user=cast.olga, upload=first, reason="Too soon")
    again = commit(stage(course, [], cast.olga, data=data), cast.olga).upload
    assert again != first
    assert (again.award_count, len(standing(course))) == (2, 2)


def test_what_the_record_lifted_and_took_back_comes_back(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    sam, suki, third = students[:3]
    record(course, [line(sam), line(third), line(suki, "Y", "N", "N")], cast.olga, withheld_reason="attendance")
    before = (standing(course), withheld(course))
    later = record(
        course,
        [line(sam, "N", "N", "N"), line(suki)],
        cast.olga,
        {5: "no_award", 6: "award"},
        take_back_reason="Never came",
        replaces=True,
        withheld_reason="attendance",
    )
    assert standing(course) == {(suki.student_number, "PF"), (suki.student_number, "EC")}
    effects = what_undoing_does(later)
    assert (effects.awards, effects.reinstated, effects.withheld_again) == (2, 4, 2)
    undo_upload(acting_user=cast.olga, upload=later, reason="Wrong after all")
    assert (standing(course), withheld(course)) == before


def test_a_reason_is_needed_and_only_once(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant)], cast.olga)
    assert refused(upload, cast.olga, "   ").code == "reason_missing"
    undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file")
    assert refused(upload, cast.olga).code == "not_committed"


def test_a_record_that_a_later_one_builds_on_waits_for_that_one(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    first = record(course, [line(students[0]), line(students[1])], cast.olga)
    later = record(course, [line(students[1]), line(students[2])], cast.olga)
    refusal = refused(first, cast.olga)
    assert (refusal.code, refusal.upload) == ("built_upon", later)
    undo_upload(acting_user=cast.olga, upload=later, reason="First this")
    undo_upload(acting_user=cast.olga, upload=first, reason="Then that")
    assert standing(course) == set()


def test_a_record_of_other_people_stands_in_no_ones_way(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    first = record(course, [line(students[0])], cast.olga)
    record(course, [line(students[1])], cast.olga)
    undo_upload(acting_user=cast.olga, upload=first, reason="Day one was wrong")
    assert {number for number, _code in standing(course)} == {students[1].student_number}


def test_those_whom_a_later_record_left_out_and_took_back_count_too(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    first = record(course, [line(students[0])], cast.olga)
    record(course, [line(students[1])], cast.olga, replaces=True, take_back_reason="Wrong list")
    assert refused(first, cast.olga).code == "built_upon"


def test_what_stands_on_a_nat_is_undone_by_the_administrator_only(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant)], cast.olga)
    on_a_nat(Award.objects.all()[0], cast)
    assert refused(upload, cast.olga).code == "on_issued_paper"
    assert undo_upload(acting_user=cast.adam, upload=upload, reason="Fraud").status == "undone"


def test_a_void_nat_stands_in_no_ones_way(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant)], cast.olga)
    award = Award.objects.all()[0]
    on_a_nat(award, cast)
    award.transcript_entries.get().transcript.__class__.objects.update(status="void")
    assert undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file").status == "undone"


def test_a_badge_revoked_by_hand_goes_with_its_record_and_cannot_be_reinstated(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant)], cast.olga)
    award = Award.objects.get(badge_type__code="PF")
    revoke_award(acting_user=cast.olga, award=award, reason="Left early")
    undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file")
    assert set(Award.objects.values_list("status", flat=True)) == {"undone"}


def test_a_badge_given_by_hand_to_somebody_on_the_record_goes_with_it(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant, "Y", "Y", "Y")], cast.olga)
    award = Award.objects.get(badge_type__code="PF")
    revoke_award(acting_user=cast.olga, award=award, reason="Slip")
    pf = award.badge_type
    award_by_hand(
        acting_user=cast.olga,
        activity=course,
        participant=cast.sam_participant,
        badge_type=pf,
        reason="There after all",
    )
    undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file")
    assert standing(course) == set()


def test_what_was_reinstated_by_hand_meanwhile_stays_as_it_is(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    record(course, [line(students[0])], cast.olga)
    later = record(course, [line(students[1])], cast.olga, replaces=True, take_back_reason="Wrong list")
    award = Award.objects.get(participant=students[0], badge_type__code="PF")
    reinstate_award(acting_user=cast.olga, award=award, reason="Was there")
    revoke_award(acting_user=cast.olga, award=award, reason="Was not there")
    undo_upload(acting_user=cast.olga, upload=later, reason="Wrong list itself")
    assert standing(course) == {(students[0].student_number, "EC")}


def test_a_state_that_cannot_be_restored_is_left_alone(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    """Lifted by the later record, then the old award reinstated by hand: it cannot be withheld again."""
    sam = students[0]
    record(course, [line(sam), line(students[1])], cast.olga)
    old = Award.objects.get(participant=sam, badge_type__code="PF")
    revoke_award(acting_user=cast.olga, award=old, reason="Not there")
    Withholding.objects.create(
        participant=sam, activity=course, badge_type=old.badge_type, reason="attendance", withheld_by=cast.olga
    )
    later = record(course, [line(sam)], cast.olga, {5: "award"})
    assert len(standing(course)) == 4
    new = Award.objects.active().get(participant=sam, badge_type__code="PF")
    revoke_award(acting_user=cast.olga, award=new, reason="The old one is right")
    reinstate_award(acting_user=cast.olga, award=old, reason="The old one is right")
    assert refused(later, cast.olga).code == "changed_by_hand"


def test_a_row_answered_after_the_commit_is_undone_with_its_record(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant, "Y", "?", "?"), line(cast.suki_participant)], cast.olga)
    answer_parked_row(acting_user=cast.olga, row=upload.rows.get(line=5), answer=ParkedAnswer.AWARD)
    assert len(standing(course)) == 4
    undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file")
    assert standing(course) == set()


def test_a_stranger_undoes_nothing(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant)], cast.olga)
    with pytest.raises(PermissionDenied):
        undo_upload(acting_user=cast.otto, upload=upload, reason="I would like to")
    assert len(standing(course)) == 2

"""Committing: the outcome of every row in one transaction, nothing doubled, nothing overturned silently."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity, BadgeOffer, BadgeType
from awards.attendance.committing import commit_upload
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.staging import preview_upload
from awards.attendance.tests.made import answered, commit, line, record, sheet, stage, standing, withheld
from awards.models import Award, AwardEvent, CorrectionRequest, Withholding
from awards.services import revoke_award
from badges_portal.testing import Cast, make_activity, make_participant
from transcripts.models import Transcript, TranscriptEntry

BOTH = ("PF", "EC")


def refused(upload: AttendanceUpload, by: Any, stored: dict[str, Any] | None = None) -> str:
    before = (Award.objects.count(), Withholding.objects.count(), AttendanceRow.objects.count())
    with pytest.raises(AttendanceRefused) as refusal:
        commit(upload, by, stored)
    assert before == (Award.objects.count(), Withholding.objects.count(), AttendanceRow.objects.count())
    return refusal.value.code


def on_a_nat(award: Award, cast: Cast) -> None:
    transcript = Transcript.objects.create(
        serial="NAT-1",
        code="c" * 32,
        participant=award.participant,
        content={},
        content_sha256="0" * 64,
        issued_at=timezone.now(),
        issued_by=cast.adam,
    )
    TranscriptEntry.objects.create(transcript=transcript, award=award)


def test_each_participant_gets_the_badges_marked(cast: Cast, course: Activity, students: list[Participant]) -> None:
    sam, suki, third, *_others = students
    lines = [line(sam), line(suki, "Y", "Y", "N"), line(third, "N", "N", "N"), ["249999999", "Nobody", "Y", "Y", "Y"]]
    upload = record(course, lines, cast.olga, withheld_reason="assessment")
    assert standing(course) == {
        (sam.student_number, "PF"),
        (sam.student_number, "EC"),
        (suki.student_number, "PF"),
    }
    assert withheld(course) == {(suki.student_number, "EC")}
    counts = (upload.row_count, upload.award_row_count, upload.no_award_row_count, upload.parked_row_count)
    assert counts == (4, 2, 1, 1)
    assert (upload.award_count, upload.withholding_count, upload.filing, upload.is_late) == (3, 1, "open", False)
    assert (upload.reading, upload.committed_by) == (None, cast.olga)


def test_an_award_keeps_what_it_was_given_under(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant)], cast.oscar)
    award = Award.objects.get(badge_type__code="PF")
    assert (award.rules, award.days, award.max_badges, award.awarded_by) == (course.rules, 2, 2, cast.oscar)
    assert award.badge_version.version == award.badge_type.version
    assert award.row is not None
    assert (award.row.upload, award.row.line) == (upload, 5)
    assert [(event.kind, event.by) for event in award.events.all()] == [("awarded", cast.oscar)]
    trail = AuditEntry.objects.filter(action="award.given", participant=cast.sam_participant)
    assert sorted(entry.changes["badge"] for entry in trail) == ["EC", "PF"]


def test_the_whole_commit_stands_on_the_trail_once(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant)], cast.olga)
    entry = AuditEntry.objects.get(action="attendance.committed")
    assert (entry.actor, entry.target_id) == (cast.olga, str(upload.pk))
    assert (entry.changes["awards"], entry.changes["sha256"]) == (2, upload.sha256)


@pytest.mark.thorough
def test_the_number_of_statements_is_the_same_for_3_and_for_300_rows(cast: Cast, course: Activity) -> None:
    people = [make_participant(f"2450{n:05d}", f"LAU Student{n}") for n in range(303)]
    used = []
    for part in (people[:3], people[3:]):
        lines = [line(person, "Y", "Y", "N") if n % 3 == 2 else line(person) for n, person in enumerate(part)]
        upload = stage(course, lines, cast.olga)
        stored = {"withheld_reason": "attendance"}
        fingerprint = preview_upload(upload=upload, stored_answers=stored).decision.fingerprint
        with CaptureQueriesContext(connection) as queries:
            commit_upload(
                acting_user=cast.olga,
                upload=upload,
                request_key=uuid.uuid4(),
                fingerprint=fingerprint,
                stored_answers=stored,
            )
        used.append(len(queries))
    assert used[0] == used[1]
    assert (Award.objects.count(), Withholding.objects.count()) == (505, 101)


def test_the_same_form_sent_twice_gives_the_same_record(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    key = uuid.uuid4()
    first = commit(upload, cast.olga, request_key=key)
    upload.refresh_from_db()
    again = commit_upload(acting_user=cast.olga, upload=upload, request_key=key, fingerprint="", stored_answers={})
    assert (first.is_new, again.is_new, again.upload) == (True, False, first.upload)
    assert Award.objects.count() == 2


def test_a_second_person_is_told_that_it_was_committed(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    fingerprint = preview_upload(upload=upload).decision.fingerprint
    commit(upload, cast.olga)
    with pytest.raises(AttendanceRefused) as refusal:
        commit_upload(
            acting_user=cast.oscar,
            upload=upload,
            request_key=uuid.uuid4(),
            fingerprint=fingerprint,
            stored_answers={},
        )
    assert (refusal.value.code, refusal.value.upload) == ("already_committed", upload)
    assert "LEE Olga" in refusal.value.sentence


def test_the_second_of_two_sheets_is_told_that_the_record_changed(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    first = stage(course, [line(students[0])], cast.olga)
    second = stage(course, [line(students[0]), line(students[1])], cast.oscar)
    seen = preview_upload(upload=second).decision.fingerprint
    commit(first, cast.olga)
    with pytest.raises(AttendanceRefused) as refusal:
        commit_upload(
            acting_user=cast.oscar, upload=second, request_key=uuid.uuid4(), fingerprint=seen, stored_answers={}
        )
    assert refusal.value.code == "changed_since_preview"
    assert commit(second, cast.oscar).upload.award_count == 2


def test_a_badge_closed_since_the_preview_changes_it(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    seen = preview_upload(upload=upload).decision.fingerprint
    BadgeOffer.objects.filter(activity=course, badge_type__code="EC").update(closed_at=timezone.now())
    with pytest.raises(AttendanceRefused) as refusal:
        commit_upload(
            acting_user=cast.olga, upload=upload, request_key=uuid.uuid4(), fingerprint=seen, stored_answers={}
        )
    assert refusal.value.code == "changed_since_preview"
    assert standing(course) == set()


def test_an_activity_cancelled_since_the_preview_takes_no_attendance(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    Activity.objects.filter(pk=course.pk).update(status="cancelled")
    assert refused(upload, cast.olga) == "cancelled"


def test_somebody_who_does_not_manage_the_activity_commits_nothing(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    with pytest.raises(PermissionDenied):
        commit(upload, cast.otto)
    assert standing(course) == set()


def test_a_co_organiser_of_another_unit_commits(cast: Cast, course: Activity) -> None:
    assert cast.oscar.unit != course.unit
    assert record(course, [line(cast.sam_participant)], cast.oscar).award_count == 2


def test_a_sheet_of_day_two_does_not_remove_the_people_of_day_one(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    record(course, [line(students[0]), line(students[1])], cast.olga)
    second = record(course, [line(students[2])], cast.oscar)
    assert {number for number, _code in standing(course)} == {person.student_number for person in students[:3]}
    assert (second.left_out_count, second.revoked_count, second.mode) == (2, 0, "adds")


def test_the_same_people_again_change_nothing(cast: Cast, course: Activity, students: list[Participant]) -> None:
    record(course, [line(students[0])], cast.olga)
    again = record(course, [line(students[0]), line(students[1])], cast.olga)
    assert (again.award_count, again.unchanged_count) == (2, 2)
    assert Award.objects.filter(participant=students[0]).count() == 2


def test_two_lines_of_one_student_earn_once(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant), line(cast.sam_participant)], cast.olga)
    assert (upload.row_count, upload.award_count, Award.objects.count()) == (2, 2, 2)


def test_an_unanswered_row_is_parked_with_what_was_read(cast: Cast, course: Activity) -> None:
    upload = record(course, [line(cast.sam_participant), line(cast.suki_participant, "Y", "?", "?")], cast.olga)
    row = upload.rows.get(line=6)
    assert (row.outcome, row.reason, row.settlement) == ("ask", "unclear_mark", "open")
    assert row.read is not None
    assert row.read["rows"][0]["raw_id"] == cast.suki_participant.student_number
    assert upload.rows.get(line=5).read is None


@pytest.mark.parametrize(("answer", "settlement", "badges"), [("award", "awarded", 2), ("leave_open", "open", 0)])
def test_an_answered_row_is_settled(
    cast: Cast, course: Activity, students: list[Participant], answer: str, settlement: str, badges: int
) -> None:
    upload = record(course, [line(students[0]), line(students[1], "Y", "?", "?")], cast.olga, {6: answer})
    assert upload.rows.get(line=6).settlement == settlement
    assert Award.objects.filter(participant=students[1]).count() == badges


def test_withheld_rows_need_a_reason_that_the_student_can_read(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant), line(cast.suki_participant, "Y", "N", "N")], cast.olga)
    assert refused(upload, cast.olga) == "withheld_reason_missing"
    assert refused(upload, cast.olga, {"withheld_reason": "other"}) == "other_needs_words"
    commit(upload, cast.olga, {"withheld_reason": "other", "withheld_reason_text": "left at noon"})
    reasons = Withholding.objects.values_list("reason", "reason_text").distinct()
    assert list(reasons) == [("other", "left at noon")]


def test_a_withholding_is_not_overturned_silently(cast: Cast, course: Activity, students: list[Participant]) -> None:
    sam, suki = students[:2]
    record(course, [line(sam), line(suki, "Y", "N", "N")], cast.olga, withheld_reason="attendance")
    later = stage(course, [line(sam), line(suki)], cast.olga)
    assert preview_upload(upload=later).decision.rows[1].reason == "withheld_before"
    commit(later, cast.olga)
    assert withheld(course) == {(suki.student_number, code) for code in BOTH}
    assert later.rows.get(line=6).settlement == "open"


def test_an_explicit_yes_lifts_what_was_withheld(cast: Cast, course: Activity, students: list[Participant]) -> None:
    sam, suki = students[:2]
    record(course, [line(sam), line(suki, "Y", "N", "N")], cast.olga, withheld_reason="attendance")
    upload = record(course, [line(sam), line(suki)], cast.olga, {6: "award"})
    assert withheld(course) == set()
    assert {code for number, code in standing(course) if number == suki.student_number} == set(BOTH)
    assert (upload.lifted_count, upload.effects.count()) == (2, 2)


def test_a_badge_revoked_by_hand_does_not_come_back_silently(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    sam, suki = students[:2]
    record(course, [line(sam)], cast.olga)
    revoke_award(acting_user=cast.olga, award=Award.objects.get(badge_type__code="EC"), reason="not there")
    record(course, [line(sam), line(suki)], cast.olga)
    assert {code for number, code in standing(course) if number == sam.student_number} == {"PF"}
    record(course, [line(suki), line(sam)], cast.olga, {6: "award"})
    assert {code for number, code in standing(course) if number == sam.student_number} == set(BOTH)


def test_a_badge_is_taken_back_only_with_an_explicit_yes_and_a_reason(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    sam, suki = students[:2]
    record(course, [line(sam), line(suki)], cast.olga)
    upload = stage(course, [line(sam), line(suki, "N", "N", "N")], cast.olga)
    assert preview_upload(upload=upload).decision.rows[1].reason == "awarded_before"
    assert refused(upload, cast.olga, answered(upload, {6: "no_award"})) == "take_back_reason_missing"
    done = commit(upload, cast.olga, answered(upload, {6: "no_award"}, take_back_reason="Was ill")).upload
    assert {number for number, _code in standing(course)} == {sam.student_number}
    assert (done.revoked_count, done.taken_back_because) == (2, "Was ill")
    events = AwardEvent.objects.filter(award__participant=suki, kind="revoked")
    assert [(event.reason, event.by) for event in events] == [("Was ill", cast.olga)] * 2


def test_a_sheet_that_replaces_takes_back_those_left_out_with_one_reason(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    sam, suki, third = students[:3]
    record(course, [line(sam), line(suki)], cast.olga)
    upload = stage(course, [line(sam), line(third)], cast.olga)
    assert refused(upload, cast.olga, {"replaces": True}) == "take_back_reason_missing"
    done = commit(upload, cast.olga, {"replaces": True, "take_back_reason": "Wrong list"}).upload
    assert {number for number, _code in standing(course)} == {sam.student_number, third.student_number}
    assert (done.mode, done.left_out_count, done.revoked_count) == ("replaces", 1, 2)


def test_what_stands_on_a_nat_is_taken_back_by_the_administrator_at_once(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    record(course, [line(students[0]), line(students[1])], cast.olga)
    on_a_nat(Award.objects.filter(participant=students[1])[0], cast)
    upload = stage(course, [line(students[0])], cast.olga)
    stored = {"replaces": True, "take_back_reason": "Wrong list"}
    assert commit(upload, cast.adam, stored).upload.revoked_count == 2
    assert not CorrectionRequest.objects.exists()


def test_what_stands_on_a_nat_is_asked_of_the_administrator_and_the_rest_is_done(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    record(course, [line(students[0]), line(students[1])], cast.olga)
    printed, other = Award.objects.filter(participant=students[1]).order_by("pk")
    on_a_nat(printed, cast)
    upload = stage(course, [line(students[0]), line(students[2])], cast.olga)
    done = commit(upload, cast.olga, {"replaces": True, "take_back_reason": "Wrong list"}).upload
    assert (done.revoked_count, done.award_count, done.taken_back_because) == (1, 2, "Wrong list")
    printed.refresh_from_db()
    other.refresh_from_db()
    assert (printed.status, other.status) == ("active", "revoked")
    (request,) = CorrectionRequest.objects.open()
    assert (request.award, request.upload, request.row) == (printed, done, None)
    assert (request.reason, request.asked_by) == ("Wrong list", cast.olga)


def test_a_badge_that_stays_for_now_leaves_no_room_for_another(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    """PF and EC were given, and EC is printed; then PS is offered for PF, and a sheet says no to EC and yes to PS."""
    sam = students[0]
    record(course, [line(sam)], cast.olga)
    on_a_nat(Award.objects.get(participant=sam, badge_type__code="EC"), cast)
    closing = BadgeOffer.objects.filter(activity=course, badge_type__code="PF")
    closing.update(closed_at=timezone.now())
    problem_solver = BadgeType.objects.get(code="PS")
    BadgeOffer.objects.create(activity=course, badge_type=problem_solver, position=1, max_badges=2)
    upload = stage(course, [line(sam, "Y", "Y", "N")], cast.olga)
    stored = answered(upload, {5: "no_award"}, take_back_reason="The other one")
    assert refused(upload, cast.olga, stored) == "no_room_while_on_nat"
    assert standing(course) == {(sam.student_number, "PF"), (sam.student_number, "EC")}


def test_nobody_gets_more_badges_than_the_rules_allow(cast: Cast, students: list[Participant]) -> None:
    day = make_activity(cast, code="DB2526-0010", badges=("EC",))
    record(day, [[*line(students[0])[:2], "Y", "Y"]], cast.olga)
    offer = BadgeOffer.objects.get(activity=day)
    BadgeOffer.objects.filter(pk=offer.pk).update(closed_at=timezone.now())
    pf = BadgeType.objects.get(code="PF")
    BadgeOffer.objects.create(activity=day, badge_type=pf, position=1, max_badges=1)
    lines = [[*line(person)[:2], "Y", "Y"] for person in students[:2]]
    upload = record(day, lines, cast.olga)
    assert upload.rows.get(line=5).settlement == "open"
    assert standing(day) == {(students[0].student_number, "EC"), (students[1].student_number, "PF")}


def test_a_record_after_the_due_day_is_late(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    with time_machine.travel(timezone.now() + (course.due_on - timezone.localdate()) * 1):
        assert timezone.localdate() == course.due_on
        on_time = commit(upload, cast.olga).upload
    other = stage(course, [line(cast.suki_participant)], cast.olga)
    with time_machine.travel(timezone.now() + (course.due_on - timezone.localdate()) * 2):
        late = commit(other, cast.olga).upload
    assert (on_time.is_late, late.is_late) == (False, True)


def test_the_questions_of_a_file_are_answered_before_the_commit(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant, "N", "N", "N")], cast.olga)
    assert refused(upload, cast.olga) == "file_question_open"
    assert refused(upload, cast.olga, {"file": False}) == "file_question_no"
    done = commit(upload, cast.olga, {"file": True}).upload
    assert (done.file_question, done.file_answer, done.no_award_row_count) == ("no_awards", True, 1)


def test_a_failed_commit_leaves_nothing_behind(cast: Cast, course: Activity) -> None:
    """The trail cannot be written: then nothing is committed either."""
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE trail_auditentry ADD CONSTRAINT full_up CHECK (action <> 'attendance.committed')")
    with pytest.raises(IntegrityError, match="full_up"):
        commit(upload, cast.olga)
    upload.refresh_from_db()
    assert (upload.status, Award.objects.count(), AttendanceRow.objects.count()) == ("staged", 0, 0)


def test_one_student_in_many_sheets_is_read_at_the_commit_again(cast: Cast, course: Activity) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    upload = stage(course, [], cast.olga, data=data)
    Participant.objects.filter(pk=cast.sam_participant.pk).update(status="withdrawn")
    assert commit(upload, cast.olga).upload.parked_row_count == 1

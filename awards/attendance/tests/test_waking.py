"""Rows of unknown students wake when the register brings them and the name agrees; nothing else awards by itself."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.messages.models import Message
from accounts.models import RegisterImport
from accounts.trail.models import AuditEntry
from activities.models import Activity, BadgeOffer
from awards.attendance.models import AttendanceRow
from awards.attendance.parked import ParkedAnswer, answer_parked_row
from awards.attendance.tests.made import line, record, standing, withheld
from awards.attendance.undoing import undo_upload
from awards.attendance.waking import Woken, expire_parked_rows, wake_parked_rows
from awards.models import Award, AwardEvent
from badges_portal.testing import Cast, make_activity, make_participant

NUMBER = "249999999"


def unknown(cast: Cast, course: Activity, name: str = "TAM New", *marks: str, **others: Any) -> AttendanceRow:
    """The row of somebody whom the register does not know, on a record with Sam."""
    lines = [line(cast.sam_participant), [NUMBER, name, *(marks or ("Y", "Y", "Y"))]]
    return record(course, lines, cast.olga, **others).rows.get(line=6)


def test_a_row_wakes_when_number_and_name_agree(cast: Cast, course: Activity) -> None:
    row = unknown(cast, course)
    assert wake_parked_rows() == Woken()
    newcomer = make_participant(NUMBER, "Tam, NEW", "譚新")
    assert wake_parked_rows() == Woken(awarded=1)
    row.refresh_from_db()
    assert (row.settlement, row.participant, row.outcome, row.reason) == ("awarded", newcomer, "reject", "unknown_id")
    given = Award.objects.active().filter(participant=newcomer)
    assert {(award.badge_type.code, award.awarded_by, award.row) for award in given} == {
        ("PF", None, row),
        ("EC", None, row),
    }
    assert set(AwardEvent.objects.filter(award__in=given).values_list("kind", "by")) == {("awarded", None)}
    assert AuditEntry.objects.filter(action="award.given", actor=None, participant=newcomer).count() == 2
    entry = AuditEntry.objects.get(action="attendance.row_woke")
    assert (entry.actor, entry.participant, entry.target_id) == (None, newcomer, str(row.upload.pk))


def test_a_mistyped_id_is_not_awarded_to_the_student_who_gets_that_number_later(cast: Cast, course: Activity) -> None:
    """What issue 3 must show: no award without a person's yes."""
    before = standing(course)
    row = unknown(cast, course, "WONG Suki")
    before = standing(course)
    real = make_participant(NUMBER, "LEUNG Other")
    assert wake_parked_rows() == Woken(asking=1)
    assert wake_parked_rows() == Woken()
    row.refresh_from_db()
    assert (row.settlement, row.question, row.participant) == ("open", "name_mismatch", real)
    assert standing(course) == before
    assert AuditEntry.objects.get(action="attendance.row_asks").participant is None
    answer_parked_row(acting_user=cast.olga, row=row, answer=ParkedAnswer.AWARD)
    assert standing(course) == before | {(NUMBER, "PF"), (NUMBER, "EC")}


@pytest.mark.parametrize(
    ("name", "registered", "settlement", "question"),
    [
        ("tam  new", ("TAM New", "譚新"), "awarded", "unknown_id"),
        ("譚新", ("TAM New", "譚新"), "awarded", "unknown_id"),
        ("谭新", ("TAM New", "譚新"), "awarded", "unknown_id"),
        ("TAM Nwe", ("TAM New", "譚新"), "open", "name_mismatch"),
        ("", ("TAM New", "譚新"), "open", "name_not_compared"),
        ("TAM New", ("", "譚新"), "open", "name_not_compared"),
    ],
)
def test_the_name_must_agree_as_on_a_sheet(
    cast: Cast, course: Activity, name: str, registered: tuple[str, str], settlement: str, question: str
) -> None:
    row = unknown(cast, course, name)
    make_participant(NUMBER, *registered)
    wake_parked_rows()
    row.refresh_from_db()
    assert (row.settlement, row.question) == (settlement, question)


@pytest.mark.parametrize(
    ("marks", "settlement", "question"),
    [
        (("N", "N", "N"), "refused", "unknown_id"),
        (("Y", "?", "Y"), "open", "unclear_mark"),
        (("Y", "", "Y"), "open", "award_blank"),
        (("N", "Y", "N"), "open", "contradiction"),
        (("Y", "Y", "N"), "open", "withheld_without_reason"),
    ],
)
def test_the_marks_are_judged_by_the_rules_of_the_sheet(
    cast: Cast, course: Activity, marks: tuple[str, ...], settlement: str, question: str
) -> None:
    row = unknown(cast, course, "TAM New", *marks)
    make_participant(NUMBER, "TAM New")
    before = standing(course)
    wake_parked_rows()
    row.refresh_from_db()
    assert (row.settlement, row.question, standing(course)) == (settlement, question, before)


def test_the_reason_given_for_all_withheld_badges_of_the_sheet_holds_for_the_row(cast: Cast, course: Activity) -> None:
    lines = [line(cast.sam_participant, "Y", "Y", "N"), [NUMBER, "TAM New", "Y", "Y", "N"]]
    record(course, lines, cast.olga, withheld_reason="assessment")
    make_participant(NUMBER, "TAM New")
    assert wake_parked_rows() == Woken(awarded=1)
    assert ((NUMBER, "PF") in standing(course), withheld(course) & {(NUMBER, "EC")}) == (True, {(NUMBER, "EC")})


@pytest.mark.parametrize(("answer", "given"), [(True, True), (False, False)])
def test_what_was_answered_for_a_blank_column_holds_for_the_row(
    cast: Cast, course: Activity, answer: bool, given: bool
) -> None:
    lines = [line(cast.sam_participant, "Y", "", ""), [NUMBER, "TAM New", "Y", "", ""]]
    record(course, lines, cast.olga, file=answer, withheld_reason="outcome")
    make_participant(NUMBER, "TAM New")
    wake_parked_rows()
    assert ((NUMBER, "PF") in standing(course), (NUMBER, "PF") in withheld(course)) == (given, not given)


def test_two_lines_that_say_the_same_give_one_badge_and_two_that_do_not_ask(cast: Cast, course: Activity) -> None:
    lines = [line(cast.sam_participant), [NUMBER, "TAM New", "Y", "Y", "Y"], [NUMBER, "TAM New", "Y", "Y", "Y"]]
    same = record(course, lines, cast.olga)
    other = make_activity(cast, code="DB2526-0002", badges=("PF", "EC"), days=2, ended_days_ago=9)
    differing = record(other, [*lines[:2], [NUMBER, "TAM New", "Y", "Y", "N"]], cast.olga)
    make_participant(NUMBER, "TAM New")
    assert wake_parked_rows() == Woken(awarded=2, asking=2)
    assert set(same.rows.exclude(settlement="").values_list("settlement", flat=True)) == {"awarded"}
    assert {row.question for row in differing.rows.exclude(settlement="")} == {"duplicate_conflict"}
    assert Award.objects.active().filter(participant__student_number=NUMBER).count() == 2


def test_what_was_decided_before_is_not_overturned(cast: Cast, course: Activity) -> None:
    row = unknown(cast, course)
    newcomer = make_participant(NUMBER, "TAM New")
    record(course, [line(newcomer, "Y", "N", "N"), line(cast.sam_participant)], cast.olga, withheld_reason="outcome")
    assert wake_parked_rows() == Woken(asking=1)
    row.refresh_from_db()
    assert (row.question, withheld(course)) == ("withheld_before", {(NUMBER, "PF"), (NUMBER, "EC")})


def test_nothing_wakes_at_a_cancelled_activity_or_without_an_offer(cast: Cast, course: Activity) -> None:
    unknown(cast, course)
    make_participant(NUMBER, "TAM New")
    Activity.objects.filter(pk=course.pk).update(status="cancelled")
    assert wake_parked_rows() == Woken()
    Activity.objects.filter(pk=course.pk).update(status="published")
    BadgeOffer.objects.filter(activity=course).update(closed_at=timezone.now())
    assert wake_parked_rows() == Woken()
    BadgeOffer.objects.filter(activity=course).update(closed_at=None)
    assert wake_parked_rows() == Woken(awarded=1)


def test_rows_of_an_undone_record_stay_asleep(cast: Cast, course: Activity) -> None:
    row = unknown(cast, course)
    undo_upload(acting_user=cast.olga, upload=row.upload, reason="Wrong file")
    make_participant(NUMBER, "TAM New")
    assert wake_parked_rows() == Woken()


def test_undoing_the_record_takes_what_woke_with_it(cast: Cast, course: Activity) -> None:
    row = unknown(cast, course)
    make_participant(NUMBER, "TAM New")
    wake_parked_rows()
    undo_upload(acting_user=cast.olga, upload=row.upload, reason="Wrong file")
    assert (standing(course), withheld(course)) == (set(), set())


def test_a_row_that_woke_to_a_badge_of_a_later_record_sleeps_again_when_that_is_undone(
    cast: Cast, course: Activity
) -> None:
    """A, B, undo B = A, also for a row of A that was settled because B had given the badge."""
    row = unknown(cast, course)
    before = standing(course)
    newcomer = make_participant(NUMBER, "TAM New")
    later = record(course, [line(newcomer)], cast.olga)
    assert wake_parked_rows() == Woken(awarded=1)
    row.refresh_from_db()
    assert (row.settlement, row.awards.count()) == ("awarded", 0)
    undo_upload(acting_user=cast.olga, upload=later, reason="Wrong file")
    row.refresh_from_db()
    assert (row.settlement, row.participant, standing(course)) == ("open", None, before)
    assert wake_parked_rows() == Woken(awarded=1)
    assert standing(course) == before | {(NUMBER, "PF"), (NUMBER, "EC")}


def test_a_student_number_that_lost_its_zero_asks_once_the_register_has_it(cast: Cast, course: Activity) -> None:
    lines = [line(cast.sam_participant), ["49999999", "TAM New", "Y", "Y", "Y"]]
    row = record(course, lines, cast.olga).rows.get(line=6)
    assert row.reason == "bad_id"
    make_participant("049999999", "TAM New")
    assert wake_parked_rows() == Woken(asking=1)
    row.refresh_from_db()
    assert row.question == "id_lost_zero"


def test_the_statements_do_not_grow_with_the_rows(cast: Cast) -> None:
    def statements(number: int, people: int) -> int:
        activity = make_activity(cast, code=f"DB2526-01{number:02}", badges=("PF",), ended_days_ago=9 + number)
        names = [(f"24{number}00{n:04}", f"TAM New{chr(97 + n)}") for n in range(people)]
        record(activity, [line(cast.sam_participant, "Y", "Y"), *([*name, "Y", "Y"] for name in names)], cast.olga)
        for name in names:
            make_participant(*name)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert wake_parked_rows() == Woken(awarded=people)
        return len(queries)

    assert statements(1, 1) == statements(2, 12)


def test_rows_expire_after_an_academic_year_unless_they_ask_or_the_register_brings_them(
    cast: Cast, course: Activity
) -> None:
    row = unknown(cast, course)
    other = make_activity(cast, code="DB2526-0002", badges=("PF", "EC"), days=2, ended_days_ago=9)
    asking = record(other, [["240000001", "NG Wrong", "Y", "Y", "Y"], line(cast.suki_participant)], cast.olga)
    assert row.upload.committed_at is not None
    now = row.upload.committed_at + dt.timedelta(days=365)
    assert expire_parked_rows(now=now) == 0
    now += dt.timedelta(minutes=5)
    assert expire_parked_rows(now=now) == 1
    assert expire_parked_rows(now=now) == 0
    row.refresh_from_db()
    assert (row.settlement, row.settled_at) == ("expired", now)
    assert asking.rows.get(line=5).settlement == "open"
    assert AuditEntry.objects.get(action="attendance.rows_expired").changes["lines"] == [6]
    make_participant(NUMBER, "TAM New")
    assert wake_parked_rows() == Woken()


def test_the_command_says_what_it_did(cast: Cast, course: Activity, capsys: pytest.CaptureFixture[str]) -> None:
    unknown(cast, course)
    make_participant(NUMBER, "TAM New")
    call_command("wake_parked_rows")
    assert capsys.readouterr().out == "1 row(s) awarded, 0 without a badge, 0 ask now, 0 expired; 0 activities busy.\n"


REGISTER = f"Student number,English name,Chinese name\n{NUMBER},TAM New,譚新\n".encode()


def test_a_register_import_on_the_page_wakes_the_rows_and_the_organisers_are_told(
    cast: Cast, course: Activity, sign_in: Any
) -> None:
    row = unknown(cast, course)
    adam = sign_in(cast.adam)
    sent = {"file": SimpleUploadedFile("register.csv", REGISTER)}
    review = adam.post(reverse("accounts:register-import"), sent).url
    (fingerprint,) = re.findall(r'name="fingerprint" value="([^"]+)"', adam.get(review).content.decode())
    key = RegisterImport.objects.get().pk
    applied = adam.post(reverse("accounts:register-apply", args=[key]), {"fingerprint": fingerprint}, follow=True)
    assert "1 awarded, 0 without a badge, 0 ask the organiser now" in applied.content.decode()
    row.refresh_from_db()
    assert row.settlement == "awarded"
    told = Message.objects.filter(kind="rows_woke")
    assert {message.recipient for message in told} == {cast.olga, cast.oscar}
    assert {(m.context["awarded"], m.context["asking"], m.url) for m in told} == {
        (1, 0, reverse("awards:participant-list-of-activity", args=[course.pk]))
    }
    page = sign_in(cast.olga).get(reverse("messages:inbox")).content.decode()
    assert f"Students of {course.code} are in the register now" in page


def test_a_register_import_from_the_command_line_does_so_too(
    cast: Cast, course: Activity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = unknown(cast, course, "NG Somebody")
    file = tmp_path / "register.csv"
    file.write_bytes(REGISTER)
    call_command("import_register", str(file), dry_run=True)
    assert "Open attendance rows" not in capsys.readouterr().out
    call_command("import_register", str(file))
    assert "0 awarded, 0 without a badge, 1 ask the organiser now" in capsys.readouterr().out
    row.refresh_from_db()
    assert row.question == "name_mismatch"
    (told,) = Message.objects.filter(kind="rows_woke", recipient=cast.olga)
    assert told.url == f"/organise/open-rows/?activity={course.pk}"

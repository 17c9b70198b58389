"""Organisers are reminded until the record is committed, each once for each day, and once after an outage."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.messages.models import Message
from accounts.messages.wording import worded
from activities.models import Activity
from activities.services import cancel_activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.reminding import Reminded, remind_organisers, reminded
from awards.attendance.undoing import undo_upload
from badges_portal.testing import Cast, make_activity, make_upload

DAY = dt.timedelta(days=1)
ENDED_DAYS_AGO = 100


@pytest.fixture
def talk(cast: Cast) -> Activity:
    """Olga's and Oscar's, over for a hundred days."""
    return make_activity(cast, ended_days_ago=ENDED_DAYS_AGO, organisers=[cast.olga, cast.oscar])


def told(**whom: object) -> list[tuple[str, str]]:
    """Kind and key of each message, the oldest first; the key without the activity."""
    found = Message.objects.filter(**whom).order_by("pk")
    return [(message.kind, message.key.split(":")[1]) for message in found]


def run_every_day(first: dt.date, last: dt.date) -> None:
    for number in range((last - first).days + 1):
        remind_organisers(today=first + number * DAY)


def test_seven_days_before_on_the_day_and_weekly_after(cast: Cast, talk: Activity) -> None:
    due = talk.due_on
    run_every_day(talk.last_on, due + 15 * DAY)
    expected = [
        ("attendance_due_soon", str(due - 7 * DAY)),
        ("attendance_due", str(due)),
        ("attendance_overdue", str(due + 7 * DAY)),
        ("attendance_overdue", str(due + 14 * DAY)),
    ]
    assert told(recipient=cast.olga) == expected
    assert told(recipient=cast.oscar) == expected
    assert Message.objects.count() == 8


def test_the_same_day_again_writes_nothing(talk: Activity) -> None:
    assert [remind_organisers(today=talk.due_on) for _ in range(3)] == [2, 0, 0]


def test_after_an_outage_there_is_one_message_and_not_all_that_were_missed(cast: Cast, talk: Activity) -> None:
    assert remind_organisers(today=talk.due_on + 40 * DAY) == 2
    assert told(recipient=cast.olga) == [("attendance_overdue", str(talk.due_on + 35 * DAY))]
    remind_organisers(today=talk.due_on + 42 * DAY)
    assert len(told(recipient=cast.olga)) == 2


def test_a_record_ends_it_and_its_undoing_begins_it_again(cast: Cast, talk: Activity) -> None:
    upload = make_upload(talk, [cast.sam_participant], by=cast.olga)
    assert remind_organisers(today=talk.due_on) == 0
    undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file")
    assert remind_organisers(today=talk.due_on) == 2


@pytest.mark.parametrize("status", ["draft", "cancelled", "archived"])
def test_what_is_not_held_is_not_asked_for(talk: Activity, status: str) -> None:
    Activity.objects.filter(pk=talk.pk).update(status=status)
    assert remind_organisers(today=talk.due_on) == 0


def test_a_cancelled_activity_is_not_asked_for_any_more(cast: Cast) -> None:
    coming = make_activity(cast, ended_days_ago=-3)
    cancel_activity(acting_user=cast.olga, activity=coming, reason="Ill")
    assert remind_organisers(today=coming.due_on) == 0


def test_before_it_is_over_nobody_is_asked(cast: Cast, talk: Activity) -> None:
    Activity.objects.filter(pk=talk.pk).update(last_on=talk.due_on + 3 * DAY)
    assert remind_organisers(today=talk.due_on) == 0
    assert remind_organisers(today=talk.due_on + 3 * DAY) == 2


def test_closed_accounts_are_left_alone_and_a_new_colleague_is_told_too(cast: Cast, talk: Activity) -> None:
    cast.oscar.is_active = False
    cast.oscar.save()
    assert remind_organisers(today=talk.due_on) == 1
    talk.organisers.add(cast.otto)
    assert remind_organisers(today=talk.due_on + DAY) == 1
    assert told(recipient=cast.otto) == [("attendance_due", str(talk.due_on))]


def subject_and_body(message: Message) -> tuple[str, str]:
    words = worded(message.kind, message.context)
    return words.subject, words.body


def test_the_words_say_when_and_what_to_do(cast: Cast, talk: Activity) -> None:
    Activity.objects.filter(pk=talk.pk).update(due_on=dt.date(2026, 5, 12), last_on=dt.date(2026, 4, 12))
    days = [dt.date(2026, 5, 5), dt.date(2026, 5, 12), dt.date(2026, 5, 19)]
    for day in days:
        remind_organisers(today=day)
    words = [subject_and_body(message) for message in Message.objects.filter(recipient=cast.olga).order_by("pk")]
    assert [subject for subject, _body in words] == [
        "Attendance of DB2526-0001 is due on 12 May 2026",
        "Attendance of DB2526-0001 is due today",
        "Attendance of DB2526-0001 is 7 days overdue",
    ]
    assert all("“Team communication workshop”" in body and "Upload the attendance sheet" in body for _s, body in words)
    with translation.override("zh-hant"):
        assert "2026年5月12日" in subject_and_body(Message.objects.earliest("pk"))[1]


def test_on_a_later_day_it_does_not_say_today(cast: Cast, talk: Activity) -> None:
    remind_organisers(today=talk.due_on + 2 * DAY)
    assert "was due on" in subject_and_body(Message.objects.earliest("pk"))[0]


def test_who_has_uploaded_is_asked_to_commit(cast: Cast, talk: Activity) -> None:
    AttendanceUpload.objects.create(
        activity=talk, file_name="a.csv", file_size=1, sha256="0" * 64, stored_as="a", uploaded_by=cast.olga, reading={}
    )
    remind_organisers(today=talk.due_on)
    assert "A sheet is uploaded already" in subject_and_body(Message.objects.earliest("pk"))[1]


def test_it_leads_to_the_upload(cast: Cast, talk: Activity) -> None:
    remind_organisers(today=talk.due_on)
    assert Message.objects.earliest("pk").url == f"/organise/{talk.pk}/attendance/"


def test_it_is_known_how_often_and_when_the_team_was_reminded(cast: Cast, talk: Activity) -> None:
    other = make_activity(cast, code="DB2526-0002", ended_days_ago=3)
    for weeks in (0, 1, 2):
        remind_organisers(today=talk.due_on + weeks * 7 * DAY)
    activities = list(Activity.objects.prefetch_related("organisers"))
    with CaptureQueriesContext(connection) as queries:
        told = reminded(activities)
    assert len(queries) == 1
    assert told == {talk.pk: Reminded(3, Message.objects.latest("created_at").created_at), other.pk: Reminded()}


def test_one_activity_and_three_take_the_same_number_of_queries(cast: Cast, talk: Activity) -> None:
    used = []
    for number in (1, 3):
        while Activity.objects.count() < number:
            make_activity(cast, code=f"DB2526-1{Activity.objects.count():03}", ended_days_ago=ENDED_DAYS_AGO)
        with CaptureQueriesContext(connection) as queries:
            remind_organisers(today=talk.due_on + number * 7 * DAY)
        used.append(len(queries))
    assert used[0] == used[1]


def test_the_command_reminds_as_of_today_or_of_a_day(talk: Activity) -> None:
    said = StringIO()
    call_command("remind", "--on", str(talk.due_on - 8 * DAY), stdout=said)
    call_command("remind", stdout=said)
    call_command("remind", stdout=said)
    assert said.getvalue() == "0 reminder(s) written.\n2 reminder(s) written.\n0 reminder(s) written.\n"
    assert timezone.localdate() > talk.due_on

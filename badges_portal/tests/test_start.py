"""The start page: what needs doing now, for each role."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from activities.models import BadgeType
from awards.advising.models import Advice
from awards.attendance.models import AttendanceUpload
from awards.models import Award
from badges_portal.start import Desk, StartPage, Waiting
from badges_portal.testing import Cast, make_activity
from transcripts.models import TranscriptRequest

pytestmark = [pytest.mark.thorough, pytest.mark.django_db]


def desks_of(user: User) -> dict[str, dict[str, str]]:
    """Title of the desk → what is counted → the number."""
    return {str(desk.title): {task.text: task.number for task in desk.tasks} for desk in page_of(user)}


def page_of(user: User) -> list[Desk]:
    return StartPage(User.objects.get(pk=user.pk), timezone.now()).desks


def upload_for(activity: Any, user: User, status: str, **fields: Any) -> AttendanceUpload:
    name = f"{activity.code}-{status}-{AttendanceUpload.objects.count()}"
    committed = {"committed_at": timezone.now(), "committed_by": user} if status == "committed" else {}
    return AttendanceUpload.objects.create(
        activity=activity,
        status=status,
        file_name="sheet.xlsx",
        file_size=1,
        sha256="0" * 64,
        stored_as=name,
        file_format="xlsx",
        uploaded_by=user,
        **committed,
        **fields,
    )


def give(cast: Cast, activity: Any, code: str) -> None:
    badge = BadgeType.objects.get(code=code)
    Award.objects.create(
        participant=cast.sam_participant,
        activity=activity,
        badge_type=badge,
        badge_version=badge.versions.get(),
        rules=activity.rules,
        days=activity.days,
        max_badges=activity.max_badges,
        awarded_by=cast.olga,
    )


def test_a_student_sees_badges_activities_to_come_and_the_nat(cast: Cast) -> None:
    give(cast, make_activity(cast, code="A1", badges=["EC"]), "EC")
    give(cast, make_activity(cast, code="A2", badges=["EC"]), "EC")
    make_activity(cast, code="A3", ended_days_ago=-5)
    TranscriptRequest.objects.create(participant=cast.sam_participant, purpose="job")
    assert desks_of(cast.sam) == {
        "My badges": {
            "attributes earned": "1/6",
            "badges in my Activity History": "2",
            "coming activities that award badges": "1",
            "my latest NAT request": "requested",
        }
    }
    assert desks_of(cast.suki)["My badges"] == {
        "attributes earned": "0/6",
        "badges in my Activity History": "0",
        "coming activities that award badges": "1",
        "no NAT requested so far": "–",
    }


def test_an_organiser_sees_what_waits_for_an_attendance_record(cast: Cast) -> None:
    make_activity(cast, code="OVERDUE", ended_days_ago=40)
    make_activity(cast, code="WAITS", ended_days_ago=3)
    make_activity(cast, code="COMING", ended_days_ago=-3)
    make_activity(cast, code="DRAFT", status="draft")
    make_activity(cast, code="OTHERS", organisers=[cast.otto])
    upload_for(make_activity(cast, code="DONE"), cast.olga, "committed", filing="open")
    staged = make_activity(cast, code="STAGED")
    upload_for(staged, cast.olga, "staged")
    Advice.objects.create(activity=staged, author=cast.lydia, text="Consider PS.")
    assert desks_of(cast.olga) == {
        "My activities": {
            "wait for their attendance record": "3",
            "attendance records overdue": "1",
            "sheets uploaded but not committed": "1",
            "wait for an answer to advice": "1",
            "to come": "1",
            "drafts to publish": "1",
        }
    }
    waiting = page_of(cast.olga)[0].waiting
    assert [(one.activity.code, one.is_overdue) for one in waiting] == [
        ("OVERDUE", True),
        ("WAITS", False),
        ("STAGED", False),
    ]


@pytest.mark.parametrize(
    ("days_left", "said"),
    [(5, "5 days left"), (1, "1 day left"), (0, "due today"), (-1, "1 day overdue"), (-9, "9 days overdue")],
)
def test_the_clock_says_what_is_left(days_left: int, said: str) -> None:
    assert Waiting(activity=None, url="", days_left=days_left).clock == said  # type: ignore[arg-type]


def test_an_administrator_sees_what_is_to_file_and_to_decide(cast: Cast) -> None:
    activity = make_activity(cast, organisers=[cast.otto])
    upload_for(activity, cast.otto, "committed", filing="open")
    upload_for(activity, cast.otto, "committed", filing="queried")
    upload_for(activity, cast.otto, "committed", filing="filed")
    make_activity(cast, code="LATE", organisers=[cast.otto], ended_days_ago=40)
    TranscriptRequest.objects.create(participant=cast.sam_participant, purpose="job")
    TranscriptRequest.objects.create(participant=cast.suki_participant, purpose="job", status="accepted")
    assert desks_of(cast.adam) == {
        "Scheme administration": {
            "attendance records to file": "1",
            "records queried with the organiser": "1",
            "NAT requests to decide": "1",
            "NATs to issue and print": "1",
            "attendance records overdue in all units": "1",
        }
    }


def test_an_advisor_sees_new_choices(cast: Cast) -> None:
    make_activity(cast, code="A1")
    advised = make_activity(cast, code="A2")
    Advice.objects.create(activity=advised, author=cast.lydia, text="Consider PS.")
    assert desks_of(cast.lydia) == {
        "Choices of badges": {"choices new to me": "2", "waiting for the organiser's answer": "1"}
    }


def test_several_roles_have_several_desks_and_an_operator_none(cast: Cast) -> None:
    cast.lydia.roles = [Role.STUDENT, Role.ORGANISER, Role.ADMINISTRATOR, Role.ADVISOR]
    cast.lydia.save()
    make_activity(cast, organisers=[cast.lydia])
    assert list(desks_of(cast.lydia)) == ["My badges", "My activities", "Scheme administration", "Choices of badges"]
    assert desks_of(cast.xenia) == {}


def test_what_is_done_is_calm_and_what_is_overdue_is_not(cast: Cast) -> None:
    assert [task.tone for task in page_of(cast.olga)[0].tasks] == ["success", "success", ""]
    make_activity(cast, ended_days_ago=40)
    assert [task.tone for task in page_of(cast.olga)[0].tasks] == ["warning", "danger", ""]


@pytest.mark.parametrize("who", ["sam", "olga", "adam", "lydia"])
def test_more_to_do_costs_no_more_queries(cast: Cast, who: str, sign_in: Any) -> None:
    client = sign_in(getattr(cast, who))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    make_activity(cast, code="A0")
    queries()
    with_one = queries()
    for number in (1, 2):
        make_activity(cast, code=f"A{number}", ended_days_ago=3 + number)
    assert queries() == with_one


def test_at_most_five_waiting_activities_are_listed_the_most_urgent_first(cast: Cast) -> None:
    for number in range(7):
        make_activity(cast, code=f"A{number}", ended_days_ago=3 + number)
    waiting = page_of(cast.olga)[0].waiting
    assert [one.activity.code for one in waiting] == ["A6", "A5", "A4", "A3", "A2"]
    assert waiting[0].days_left == (waiting[0].activity.due_on - timezone.localdate()) // dt.timedelta(days=1)

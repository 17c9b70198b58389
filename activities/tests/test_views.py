"""The organisers' pages: the list with what needs doing, one activity with its next step, and every button."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from badges_portal.testing import Cast, make_activity, make_upload

LIST = "/organise/"


def listed(client: Client, **query: str) -> list[str]:
    return [activity.code for activity in client.get(LIST, query).context["page_obj"]]


def page(client: Client, activity: Activity) -> str:
    return client.get(reverse("activities:manage", args=[activity.pk])).content.decode()


def act(client: Client, name: str, activity: Activity, **data: Any) -> Any:
    return client.post(reverse(f"activities:{name}", args=[activity.pk]), data, follow=True)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def six(cast: Cast) -> dict[str, Activity]:
    """One of Olga's in every state, and one of Otto's."""
    recorded = make_activity(cast, code="recorded", ended_days_ago=9)
    make_upload(recorded, [cast.sam_participant], by=cast.olga)
    return {
        "recorded": recorded,
        "due": make_activity(cast, code="due", ended_days_ago=3),
        "overdue": make_activity(cast, code="overdue", ended_days_ago=40),
        "coming": make_activity(cast, code="coming", ended_days_ago=-3, organisers=[cast.oscar, cast.olga]),
        "draft": make_activity(cast, code="draft", ended_days_ago=-30, status="draft"),
        "cancelled": make_activity(cast, code="cancelled", ended_days_ago=50, status="cancelled"),
        "others": make_activity(cast, code="others", organisers=[cast.otto]),
    }


# --- My activities ---


def test_the_list_holds_own_and_co_organised_activities_latest_first(
    cast: Cast, six: dict[str, Activity], sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    assert listed(client) == ["draft", "coming", "due", "recorded", "overdue", "cancelled"]
    assert listed(sign_in(cast.oscar)) == ["coming"]


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("due", ["overdue", "due"]),
        ("overdue", ["overdue"]),
        ("coming", ["coming"]),
        ("draft", ["draft"]),
        ("recorded", ["recorded"]),
        ("closed", ["cancelled"]),
        ("nonsense", ["draft", "coming", "due", "recorded", "overdue", "cancelled"]),
    ],
)
def test_the_tabs_sort_out_the_states(
    cast: Cast, six: dict[str, Activity], sign_in: Any, state: str, codes: list[str]
) -> None:
    assert listed(sign_in(cast.olga), state=state) == codes


def test_the_list_counts_what_needs_doing(cast: Cast, six: dict[str, Activity], sign_in: Any) -> None:
    response = sign_in(cast.olga).get(LIST)
    counts = {tab["state"]: tab["count"] for tab in response.context["tabs"]}
    assert counts == {"": 6, "due": 2, "overdue": 1, "coming": 1, "draft": 1, "recorded": 1, "closed": 1}
    text = response.content.decode()
    assert "2 activities are over and their attendance is not recorded yet." in text
    assert "1 is overdue." in text
    assert "Attendance due in 27 days" in text
    assert "Attendance 10 days overdue" in text


@pytest.mark.parametrize(("days", "text"), [(0, "Attendance due today"), (1, "Attendance due in 1 day")])
def test_the_clock_speaks_plainly(cast: Cast, sign_in: Any, days: int, text: str) -> None:
    activity = make_activity(cast)
    Activity.objects.filter(pk=activity.pk).update(due_on=timezone.localdate() + dt.timedelta(days=days))
    assert text in sign_in(cast.olga).get(LIST).content.decode()


def test_what_is_co_organised_is_marked(cast: Cast, six: dict[str, Activity], sign_in: Any) -> None:
    assert "co-organised" in sign_in(cast.oscar).get(LIST).content.decode()
    assert "co-organised" not in sign_in(cast.olga).get(LIST).content.decode()


def test_the_search_looks_at_titles_and_codes(cast: Cast, six: dict[str, Activity], sign_in: Any) -> None:
    client = sign_in(cast.olga)
    assert listed(client, q="DUE") == ["due", "overdue"]
    assert listed(client, q="others") == []
    assert "Nothing here" in client.get(LIST, {"q": "others"}).content.decode()


def test_the_administrator_sees_all_or_the_own_ones(cast: Cast, six: dict[str, Activity], sign_in: Any) -> None:
    client = sign_in(cast.adam)
    assert len(listed(client)) == 7
    assert listed(client, scope="own") == []
    assert listed(sign_in(cast.otto), scope="all") == ["others"]


def test_somebody_new_is_told_how_to_begin(cast: Cast, sign_in: Any) -> None:
    assert "You have no activities yet" in sign_in(cast.otto).get(LIST).content.decode()


def test_the_list_costs_the_same_with_one_and_with_three(cast: Cast, sign_in: Any) -> None:
    client, costs = sign_in(cast.olga), []
    for n in range(3):
        make_activity(cast, code=f"A{n}", badges=["EC", "PF"], days=2)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[2]


# --- One activity: its next step ---


def test_a_draft_says_what_it_still_needs_and_then_offers_to_publish(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    lacking = page(client, make_activity(cast, code="A", status="draft", badges=[], objectives=""))
    assert "What it still needs" in lacking
    assert "<li>objectives</li><li>at least one badge</li>" in lacking
    assert "/publish/" not in lacking
    assert "/publish/" in page(client, make_activity(cast, code="B", status="draft"))


def test_a_coming_activity_says_from_when_attendance_can_be_uploaded(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast, ended_days_ago=-3)
    ends = timezone.localtime(activity.ends_at)
    text = page(sign_in(cast.olga), activity)
    assert f"Attendance can be uploaded from {ends.day} {ends:%b %Y}, 17:00" in text
    assert "/cancel/" in text
    assert "/archive/" not in text


def test_a_recorded_activity_counts_its_awards_and_can_only_be_archived(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast, days=2, badges=["EC", "PF"])
    make_upload(activity, [cast.sam_participant, cast.suki_participant], by=cast.olga)
    text = page(sign_in(cast.olga), activity)
    assert "4 badges" in text
    assert "2 students" in text
    assert "/cancel/" not in text
    assert "/archive/" in text


def test_the_page_of_an_activity_costs_the_same_however_many_take_part(cast: Cast, sign_in: Any) -> None:
    client, costs = sign_in(cast.olga), []
    for code, organisers, people in [
        ("A", [cast.olga], [cast.sam_participant]),
        ("B", [cast.olga, cast.oscar, cast.otto], [cast.sam_participant, cast.suki_participant]),
    ]:
        activity = make_activity(cast, code=code, days=2, badges=["EC", "PF"], organisers=organisers)
        make_upload(activity, people, by=cast.olga)
        with CaptureQueriesContext(connection) as queries:
            page(client, activity)
        costs.append(len(queries))
    assert costs[0] == costs[1]


# --- Buttons ---


def test_publish_shows_a_complete_draft_and_tells_what_an_incomplete_one_lacks(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    complete, lacking = (
        make_activity(cast, code="A", status="draft"),
        make_activity(cast, code="B", status="draft", badges=[]),
    )
    assert said(act(client, "publish", complete)) == ["The activity is published."]
    assert said(act(client, "publish", lacking)) == [
        "Before the activity can be published it needs: at least one badge."
    ]
    assert list(Activity.objects.order_by("code").values_list("status", flat=True)) == ["published", "draft"]


def test_cancel_asks_for_a_reason_and_shows_it(cast: Cast, sign_in: Any) -> None:
    client, activity = sign_in(cast.olga), make_activity(cast, ended_days_ago=-3)
    assert act(client, "cancel", activity, reason=" ").status_code == 422
    told = act(client, "cancel", activity, reason="The speaker is ill.")
    assert said(told) == ["The activity is cancelled. Its page says so, with your reason."]
    assert "The speaker is ill." in told.content.decode()


def test_cancel_is_refused_once_attendance_is_recorded(cast: Cast, six: dict[str, Activity], sign_in: Any) -> None:
    refused = act(sign_in(cast.olga), "cancel", six["recorded"], reason="Rain.")
    assert refused.status_code == 422
    assert "Undo the attendance record before cancelling." in refused.content.decode()


def test_archive_puts_away_or_says_why_not(cast: Cast, six: dict[str, Activity], sign_in: Any) -> None:
    client = sign_in(cast.olga)
    assert said(act(client, "archive", six["recorded"])) == ["The activity is archived."]
    assert said(act(client, "archive", six["draft"])) == ["The activity is archived."]
    assert said(act(client, "archive", six["coming"])) == [
        "The activity is still to come or under way. Cancel it if it will not be held."
    ]


def test_clone_asks_for_the_first_day_and_leads_to_the_new_draft(cast: Cast, sign_in: Any) -> None:
    client, activity = sign_in(cast.olga), make_activity(cast)
    first = timezone.localdate() + dt.timedelta(days=30)
    assert act(client, "clone", activity).status_code == 422
    told = act(client, "clone", activity, first_on=first.isoformat())
    assert said(told) == ["This is the new draft. Check its sessions, then publish it."]
    assert told.context["activity"].first_on == first
    assert told.context["activity"].cloned_from_id == activity.pk


def test_a_clone_that_lost_a_badge_says_so(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast, days=2, badges=["EC", "PF"])
    activity.offers.get(badge_type__code="PF").badge_type.__class__.objects.filter(code="PF").update(is_active=False)
    told = act(sign_in(cast.olga), "clone", activity, first_on=timezone.localdate().isoformat())
    assert said(told)[1] == "1 badge was not taken over: the scheme does not allow it on the new days."


def test_a_clone_before_the_first_rules_is_refused_with_a_sentence(cast: Cast, sign_in: Any, settings: Any) -> None:
    activity = make_activity(cast)
    activity.rules.__class__.objects.update(effective_on=timezone.localdate() + dt.timedelta(days=10))
    refused = act(sign_in(cast.olga), "clone", activity, first_on=timezone.localdate().isoformat())
    assert "No scheme rules are in force on the first day." in refused.content.decode()


def test_a_hand_over_takes_the_activity_away_from_who_leaves(cast: Cast, sign_in: Any) -> None:
    client, activity = sign_in(cast.olga), make_activity(cast)
    told = act(client, "organisers", activity, add=cast.otto.pk)
    assert said(told) == ["The organisers are saved."]
    assert told.request["PATH_INFO"] == LIST
    assert client.get(reverse("activities:manage", args=[activity.pk])).status_code == 404
    assert list(activity.organisers.all()) == [cast.otto]


def test_the_last_organiser_cannot_leave(cast: Cast, sign_in: Any) -> None:
    refused = act(sign_in(cast.olga), "organisers", make_activity(cast))
    assert refused.status_code == 422
    assert "An activity needs at least one organiser." in refused.content.decode()


def test_a_long_chinese_name_and_markup_are_shown_as_they_are(cast: Cast, sign_in: Any) -> None:
    title = "<script>alert(1)</script>" + "長" * 150
    text = page(sign_in(cast.olga), make_activity(cast, title=title))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;長" in text
    assert "<script>alert" not in text


def test_unseen_characters_in_a_search_do_no_harm(cast: Cast, sign_in: Any) -> None:
    make_activity(cast, title="Debating evening")
    page = sign_in(cast.olga).get(reverse("activities:own-list"), {"q": "Deba\0ting\u202e"})
    assert (page.status_code, "Debating evening" in page.content.decode()) == (200, True)

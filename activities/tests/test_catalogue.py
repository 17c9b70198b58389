"""The public pages: what is coming, with which badges; drafts stay hidden; lists cost the same however long."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity, Session
from activities.rules import whole_days
from badges_portal.testing import HONG_KONG, Cast, hong_kong, make_activity

CATALOGUE = "/activities/"


def titles(client: Client, **query: str) -> list[str]:
    return [activity.title for activity in client.get(CATALOGUE, query).context["page_obj"]]


def coming(cast: Cast, title: str, in_days: int = 7, **fields: Any) -> Activity:
    return make_activity(cast, code=title, title=title, ended_days_ago=-in_days, **fields)


@pytest.fixture
def three(cast: Cast) -> list[Activity]:
    """Three activities to come, different in everything."""
    return [
        coming(cast, "Chess", 5, badges=["PS"], kind="competition", category="sport", venue="Room 3"),
        coming(cast, "Debate", 9, badges=["EC", "PF"], days=2, language="yue", title_zh="辯論比賽"),
        coming(cast, "Sketching", 20, badges=["IDL"], unit=cast.design, category="art"),
    ]


def test_everybody_sees_what_is_coming_soonest_first(three: list[Activity], client: Client) -> None:
    assert titles(client) == ["Chess", "Debate", "Sketching"]


def test_what_is_over_draft_cancelled_or_archived_is_not_coming(cast: Cast, client: Client) -> None:
    make_activity(cast, code="over", title="Over", ended_days_ago=1)
    for status in ("draft", "cancelled", "archived"):
        coming(cast, status, status=status)
    assert titles(client) == []
    assert "No activities are announced yet" in client.get(CATALOGUE).content.decode()


def test_a_card_says_which_badges_and_how_many_before_joining(three: list[Activity], client: Client) -> None:
    page = client.get(CATALOGUE, {"q": "Debate"}).content.decode()
    assert "up to 2 badges" in page
    assert page.index("badge-ec") < page.index("badge-pf")
    assert "Learn to work as a team." in page
    assert "Learning Commons" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"badge": "PF"}, ["Debate"]),
        ({"kind": "competition"}, ["Chess"]),
        ({"category": "art"}, ["Sketching"]),
        ({"language": "yue"}, ["Debate"]),
        ({"unit": "FDE"}, ["Sketching"]),
        ({"q": "辯論"}, ["Debate"]),
        ({"q": "room chess"}, ["Chess"]),
        ({"q": "nothing of the kind"}, []),
        ({"sort": "-date"}, ["Sketching", "Debate", "Chess"]),
        ({"sort": "title"}, ["Chess", "Debate", "Sketching"]),
        ({"sort": "created_by__cna"}, ["Chess", "Debate", "Sketching"]),
        ({"badge": "XX", "unit": "1 OR 1=1", "after": "soon", "page": "-7"}, ["Chess", "Debate", "Sketching"]),
        ({"badge": "EC", "language": "en"}, []),
    ],
)
def test_filters_search_and_order_come_from_a_list(
    three: list[Activity], client: Client, query: dict[str, str], found: list[str]
) -> None:
    assert titles(client, **query) == found


def test_dates_find_what_is_on_between_them(three: list[Activity], client: Client) -> None:
    debate = three[1]
    assert titles(client, after=debate.last_on.isoformat()) == ["Debate", "Sketching"]
    assert titles(client, before=debate.first_on.isoformat()) == ["Chess", "Debate"]
    between = {"after": debate.last_on.isoformat(), "before": debate.last_on.isoformat()}
    assert titles(client, **between) == ["Debate"]


def test_a_badge_that_was_closed_is_no_longer_found(three: list[Activity], client: Client) -> None:
    three[1].offers.filter(badge_type__code="PF").update(closed_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert titles(client, badge="PF") == []
    assert titles(client, badge="EC") == ["Debate"]


def test_an_empty_result_says_what_to_do(three: list[Activity], client: Client) -> None:
    assert "Take a filter away" in client.get(CATALOGUE, {"q": "zzz"}).content.decode()


def test_htmx_gets_the_list_alone_and_caches_keep_the_two_apart(three: list[Activity], client: Client) -> None:
    part = client.get(CATALOGUE, {"badge": "PF"}, headers={"HX-Request": "true"})
    assert "Debate" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]
    back = client.get(CATALOGUE, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_the_catalogue_shows_25_a_page(cast: Cast, client: Client) -> None:
    for n in range(26):
        coming(cast, f"Talk {n:02}")
    assert [len(titles(client)), len(titles(client, page="2"))] == [25, 1]


def test_the_catalogue_costs_the_same_with_one_and_with_three(cast: Cast, client: Client) -> None:
    costs = []
    for n in range(3):
        coming(cast, f"Talk {n}", badges=["EC", "PF"], days=2)
        with CaptureQueriesContext(connection) as queries:
            client.get(CATALOGUE)
        costs.append(len(queries))
    assert costs[0] == costs[2] <= 6


# --- The page of one activity ---


def detail(client: Client, activity: Activity) -> Any:
    return client.get(reverse("activities:detail", args=[activity.pk]))


def test_the_page_tells_all_and_names_no_person(cast: Cast, client: Client) -> None:
    activity = coming(
        cast,
        "Debate",
        days=2,
        badges=["EC", "PF"],
        prerequisites="None at all",
        contact="Room 101",
        partners="Red Cross",
    )
    page = detail(client, activity).content.decode()
    told = [
        "Debate",
        "up to 2 badges",
        "Effective communicators",
        "Positive and flexible",
        "Participants can lead a meeting.",
        "The whole day is spent speaking",
        "None at all",
        "Room 101",
        "Red Cross",
        "09:00 – 17:00",
        "2 days",
    ]
    assert [text for text in told if text not in page] == []
    assert "LEE Olga" not in page
    assert "s1001" not in page


def test_sessions_are_shown_in_the_institutions_time_and_tours_by_their_days(cast: Cast, client: Client) -> None:
    activity = coming(cast, "Tour")
    tour = whole_days(dt.date(2026, 12, 30), dt.date(2027, 1, 2), HONG_KONG)
    activity.sessions.all().delete()
    Session.objects.create(activity=activity, starts_at=tour.starts_at, ends_at=tour.ends_at, is_whole_days=True)
    Session.objects.create(
        activity=activity, starts_at=hong_kong(2026, 12, 5, 19), ends_at=hong_kong(2026, 12, 6, 1, 30)
    )
    page = detail(client, activity).content.decode()
    assert "30 Dec 2026 – 2 Jan 2027" in page
    assert '5 Dec 2026</span>, 19:00 – <span class="day">6 Dec 2026</span>, 01:30' in page


def test_a_cancelled_activity_says_why(cast: Cast, client: Client) -> None:
    activity = coming(cast, "Debate", status="cancelled", cancelled_because="The <b>hall</b> is closed.")
    page = detail(client, activity).content.decode()
    assert "This activity is cancelled" in page
    assert "The &lt;b&gt;hall&lt;/b&gt; is closed." in page


@pytest.mark.parametrize(
    ("viewer", "status"),
    [
        (None, 404),
        ("sam", 404),
        ("otto", 404),
        ("xenia", 404),
        ("olga", 200),
        ("oscar", 200),
        ("adam", 200),
        ("lydia", 200),
    ],
)
def test_a_draft_exists_for_its_organisers_administrator_and_advisor_only(
    cast: Cast, client: Client, viewer: str | None, status: int
) -> None:
    draft = coming(cast, "Secret", status="draft", organisers=[cast.olga, cast.oscar])
    if viewer:
        client.force_login(getattr(cast, viewer), backend="accounts.signin.backends.PortalBackend")
    assert detail(client, draft).status_code == status


def test_a_draft_that_was_cancelled_unseen_stays_unseen(cast: Cast, client: Client) -> None:
    activity = coming(cast, "Secret", status="cancelled")
    Activity.objects.filter(pk=activity.pk).update(published_at=None)
    assert detail(client, activity).status_code == 404


def test_only_those_who_manage_it_get_the_way_in(cast: Cast, sign_in: Any) -> None:
    activity = coming(cast, "Debate")
    manage = reverse("activities:manage", args=[activity.pk])
    assert manage in detail(sign_in(cast.olga), activity).content.decode()
    assert manage not in detail(sign_in(cast.otto), activity).content.decode()


def test_the_page_speaks_chinese(cast: Cast, client: Client) -> None:
    activity = coming(cast, "Debate", title_zh="辯論比賽")
    client.cookies["django_language"] = "zh-hant"
    page = detail(client, activity).content.decode()
    assert "<title>辯論比賽" in page
    assert "有效溝通" in page
    assert "學習薈" in page

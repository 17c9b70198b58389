"""The read API of badge types and the catalogue: what anybody may read, in which shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from badges_portal.testing import Cast, make_activity

BADGE_TYPES = "/api/v1/badge-types/"
CATALOGUE = "/api/v1/activities/"


@pytest.fixture(autouse=True)
def _fresh_throttle() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def titles(client: Client, **query: str) -> list[str]:
    return [activity["title_en"] for activity in client.get(CATALOGUE, query).json()["results"]]


def test_the_six_badges_in_their_order(cast: Cast, client: Client) -> None:
    badges = client.get(BADGE_TYPES).json()
    assert [(b["position"], b["code"], b["is_graduate_attribute"]) for b in badges] == [
        (1, "IPC", True),
        (2, "IDL", True),
        (3, "PS", True),
        (4, "EC", True),
        (5, "PSG", True),
        (6, "PF", True),
    ]
    assert badges[3]["name_zh"] == "有效溝通"
    assert badges[3]["image_url"] == "http://testserver/static/img/badges/ec.svg"


def test_coming_activities_with_their_badges_and_nothing_else(cast: Cast, client: Client) -> None:
    coming = make_activity(
        cast, code="A", title="First aid", badges=["PF", "EC"], days=2, ended_days_ago=-9, unit=cast.design
    )
    make_activity(cast, code="B", title="Over", ended_days_ago=2)
    make_activity(cast, code="C", title="Draft", ended_days_ago=-2, status="draft")
    make_activity(cast, code="D", title="Cancelled", ended_days_ago=-2, status="cancelled")
    answer = client.get(CATALOGUE).json()
    assert (answer["count"], answer["next"], answer["previous"]) == (1, None, None)
    (activity,) = answer["results"]
    assert activity["badges"] == ["PF", "EC"]
    assert (activity["days"], activity["max_badges"]) == (2, 2)
    assert activity["unit"] == {
        "code": "FDE",
        "name_en": "Faculty of Design and Environment",
        "name_zh": "設計及環境學院",
    }
    assert activity["page_url"] == f"http://testserver/activities/{coming.pk}/"
    assert {"organisers", "created_by", "status", "due_on"} & set(activity) == set()


def test_the_filters_of_the_page(cast: Cast, client: Client) -> None:
    make_activity(cast, code="A", title="First aid", badges=["PF"], ended_days_ago=-9, kind="course")
    make_activity(cast, code="B", title="Debate", ended_days_ago=-2, unit=cast.design)
    assert titles(client) == ["Debate", "First aid"]
    assert titles(client, sort="-date") == ["First aid", "Debate"]
    assert titles(client, badge="PF") == ["First aid"]
    assert titles(client, kind="course") == ["First aid"]
    assert titles(client, unit="FDE") == ["Debate"]
    assert titles(client, q="deb") == ["Debate"]
    assert titles(client, q="deb", badge="PF") == []


@pytest.mark.parametrize("query", [{"badge": "NOPE"}, {"after": "yesterday"}, {"sort": "password"}, {"unit": "X"}])
def test_a_filter_that_cannot_be_meant_is_said(cast: Cast, client: Client, query: dict[str, str]) -> None:
    response = client.get(CATALOGUE, query)
    assert response.status_code == 400
    assert list(response.json()) == list(query)


def test_twenty_five_a_page_and_a_page_that_is_not_there(cast: Cast, client: Client) -> None:
    for number in range(27):
        make_activity(cast, code=f"X{number:02}", ended_days_ago=-2 - number)
    first = client.get(CATALOGUE).json()
    second = client.get(first["next"]).json()
    assert (first["count"], len(first["results"]), len(second["results"])) == (27, 25, 2)
    ids = [activity["id"] for activity in first["results"] + second["results"]]
    assert len(set(ids)) == 27
    assert client.get(CATALOGUE, {"page": "3"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_same_queries_for_one_activity_and_for_three(cast: Cast, client: Client, number: int) -> None:
    for n in range(number):
        make_activity(cast, code=f"X{n}", ended_days_ago=-2)
    with CaptureQueriesContext(connection) as queries:
        client.get(CATALOGUE)
    assert len(queries) == 4


@pytest.mark.parametrize("address", [BADGE_TYPES, CATALOGUE])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_only_reads(cast: Cast, sign_in: Any, address: str, method: str) -> None:
    assert getattr(sign_in(cast.adam), method)(address).status_code in {403, 405}


@pytest.mark.thorough
def test_anonymous_callers_are_throttled_and_signed_in_ones_are_not(cast: Cast, client: Client, sign_in: Any) -> None:
    statuses = [client.get(BADGE_TYPES).status_code for _n in range(121)]
    assert statuses == [200] * 120 + [429]
    assert sign_in(cast.sam).get(BADGE_TYPES).status_code == 200

"""The cards of the catalogue: what they hold, in which order, at how many queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from activities.cards import Card, badges_offered, page_of
from activities.models import Activity, BadgeType
from badges_portal.testing import Cast, make_activity

CARD = Card(
    1, "Debate", "辯論", "Office", "處", dt.date(2026, 5, 1), dt.date(2026, 5, 2), "Hall", "online", "Speak.", []
)


def test_a_card_speaks_the_language_of_the_page() -> None:
    with override("en-gb"):
        assert (CARD.title, CARD.unit) == ("Debate", "Office")
    with override("zh-hant"):
        assert (CARD.title, CARD.unit) == ("辯論", "處")


@pytest.mark.parametrize(("venue", "mode", "place"), [("Hall", "online", "Hall"), ("", "online", "Online")])
def test_where_no_venue_is_known_the_mode_says_where(venue: str, mode: str, place: str) -> None:
    with override("en-gb"):
        assert CARD._replace(venue=venue, mode=mode).place == place


def test_the_badges_stand_in_the_order_of_the_offers_without_closed_ones(cast: Cast) -> None:
    activity = make_activity(cast, badges=["PF", "EC", "PS"], days=3)
    activity.offers.filter(badge_type__code="EC").update(closed_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    of = {badge.code: badge.pk for badge in BadgeType.objects.all()}
    assert badges_offered([activity.pk]) == {activity.pk: [of["PF"], of["PS"]]}


def test_a_page_holds_25_and_one_that_is_not_there_gives_the_last(cast: Cast) -> None:
    for n in range(26):
        make_activity(cast, code=f"X{n:02}", title=f"Talk {n:02}", ended_days_ago=-1 - n)
    activities = Activity.objects.order_by("starts_at")
    assert [card.title_en for card in page_of(activities, "1")] == [f"Talk {n:02}" for n in range(25)]
    assert [card.title_en for card in page_of(activities, "99")] == ["Talk 25"]


def test_a_page_takes_three_queries_with_one_and_with_three(cast: Cast) -> None:
    for n in range(3):
        make_activity(cast, code=f"X{n}", badges=["EC", "PF"], days=2)
        with CaptureQueriesContext(connection) as queries:
            page_of(Activity.objects.all(), None)
        assert len(queries) == 3

"""The system checks find a scheme that is not in order."""

from __future__ import annotations

import datetime as dt

from activities.models import AwardingRules, BadgeType, DurationTier
from badges_portal.checks import psycopg2_is_used, scheme_is_in_order
from badges_portal.testing import Cast


def ids() -> list[str | None]:
    return [message.id for message in scheme_is_in_order(databases=["default"])]


def test_the_scheme_as_installed_is_in_order(cast: Cast) -> None:
    assert (psycopg2_is_used(), ids()) == ([], [])


def test_rules_that_take_badges_away_for_more_days_are_found(cast: Cast) -> None:
    rules = AwardingRules.objects.create(effective_on=dt.date(2030, 1, 1))
    DurationTier.objects.create(rules=rules, min_days=1, max_badges=2)
    DurationTier.objects.create(rules=rules, min_days=2, max_badges=1)
    assert ids() == ["portal.E002"]


def test_rules_that_say_nothing_of_the_first_day_are_found(cast: Cast) -> None:
    rules = AwardingRules.objects.create(effective_on=dt.date(2030, 1, 1))
    DurationTier.objects.create(rules=rules, min_days=2, max_badges=2)
    assert ids() == ["portal.E002"]


def test_a_badge_without_artwork_is_found(cast: Cast) -> None:
    BadgeType.objects.filter(code="PS").update(artwork="nowhere")
    (message,) = scheme_is_in_order(databases=["default"])
    assert message.msg == "The artwork of the badge PS is missing: static/img/badges/nowhere.svg."

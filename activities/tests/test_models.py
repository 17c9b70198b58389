"""What the tables themselves say and refuse."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from activities.models import Activity, BadgeType, Session
from activities.rules import whole_days
from badges_portal.testing import HONG_KONG, Cast, hong_kong, make_activity


def test_the_days_of_a_session_are_local_and_its_end_is_exclusive() -> None:
    tour = whole_days(dt.date(2026, 3, 7), dt.date(2026, 3, 9), HONG_KONG)
    session = Session(starts_at=tour.starts_at.astimezone(dt.UTC), ends_at=tour.ends_at.astimezone(dt.UTC))
    assert (session.first_on, session.last_on) == (dt.date(2026, 3, 7), dt.date(2026, 3, 9))
    evening = Session(starts_at=hong_kong(2026, 3, 7, 19), ends_at=hong_kong(2026, 3, 8, 1))
    assert (evening.first_on, evening.last_on) == (dt.date(2026, 3, 7), dt.date(2026, 3, 8))


def test_texts_speak_the_language_of_the_page_or_the_other_one(cast: Cast) -> None:
    activity = make_activity(cast, title="Debate", title_zh="辯論")
    badge = BadgeType.objects.get(code="EC")
    with translation.override("zh-hant"):
        assert (activity.title, str(badge)) == ("辯論", "EC 有效溝通")
    with translation.override("en-gb"):
        assert (activity.title, str(badge)) == ("Debate", "EC Effective communicators")
    activity.title_zh = ""
    with translation.override("zh-hant"):
        assert activity.title == "Debate"


def test_an_activity_has_ended_at_its_very_end(cast: Cast) -> None:
    activity = make_activity(cast)
    assert activity.has_ended(activity.ends_at)
    assert not activity.has_ended(activity.ends_at - dt.timedelta(seconds=1))
    assert activity.has_ended(timezone.now())


@pytest.mark.parametrize("changes", [{"days": 0}, {"max_badges": 0}, {"ends_at": hong_kong(2000, 1, 1)}, {"code": "B"}])
def test_the_database_refuses_an_activity_that_cannot_be(cast: Cast, changes: dict[str, object]) -> None:
    activity = make_activity(cast, code="A")
    make_activity(cast, code="B")
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(**changes)


def test_the_database_refuses_a_session_that_ends_as_it_begins(cast: Cast) -> None:
    at = hong_kong(2026, 3, 7, 9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(activity=make_activity(cast), starts_at=at, ends_at=at)

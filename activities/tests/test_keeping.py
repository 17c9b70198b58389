"""Where the rules meet the tables: what follows from sessions, the next code, what is missing or recorded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from activities.keeping import (
    give_code,
    in_sessions,
    is_recorded,
    missing_for_publication,
    open_offers,
    snapshot,
    spans_of,
    write_sessions,
)
from activities.models import Activity, AwardingRules, BadgeType, Session
from activities.refusals import ActivityRefused
from activities.rules import Span, whole_days
from badges_portal.testing import HONG_KONG, Cast, hong_kong, make_activity, make_award, make_upload

pytestmark = pytest.mark.django_db


def test_everything_that_is_stored_follows_from_the_sessions() -> None:
    tour = whole_days(dt.date(2025, 12, 30), dt.date(2026, 1, 31), HONG_KONG)
    assert in_sessions([tour]) == {
        "rules": AwardingRules.objects.get(),
        "days": 33,
        "max_badges": 3,
        "first_on": dt.date(2025, 12, 30),
        "last_on": dt.date(2026, 1, 31),
        "starts_at": hong_kong(2025, 12, 30),
        "ends_at": hong_kong(2026, 2, 1),
        "due_on": dt.date(2026, 2, 28),
    }


def test_nothing_follows_from_no_sessions() -> None:
    with pytest.raises(ActivityRefused) as refused:
        in_sessions([])
    assert refused.value.code == "no_sessions"


def test_sessions_are_rewritten_only_where_they_differ(cast: Cast) -> None:
    activity = make_activity(cast, days=2)
    before = list(Session.objects.values_list("pk", flat=True))
    write_sessions(activity, spans_of(activity)[::-1])
    assert list(Session.objects.values_list("pk", flat=True)) == before
    one = Span(hong_kong(2026, 3, 7, 9), hong_kong(2026, 3, 7, 17))
    write_sessions(activity, [one])
    assert spans_of(activity) == [one]


def test_codes_count_by_number_and_not_by_letters(cast: Cast) -> None:
    for code in ("DB2526-0009", "DB2526-10000", "DB2526-9999999999999", "DB2425-20000"):
        make_activity(cast, code=code)
    with transaction.atomic():
        assert give_code(dt.date(2026, 8, 31), "") == "DB2526-10001"
        assert give_code(dt.date(2026, 9, 1), "") == "DB2627-0001"


def test_another_start_of_the_academic_year_numbers_by_it(cast: Cast, settings: object) -> None:
    settings.ACADEMIC_YEAR_START_MONTH = 1  # type: ignore[attr-defined]
    with transaction.atomic():
        assert give_code(dt.date(2026, 8, 31), "") == "DB2627-0001"


def test_what_a_publication_lacks_is_listed_in_the_order_of_the_form(cast: Cast) -> None:
    bare = make_activity(cast, title=" ", objectives="", outcomes="", rationale="", badges=[])
    assert [str(what) for what in missing_for_publication(bare)] == [
        "a title",
        "objectives",
        "intended learning outcomes",
        "a line that says why these badges",
        "at least one badge",
    ]
    assert missing_for_publication(make_activity(cast, code="complete")) == []


def test_an_activity_is_recorded_by_a_committed_sheet_or_an_award_by_hand(cast: Cast) -> None:
    neither, sheet, hand = (make_activity(cast, code=code) for code in "ABC")
    make_upload(sheet, [cast.sam_participant], by=cast.olga)
    award = make_award(cast.sam_participant, hand, BadgeType.objects.get(code="EC"), by=cast.olga)
    assert [is_recorded(activity) for activity in (neither, sheet, hand)] == [False, True, True]
    type(award).objects.filter(pk=award.pk).update(status="revoked")
    assert not is_recorded(hand)


def test_the_trail_compares_plain_values(cast: Cast) -> None:
    activity = make_activity(cast, days=2, badges=["EC", "PF"])
    seen = snapshot(Activity.objects.get())
    assert (seen["unit"], seen["badges"], len(seen["sessions"])) == (
        cast.learning_commons.pk,
        [["EC", ""], ["PF", ""]],
        2,
    )
    assert [offer.badge_type.code for offer in open_offers(activity)] == ["EC", "PF"]

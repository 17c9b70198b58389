"""Why this badge: every word comes from what was stored when it was given."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import AwardingRules, BadgeOffer, BadgeType
from activities.scheme import freeze_badge_type
from awards.explaining import Explanation, explain_award, with_what_explains
from awards.models import Award
from awards.services import award_by_hand, reinstate_award, revoke_award
from awards.tests.record import make_award, put_on_record
from badges_portal.testing import Cast, make_activity


def explain(award: Award) -> Explanation:
    return explain_award(with_what_explains(Award.objects.filter(pk=award.pk)).get())


@pytest.fixture
def award(cast: Cast) -> Award:
    """Sam's EC of a 2-day course, from row 7 of Olga's sheet."""
    course = make_activity(cast, days=2, badges=["PF", "EC"], rationale="Two days of role play.")
    return make_award(course, cast.sam_participant, "EC", row=put_on_record(course, cast.sam_participant))


def test_days_rules_row_and_rationale_in_words(award: Award) -> None:
    why = explain(award)
    assert why.days == "The activity counted 2 days, so each participant could earn up to 2 different badges."
    assert why.rules == (
        "Badges for one participant at one activity – 1 day: 1; from 2 days on: up to 2; from 3 days on: up to 3."
    )
    assert why.record == "Row 7 of the attendance record “attendance.xlsx”, uploaded by LEE Olga."
    assert why.rationale == "Two days of role play."
    assert [change.words for change in why.changes] == ["Badge given"]


def test_what_was_said_about_the_badge_goes_before_what_was_said_about_the_activity(award: Award) -> None:
    BadgeOffer.objects.filter(activity=award.activity, badge_type=award.badge_type).update(rationale="They present.")
    assert explain(award).rationale == "They present."


def test_one_day_gives_one_badge(cast: Cast) -> None:
    talk = make_activity(cast)
    assert explain(make_award(talk, cast.sam_participant, "EC")).days == (
        "The activity counted 1 day, so each participant could earn 1 badge."
    )


def test_the_wording_of_the_day_stands_whatever_the_badge_says_now(award: Award) -> None:
    badge = BadgeType.objects.get(code="EC")
    before = badge.description_en
    badge.description_en, badge.version = "Reworded", 2
    badge.save()
    freeze_badge_type(badge)
    why = explain(award)
    assert (why.badge.description_en, why.wording_changed) == (before, True)


def test_the_rules_of_the_day_stand_whatever_is_in_force_now(award: Award) -> None:
    newer = AwardingRules.objects.create(effective_on="2026-01-01")
    newer.tiers.create(min_days=1, max_badges=3)
    assert explain(award).rules.endswith("from 3 days on: up to 3.")


def test_a_later_change_of_the_activitys_days_changes_nothing(award: Award) -> None:
    activity = award.activity
    activity.days, activity.max_badges = 1, 1
    activity.save()
    assert explain(award).days.startswith("The activity counted 2 days")


def test_a_badge_given_by_hand_says_so(cast: Cast) -> None:
    talk = make_activity(cast)
    put_on_record(talk, cast.sam_participant)
    by_hand = award_by_hand(
        acting_user=cast.olga,
        activity=talk,
        participant=cast.sam_participant,
        badge_type=BadgeType.objects.get(code="EC"),
        reason="Left out",
    )
    assert explain(by_hand).record == (
        "Given by hand by LEE Olga to a participant on row 7 of the attendance record “attendance.xlsx”."
    )
    without_row = make_award(make_activity(cast, code="B"), cast.sam_participant, "EC")
    assert explain(without_row).record == "Given by hand by LEE Olga."


def test_every_change_is_told_in_order(cast: Cast, award: Award) -> None:
    revoke_award(acting_user=cast.olga, award=award, reason="x")
    assert explain(award).stands is False
    reinstate_award(acting_user=cast.olga, award=award, reason="y")
    why = explain(award)
    assert [change.words for change in why.changes] == ["Badge given", "Badge taken back", "Badge given back"]
    assert why.stands is True


def test_a_fixed_number_of_queries(cast: Cast, award: Award) -> None:
    counts = []
    for code in ("B", "C"):
        make_award(make_activity(cast, code=code), cast.sam_participant, "EC")
        with CaptureQueriesContext(connection) as queries:
            for each in with_what_explains(Award.objects.all()):
                explain_award(each)
        counts.append(len(queries))
    assert counts == [4, 4]

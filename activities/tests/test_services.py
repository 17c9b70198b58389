"""What people do with activities: the story of one, what is refused, and what holds after any sequence of edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.trail.models import AuditEntry
from activities.models import Activity, AwardingRules, BadgeOffer, BadgeType, DurationTier
from activities.refusals import ActivityRefused
from activities.rules import Span, whole_days
from activities.services import (
    BadgeChoice,
    archive_activity,
    cancel_activity,
    clone_activity,
    create_activity,
    edit_activity,
    offer_badges,
    publish_activity,
    set_organisers,
    set_sessions,
)
from badges_portal.testing import HONG_KONG, Cast, hong_kong, make_activity, make_award, make_upload

COMPLETE = {
    "title_en": "Mental health first aid",
    "title_zh": "精神健康急救",
    "objectives": "Recognise distress and offer first help.",
    "outcomes": "Participants can hold a first conversation.",
    "rationale": "Two days of role play.",
    "kind": "course",
}


def daily(days: int, first: dt.date = dt.date(2026, 3, 7)) -> list[Span]:
    """A session 9:00–17:00 on each of so many days in a row."""
    dates = [first + dt.timedelta(days=n) for n in range(days)]
    return [Span(hong_kong(d.year, d.month, d.day, 9), hong_kong(d.year, d.month, d.day, 17)) for d in dates]


def choose(*codes: str) -> list[BadgeChoice]:
    return [BadgeChoice(code) for code in codes]


def create(cast: Cast, days: int = 2, badges: Sequence[str] = ("EC", "PF"), **other: Any) -> Activity:
    details = {**COMPLETE, "unit": cast.learning_commons, **other.pop("details", {})}
    return create_activity(
        acting_user=other.pop("acting_user", cast.olga),
        details=details,
        sessions=other.pop("sessions", daily(days)),
        badges=choose(*badges),
        **other,
    )


def on_offer(activity: Activity) -> list[tuple[str, int, int]]:
    offers = BadgeOffer.objects.filter(activity=activity, closed_at=None).order_by("position")
    return [(offer.badge_type.code, offer.position, offer.max_badges) for offer in offers]


def award(cast: Cast, activity: Activity, code: str) -> None:
    make_award(cast.sam_participant, activity, BadgeType.objects.get(code=code), by=cast.olga)


def trail(activity: Activity) -> list[tuple[str, User | None]]:
    entries = AuditEntry.objects.filter(target_type="activity", target_id=str(activity.pk)).order_by("id")
    return [(entry.action, entry.actor) for entry in entries]


# --- Create ---------------------------------------------------------------------------------------------------------
def test_a_new_activity_is_a_draft_with_everything_that_follows_from_its_sessions(cast: Cast) -> None:
    activity = create(cast)
    activity.refresh_from_db()
    assert (activity.status, activity.code, activity.days, activity.max_badges) == ("draft", "DB2526-0001", 2, 2)
    assert (activity.first_on, activity.last_on) == (dt.date(2026, 3, 7), dt.date(2026, 3, 8))
    assert (activity.starts_at, activity.ends_at) == (hong_kong(2026, 3, 7, 9), hong_kong(2026, 3, 8, 17))
    assert (activity.due_on, activity.rules) == (dt.date(2026, 4, 8), AwardingRules.objects.get())
    assert list(activity.organisers.all()) == [cast.olga]
    assert on_offer(activity) == [("EC", 1, 2), ("PF", 2, 2)]
    assert trail(activity) == [("activity.created", cast.olga)]


def test_badges_stand_in_the_order_of_the_scheme_with_their_own_reasons(cast: Cast) -> None:
    activity = create(cast, badges=[])
    offer_badges(
        acting_user=cast.olga,
        activity=activity,
        badges=[BadgeChoice("PF", "Empathy"), BadgeChoice("EC")],
        rationale="R",
    )
    assert list(activity.offers.values_list("badge_type__code", "rationale")) == [("EC", ""), ("PF", "Empathy")]
    activity.refresh_from_db()
    assert activity.rationale == "R"


def test_a_three_month_tour_over_two_academic_years_is_numbered_in_the_year_in_which_it_starts(cast: Cast) -> None:
    tour = whole_days(dt.date(2026, 7, 1), dt.date(2026, 9, 30), HONG_KONG)
    activity = create(cast, sessions=[tour], badges=["PSG", "IPC", "IDL"])
    assert (activity.code, activity.days, activity.max_badges) == ("DB2526-0001", 92, 3)
    assert on_offer(activity) == [("IPC", 1, 3), ("IDL", 2, 3), ("PSG", 3, 3)]


def test_codes_count_up_within_an_academic_year_and_pass_over_codes_of_other_forms(cast: Cast) -> None:
    make_activity(cast, code="DB2526-0041")
    make_activity(cast, code="DB2526-X9")
    make_activity(cast, code="LIB-2026-7")
    september = daily(1, dt.date(2026, 9, 1))
    assert [create(cast).code, create(cast).code] == ["DB2526-0042", "DB2526-0043"]
    assert create(cast, sessions=september, badges=["EC"]).code == "DB2627-0001"


def test_a_unit_may_have_codes_of_its_own_and_two_activities_never_the_same(cast: Cast) -> None:
    assert create(cast, code=" LIB-7 ").code == "LIB-7"
    with pytest.raises(ActivityRefused) as refused:
        create(cast, code="lib-7")
    assert (refused.value.code, refused.value.field) == ("code_taken", "code")


def test_a_code_stays_when_the_activity_moves_to_another_year(cast: Cast) -> None:
    activity = create(cast)
    moved = set_sessions(acting_user=cast.olga, activity=activity, sessions=daily(2, dt.date(2026, 10, 3)))
    assert (moved.code, moved.first_on) == ("DB2526-0001", dt.date(2026, 10, 3))


@pytest.mark.parametrize(
    ("sessions", "badges", "code", "field"),
    [
        ([], [], "no_sessions", "sessions"),
        (daily(1, dt.date(1999, 12, 31)), [], "no_rules", "sessions"),
        (daily(2), ["EC", "PF", "PS"], "too_many_badges", "badges"),
        (daily(2), ["EC", "EC"], "badge_repeated", "badges"),
        (daily(2), ["XX"], "badge_inactive", "badges"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_is_left_behind(
    cast: Cast, sessions: list[Span], badges: list[str], code: str, field: str
) -> None:
    with pytest.raises(ActivityRefused) as refused:
        create(cast, sessions=sessions, badges=badges)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert Activity.objects.count() == 0
    assert AuditEntry.objects.count() == 0


def test_a_refusal_is_a_sentence_that_says_what_to_do(cast: Cast) -> None:
    with pytest.raises(ActivityRefused) as refused:
        create(cast, days=2, badges=["EC", "PF", "PS"])
    assert str(refused.value.message) == ("2-day activity: up to 2 different badges. You chose 3: take away 1.")


# --- The database states it too -------------------------------------------------------------------------------------
def test_the_database_refuses_a_repeat_a_third_and_a_shared_position(cast: Cast) -> None:
    activity = create(cast)
    types = {badge.code: badge for badge in BadgeType.objects.all()}
    for code, position in [("EC", 2), ("PS", 3), ("PS", 2), ("PS", 0)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            BadgeOffer.objects.create(
                activity=activity, badge_type=types[code], position=position, max_badges=activity.max_badges
            )


# --- Edit -----------------------------------------------------------------------------------------------------------
def test_an_edit_records_what_changed_and_no_more(cast: Cast) -> None:
    activity = create(cast)
    edit_activity(acting_user=cast.olga, activity=activity, details={"venue": "Hall 3"})
    edit_activity(acting_user=cast.olga, activity=activity, details={"venue": "Hall 3"}, sessions=daily(2))
    edits = AuditEntry.objects.filter(action="activity.edited")
    assert [entry.changes for entry in edits] == [{"venue": ["", "Hall 3"]}]


def test_fewer_days_and_fewer_badges_in_one_edit_are_judged_together(cast: Cast) -> None:
    activity = create(cast)
    edit_activity(acting_user=cast.olga, activity=activity, sessions=daily(1), badges=choose("PF"))
    assert on_offer(activity) == [("PF", 1, 1)]


def test_more_days_and_more_badges_in_one_edit_are_judged_together(cast: Cast) -> None:
    activity = create(cast)
    edit_activity(acting_user=cast.olga, activity=activity, sessions=daily(3), badges=choose("PF", "EC", "PS"))
    assert on_offer(activity) == [("PS", 1, 3), ("EC", 2, 3), ("PF", 3, 3)]


def test_before_awards_exist_days_too_few_for_the_badges_are_refused(cast: Cast) -> None:
    activity = create(cast)
    with pytest.raises(ActivityRefused) as refused:
        set_sessions(acting_user=cast.olga, activity=activity, sessions=daily(1))
    assert refused.value.code == "days_too_few"
    activity.refresh_from_db()
    assert (activity.days, activity.sessions.count(), activity.is_shortened) == (2, 2, False)


def test_after_awards_exist_days_too_few_are_flagged_and_the_awards_stand(cast: Cast) -> None:
    activity = create(cast)
    award(cast, activity, "EC")
    award(cast, activity, "PF")
    set_sessions(acting_user=cast.olga, activity=activity, sessions=daily(1))
    activity.refresh_from_db()
    assert (activity.days, activity.max_badges, activity.is_shortened) == (1, 1, True)
    assert on_offer(activity) == [("EC", 1, 2), ("PF", 2, 2)]
    assert list(activity.awards.values_list("days", "max_badges", "status")) == [(2, 2, "active")] * 2


def test_a_shortened_activity_keeps_its_badges_when_only_words_are_edited_but_takes_no_others(cast: Cast) -> None:
    activity = create(cast)
    award(cast, activity, "EC")
    set_sessions(acting_user=cast.olga, activity=activity, sessions=daily(1))
    edit_activity(acting_user=cast.olga, activity=activity, details={"venue": "Hall 3"}, badges=choose("EC", "PF"))
    assert on_offer(activity) == [("EC", 1, 2), ("PF", 2, 2)]
    with pytest.raises(ActivityRefused) as refused:
        offer_badges(acting_user=cast.olga, activity=activity, badges=choose("EC", "PS"))
    assert refused.value.code == "too_many_badges"


def test_days_given_back_take_the_flag_away(cast: Cast) -> None:
    activity = create(cast)
    award(cast, activity, "EC")
    set_sessions(acting_user=cast.olga, activity=activity, sessions=daily(1))
    assert not set_sessions(acting_user=cast.olga, activity=activity, sessions=daily(2)).is_shortened


def test_before_awards_exist_an_offer_taken_away_is_removed(cast: Cast) -> None:
    activity = create(cast)
    offer_badges(acting_user=cast.olga, activity=activity, badges=choose("PS"))
    assert list(activity.offers.values_list("badge_type__code", "closed_at")) == [("PS", None)]


def test_after_awards_exist_an_offer_taken_away_is_closed_and_can_be_opened_again(cast: Cast) -> None:
    activity = create(cast)
    award(cast, activity, "EC")
    offer_badges(acting_user=cast.olga, activity=activity, badges=choose("PS", "PF"))
    assert on_offer(activity) == [("PS", 1, 2), ("PF", 2, 2)]
    closed = activity.offers.get(badge_type__code="EC")
    assert closed.closed_at is not None
    offer_badges(acting_user=cast.olga, activity=activity, badges=choose("EC"))
    assert on_offer(activity) == [("EC", 1, 2)]


def test_a_change_of_choice_is_stamped_and_a_change_of_words_is_not(cast: Cast) -> None:
    activity = create(cast)
    first = Activity.objects.get().offers_set_at
    offer_badges(acting_user=cast.olga, activity=activity, badges=choose("PF", "EC"), rationale="Other words.")
    assert Activity.objects.get().offers_set_at == first
    offer_badges(acting_user=cast.olga, activity=activity, badges=choose("PF"))
    assert Activity.objects.get().offers_set_at > first  # type: ignore[operator]


def test_a_badge_retired_after_it_was_chosen_may_stay_but_not_come_back(cast: Cast) -> None:
    activity = create(cast)
    BadgeType.objects.filter(code="PF").update(is_active=False)
    offer_badges(acting_user=cast.olga, activity=activity, badges=choose("PF"))
    offer_badges(acting_user=cast.olga, activity=activity, badges=choose("EC"))
    with pytest.raises(ActivityRefused) as refused:
        offer_badges(acting_user=cast.olga, activity=activity, badges=choose("PF"))
    assert refused.value.code == "badge_inactive"


def test_a_published_activity_stays_complete(cast: Cast) -> None:
    activity = publish_activity(acting_user=cast.olga, activity=create(cast))
    with pytest.raises(ActivityRefused) as refused:
        edit_activity(acting_user=cast.olga, activity=activity, details={"objectives": "  "})
    assert refused.value.code == "incomplete"
    with pytest.raises(ActivityRefused) as refused:
        offer_badges(acting_user=cast.olga, activity=activity, badges=[])
    assert refused.value.code == "no_badges"


def test_a_stranger_of_the_same_unit_edits_nothing_and_a_co_organiser_of_another_unit_may(cast: Cast) -> None:
    activity = create(cast)
    set_organisers(acting_user=cast.olga, activity=activity, organisers=[cast.olga, cast.oscar])
    with pytest.raises(Activity.DoesNotExist):
        edit_activity(acting_user=cast.otto, activity=activity, details={"venue": "Hall 3"})
    assert edit_activity(acting_user=cast.oscar, activity=activity, details={"venue": "Hall 3"}).venue == "Hall 3"


# --- Rules with dates of effect -------------------------------------------------------------------------------------
def test_an_activity_is_judged_by_the_rules_in_force_on_its_first_day(cast: Cast) -> None:
    newer = AwardingRules.objects.create(effective_on=dt.date(2026, 3, 8), upload_due_months=2)
    DurationTier.objects.bulk_create(
        [DurationTier(rules=newer, min_days=days, max_badges=badges) for days, badges in {1: 1, 4: 2}.items()]
    )
    before, after = create(cast), create(cast, sessions=daily(2, dt.date(2026, 3, 8)), badges=["EC"])
    assert (before.max_badges, before.due_on) == (2, dt.date(2026, 4, 8))
    assert (after.rules, after.max_badges, after.due_on) == (newer, 1, dt.date(2026, 5, 9))


def test_publication_judges_by_rules_that_came_after_the_draft(cast: Cast) -> None:
    draft = create(cast)
    strict = AwardingRules.objects.create(effective_on=dt.date(2026, 1, 1))
    DurationTier.objects.create(rules=strict, min_days=1, max_badges=1)
    with pytest.raises(ActivityRefused) as refused:
        publish_activity(acting_user=cast.olga, activity=draft)
    assert refused.value.code == "too_many_badges"


# --- States ---------------------------------------------------------------------------------------------------------
def test_a_past_activity_may_be_created_and_published(cast: Cast) -> None:
    activity = publish_activity(acting_user=cast.olga, activity=create(cast))
    assert activity.status == "published"
    assert activity.published_at is not None
    assert activity.has_ended(timezone.now())
    assert trail(activity) == [("activity.created", cast.olga), ("activity.published", cast.olga)]


def test_what_is_missing_for_publication_is_said_all_at_once(cast: Cast) -> None:
    draft = create(cast, badges=[], details={"objectives": "", "rationale": " "})
    with pytest.raises(ActivityRefused) as refused:
        publish_activity(acting_user=cast.olga, activity=draft)
    assert str(refused.value.message) == (
        "Before the activity can be published it needs: "
        "objectives, a line that says why these badges, at least one badge."
    )


def test_an_activity_is_published_once(cast: Cast) -> None:
    activity = publish_activity(acting_user=cast.olga, activity=create(cast))
    with pytest.raises(ActivityRefused) as refused:
        publish_activity(acting_user=cast.olga, activity=activity)
    assert str(refused.value.message) == "The activity is published and cannot become published."


def test_a_cancellation_needs_a_reason_and_is_final(cast: Cast) -> None:
    activity = publish_activity(acting_user=cast.olga, activity=create(cast))
    with pytest.raises(ActivityRefused) as refused:
        cancel_activity(acting_user=cast.olga, activity=activity, reason="  ")
    assert refused.value.code == "reason_missing"
    cancelled = cancel_activity(acting_user=cast.olga, activity=activity, reason=" The speaker is ill. ")
    assert (cancelled.status, cancelled.cancelled_because) == ("cancelled", "The speaker is ill.")
    assert AuditEntry.objects.get(action="activity.cancelled").reason == "The speaker is ill."
    for service in (publish_activity, archive_activity):
        with pytest.raises(ActivityRefused) as refused:
            service(acting_user=cast.olga, activity=activity)
        assert refused.value.code == "wrong_state"
    with pytest.raises(ActivityRefused) as refused:
        edit_activity(acting_user=cast.olga, activity=activity, details={"venue": "Hall 3"})
    assert refused.value.code == "closed_for_editing"


def test_an_activity_with_recorded_attendance_was_held_and_is_not_cancelled(cast: Cast) -> None:
    activity = make_activity(cast)
    make_upload(activity, [cast.sam_participant], by=cast.olga)
    with pytest.raises(ActivityRefused) as refused:
        cancel_activity(acting_user=cast.olga, activity=activity, reason="No room.")
    assert refused.value.code == "has_record"
    assert archive_activity(acting_user=cast.olga, activity=activity).status == "archived"


def test_what_is_to_come_or_not_recorded_is_not_archived(cast: Cast) -> None:
    for activity, code in [
        (make_activity(cast, code="A", ended_days_ago=-3), "not_over"),
        (make_activity(cast, code="B", ended_days_ago=3), "not_recorded"),
    ]:
        with pytest.raises(ActivityRefused) as refused:
            archive_activity(acting_user=cast.olga, activity=activity)
        assert refused.value.code == code


def test_a_draft_that_came_to_nothing_is_put_away_and_never_public(cast: Cast) -> None:
    activity = archive_activity(acting_user=cast.olga, activity=create(cast))
    assert list(Activity.objects.public()) == []
    assert trail(activity)[-1] == ("activity.archived", cast.olga)


# --- Clone ----------------------------------------------------------------------------------------------------------
def test_a_clone_is_a_draft_with_the_same_words_hours_badges_and_organisers_on_other_days(cast: Cast) -> None:
    original = publish_activity(acting_user=cast.olga, activity=create(cast))
    set_organisers(acting_user=cast.olga, activity=original, organisers=[cast.olga, cast.oscar])
    clone = clone_activity(acting_user=cast.oscar, activity=original, first_on=dt.date(2026, 9, 5))
    assert (clone.status, clone.code, clone.title_en) == ("draft", "DB2627-0001", original.title_en)
    assert (clone.first_on, clone.days, clone.cloned_from) == (dt.date(2026, 9, 5), 2, original)
    sessions = list(clone.sessions.values_list("starts_at", "ends_at"))
    assert sessions == [(hong_kong(2026, 9, n, 9), hong_kong(2026, 9, n, 17)) for n in (5, 6)]
    assert on_offer(clone) == on_offer(original)
    assert set(clone.organisers.all()) == {cast.olga, cast.oscar}
    assert clone.created_by == cast.oscar


def test_a_clone_leaves_behind_what_the_scheme_no_longer_allows(cast: Cast) -> None:
    original = create(cast, days=3, badges=["IPC", "EC", "PF"])
    BadgeType.objects.filter(code="IPC").update(is_active=False)
    strict = AwardingRules.objects.create(effective_on=dt.date(2026, 6, 1))
    DurationTier.objects.create(rules=strict, min_days=1, max_badges=1)
    clone = clone_activity(acting_user=cast.olga, activity=original, first_on=dt.date(2026, 6, 1))
    assert on_offer(clone) == [("EC", 1, 1)]


# --- Hand over ------------------------------------------------------------------------------------------------------
def test_to_hand_over_is_to_leave_oneself_out(cast: Cast) -> None:
    activity = create(cast)
    set_organisers(acting_user=cast.olga, activity=activity, organisers=[cast.otto])
    assert list(Activity.objects.own(cast.otto)) == [activity]
    assert list(Activity.objects.own(cast.olga)) == []
    assert AuditEntry.objects.get(action="activity.organisers_set").changes == {"organisers": [["s1001"], ["s1002"]]}


@pytest.mark.parametrize(("who", "code"), [([], "nobody_organises"), (["sam"], "not_an_organiser")])
def test_an_activity_is_organised_by_at_least_one_and_only_by_organisers(cast: Cast, who: list[str], code: str) -> None:
    activity = create(cast)
    with pytest.raises(ActivityRefused) as refused:
        set_organisers(acting_user=cast.olga, activity=activity, organisers=[getattr(cast, name) for name in who])
    assert refused.value.code == code


# --- Whatever people do ---------------------------------------------------------------------------------------------
any_badges = st.lists(st.sampled_from(["IPC", "IDL", "PS", "EC", "PSG", "PF"]), max_size=5)
any_step = st.one_of(
    st.tuples(st.just("sessions"), st.integers(1, 5)),
    st.tuples(st.just("badges"), any_badges),
    st.tuples(st.just("both"), st.tuples(st.integers(1, 5), any_badges)),
    st.tuples(st.just("publish"), st.none()),
    st.tuples(st.just("award"), st.sampled_from(["EC", "PF", "PS"])),
)


def take_step(cast: Cast, activity: Activity, kind: str, value: Any) -> None:
    """One thing that an organiser does, allowed or not."""
    who: Any = {"acting_user": cast.olga, "activity": activity}
    match kind:
        case "sessions":
            set_sessions(**who, sessions=daily(value))
        case "badges":
            offer_badges(**who, badges=choose(*value))
        case "both":
            edit_activity(**who, sessions=daily(value[0]), badges=choose(*value[1]))
        case "publish":
            publish_activity(**who)
        case "award":
            activity.refresh_from_db()
            on = activity.offers.filter(badge_type__code=value, closed_at=None)
            if on.exists() and not activity.awards.filter(badge_type__code=value).exists():
                with transaction.atomic():
                    award(cast, activity, value)


@settings(
    max_examples=settings().max_examples * 3 // 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(any_step, min_size=1, max_size=8))
def test_no_sequence_of_edits_leaves_an_offer_above_the_maximum(cast: Cast, steps: list[tuple[str, Any]]) -> None:
    savepoint = transaction.savepoint()
    activity = create(cast, days=2, badges=["EC"])
    for kind, value in steps:
        before = on_offer(activity)
        try:
            take_step(cast, activity, kind, value)
        except ActivityRefused:
            assert on_offer(activity) == before
        except IntegrityError:
            assert kind == "award"
        activity = Activity.objects.get(pk=activity.pk)
        offers = on_offer(activity)
        assert [position for _, position, _ in offers] == list(range(1, len(offers) + 1))
        assert len({code for code, _, _ in offers}) == len(offers) <= 3
        assert all(position <= maximum for _, position, maximum in offers)
        if len(offers) > activity.max_badges:
            assert activity.is_shortened
            assert activity.awards.exists()
    transaction.savepoint_rollback(savepoint)

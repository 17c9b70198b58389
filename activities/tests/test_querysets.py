"""Whose activities are whose, and which of them a list holds."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from activities.models import Activity
from activities.querysets import colleagues
from badges_portal.testing import Cast, make_activity, make_upload


def codes(activities: object) -> set[str]:
    return {activity.code for activity in activities}  # type: ignore[attr-defined]


@pytest.fixture
def all_states(cast: Cast) -> None:
    """Olga's and Oscar's, one in each state."""
    for status in Activity.Status.values:
        make_activity(cast, code=status, status=status, organisers=[cast.olga, cast.oscar])


@pytest.mark.parametrize(
    ("viewer", "visible", "managed"),
    [
        ("sam", {"published", "cancelled"}, set()),
        ("otto", {"published", "cancelled"}, set()),
        ("xenia", {"published", "cancelled"}, set()),
        ("olga", set(Activity.Status.values), set(Activity.Status.values)),
        ("oscar", set(Activity.Status.values), set(Activity.Status.values)),
        ("adam", set(Activity.Status.values), set(Activity.Status.values)),
        ("lydia", set(Activity.Status.values), set()),
    ],
)
def test_own_ones_are_those_one_organises_whatever_the_unit(
    cast: Cast, all_states: None, viewer: str, visible: set[str], managed: set[str]
) -> None:
    user = getattr(cast, viewer)
    assert codes(Activity.objects.visible_to(user)) == visible
    assert codes(Activity.objects.managed_by(user)) == managed


def test_the_public_sees_what_was_published_and_is_not_archived(all_states: None) -> None:
    assert codes(Activity.objects.visible_to(AnonymousUser())) == {"published", "cancelled"}


def test_an_organiser_who_lost_the_role_manages_nothing(cast: Cast, all_states: None) -> None:
    cast.olga.roles = []
    cast.olga.save()
    olga = type(cast.olga).objects.get(pk=cast.olga.pk)
    assert codes(Activity.objects.managed_by(olga)) == set()


def test_each_activity_comes_once_however_many_organise(cast: Cast, all_states: None) -> None:
    assert Activity.objects.visible_to(cast.olga).count() == 4


def test_overdue_is_past_its_day_and_without_a_committed_record(cast: Cast) -> None:
    make_activity(cast, code="due today", ended_days_ago=30)
    make_activity(cast, code="overdue", ended_days_ago=31)
    make_upload(make_activity(cast, code="recorded", ended_days_ago=31), [cast.sam_participant], by=cast.olga)
    make_activity(cast, code="draft", ended_days_ago=31, status="draft")
    assert codes(Activity.objects.overdue(timezone.localdate())) == {"overdue"}


def test_a_record_that_was_undone_does_not_count(cast: Cast) -> None:
    activity = make_activity(cast)
    upload = make_upload(activity, [cast.sam_participant], by=cast.olga)
    assert Activity.objects.with_record().get().is_recorded is True
    upload.status = "undone"
    upload.save()
    assert Activity.objects.with_record().get().is_recorded is False


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", {"A1", "B2"}),
        ("a1", {"A1"}),
        ("garden", {"B2"}),
        ("園藝", {"B2"}),
        ("team hall", {"A1"}),
        ("team 園", set()),
    ],
)
def test_a_search_finds_what_holds_every_word(cast: Cast, words: str, found: set[str]) -> None:
    make_activity(cast, code="A1", venue="Hall 3")
    make_activity(cast, code="B2", title="Gardening", title_zh="園藝工作坊")
    assert codes(Activity.objects.search(words)) == found


def test_a_search_for_a_percent_sign_is_not_a_search_for_everything(cast: Cast) -> None:
    make_activity(cast, code="A1")
    assert codes(Activity.objects.search("%")) == set()


def test_colleagues_are_those_who_may_organise_and_sign_in(cast: Cast) -> None:
    cast.otto.is_active = False
    cast.otto.save()
    assert set(colleagues()) == {cast.olga, cast.oscar, cast.adam}

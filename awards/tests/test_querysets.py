"""Which awards and withholdings each of the cast may see and correct."""

from __future__ import annotations

import pytest

from awards.models import Award, Withholding
from awards.tests.record import issue_nat, make_award, make_withholding
from badges_portal.testing import Cast, make_activity

PEOPLE = ("olga", "oscar", "otto", "adam", "lydia", "xenia", "sam", "suki")


@pytest.fixture
def awards(cast: Cast) -> dict[str, Award]:
    """Sam's at an activity of Olga's and Oscar's; Suki's at Otto's."""
    ours = make_activity(cast, organisers=[cast.olga, cast.oscar])
    theirs = make_activity(cast, code="B", organisers=[cast.otto])
    make_withholding(ours, cast.suki_participant, "EC")
    return {
        "ours": make_award(ours, cast.sam_participant, "EC"),
        "theirs": make_award(theirs, cast.suki_participant, "EC"),
    }


def seen(cast: Cast, awards: dict[str, Award], guard: str) -> dict[str, set[str]]:
    names = {award.pk: name for name, award in awards.items()}
    return {
        person: {names[award.pk] for award in getattr(Award.objects, guard)(getattr(cast, person))} for person in PEOPLE
    }


def test_awards_are_visible_to_their_owner_their_organisers_and_the_administrator(
    cast: Cast, awards: dict[str, Award]
) -> None:
    assert seen(cast, awards, "visible_to") == {
        "olga": {"ours"},
        "oscar": {"ours"},
        "otto": {"theirs"},
        "adam": {"ours", "theirs"},
        "lydia": set(),
        "xenia": set(),
        "sam": {"ours"},
        "suki": {"theirs"},
    }


def test_awards_are_corrected_by_their_organisers_and_the_administrator(cast: Cast, awards: dict[str, Award]) -> None:
    assert seen(cast, awards, "managed_by") == {
        "olga": {"ours"},
        "oscar": {"ours"},
        "otto": {"theirs"},
        "adam": {"ours", "theirs"},
        "lydia": set(),
        "xenia": set(),
        "sam": set(),
        "suki": set(),
    }


def test_withholdings_follow_the_same_rule(cast: Cast, awards: dict[str, Award]) -> None:
    counts = {person: Withholding.objects.visible_to(getattr(cast, person)).count() for person in PEOPLE}
    assert counts == {
        "olga": 1,
        "oscar": 1,
        "otto": 0,
        "adam": 1,
        "lydia": 0,
        "xenia": 0,
        "sam": 0,
        "suki": 1,
    }


def test_an_award_on_two_nats_is_there_once_and_a_void_one_does_not_count(cast: Cast, awards: dict[str, Award]) -> None:
    nat = issue_nat(cast, [awards["ours"]])
    assert list(Award.objects.on_issued_nat()) == [awards["ours"]]
    type(nat).objects.filter(pk=nat.pk).update(status="void")
    assert list(Award.objects.on_issued_nat()) == []

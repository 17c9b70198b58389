"""The one table: who may do what, and who may give it to whom."""

from __future__ import annotations

import itertools

import pytest

from accounts.roles import PERMISSIONS, Permission, Role, may_hold_keys_of, permissions_of, roles_granted_by


def test_several_roles_add_up() -> None:
    assert permissions_of(["organiser", "advisor"]) == PERMISSIONS[Role.ORGANISER] | PERMISSIONS[Role.ADVISOR]
    assert permissions_of([]) == frozenset()


def test_the_administrator_gives_organiser_and_advisor_and_the_operator_gives_administrator() -> None:
    granted = {role: roles_granted_by(permissions_of([role])) for role in Role}
    assert granted == {
        Role.STUDENT: frozenset(),
        Role.ORGANISER: frozenset(),
        Role.ADVISOR: frozenset(),
        Role.ADMINISTRATOR: {Role.ORGANISER, Role.ADVISOR},
        Role.OPERATOR: {Role.ADMINISTRATOR},
    }


@pytest.mark.parametrize(
    ("mine", "theirs", "may"),
    [
        (["administrator"], ["organiser"], True),
        (["administrator"], ["student"], True),
        (["administrator"], ["administrator"], False),
        (["administrator"], ["organiser", "operator"], False),
        (["operator"], ["administrator"], True),
        (["operator"], ["operator"], True),
        (["operator"], ["student"], False),
        (["operator"], ["organiser"], False),
        (["advisor"], ["organiser"], False),
        (["organiser"], ["organiser"], False),
    ],
)
def test_whose_keys_somebody_may_hold(mine: list[str], theirs: list[str], may: bool) -> None:
    assert may_hold_keys_of(permissions_of(mine), theirs) is may


def test_nobody_gains_a_permission_by_the_keys_they_hold_but_the_operator() -> None:
    """With a sign-in link one could act as its owner, so the owner's permissions must be no more than one's own."""
    staff = [set(c) for n in range(1, 4) for c in itertools.combinations(set(Role) - {Role.STUDENT}, n)]
    for mine, theirs in itertools.product(staff, staff):
        if Role.OPERATOR in mine or not may_hold_keys_of(permissions_of(mine), theirs):
            continue
        gained = permissions_of(theirs) - permissions_of(mine)
        assert gained <= {Permission.ADVISE}

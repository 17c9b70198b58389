"""What people do to accounts and units."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import services
from accounts.models import Unit, User
from accounts.refusals import Refusal
from accounts.roles import Role
from accounts.trail.models import AuditEntry
from badges_portal.testing import Cast, make_user


def trail() -> list[tuple[str, Any, dict[str, Any]]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor__cna", "changes"))


def create(cast: Cast, by: User | None = None, **fields: Any) -> User:
    given = {"cna": "s5001", "name_en": "MA Nora", "roles": ["organiser"], **fields}
    return services.create_staff(acting_user=by or cast.adam, **given)


def test_the_administrator_adds_an_organiser(cast: Cast) -> None:
    nora = create(cast, cna="  S5001 ", name_zh="馬娜", unit=cast.design, roles=["advisor", "organiser"])
    nora.refresh_from_db()
    assert (nora.cna, nora.name_zh, nora.unit, nora.roles) == ("s5001", "馬娜", cast.design, ["organiser", "advisor"])
    assert not nora.has_usable_password()
    assert trail() == [
        (
            "user.created",
            "s2001",
            {"cna": "s5001", "name_en": "MA Nora", "roles": ["organiser", "advisor"], "unit": "FDE"},
        )
    ]


def test_a_cna_is_taken_whatever_its_case(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        create(cast, cna="S1001")
    assert refused.value.code == "cna_taken"
    assert trail() == []


def test_a_person_needs_a_role(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        create(cast, roles=[])
    assert refused.value.code == "no_role"


@pytest.mark.parametrize("role", ["administrator", "operator", "student"])
def test_the_administrator_gives_no_role_beyond_organiser_and_advisor(cast: Cast, role: str) -> None:
    with pytest.raises(Refusal) as refused:
        create(cast, roles=["organiser", role])
    assert refused.value.code == "role_not_yours"
    with pytest.raises(Refusal):
        edit(cast, cast.olga, roles=["organiser", role])
    cast.olga.refresh_from_db()
    assert cast.olga.roles == ["organiser"]


@pytest.mark.parametrize("name", ["olga", "lydia", "sam"])
def test_others_manage_nobody(cast: Cast, name: str) -> None:
    by = getattr(cast, name)
    for act in (
        lambda: create(cast, by=by),
        lambda: edit(cast, cast.otto, by=by),
        lambda: services.close_account(acting_user=by, user=cast.otto),
        lambda: services.reopen_account(acting_user=by, user=cast.otto),
        lambda: services.create_unit(acting_user=by, code="X", name_en="X", name_zh=""),
        lambda: services.update_unit(acting_user=by, unit=cast.design, code="X", name_en="X", name_zh=""),
        lambda: services.retire_unit(acting_user=by, unit=cast.design),
        lambda: services.restore_unit(acting_user=by, unit=cast.design),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert trail() == []


def edit(cast: Cast, user: User, by: User | None = None, **fields: Any) -> User:
    given = {
        "name_en": user.name_en,
        "name_zh": user.name_zh,
        "email": user.email,
        "unit": user.unit,
        "roles": user.roles,
        **fields,
    }
    return services.update_staff(acting_user=by or cast.adam, user=user, **given)


def test_an_edit_keeps_old_and_new(cast: Cast) -> None:
    edit(cast, cast.olga, name_en="LEE Olga Mei", unit=cast.design, roles=["organiser", "advisor"])
    cast.olga.refresh_from_db()
    assert (cast.olga.name_en, cast.olga.unit, cast.olga.roles) == (
        "LEE Olga Mei",
        cast.design,
        ["organiser", "advisor"],
    )
    assert trail() == [
        (
            "user.changed",
            "s2001",
            {
                "name_en": ["LEE Olga", "LEE Olga Mei"],
                "unit": ["LC", "FDE"],
                "roles": [["organiser"], ["organiser", "advisor"]],
            },
        )
    ]


def test_saving_without_a_change_leaves_no_trace(cast: Cast) -> None:
    edit(cast, cast.olga)
    assert trail() == []


def test_the_last_role_is_not_taken(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        edit(cast, cast.olga, roles=[])
    assert refused.value.code == "no_role"


def test_roles_that_are_not_mine_to_give_stay_as_they_were(cast: Cast) -> None:
    mixed = make_user("s6001", "KO Mixed", Role.ORGANISER, Role.ADMINISTRATOR)
    edit(cast, mixed, roles=["advisor"])
    mixed.refresh_from_db()
    assert mixed.roles == ["administrator", "advisor"]


def test_nobody_changes_their_own_roles(cast: Cast) -> None:
    with pytest.raises(Refusal):
        edit(cast, cast.adam, roles=["administrator", "advisor"])
    edit(cast, cast.adam, roles=[])
    cast.adam.refresh_from_db()
    assert cast.adam.roles == ["administrator"]
    with pytest.raises(Refusal):
        edit(cast, cast.xenia, by=cast.xenia, roles=["operator", "administrator"])


def test_the_operator_gives_and_takes_administrator(cast: Cast) -> None:
    edit(cast, cast.olga, by=cast.xenia, roles=["organiser", "administrator"])
    cast.olga.refresh_from_db()
    assert cast.olga.roles == ["organiser", "administrator"]
    edit(cast, cast.olga, by=cast.xenia, roles=["organiser"])
    cast.olga.refresh_from_db()
    assert cast.olga.roles == ["organiser"]
    with pytest.raises(Refusal):
        edit(cast, cast.olga, by=cast.xenia, roles=["organiser", "advisor"])


def test_an_account_is_closed_and_opened_again_once(cast: Cast) -> None:
    for _twice in range(2):
        services.close_account(acting_user=cast.adam, user=cast.olga)
    services.reopen_account(acting_user=cast.adam, user=cast.olga)
    assert trail() == [
        ("user.closed", "s2001", {"is_active": [True, False]}),
        ("user.reopened", "s2001", {"is_active": [False, True]}),
    ]


def test_only_the_operator_closes_an_administrator_and_nobody_closes_themselves(cast: Cast) -> None:
    second = make_user("s2002", "SIU Second", Role.ADMINISTRATOR)
    for by, user in ((cast.adam, second), (cast.adam, cast.adam), (cast.adam, cast.xenia), (cast.xenia, cast.xenia)):
        with pytest.raises(PermissionDenied):
            services.close_account(acting_user=by, user=user)
    services.close_account(acting_user=cast.xenia, user=second)
    second.refresh_from_db()
    assert not second.is_active


def test_the_server_makes_the_first_administrator_and_again_changes_nothing(db: None) -> None:
    services.give_first_administrator(cna="S1", name_en="CHAN One")
    services.give_first_administrator(cna="s1", name_en="CHAN One")
    assert list(User.objects.values_list("cna", "roles")) == [("s1", ["administrator"])]
    assert [(action, actor) for action, actor, _ in trail()] == [("user.created", None)]


def test_the_server_gives_an_existing_closed_account_the_role_and_opens_it(cast: Cast) -> None:
    services.close_account(acting_user=cast.adam, user=cast.olga)
    services.give_first_administrator(cna="s1001", name_en="ignored", is_operator=True)
    cast.olga.refresh_from_db()
    assert (cast.olga.roles, cast.olga.is_active, cast.olga.name_en) == (
        ["organiser", "administrator", "operator"],
        True,
        "LEE Olga",
    )


def test_units_are_added_changed_retired_and_used_again(cast: Cast) -> None:
    unit = services.create_unit(acting_user=cast.adam, code="FST", name_en="Science", name_zh="科學")
    services.update_unit(acting_user=cast.adam, unit=unit, code="FSCT", name_en="Science", name_zh="科學")
    services.retire_unit(acting_user=cast.adam, unit=unit)
    services.retire_unit(acting_user=cast.adam, unit=unit)
    services.restore_unit(acting_user=cast.adam, unit=unit)
    assert [(action, changes) for action, _, changes in trail()] == [
        ("unit.created", {"code": "FST", "name_en": "Science"}),
        ("unit.changed", {"code": ["FST", "FSCT"]}),
        ("unit.retired", {"is_active": [True, False]}),
        ("unit.restored", {"is_active": [False, True]}),
    ]
    unit.refresh_from_db()
    assert (unit.code, unit.is_active) == ("FSCT", True)


def test_a_unit_code_is_used_once(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        services.create_unit(acting_user=cast.adam, code="FDE", name_en="Other", name_zh="")
    assert refused.value.code == "code_taken"
    with pytest.raises(Refusal):
        services.update_unit(acting_user=cast.adam, unit=cast.design, code="LC", name_en="Design", name_zh="")
    assert Unit.objects.count() == 2


def test_the_database_refuses_a_cna_in_capitals_and_an_unknown_role(db: None) -> None:
    for fields in ({"cna": "S1"}, {"cna": "s1", "roles": ["king"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(name_en="X", password="!", **{"roles": [], **fields})

"""What people do to accounts and units: one function for each, with its audit row in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.refusals import Refusal
from accounts.roles import Permission, Role, may_hold_keys_of, roles_granted_by
from accounts.trail.services import record

UNUSABLE = "!"
"""A password that nobody can type; the one-time link lets the person set a real one."""


def may_edit_people(user: User) -> bool:
    return user.may(Permission.MANAGE_PEOPLE) or user.may(Permission.GIVE_ADMINISTRATOR)


def may_hold_keys(user: User, other: User) -> bool:
    """Whether the user may close or reopen the other's account, or issue a sign-in link for it."""
    return user.is_active and user.pk != other.pk and may_hold_keys_of(user.permissions, other.roles)


def grantable_roles(user: User, other: User | None = None) -> frozenset[Role]:
    """The roles that the user may give to the other (or to a new person) or take away; nobody changes their own."""
    if other is not None and other.pk == user.pk:
        return frozenset()
    return roles_granted_by(user.permissions)


def normal_cna(cna: str) -> str:
    """A CNA as it is kept: without spaces around it, in small letters."""
    return cna.strip().lower()


@transaction.atomic
def create_staff(
    *,
    acting_user: User,
    cna: str,
    name_en: str,
    name_zh: str = "",
    email: str = "",
    unit: Unit | None = None,
    roles: Iterable[str],
) -> User:
    """A new member of staff, without a password until the first one-time link."""
    if not may_edit_people(acting_user):
        raise PermissionDenied
    wanted = {Role(role) for role in roles}
    _refuse_beyond(wanted, grantable_roles(acting_user))
    if not wanted:
        raise Refusal("no_role", _("Choose at least one role, or this person could do nothing in the portal."))
    user = _insert_user(
        cna=normal_cna(cna), name_en=name_en, name_zh=name_zh, email=email, unit=unit, roles=_in_order(wanted)
    )
    record(
        acting_user=acting_user,
        action="user.created",
        target=user,
        changes={"cna": user.cna, "name_en": name_en, "roles": user.roles, "unit": unit.code if unit else ""},
    )
    return user


@transaction.atomic
def update_staff(
    *, acting_user: User, user: User, name_en: str, name_zh: str, email: str, unit: Unit | None, roles: Iterable[str]
) -> User:
    """New names, e-mail address, unit and roles. Roles that the acting user may not grant stay as they were."""
    if not may_edit_people(acting_user):
        raise PermissionDenied
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    grantable = grantable_roles(acting_user, user)
    wanted = {Role(role) for role in roles}
    held = {Role(role) for role in user.roles}
    _refuse_beyond(wanted - held, grantable)
    new_roles = (held - grantable) | (wanted & grantable)
    if not new_roles:
        raise Refusal("no_role", _("Choose at least one role. To keep this person out, close the account instead."))
    fields = {"name_en": name_en, "name_zh": name_zh, "email": email, "unit": unit, "roles": _in_order(new_roles)}
    changes = _apply(user, fields)
    if changes:
        user.save(update_fields=[*changes])
        record(acting_user=acting_user, action="user.changed", target=user, changes=changes)
    return user


@transaction.atomic
def close_account(*, acting_user: User, user: User) -> User:
    """The person can no longer sign in; every session of theirs ends with its next request."""
    return _set_active(acting_user, user, is_active=False, action="user.closed")


@transaction.atomic
def reopen_account(*, acting_user: User, user: User) -> User:
    """The person may sign in again, with the password they had."""
    return _set_active(acting_user, user, is_active=True, action="user.reopened")


@transaction.atomic
def give_first_administrator(*, cna: str, name_en: str, is_operator: bool = False) -> User:
    """An administrator made on the server, by whoever runs it; an existing account gets the role."""
    roles = {Role.ADMINISTRATOR, Role.OPERATOR} if is_operator else {Role.ADMINISTRATOR}
    user = User.objects.select_for_update(of=("self",)).filter(cna=normal_cna(cna)).first()
    if user is None:
        user = _insert_user(cna=normal_cna(cna), name_en=name_en, roles=_in_order(roles))
        record(acting_user=None, action="user.created", target=user, changes={"cna": user.cna, "roles": user.roles})
        return user
    changes = _apply(user, {"roles": _in_order(roles | {Role(role) for role in user.roles}), "is_active": True})
    if changes:
        user.save(update_fields=[*changes])
        record(acting_user=None, action="user.changed", target=user, changes=changes)
    return user


@transaction.atomic
def create_unit(*, acting_user: User, code: str, name_en: str, name_zh: str) -> Unit:
    if not acting_user.may(Permission.MANAGE_PEOPLE):
        raise PermissionDenied
    unit = Unit(code=code, name_en=name_en, name_zh=name_zh)
    _save_unit(unit)
    record(acting_user=acting_user, action="unit.created", target=unit, changes={"code": code, "name_en": name_en})
    return unit


@transaction.atomic
def update_unit(*, acting_user: User, unit: Unit, code: str, name_en: str, name_zh: str) -> Unit:
    if not acting_user.may(Permission.MANAGE_PEOPLE):
        raise PermissionDenied
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    changes = _apply(unit, {"code": code, "name_en": name_en, "name_zh": name_zh})
    if changes:
        _save_unit(unit)
        record(acting_user=acting_user, action="unit.changed", target=unit, changes=changes)
    return unit


@transaction.atomic
def retire_unit(*, acting_user: User, unit: Unit) -> Unit:
    """The unit is offered nowhere any more; what names it goes on naming it."""
    return _set_unit_in_use(acting_user, unit, is_active=False, action="unit.retired")


@transaction.atomic
def restore_unit(*, acting_user: User, unit: Unit) -> Unit:
    return _set_unit_in_use(acting_user, unit, is_active=True, action="unit.restored")


@transaction.atomic
def note_search(*, acting_user: User, words: str, found: int) -> None:
    """Who looked for whom in the student register, and how many students the answer showed."""
    record(
        acting_user=acting_user,
        action="participant.searched",
        target=acting_user,
        changes={"words": words, "found": found},
    )


def _refuse_beyond(wanted: set[Role], grantable: frozenset[Role]) -> None:
    beyond = wanted - grantable
    if beyond:
        raise Refusal(
            "role_not_yours",
            _("This role is not yours to give: the operator gives administrator, and nobody changes their own roles."),
        )


def _set_active(acting_user: User, user: User, *, is_active: bool, action: str) -> User:
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not may_hold_keys(acting_user, user):
        raise PermissionDenied
    if user.is_active != is_active:
        user.is_active = is_active
        user.closed_times += not is_active
        user.save(update_fields=["is_active", "closed_times"])
        record(acting_user=acting_user, action=action, target=user, changes={"is_active": [not is_active, is_active]})
    return user


def _set_unit_in_use(acting_user: User, unit: Unit, *, is_active: bool, action: str) -> Unit:
    if not acting_user.may(Permission.MANAGE_PEOPLE):
        raise PermissionDenied
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.is_active != is_active:
        unit.is_active = is_active
        unit.save(update_fields=["is_active"])
        record(acting_user=acting_user, action=action, target=unit, changes={"is_active": [not is_active, is_active]})
    return unit


def _insert_user(**fields: Any) -> User:
    try:
        with transaction.atomic():
            return User.objects.create(password=UNUSABLE, **fields)
    except IntegrityError as error:
        raise Refusal("cna_taken", _("Somebody with this CNA is here already. Look under People.")) from error


def _save_unit(unit: Unit) -> None:
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise Refusal("code_taken", _("Another unit has this code. Choose a different one.")) from error


def _apply(kept: Any, fields: dict[str, Any]) -> dict[str, list[Any]]:
    """Sets the fields that differ and gives them as field → [old, new]."""
    changes = {}
    for name, new in fields.items():
        old = getattr(kept, name)
        if old != new:
            changes[name] = [_plain(old), _plain(new)]
            setattr(kept, name, new)
    return changes


def _plain(value: Any) -> Any:
    return value.code if isinstance(value, Unit) else value


def _in_order(roles: Iterable[Role]) -> list[str]:
    return [role.value for role in Role if role in set(roles)]

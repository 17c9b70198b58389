"""The one table: role → what it may do. Pure; `docs` for people stand in the README."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is to the scheme; one person may be several of them."""

    STUDENT = "student", _("Student")
    ORGANISER = "organiser", _("Organiser")
    ADMINISTRATOR = "administrator", _("Scheme administrator")
    ADVISOR = "advisor", _("Learning advisor")
    OPERATOR = "operator", _("Operator")


class Permission(StrEnum):
    """A function of the portal. Which objects it reaches is said by `visible_to(user)` and the guards."""

    VIEW_OWN_HISTORY = "view own Activity History"
    REQUEST_TRANSCRIPT = "request a NAT"
    ORGANISE = "create activities and record their attendance"
    MANAGE_ALL_ACTIVITIES = "see and correct every activity and attendance record"
    FILE_ATTENDANCE = "file attendance records"
    ISSUE_TRANSCRIPTS = "issue and print NATs"
    VIEW_STUDENTS = "see every student's history"
    IMPORT_REGISTER = "import the student register"
    MANAGE_PEOPLE = "create staff, units and sign-in links, give the roles of organiser and learning advisor"
    GIVE_ADMINISTRATOR = "give the role of scheme administrator"
    EDIT_SCHEME = "edit badge types, rules and the scheme page"
    ADVISE = "watch over the organisers' choice of badges and advise"
    VIEW_DATA_ADMIN = "read the changelists of the data admin"
    VIEW_TRAIL = "read the audit trail"


STAFF_ROLES = frozenset({Role.ORGANISER, Role.ADMINISTRATOR, Role.ADVISOR, Role.OPERATOR})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.STUDENT: frozenset({Permission.VIEW_OWN_HISTORY, Permission.REQUEST_TRANSCRIPT}),
    Role.ORGANISER: frozenset({Permission.ORGANISE}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ORGANISE,
            Permission.MANAGE_ALL_ACTIVITIES,
            Permission.FILE_ATTENDANCE,
            Permission.ISSUE_TRANSCRIPTS,
            Permission.VIEW_STUDENTS,
            Permission.IMPORT_REGISTER,
            Permission.MANAGE_PEOPLE,
            Permission.EDIT_SCHEME,
            Permission.VIEW_DATA_ADMIN,
            Permission.VIEW_TRAIL,
        }
    ),
    Role.ADVISOR: frozenset({Permission.ADVISE, Permission.VIEW_DATA_ADMIN}),
    Role.OPERATOR: frozenset({Permission.GIVE_ADMINISTRATOR}),
}


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """Everything that somebody with these roles may do."""
    return frozenset().union(*(PERMISSIONS[Role(role)] for role in roles))


GRANTED_WITH: dict[Permission, frozenset[Role]] = {
    Permission.MANAGE_PEOPLE: frozenset({Role.ORGANISER, Role.ADVISOR}),
    Permission.GIVE_ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
}
"""Which roles may be given and taken in the portal, and by whom. The operator's role is given on the server only
(`manage.py create_administrator --operator`), the student's comes with the register."""

PROTECTED_ROLES = frozenset({Role.ADMINISTRATOR, Role.OPERATOR})
"""Whose accounts only an operator may close or issue a link for: with a link one signs in as that person."""


def roles_granted_by(permissions: Iterable[Permission]) -> frozenset[Role]:
    """The roles that somebody with these permissions may give to others and take from them."""
    return frozenset().union(*(GRANTED_WITH.get(permission, frozenset()) for permission in permissions))


def may_hold_keys_of(permissions: Iterable[Permission], roles: Iterable[str]) -> bool:
    """Whether somebody with these permissions may close, reopen or issue links for an account with those roles."""
    if PROTECTED_ROLES.isdisjoint(roles):
        return Permission.MANAGE_PEOPLE in permissions
    return Permission.GIVE_ADMINISTRATOR in permissions

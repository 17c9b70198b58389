"""What organisers said that the columns of their sheets mean, remembered for the next sheet with the same headings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from json import dumps

from accounts.models import User
from awards.attendance.layouts import Remembered
from awards.attendance.models import SheetLayout

MOST = 100
"""The layouts of one organiser that are remembered: those used last."""


def remembered_by(user: User) -> Remembered:
    """All that this organiser said, by the headings. Badge codes that an activity does not offer are left to it."""
    layouts = SheetLayout.objects.filter(user=user)[:MOST]
    return {frozenset(layout.meanings): layout.meanings for layout in layouts}


def remember(user: User, headings: Set[str], meanings: Mapping[str, str]) -> None:
    """Keeps what these headings mean to this organiser, in place of what was kept before."""
    SheetLayout.objects.update_or_create(
        user=user, headings_sha256=_hash(headings), defaults={"meanings": dict(meanings)}
    )


def forget(user: User, headings: Set[str]) -> None:
    """What these headings mean is not remembered any more."""
    SheetLayout.objects.filter(user=user, headings_sha256=_hash(headings)).delete()


def _hash(headings: Set[str]) -> str:
    return hashlib.sha256(dumps(sorted(headings)).encode()).hexdigest()

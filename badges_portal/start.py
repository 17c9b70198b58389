"""What needs doing now, for each role of whoever signed in."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise

from accounts.models import User


@dataclass(frozen=True)
class Task:
    """One tile of the start page: a number that matters, what it counts, and where to go."""

    text: str | Promise
    url: str
    number: int | None = None
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class TaskGroup:
    """The tasks of one role."""

    title: str | Promise
    tasks: tuple[Task, ...]


def tasks_for(user: User | AnonymousUser) -> list[TaskGroup]:
    """The groups of tasks of this person's roles, in the order of the menu."""
    return []

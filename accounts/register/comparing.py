"""The register as it is beside a file: who is new, who changes and how, who is missing from the file. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.register.reading import Problem, RegisterRow

FIELDS = (
    "name_en",
    "name_zh",
    "email",
    "programme",
    "unit",
    "year_of_study",
    "started_on",
    "status",
    "status_on",
)
"""What a file may change, in the order in which people are shown it."""

Value = str | int | dt.date | None


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One student as the register has them; `unit` is a code or empty."""

    id: int
    student_number: str
    name_en: str
    name_zh: str
    email: str
    programme: str
    unit: str
    year_of_study: int | None
    started_on: dt.date | None
    status: str
    status_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Change:
    """What one line of the file changes: field → (old, new)."""

    row: RegisterRow
    entry: RegisterEntry
    fields: Mapping[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What applying the file would do. Nobody is ever removed: `left` are only shown."""

    added: tuple[RegisterRow, ...]
    changed: tuple[Change, ...]
    left: tuple[RegisterEntry, ...]
    same: int
    problems: tuple[Problem, ...]
    """New students without any name."""

    @property
    def fingerprint(self) -> str:
        """Stands for everything that would be written; another one at the end means the register has moved on."""
        seen: list[Any] = [
            [_values(row) for row in self.added],
            [
                [change.entry.id, {f: [str(a), str(b)] for f, (a, b) in change.fields.items()}]
                for change in self.changed
            ],
        ]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def compare(rows: Iterable[RegisterRow], register: Mapping[str, RegisterEntry]) -> Difference:
    """`register` is by student number. An empty cell never empties a field of the register.

    When the status changes and the file gives no date for it, the date is emptied: it belongs to the old status.
    """
    added, changed, problems, same, in_file = [], [], [], 0, set()
    for row in rows:
        in_file.add(row.student_number)
        entry = register.get(row.student_number)
        if entry is None and not (row.name_en or row.name_zh):
            problems.append(Problem(row.line, "", row.student_number, "no_name"))
        elif entry is None:
            added.append(row)
        elif changes := changes_of(row, entry):
            changed.append(Change(row, entry, changes))
        else:
            same += 1
    left = tuple(entry for number, entry in register.items() if number not in in_file)
    return Difference(tuple(added), tuple(changed), left, same, tuple(problems))


def changes_of(row: RegisterRow, entry: RegisterEntry) -> dict[str, tuple[Value, Value]]:
    """Field → (old, new) for everything that the line says differently."""
    changes: dict[str, tuple[Value, Value]] = {}
    for field in FIELDS:
        old, new = getattr(entry, field), getattr(row, field)
        if new is not None and new != old:
            changes[field] = (old, new)
    if "status" in changes and row.status_on is None and entry.status_on is not None:
        changes["status_on"] = (entry.status_on, None)
    return changes


def _values(row: RegisterRow) -> list[str]:
    return [row.student_number, *(str(getattr(row, field)) for field in FIELDS)]

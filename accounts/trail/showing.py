"""Audit entries as a list shows them: what was done in words, to what, and old and new as texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps

from accounts.trail.models import AuditEntry
from accounts.trail.words import name_of


def describe(entries: Iterable[AuditEntry]) -> None:
    """Gives each entry what the template `trail/_entries.html` reads beside its columns."""
    kinds = {model._meta.model_name: model._meta.verbose_name for model in apps.get_models()}
    for entry in entries:
        entry.action_name = name_of(entry.action)  # type: ignore[attr-defined]
        entry.target_name = kinds.get(entry.target_type, entry.target_type)  # type: ignore[attr-defined]
        entry.details = [(field, *_old_and_new(value)) for field, value in entry.changes.items()]  # type: ignore[attr-defined]


def _old_and_new(value: Any) -> tuple[str, str]:
    """A change as two texts; a plain value has no old one."""
    if isinstance(value, list) and len(value) == 2:
        return _text(value[0]), _text(value[1])
    return "", _text(value)


def _text(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)

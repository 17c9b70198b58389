"""What the database itself refuses, declared beside the models that it protects."""

from __future__ import annotations

import pgtrigger


def never_truncated() -> pgtrigger.Trigger:
    """A trigger that refuses TRUNCATE."""
    return pgtrigger.Trigger(
        name="never_truncated",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'Truncating % is not allowed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';",
    )


def never_removed() -> list[pgtrigger.Trigger]:
    """Triggers that refuse DELETE and TRUNCATE."""
    return [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete), never_truncated()]


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers that refuse everything but INSERT."""
    return [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update), *never_removed()]

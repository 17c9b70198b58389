"""Writing the audit trail. Called inside the transaction of what it records; if it fails, that fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from accounts.bulk import insert_many
from accounts.models import Participant, User
from accounts.trail.models import AuditEntry


def entry(
    *,
    acting_user: User | None,
    action: str,
    target: models.Model,
    participant: Participant | None = None,
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """An unsaved entry. `action` is `noun.verbed`; `changes` maps a field to [old, new] or to a plain value."""
    return AuditEntry(
        actor=acting_user,
        action=action,
        target_type=target._meta.model_name or "",
        target_id=str(target.pk),
        participant=participant,
        changes=changes or {},
        reason=reason,
    )


def record(**what: Any) -> None:
    """Writes one entry; the words are those of `entry`. `acting_user` None is the portal itself."""
    record_many([entry(**what)])


def record_many(entries: Iterable[AuditEntry]) -> None:
    """Writes many entries in one statement."""
    _require_transaction()
    AuditEntry.objects.bulk_create(entries)


def record_each(
    *,
    acting_user: User | None,
    action: str,
    model: type[models.Model],
    each: Iterable[tuple[int, int, Mapping[str, Any], str]],
) -> None:
    """Writes what was done to many records of a model: id, participant, changes and reason of each; one statement."""
    _require_transaction()
    same = {
        "actor_id": acting_user.pk if acting_user else None,
        "action": action,
        "target_type": model._meta.model_name,
    }
    insert_many(
        AuditEntry,
        [
            {**same, "target_id": str(pk), "participant_id": participant, "changes": changes, "reason": reason}
            for pk, participant, changes, reason in each
        ],
    )


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audit entry belongs in the transaction of what it records.")

"""Many rows in one statement are the rows that one by one would have been."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.bulk import insert_many
from accounts.trail.models import AuditEntry

pytestmark = pytest.mark.django_db

ODD = 'a\\b\t"c"\n陳大文 😀 \\N %s {x}'


def row(target: str, **changes: Any) -> dict[str, Any]:
    entry = {"actor_id": None, "action": "unit.renamed", "target_type": "unit", "target_id": target}
    return {**entry, "participant_id": None, "changes": changes, "reason": ODD}


def test_rows_are_stored_as_given_and_the_ids_come_in_their_order(django_assert_num_queries: Any) -> None:
    rows = [row(str(number), name=[None, ODD], count=number, late=False) for number in range(40)]
    with django_assert_num_queries(1):
        ids = insert_many(AuditEntry, rows)
    stored = AuditEntry.objects.in_bulk(ids)
    assert [stored[pk].target_id for pk in ids] == [str(number) for number in range(40)]
    assert [stored[pk].changes for pk in ids] == [entry["changes"] for entry in rows]
    assert {(entry.reason, entry.actor_id, entry.participant_id) for entry in stored.values()} == {(ODD, None, None)}
    assert all(entry.at is not None for entry in stored.values())


def test_no_rows_take_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert insert_many(AuditEntry, []) == []


def test_a_constraint_refuses_all_of_them() -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(AuditEntry, [row("1"), row("2") | {"reason": None}])
    assert AuditEntry.objects.count() == before

"""Many new rows of one table in one statement, without an object for each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models


def insert_many(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Inserts the rows and returns their ids in the same order.

    Each row maps every column that has no default in the database to its value; all rows have the same columns. The
    values travel as one JSON document, and PostgreSQL makes the columns' types of them: strings, numbers, truth values,
    None, and for JSON and array columns what these hold. Constraints and triggers see each row as with any INSERT.
    """
    if not rows:
        return []
    columns = ", ".join(connection.ops.quote_name(name) for name in rows[0])
    table = connection.ops.quote_name(model._meta.db_table)
    statement = (
        f"INSERT INTO {table} ({columns}) "  # noqa: S608  (our own names, quoted)
        f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s) RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(rows)])
        return [pk for (pk,) in cursor.fetchall()]

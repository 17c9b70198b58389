"""The bulk load of a file with many activities, and what it would cost to COPY the same rows into the same tables."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import Participant, User
from accounts.roles import Role
from activities.models import Activity
from awards.attendance.originals import keep_original
from badges_portal.bench import floors
from badges_portal.bench.browser import seconds
from badges_portal.bench.world import make_activity

HEADING = ["Activity code", "Student ID", "Student Name", "Attended", "EC"]
ACTIVITIES, STUDENTS = 200, 500
FIRST_NUMBER = 660_000_000


def more_students(count: int) -> list[Participant]:
    """So many students more, or those that an earlier call made."""
    wanted = Participant.objects.filter(student_number__startswith="66")
    missing = range(FIRST_NUMBER + wanted.count(), FIRST_NUMBER + count)
    Participant.objects.bulk_create(
        [Participant(student_number=str(number), name_en=f"MANY Student {number}") for number in missing]
    )
    return list(wanted.order_by("student_number")[:count])


@contextmanager
def bulk_file(activities: list[Activity], students: list[Participant]) -> Iterator[Path]:
    """A CSV file in which every student attended every activity."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "attendance.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADING)
            for activity in activities:
                writer.writerows([activity.code, s.student_number, s.full_name, "Y", "Y"] for s in students)
        yield path


def past_activities(count: int) -> list[Activity]:
    """One a day: nobody is at two of them at a time."""
    return [make_activity(days_from_now=-7 - day) for day in range(count)]


def administrator() -> User:
    """Whoever answers for the load."""
    return User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR])[0]


def measured(analyse: Callable[[], None]) -> tuple[float, float]:
    """Seconds of ours and of the floor, half of the activities each in turn, so that both meet tables of one size."""
    students, by = more_students(STUDENTS), administrator()
    half = ACTIVITIES // 2
    made = past_activities(2 * ACTIVITIES)
    analyse()
    spent = {load: 0.0, load_barely: 0.0}
    for turn, way in enumerate((load_barely, load, load, load_barely)):
        with bulk_file(made[turn * half : (turn + 1) * half], students) as path:
            spent[way] += seconds(partial(way, path, by))
    return spent[load], spent[load_barely]


def load(path: Path, by: User) -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("load_attendance", str(path), by=by.cna, stdout=nowhere, stderr=nowhere)


def load_barely(path: Path, by: User) -> None:
    """Each activity's lines in one transaction: its original, its record, and COPY of rows, awards, events, trail."""
    with path.open(newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        next(lines)
        for code, rows in groupby(lines, key=itemgetter(0)):
            listed = [row[1:] for row in rows]
            data = "\r\n".join(",".join(row) for row in listed).encode()
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT id FROM activities_activity WHERE code = %s FOR UPDATE", [code])
                sha256 = hashlib.sha256(data).hexdigest()
                stored = [cursor.fetchone()[0], len(data), sha256, keep_original(data), by.pk, "[]"]
                cursor.execute(floors.INSERT_UPLOAD, stored)
                (upload,) = cursor.fetchone()
                changes = json.dumps({"activity": code, "sha256": sha256, "bytes": len(data), "rows": len(listed)})
                cursor.execute(floors.ONE_ENTRY, [by.pk, "attendance.uploaded", upload, changes])
                floors.store(cursor, by.pk, upload, listed)

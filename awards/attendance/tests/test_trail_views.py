"""The audit trail of an activity's attendance and of one record."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Participant
from activities.models import Activity
from awards.attendance.parked import ParkedAnswer, answer_parked_row
from awards.attendance.tests.made import line, record
from awards.attendance.undoing import undo_upload
from awards.attendance.waking import wake_parked_rows
from badges_portal.testing import Cast, make_activity, make_participant


def text(client: Client, activity: Activity, **query: str) -> str:
    answer = client.get(reverse("attendance:trail", args=[activity.pk]), query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_all_that_happened_to_a_record_is_read_in_one_place(
    cast: Cast, course: Activity, students: list[Participant], sign_in: Any
) -> None:
    lines = [line(students[0]), line(students[1], "Y", "?", "?"), ["249999999", "TAM New", "Y", "Y", "Y"]]
    upload = record(course, lines, cast.olga)
    answer_parked_row(acting_user=cast.oscar, row=upload.rows.get(line=6), answer=ParkedAnswer.AWARD)
    make_participant("249999999", "TAM New")
    wake_parked_rows()
    undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file")
    later = record(course, [line(students[2])], cast.oscar)
    other = make_activity(cast, code="DB2526-0099", title="Chess", ended_days_ago=9)
    elsewhere = record(other, [[*line(students[0])[:2], "Y", "Y"]], cast.olga)

    adam = sign_in(cast.adam)
    page = text(adam, course, record=str(upload.key))
    for said in (
        "Attendance sheet uploaded",
        "Attendance committed",
        "Attendance row answered",
        "Row settled when the register brought the student",
        "the portal itself",
        "Badge undone with its record",
        "Attendance undone",
        "Wrong file",
    ):
        assert said in page
    assert str(later.key) not in page.replace(f"value={later.key}", "")
    assert "CHEUNG Ada" not in page
    assert "CHEUNG Ada" in text(adam, course)
    assert "Chess" not in text(adam, course)
    assert adam.get(reverse("attendance:trail", args=[course.pk]), {"record": str(elsewhere.key)}).status_code == 404
    assert "Attendance committed" in text(adam, course, record="nonsense")


def test_an_organiser_reads_own_acts(cast: Cast, course: Activity, students: list[Participant], sign_in: Any) -> None:
    upload = record(course, [line(students[0])], cast.olga)
    undo_upload(acting_user=cast.oscar, upload=upload, reason="Wrong file")
    page = text(sign_in(cast.oscar), course)
    assert ("Attendance undone" in page, "Attendance committed" in page) == (True, False)


def test_the_number_of_queries_does_not_depend_on_the_entries(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.adam)

    def queries() -> int:
        text(client, course)
        with CaptureQueriesContext(connection) as captured:
            text(client, course)
        return len(captured)

    record(course, [line(cast.sam_participant)], cast.olga)
    one = queries()
    record(course, [line(cast.suki_participant)], cast.olga)
    assert queries() == one

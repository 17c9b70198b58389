"""Sheets of other layouts on the pages: which list, how much attendance, what the columns mean."""

from __future__ import annotations

import io
from collections.abc import Sequence
from math import ceil
from typing import Any

from django.urls import reverse
from openpyxl import Workbook

from activities.models import Activity
from awards.attendance.measuring import Needed
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.staging import preview_upload, stage_upload
from awards.attendance.tests.made import standing, withheld
from awards.attendance.tests.test_views import form_of, upload_to
from awards.models import Withholding
from badges_portal.testing import Cast

Lines = Sequence[Sequence[object]]


def workbook(**sheets: Lines) -> bytes:
    """An XLSX with these worksheets."""
    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_one_of_two_lists_is_committed(cast: Cast, course: Activity, sign_in: Any) -> None:
    sam, suki = cast.sam_participant, cast.suki_participant
    heading = ("Student ID", "Name", "Attended", "PF", "EC")
    data = workbook(
        Monday=[("Activity code", course.code), heading, (sam.student_number, sam.name_en, "Y", "Y", "Y")],
        Tuesday=[heading, (suki.student_number, suki.name_en, "Y", "Y", "Y")],
        Ideas=[("bring cables",)],
    )
    client = sign_in(cast.olga)
    url = upload_to(client, course, data).url
    upload = AttendanceUpload.objects.get()
    page = client.get(url).content.decode()
    assert all(words in page for words in ("Only “Tuesday”", "All of them together", "<strong>Ideas</strong>"))
    commit = reverse("attendance:commit", args=[upload.key])
    asked = client.post(commit, form_of(client, upload) | {"lists": ""})
    assert (asked.status_code, AttendanceRow.objects.count()) == (422, 0)
    client.post(url, form_of(client, upload) | {"lists": "1"})
    assert 'id="lists-1" value="1" checked' in client.get(url).content.decode()
    client.post(commit, form_of(client, upload) | {"lists": "1"})
    rows = AttendanceRow.objects.order_by("id").values_list("sheet", "outcome", "reason", "participant")
    assert list(rows) == [("Monday", "ignore", "other_list", None), ("Tuesday", "award", "", suki.pk)]


def test_how_much_is_needed_is_asked_and_kept(cast: Cast, course: Activity, sign_in: Any) -> None:
    sam, suki = cast.sam_participant, cast.suki_participant
    data = workbook(
        Course=[
            ("Activity code", course.code),
            ("Student ID", "Name", "3 Mar", "10 Mar", "17 Mar"),
            (sam.student_number, sam.name_en, "✓", "✓", ""),
            (suki.student_number, suki.name_en, "✓", "", ""),
            ("240009999", "NEW Comer", "✓", "✓", "✓"),
            ("240009998", "LATE Comer", "", "✓", ""),
        ]
    )
    client = sign_in(cast.olga)
    url = upload_to(client, course, data).url
    upload = AttendanceUpload.objects.get()
    page = client.get(url).content.decode()
    assert "How much attendance is needed for the badges?" in page
    assert "2 rows wait for this answer." in page
    for headers in ({}, {"HX-Request": "true"}):
        wrong = client.post(url, form_of(client, upload) | {"needed_share": "101"}, headers=headers)
        assert (wrong.status_code, "Give a whole number from 0 to 100." in wrong.content.decode()) == (422, True)
        assert wrong.headers.get("HX-Retarget", "") == ("#review-whole" if headers else "")
    client.post(url, form_of(client, upload) | {"needed_share": "50"})
    page = client.get(url).content.decode()
    assert 'value="50"' in page
    assert "1 row does not reach it." in page
    client.post(reverse("attendance:commit", args=[upload.key]), form_of(client, upload) | {"needed_share": "50"})
    upload.refresh_from_db()
    assert (upload.status, upload.needed_share, upload.needed_minutes) == ("committed", 50, None)
    assert {number for number, _code in standing(course)} == {sam.student_number}
    assert withheld(course) == {(suki.student_number, "PF"), (suki.student_number, "EC")}
    assert {why.reason for why in Withholding.objects.all()} == {"attendance"}
    parked = AttendanceRow.objects.parked().order_by("id")
    assert [row.read["needed"] for row in parked if row.read] == [[50, None]] * 2


def test_a_threshold_of_the_activity_or_the_scheme_is_proposed(cast: Cast, course: Activity) -> None:
    sam = cast.sam_participant
    data = workbook(Course=[("Student ID", "Name", "Attendance %"), (sam.student_number, sam.name_en, "70%")])
    upload = stage_upload(acting_user=cast.olga, activity=course, file_name="a.xlsx", data=data)
    assert preview_upload(upload=upload).decision.needed == Needed()
    course.rules.attendance_threshold = 75
    course.rules.save()
    upload = AttendanceUpload.objects.get(pk=upload.pk)
    assert preview_upload(upload=upload).decision.needed == Needed(75, held(course, 75))
    course.attendance_threshold = 60
    course.save()
    upload = AttendanceUpload.objects.get(pk=upload.pk)
    (row,) = preview_upload(upload=upload, stored_answers={"file": True}).decision.rows
    assert row.awards == ("PF", "EC")


def held(activity: Activity, percent: int) -> int | None:
    """So many per cent of the minutes of the activity's sessions."""
    sessions = activity.sessions.all()
    if any(session.is_whole_days for session in sessions):
        return None
    seconds = sum((session.ends_at - session.starts_at).total_seconds() for session in sessions)
    return ceil(seconds / 60 * percent / 100)


def test_only_the_scheme_administrator_sets_a_threshold(cast: Cast, course: Activity, sign_in: Any) -> None:
    url = reverse("activities:edit", args=[course.pk])
    assert "attendance_threshold" not in sign_in(cast.olga).get(url).content.decode()
    assert 'name="attendance_threshold"' in sign_in(cast.adam).get(url).content.decode()

"""Sheets of other layouts on the pages: which list, how much attendance, what the columns mean."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from openpyxl import Workbook

from activities.models import Activity
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.tests.test_views import form_of, upload_to
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

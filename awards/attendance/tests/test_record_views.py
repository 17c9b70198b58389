"""The pages after the commit: receipt, confirmation, undo, original, answers to parked rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.tests.made import commit, line, record, sheet, stage, standing
from awards.attendance.tests.test_committing import on_a_nat
from awards.models import Award
from badges_portal.testing import Cast


@pytest.fixture
def upload(cast: Cast, course: Activity) -> AttendanceUpload:
    """Sam earns, Suki's mark is unclear, one number is unknown."""
    lines = [
        line(cast.sam_participant),
        line(cast.suki_participant, "Y", "?", "?"),
        ["249999999", "Quix", "Y", "Y", "Y"],
    ]
    return record(course, lines, cast.olga)


def url(name: str, upload: AttendanceUpload, *more: int) -> str:
    return reverse(f"attendance:{name}", args=[upload.key, *more])


def test_the_receipt_shows_numbers_rows_and_hash(cast: Cast, upload: AttendanceUpload, sign_in: Any) -> None:
    page = sign_in(cast.oscar).get(url("receipt", upload)).content.decode()
    for text in (upload.sha256, "CHAN Sam", "249999999", "2 rows wait for an answer"):
        assert text in page


def test_the_receipt_takes_as_many_queries_for_3_rows_as_for_8(
    cast: Cast, course: Activity, students: list[Participant], upload: AttendanceUpload, sign_in: Any
) -> None:
    used = []
    client = sign_in(cast.olga)
    for each in (upload, record(course, [line(student) for student in students], cast.olga)):
        with CaptureQueriesContext(connection) as queries:
            client.get(url("receipt", each))
        used.append(len(queries))
    assert used[0] == used[1]


def test_one_click_confirms(cast: Cast, upload: AttendanceUpload, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    assert client.post(url("confirm", upload)).url == url("receipt", upload)
    upload.refresh_from_db()
    assert upload.confirmed_by == cast.olga
    assert "appears correctly</button>" not in client.get(url("receipt", upload)).content.decode()


def test_undoing_asks_why_and_says_what_goes(
    cast: Cast, course: Activity, upload: AttendanceUpload, sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    assert "2 badges go." in client.get(url("undo", upload)).content.decode()
    assert client.post(url("undo", upload), {"reason": ""}).status_code == 422
    assert len(standing(course)) == 2
    assert client.post(url("undo", upload), {"reason": "Wrong file"}).url == reverse(
        "attendance:overview", args=[course.pk]
    )
    assert standing(course) == set()
    assert "This record was undone" in client.get(url("receipt", upload)).content.decode()


def test_undoing_what_stands_on_a_nat_is_the_administrators(
    cast: Cast, course: Activity, upload: AttendanceUpload, sign_in: Any
) -> None:
    on_a_nat(Award.objects.all()[0], cast)
    page = sign_in(cast.olga).get(url("undo", upload)).content.decode()
    assert ("Ask the scheme administrator" in page, "<textarea" in page) == (True, True)
    assert sign_in(cast.olga).post(url("undo", upload), {"reason": "Wrong file"}).status_code == 302
    assert len(standing(course)) == 2
    page = sign_in(cast.olga).get(url("undo", upload)).content.decode()
    assert ("Wrong file" in page, "<textarea" in page) == (True, False)
    assert "With the scheme administrator" in sign_in(cast.olga).get(url("receipt", upload)).content.decode()
    assert sign_in(cast.olga).post(url("undo", upload), {"reason": "Again"}).status_code == 422
    assert sign_in(cast.adam).post(url("undo", upload), {"reason": "Checked"}).status_code == 302
    assert (standing(course), upload.correction_requests.get().status) == (set(), "applied")


def test_the_original_comes_as_it_was_and_is_never_opened_by_the_browser(
    cast: Cast, course: Activity, sign_in: Any
) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    upload = commit(stage(course, [], cast.olga, data=data), cast.olga).upload
    AttendanceUpload.objects.filter(pk=upload.pk).update(file_name='點名"表\r\n.xlsx')
    answer = sign_in(cast.olga).get(url("original", upload))
    assert answer.content == data
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "\n" not in answer.headers["Content-Disposition"]
    assert AuditEntry.objects.filter(action="original.downloaded").count() == 0


def test_the_administrators_download_is_logged(cast: Cast, upload: AttendanceUpload, sign_in: Any) -> None:
    assert sign_in(cast.adam).get(url("original", upload)).status_code == 200
    assert AuditEntry.objects.get(action="original.downloaded").actor == cast.adam


def test_the_receipt_on_paper_is_named_by_activity_and_hash(cast: Cast, upload: AttendanceUpload, sign_in: Any) -> None:
    answer = sign_in(cast.olga).get(url("receipt-pdf", upload))
    assert (answer.content[:5], answer.headers["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert upload.sha256[:8] in answer.headers["Content-Disposition"]


def test_a_row_of_another_record_is_not_found(
    cast: Cast, course: Activity, upload: AttendanceUpload, sign_in: Any
) -> None:
    other = record(course, [line(cast.sam_participant)], cast.olga)
    answer = sign_in(cast.olga).post(url("answer", other, upload.rows.get(line=6).pk), {"answer": "award"})
    assert answer.status_code == 404


def test_a_staged_record_has_no_receipt_yet(cast: Cast, course: Activity, sign_in: Any) -> None:
    staged = stage(course, [line(cast.sam_participant)], cast.olga)
    assert sign_in(cast.olga).get(url("receipt", staged)).status_code == 404

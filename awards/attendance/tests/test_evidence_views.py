"""The page of the evidence pack: a reason, a recent sign-in, a line on the trail, and the ZIP."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import path_of
from badges_portal.testing import Cast, make_activity, make_upload

PAGE = reverse("attendance:evidence")
LONG_AGO = 31 * 60


@pytest.fixture
def records(cast: Cast, course: Activity) -> list[AttendanceUpload]:
    """One of each unit."""
    design = make_activity(cast, code="DB2526-0104", unit=cast.design)
    return [make_upload(each, [cast.sam_participant], by=cast.olga) for each in (course, design)]


def folders(answer: Any) -> set[str]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return {name.split("/")[0] for name in archive.namelist() if "/" in name}


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action="evidence.exported"))


def test_the_pack_is_given_out_with_a_reason_and_logged(
    cast: Cast, records: list[AttendanceUpload], sign_in: Any
) -> None:
    answer = sign_in(cast.adam).post(PAGE, {"reason": " Audit  2026 ", "asked": f"unit={cast.design.pk}"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"].startswith('attachment; filename="evidence-2')
    (entry,) = entries()
    assert (entry.actor, entry.reason) == (cast.adam, "Audit 2026")
    assert entry.changes == {"unit": "FDE", "list": "all", "records": 1}
    assert folders(answer) == {"DB2526-0104"}


def test_without_a_reason_nothing_is_given_out(cast: Cast, records: list[AttendanceUpload], sign_in: Any) -> None:
    for reason in ("", "  ", "\u200b"):
        answer = sign_in(cast.adam).post(PAGE, {"reason": reason})
        assert answer.status_code == 422
        assert "Say what the pack is for" in answer.content.decode()
    assert entries() == []


def test_where_nothing_fits_there_is_no_pack(cast: Cast, sign_in: Any) -> None:
    answer = sign_in(cast.adam).post(PAGE, {"reason": "Audit"})
    assert (answer.status_code, entries()) == (422, [])
    assert "No attendance record fits" in answer.content.decode()


def long_signed_in(client: Client) -> Client:
    session = client.session
    session["signed_in_at"] = session["seen_at"] = int(time.time()) - LONG_AGO
    session["idle_seconds"] = 3 * LONG_AGO
    session.save()
    return client


def test_it_asks_for_the_password_again(cast: Cast, records: list[AttendanceUpload], sign_in: Any) -> None:
    client = long_signed_in(sign_in(cast.adam))
    for answer in (client.get(PAGE), client.post(PAGE, {"reason": "Audit"})):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("signin:again"))
    assert entries() == []


def test_the_page_says_how_much_and_what_is_missing(cast: Cast, records: list[AttendanceUpload], sign_in: Any) -> None:
    client = sign_in(cast.adam)
    assert "2 records" in client.get(PAGE).content.decode()
    assert "not as it was uploaded" not in client.get(PAGE).content.decode()
    path_of(records[1].stored_as).unlink()
    page = client.get(PAGE).content.decode()
    assert "1 original is not as it was uploaded" in page
    assert "DB2526-0104 · attendance.xlsx" in page


@pytest.mark.parametrize(("asked", "number"), [({"filing": "filed"}, 0), ({"q": "0104"}, 1), ({"filing": "x"}, 2)])
def test_the_filters_are_those_of_the_list(
    cast: Cast, records: list[AttendanceUpload], sign_in: Any, asked: dict[str, str], number: int
) -> None:
    assert sign_in(cast.adam).get(PAGE, asked).context["number"] == number

"""The list of open rows, and what is done with a row on a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.tests.made import line, record, standing
from badges_portal.testing import Cast, make_activity

LIST = "/organise/open-rows/"


@pytest.fixture
def upload(cast: Cast, course: Activity) -> AttendanceUpload:
    """Sam is awarded; Suki's mark is unclear (row 6); nobody knows the student of row 7."""
    unclear = line(cast.suki_participant, "Y", "?", "?")
    lines = [line(cast.sam_participant), unclear, ["249999999", "TAM <b>New</b>", "Y", "Y", "Y"]]
    return record(course, lines, cast.olga)


def url(name: str, upload: AttendanceUpload, number: int | None = None) -> str:
    rows = () if number is None else (upload.rows.get(line=number).pk,)
    return reverse(f"attendance:{name}", args=[upload.key, *rows])


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_row_is_answered_on_the_overview(
    cast: Cast, course: Activity, upload: AttendanceUpload, sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    overview = reverse("attendance:overview", args=[course.pk])
    assert "Rows that wait for your answer 2" in text(client, overview)
    assert client.post(url("answer", upload, 6), {"answer": "award"}).url == overview
    assert len(standing(course)) == 4
    page = client.post(url("answer", upload, 7), {"answer": "award"}, follow=True).content.decode()
    assert "Row 7: This row still cannot be awarded" in page
    page = client.post(url("answer", upload, 7), {"answer": "dismiss"}, follow=True).content.decode()
    assert "Row 7: Say in a few words why this is dismissed." in page
    client.post(url("answer", upload, 7), {"answer": "dismiss", "dismiss_reason": "A guest"})
    assert "Rows that wait for your answer" not in text(client, overview)


def test_the_list_has_the_rows_of_all_own_activities_and_nobody_elses(
    cast: Cast, course: Activity, upload: AttendanceUpload, sign_in: Any
) -> None:
    other = make_activity(cast, code="DB2526-0077", title="Chess", organisers=[cast.otto], badges=("EC",))
    record(other, [["1", "A stranger", "Y", "Y"], [*line(cast.sam_participant)[:2], "Y", "Y"]], cast.otto)
    page = text(sign_in(cast.olga), LIST)
    assert ("2 open rows" in page, "A stranger" in page, "TAM &lt;b&gt;New" in page) == (True, False, True)
    assert "A stranger" in text(sign_in(cast.otto), LIST)
    page = text(sign_in(cast.adam), LIST)
    assert ("3 open rows" in page, "A stranger" in page) == (True, True)


def test_the_list_is_narrowed_by_activity_and_by_question(
    cast: Cast, course: Activity, upload: AttendanceUpload, sign_in: Any
) -> None:
    other = make_activity(cast, code="DB2526-0077", title="Chess", badges=("EC",), ended_days_ago=9)
    record(other, [["x1", "A guest", "Y", "Y"], [*line(cast.sam_participant)[:2], "Y", "Y"]], cast.olga)
    client = sign_in(cast.olga)
    assert "3 open rows" in text(client, LIST)
    assert "1 open row " in text(client, LIST, activity=str(other.pk))
    page = text(client, LIST, reason="unknown_id")
    assert ("1 open row " in page, "Row 7" in page, "Row 6" in page) == (True, True, False)
    assert "No open row fits" in text(client, LIST, activity=str(other.pk), reason="unknown_id")
    assert "3 open rows" in text(client, LIST, activity="99999999", reason="<script>")


def test_without_open_rows_the_list_says_so(cast: Cast, sign_in: Any) -> None:
    assert "Nothing waits for you" in text(sign_in(cast.olga), LIST)


def test_twenty_five_a_page_at_one_number_of_queries(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)

    def queries() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    record(course, [line(cast.sam_participant), ["x0", "A guest", "Y", "Y", "Y"]], cast.olga)
    one = queries()
    record(course, [line(cast.suki_participant), *([f"x{n}", "A guest", "Y", "Y", "Y"] for n in range(3))], cast.olga)
    assert queries() == one
    third = [line(cast.sam_participant), *([f"x{n}", "A guest", "Y", "Y", "Y"] for n in range(30))]
    record(course, third, cast.olga)
    assert text(client, LIST).count("Use this ID") == 25
    assert text(client, LIST, page="2").count("Use this ID") == 9


def test_an_id_is_typed_again_and_one_comes_back_to_the_list(
    cast: Cast, course: Activity, upload: AttendanceUpload, sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    here = f"{LIST}?reason=unknown_id"
    answer = client.post(url("retype", upload, 7), {"student_id": "240000002", "next": here})
    assert answer.url == here
    page = text(client, LIST)
    assert "Row 7 stays open: The name does not fit" in page
    assert "249999999 → 240000002 typed since" in page
    assert "In the register: WONG Suki 黃素琪" in page
    page = client.post(url("retype", upload, 7), {"student_id": "24"}, follow=True).content.decode()
    assert "it has 9 digits" in page


def test_one_is_not_sent_to_another_site(cast: Cast, upload: AttendanceUpload, sign_in: Any) -> None:
    given = {"answer": "award", "next": "https://example.com/"}
    answer = sign_in(cast.olga).post(url("answer", upload, 6), given)
    assert answer.url == reverse("attendance:overview", args=[upload.activity_id])


def test_what_is_left_of_a_record_is_dismissed_with_one_reason(
    cast: Cast, upload: AttendanceUpload, sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    assert "Dismiss all 2 that are left of this record" in text(client, LIST)
    assert client.post(url("dismiss-leftovers", upload), {"reason": " "}).status_code == 302
    assert AttendanceRow.objects.parked().count() == 2
    page = client.post(url("dismiss-leftovers", upload), {"reason": "Guests"}, follow=True).content.decode()
    assert "2 rows were dismissed." in page
    assert not AttendanceRow.objects.parked().exists()

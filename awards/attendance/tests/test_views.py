"""The pages from upload to commit, as the organiser meets them."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Participant
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.tests.made import commit, line, record, sheet, stage, standing
from awards.models import Withholding
from badges_portal.testing import Cast, make_activity


def upload_to(client: Client, activity: Activity, data: bytes, name: str = "list.xlsx", **headers: str) -> Any:
    url = reverse("attendance:overview", args=[activity.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, data)}, headers=headers)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def form_of(client: Client, upload: AttendanceUpload) -> dict[str, str]:
    page = client.get(reverse("attendance:review", args=[upload.key])).content.decode()
    return {"fingerprint": hidden(page, "fingerprint"), "request_key": hidden(page, "request_key")}


def test_from_the_upload_to_the_receipt(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    answer = upload_to(client, course, sheet(course, [line(cast.sam_participant)]), "見習 名單.xlsx")
    upload = AttendanceUpload.objects.get()
    assert answer.url == reverse("attendance:review", args=[upload.key])
    page = client.get(answer.url).content.decode()
    assert "CHAN Sam" in page
    assert standing(course) == set()
    done = client.post(reverse("attendance:commit", args=[upload.key]), form_of(client, upload))
    assert done.url == reverse("attendance:receipt", args=[upload.key])
    assert len(standing(course)) == 2
    assert upload.sha256 in client.get(done.url).content.decode()


def test_the_same_form_sent_twice_leads_to_the_same_receipt(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    form = form_of(client, upload)
    url = reverse("attendance:commit", args=[upload.key])
    assert client.post(url, form).url == client.post(url, form).url == reverse("attendance:receipt", args=[upload.key])
    assert len(standing(course)) == 2


def test_a_form_with_the_key_of_another_record_commits_nothing(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    first = stage(course, [line(cast.sam_participant)], cast.olga)
    key = form_of(client, first)["request_key"]
    client.post(reverse("attendance:commit", args=[first.key]), form_of(client, first) | {"request_key": key})
    for activity in (course, make_activity(cast, code="DB2526-0009", badges=["EC", "PF"], days=2)):
        other = stage(activity, [line(cast.suki_participant)], cast.olga)
        form = form_of(client, other) | {"request_key": key}
        assert client.post(reverse("attendance:commit", args=[other.key]), form).status_code == 409
        other.refresh_from_db()
        assert other.status == AttendanceUpload.Status.STAGED


def test_a_second_person_is_led_to_the_receipt_and_told(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    form = form_of(sign_in(cast.oscar), upload)
    commit(upload, cast.olga)
    answer = sign_in(cast.oscar).post(reverse("attendance:commit", args=[upload.key]), form, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("attendance:receipt", args=[upload.key])
    assert "already committed" in answer.content.decode()


def test_a_change_since_the_preview_is_said_and_the_answers_are_kept(
    cast: Cast, course: Activity, students: list[Participant], sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    upload = stage(course, [line(students[0]), line(students[1], "Y", "?", "?")], cast.olga)
    form = form_of(client, upload) | {"answer-1-unclear_mark": "award"}
    record(course, [line(students[0])], cast.oscar)
    answer = client.post(reverse("attendance:commit", args=[upload.key]), form)
    page = answer.content.decode()
    assert (answer.status_code, "changed since you looked" in page) == (409, True)
    assert re.search(r'id="answer-1-award"[^>]*checked', page)
    again = {name: hidden(page, name) for name in ("fingerprint", "request_key")} | {"answer-1-unclear_mark": "award"}
    assert client.post(reverse("attendance:commit", args=[upload.key]), again).status_code == 302
    assert len(standing(course)) == 4


def test_what_is_asked_about_the_whole_sheet_is_not_said_twice(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga, code=" ")
    page = sign_in(cast.olga).get(reverse("attendance:review", args=[upload.key])).content.decode()
    assert page.count("does not say which activity") == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "empty"), (b"%PDF-1.7", "spreadsheet"), (b"hello", "spreadsheet")],
)
def test_a_refused_file_gets_its_sentence_on_the_same_page(
    cast: Cast, course: Activity, sign_in: Any, data: bytes, says: str
) -> None:
    answer = upload_to(sign_in(cast.olga), course, data)
    page = answer.content.decode()
    assert (answer.status_code, course.title in page) == (422, True)
    assert says in page.lower()
    assert AttendanceUpload.objects.count() == 0


def test_no_file_is_said(cast: Cast, course: Activity, sign_in: Any) -> None:
    answer = sign_in(cast.olga).post(reverse("attendance:overview", args=[course.pk]))
    assert (answer.status_code, "Choose a file first." in answer.content.decode()) == (422, True)


def test_a_file_above_the_limit_is_said(cast: Cast, course: Activity, sign_in: Any, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2**20
    answer = upload_to(sign_in(cast.olga), course, b"x" * (2**20 + 1))
    assert (answer.status_code, "larger than 1 MB" in answer.content.decode()) == (413, True)


def test_with_htmx_the_refusal_is_a_fragment_and_success_a_redirect(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    refused = upload_to(client, course, b"", **{"HX-Request": "true"})
    assert (refused.status_code, "<html" in refused.content.decode()) == (422, False)
    taken = upload_to(client, course, sheet(course, [line(cast.sam_participant)]), **{"HX-Request": "true"})
    assert taken.headers["HX-Redirect"] == reverse("attendance:review", args=[AttendanceUpload.objects.get().key])


def test_the_same_bytes_again_lead_to_the_receipt(cast: Cast, course: Activity, sign_in: Any) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    upload = commit(stage(course, [], cast.olga, data=data), cast.olga).upload
    assert upload_to(sign_in(cast.olga), course, data).url == reverse("attendance:receipt", args=[upload.key])


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"status": "draft"}, "Publish the activity first"),
        ({"status": "cancelled"}, "This activity was cancelled"),
        ({"ended_days_ago": -2}, "has not ended yet"),
    ],
)
def test_the_page_says_why_nothing_can_be_uploaded(cast: Cast, sign_in: Any, state: dict[str, Any], says: str) -> None:
    activity = make_activity(cast, **state)
    page = sign_in(cast.olga).get(reverse("attendance:overview", args=[activity.pk])).content.decode()
    assert (says in page, 'type="file"' in page) == (True, False)


def test_answers_are_kept_and_the_numbers_follow(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    upload = stage(course, [line(cast.sam_participant), line(cast.suki_participant, "Y", "?", "?")], cast.olga)
    url = reverse("attendance:review", args=[upload.key])
    answer = client.post(url, {"answer-1-unclear_mark": "award"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert ("<html" in page, "4 new badges" in page) == (False, True)
    assert re.search(r'id="answer-1-award"[^>]*checked', client.get(url).content.decode())
    assert client.post(url, {"answer-1-unclear_mark": "leave_open"}).url == url


def test_missing_answers_are_said_on_the_review_page(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    upload = stage(course, [line(cast.sam_participant), line(cast.suki_participant, "Y", "N", "N")], cast.olga)
    form = form_of(client, upload)
    answer = client.post(reverse("attendance:commit", args=[upload.key]), form)
    assert (answer.status_code, "Say why the badges are withheld" in answer.content.decode()) == (422, True)
    form |= {"withheld_reason": "attendance"}
    assert client.post(reverse("attendance:commit", args=[upload.key]), form).status_code == 302
    assert set(Withholding.objects.values_list("reason", flat=True)) == {"attendance"}


@pytest.mark.parametrize("show", ["all", "award", "no_award", "parked", "ignored", "warned", "nonsense"])
def test_the_rows_can_be_narrowed(cast: Cast, course: Activity, sign_in: Any, show: str) -> None:
    lines = [
        line(cast.sam_participant),
        line(cast.suki_participant, "N", "N", "N"),
        ["249999999", "Quix", "Y", "Y", "Y"],
    ]
    upload = stage(course, lines, cast.olga)
    answer = sign_in(cast.olga).get(reverse("attendance:review", args=[upload.key]), {"show": show})
    shown = {row.decided.row.line for row in answer.context["page_obj"]}
    expected = {"award": {5}, "no_award": {6}, "parked": {7}, "ignored": set(), "warned": set()}
    assert shown == expected.get(show, {5, 6, 7})


def test_the_review_of_300_rows_takes_as_many_queries_as_of_3(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    used = []
    for number in (3, 300):
        lines = [[f"2460{n:05d}", f"LAU Student{n}", "Y", "Y", "Y"] for n in range(number)]
        upload = stage(course, [line(cast.sam_participant), *lines], cast.olga)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("attendance:review", args=[upload.key])).status_code == 200
        used.append(len(queries))
    assert used[0] == used[1]


def test_discarding_leads_back(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    answer = sign_in(cast.olga).post(reverse("attendance:discard", args=[upload.key]))
    upload.refresh_from_db()
    assert (answer.url, upload.status) == (reverse("attendance:overview", args=[course.pk]), "discarded")
    gone = sign_in(cast.olga).get(reverse("attendance:review", args=[upload.key]), follow=True)
    assert "no longer waiting" in gone.content.decode()


def test_a_co_organiser_of_another_unit_uploads_and_a_stranger_of_the_same_unit_gets_404(
    cast: Cast, course: Activity, sign_in: Any
) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    assert upload_to(sign_in(cast.otto), course, data).status_code == 404
    assert upload_to(sign_in(cast.oscar), course, data).status_code == 302


def test_a_hostile_name_is_shown_as_text(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = stage(
        course, [line(cast.sam_participant), ["249999999", "<script>alert(1)</script>", "Y", "Y", "Y"]], cast.olga
    )
    page = sign_in(cast.olga).get(reverse("attendance:review", args=[upload.key])).content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)


def test_the_sheet_of_the_activity_can_be_read_back(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    answer = client.get(reverse("attendance:sheet", args=[course.pk]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="DB2526-0001-attendance.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    values = {str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value}
    assert course.code in values


def test_the_blank_sheet_is_for_everybody(client: Client, db: None) -> None:
    answer = client.get(reverse("attendance:blank-sheet"))
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")


def test_a_text_file_from_upload_to_the_question_about_its_encoding(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    page = client.get(reverse("attendance:overview", args=[course.pk])).content.decode()
    assert 'accept=".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"' in page
    number = cast.sam_participant.student_number
    text = f"Activity code;{course.code}\nStudent ID;Name;Attended;Badge;備註\n{number};CHAN Sam;Y;Y;遲到\n"
    answer = upload_to(client, course, text.encode("big5"), "list.csv")
    assert AttendanceUpload.objects.get().file_format == "csv"
    page = client.get(answer.url).content.decode()
    assert "CHAN Sam" in page
    assert "does not say how its characters are encoded" in page


def test_a_broken_text_file_is_refused_with_its_line(cast: Cast, course: Activity, sign_in: Any) -> None:
    answer = upload_to(sign_in(cast.olga), course, b'Student ID,Name\n1,"open\n2,x\n', "list.csv")
    assert "A quotation mark on line 2 of this file is never closed" in answer.content.decode()
    assert not AttendanceUpload.objects.exists()

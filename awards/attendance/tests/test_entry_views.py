"""The pages for attendance without a file, as the organiser meets them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Participant
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.tests.made import commit, line, record, standing, withheld
from badges_portal.testing import Cast, make_activity, make_participant


def paste_at(activity: Activity) -> str:
    return reverse("attendance:paste", args=[activity.pk])


def test_from_the_overview_over_the_pasted_list_to_the_review(
    cast: Cast, course: Activity, students: list[Participant], sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    assert paste_at(course) in client.get(reverse("attendance:overview", args=[course.pk])).content.decode()
    assert 'name="text"' in client.get(paste_at(course)).content.decode()
    answer = client.post(paste_at(course), {"text": f"{students[2].student_number}, {students[3].student_number}"})
    upload = AttendanceUpload.objects.get()
    assert answer.url == reverse("attendance:review", args=[upload.key])
    page = client.get(answer.url).content.decode()
    assert "everybody on it is taken to have attended" in page
    assert "Several people stood on one line" in page
    assert "Shall everybody who attended get it?" in page


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Nothing was pasted"),
        (" \n ", "Nothing was pasted"),
        ("CHAN Sam", "There is no student ID in what you pasted. An ID has 9 digits"),
        ("240000001\tA\tB\tY", "It cannot be told what the columns mean"),
        ("240000001\0", "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_text(
    cast: Cast, course: Activity, sign_in: Any, text: str, says: str
) -> None:
    answer = sign_in(cast.olga).post(paste_at(course), {"text": text})
    page = answer.content.decode()
    assert (answer.status_code, says in page) == (422, True)
    assert text.strip().split("\t")[0].replace("\0", "") in page
    assert not AttendanceUpload.objects.exists()


def test_the_same_list_again_leads_to_its_receipt(
    cast: Cast, course: Activity, students: list[Participant], sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    text = {"text": students[2].student_number}
    client.post(paste_at(course), text)
    upload = commit(AttendanceUpload.objects.get(), cast.olga, {"file": True}).upload
    answer = client.post(paste_at(course), text, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("attendance:receipt", args=[upload.key])
    page = answer.content.decode()
    assert ("already committed" in page, "Pasted list" in page) == (True, True)


def test_more_text_than_a_file_may_have_is_said(cast: Cast, course: Activity, sign_in: Any, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2**20
    answer = sign_in(cast.olga).post(paste_at(course), {"text": "x" * (2**20 + 1)})
    assert (answer.status_code, "This is more than 1 MB of text" in answer.content.decode()) == (422, True)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    answer = sign_in(cast.olga).post(paste_at(course), {"text": "x" * (2**20 + 1)})
    assert (answer.status_code, "too large" in answer.content.decode()) == (413, True)


@pytest.mark.parametrize("state", [{"status": "draft"}, {"status": "cancelled"}, {"ended_days_ago": -2}])
def test_while_nothing_can_be_recorded_the_overview_says_why(cast: Cast, sign_in: Any, state: dict[str, Any]) -> None:
    activity = make_activity(cast, **state)
    overview = reverse("attendance:overview", args=[activity.pk])
    client = sign_in(cast.olga)
    assert client.get(paste_at(activity)).url == client.post(paste_at(activity), {"text": "1"}).url == overview
    assert paste_at(activity) not in client.get(overview).content.decode()


def list_of(activity: Activity) -> str:
    return reverse("attendance:tick", args=[activity.pk])


def test_from_the_class_list_to_the_record(
    cast: Cast, course: Activity, students: list[Participant], sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    ada, ben = students[2], students[3]
    first = record(course, [line(ada), line(ben, "N", "N", "N")], cast.olga)
    assert list_of(course) in client.get(reverse("attendance:overview", args=[course.pk])).content.decode()
    page = client.get(list_of(course)).content.decode()
    assert ("CHEUNG Ada" in page, "CHOW Ben" in page, "KWOK Cleo" in page) == (True, True, False)
    form = {
        "do": "check",
        "id": [ada.student_number, ben.student_number],
        "attended": ["0", "1"],
        "badge-PF": ["0", "1"],
        "badge-EC": ["0"],
        "reason-1": "Assessment",
    }
    answer = client.post(list_of(course), form)
    upload = AttendanceUpload.objects.exclude(pk=first.pk).get()
    assert answer.url == reverse("attendance:review", args=[upload.key])
    assert (upload.file_format, upload.file_name) == ("ticked", "class list.csv")
    assert client.get(answer.url).status_code == 200
    commit(upload, cast.olga)
    assert (ben.student_number, "PF") in standing(course)
    assert withheld(course) == {(ben.student_number, "EC")}
    receipt = client.get(reverse("attendance:receipt", args=[upload.key])).content.decode()
    assert "Ticked on screen" in receipt
    again = client.post(list_of(course), form, follow=True)
    assert again.redirect_chain[-1][0] == reverse("attendance:receipt", args=[upload.key])


def test_a_typed_id_gets_no_name_before_the_preview(
    cast: Cast, course: Activity, students: list[Participant], sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    empty = client.get(list_of(course)).content.decode()
    assert "Nobody is known for this activity yet" in empty
    page = client.post(list_of(course), {"do": "add", "more": students[2].student_number}).content.decode()
    assert (students[2].student_number in page, "CHEUNG Ada" in page) == (True, False)
    answer = client.post(
        list_of(course), {"do": "check", "id": [students[2].student_number], "attended": ["0"], "badge-PF": ["0"]}
    )
    assert "CHEUNG Ada" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"do": "check"}, 422, "Tick everybody who attended"),
        ({"do": "check", "more": "nobody"}, 422, "There is no student ID in what you typed"),
        ({"do": "add", "more": "249999999"}, 200, "249999999"),
        ({"do": "tick-all", "id": ["249999999"]}, 200, 'value="0" checked data-column="attended"'),
        ({"do": "tick-none", "id": ["249999999"], "attended": ["0"]}, 200, 'value="0" data-column="attended"'),
        ({"do": "nonsense", "id": ["<b>\0"]}, 200, "&lt;b&gt;"),
    ],
)
def test_the_list_stays_on_the_page_until_it_is_checked(
    cast: Cast, course: Activity, sign_in: Any, form: dict[str, Any], status: int, says: str
) -> None:
    answer = sign_in(cast.olga).post(list_of(course), form)
    assert (answer.status_code, says in answer.content.decode()) == (status, True)
    assert not AttendanceUpload.objects.exists()


def test_the_list_of_300_takes_as_many_queries_as_of_3(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    used = []
    for number in (3, 300):
        people = [make_participant(f"25{number:03d}{n:04d}", f"LAU Student{n}") for n in range(number)]
        record(course, [line(student) for student in people], cast.olga)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(list_of(course)).content.decode().count("data-line") >= number
        used.append(len(queries))
    assert used[0] == used[1]


def test_while_nothing_can_be_recorded_no_list_is_shown(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast, ended_days_ago=-2)
    client = sign_in(cast.olga)
    assert client.get(list_of(activity)).url == client.post(list_of(activity)).url

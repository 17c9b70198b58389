"""The administrator's filing list: shelves, unit, overdue, filing and asking."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts.models import Unit
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.reminding import remind_organisers
from awards.attendance.undoing import undo_upload
from badges_portal.testing import Cast, make_activity, make_upload

FILING = "/filing/"
SHEET = reverse_lazy("attendance:filing-sheet")


def codes(answer: Any) -> list[str]:
    return [getattr(item, "activity", item).code for item in answer.context["page_obj"]]


def test_a_committed_record_arrives_by_itself_and_moves_from_shelf_to_shelf(
    cast: Cast, course: Activity, sign_in: Any
) -> None:
    upload = make_upload(course, [cast.sam_participant], by=cast.olga)
    client = sign_in(cast.adam)
    assert codes(client.get(FILING)) == [course.code]
    client.post(reverse("attendance:query", args=[upload.key]), {"note": "Who signed?"})
    assert (codes(client.get(FILING)), codes(client.get(FILING, {"filing": "queried"}))) == ([], [course.code])
    client.post(reverse("attendance:file", args=[upload.key]))
    assert codes(client.get(FILING, {"filing": "filed"})) == [course.code]
    sign_in(cast.olga)
    assert client.post(reverse("attendance:file", args=[upload.key])).status_code == 403


def test_the_organiser_reads_the_question_and_answers(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = make_upload(course, [cast.sam_participant], by=cast.olga)
    sign_in(cast.adam).post(reverse("attendance:query", args=[upload.key]), {"note": "Who signed row 7?"})
    client = sign_in(cast.olga)
    assert "Who signed row 7?" in client.get(reverse("attendance:overview", args=[course.pk])).content.decode()
    client.post(reverse("attendance:confirm", args=[upload.key]), {"answer": "Oscar did."})
    assert "Oscar did." in sign_in(cast.adam).get(FILING).content.decode()


def test_an_empty_question_is_refused(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = make_upload(course, [cast.sam_participant], by=cast.olga)
    answer = sign_in(cast.adam).post(reverse("attendance:query", args=[upload.key]), {"note": " "}, follow=True)
    assert "Say what you would like to know." in answer.content.decode()
    upload.refresh_from_db()
    assert upload.filing == "open"


def test_the_overdue_shelf_names_activities_without_a_record(cast: Cast, sign_in: Any) -> None:
    late = make_activity(cast, code="DB2526-0101", ended_days_ago=60, unit=cast.design)
    done = make_activity(cast, code="DB2526-0102", ended_days_ago=60)
    make_upload(done, [cast.sam_participant], by=cast.olga)
    make_activity(cast, code="DB2526-0103", ended_days_ago=3)
    client = sign_in(cast.adam)
    assert codes(client.get(FILING, {"filing": "overdue"})) == [late.code]
    assert codes(client.get(FILING, {"filing": "overdue", "unit": cast.learning_commons.pk})) == []


def test_the_list_can_be_narrowed_to_a_unit(cast: Cast, course: Activity, sign_in: Any) -> None:
    design = make_activity(cast, code="DB2526-0104", unit=cast.design)
    for activity in (course, design):
        make_upload(activity, [cast.sam_participant], by=cast.olga)
    client = sign_in(cast.adam)
    assert codes(client.get(FILING, {"unit": cast.design.pk})) == [design.code]
    assert sorted(codes(client.get(FILING, {"unit": "nonsense", "filing": "nonsense"}))) == [course.code, design.code]


def test_the_list_says_who_which_file_and_whether_in_time(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = make_upload(course, [cast.sam_participant], by=cast.oscar)
    AttendanceUpload.objects.filter(pk=upload.pk).update(committed_by=cast.olga, is_late=True)
    page = sign_in(cast.adam).get(FILING).content.decode()
    for words in ("LEE Olga", "uploaded by HO Oscar", "attendance.xlsx", upload.sha256[:12], "Late"):
        assert words in page
    assert f'href="{reverse("attendance:original", args=[upload.key])}" download' in page


@pytest.fixture
def four(cast: Cast) -> dict[str, AttendanceUpload]:
    """Records of two units and two academic years: in time, late, queried and filed."""
    spring = {"first_on": dt.date(2026, 3, 1), "last_on": dt.date(2026, 3, 1)}
    plans: dict[str, tuple[Unit, str, dict[str, Any]]] = {
        "DB2526-0301": (cast.learning_commons, "Tea ceremony", {"is_late": True}),
        "DB2526-0302": (cast.design, "Chess", {"is_late": False}),
        "DB2526-0303": (cast.design, "Poster", {"filing": "queried", "filing_note": "Who?"}),
        "DB2425-0304": (cast.design, "Harbour", {"filing": "filed"}),
    }
    made = {}
    for code, (unit, title, fields) in plans.items():
        activity = make_activity(cast, code=code, title=title, unit=unit)
        Activity.objects.filter(pk=activity.pk).update(
            **(spring if code.startswith("DB25") else {name: dt.date(2024, 9, 1) for name in spring})
        )
        upload = make_upload(activity, [cast.sam_participant], by=cast.olga)
        AttendanceUpload.objects.filter(pk=upload.pk).update(**fields)
        made[code[-1]] = upload
    return made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "12"),
        ({"late": "yes"}, "1"),
        ({"late": "no"}, "2"),
        ({"filing": "queried"}, "3"),
        ({"filing": "all"}, "1234"),
        ({"filing": "all", "year": "2025"}, "123"),
        ({"filing": "all", "year": "2024"}, "4"),
        ({"filing": "all", "q": "tea"}, "1"),
        ({"filing": "all", "q": "0303 poster"}, "3"),
        ({"filing": "all", "q": "olga"}, "1234"),
        ({"filing": "all", "q": "attendance.xlsx"}, "1234"),
        ({"filing": "all", "q": "no such thing"}, ""),
        ({"filing": "undone"}, ""),
        ({"unit": "x", "year": "1", "late": "perhaps", "order": "up", "page": "-4"}, "12"),
    ],
)
def test_the_list_can_be_narrowed(
    cast: Cast, four: dict[str, AttendanceUpload], sign_in: Any, asked: dict[str, str], found: str
) -> None:
    shown = codes(sign_in(cast.adam).get(FILING, asked))
    assert "".join(sorted(code[-1] for code in shown)) == found


def test_a_hash_finds_its_file(cast: Cast, four: dict[str, AttendanceUpload], sign_in: Any) -> None:
    page = sign_in(cast.adam).get(FILING, {"q": four["2"].sha256[:20].upper(), "filing": "all"})
    assert four["2"] in list(page.context["page_obj"])


def test_the_numbers_of_the_tabs_follow_what_is_asked_for(
    cast: Cast, four: dict[str, AttendanceUpload], sign_in: Any
) -> None:
    client = sign_in(cast.adam)
    numbers = {name: number for name, _words, number in client.get(FILING).context["tabs"]}
    assert numbers == {"open": 2, "queried": 1, "filed": 1, "undone": 0, "all": 4, "overdue": 0}
    numbers = {name: number for name, _words, number in client.get(FILING, {"unit": cast.design.pk}).context["tabs"]}
    assert numbers == {"open": 1, "queried": 1, "filed": 1, "undone": 0, "all": 3, "overdue": 0}


@pytest.mark.parametrize(
    ("order", "digits"), [("newest", "4321"), ("oldest", "1234"), ("code", "4123"), ("unit", "4231")]
)
def test_the_list_is_sorted_as_asked(
    cast: Cast, four: dict[str, AttendanceUpload], sign_in: Any, order: str, digits: str
) -> None:
    shown = codes(sign_in(cast.adam).get(FILING, {"filing": "all", "order": order}))
    assert "".join(code[-1] for code in shown) == digits


def test_an_undone_record_is_kept_in_the_list(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = make_upload(course, [cast.sam_participant], by=cast.olga)
    undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file")
    client = sign_in(cast.adam)
    assert codes(client.get(FILING)) == []
    page = client.get(FILING, {"filing": "undone"})
    assert codes(page) == [course.code]
    assert "File this record" not in page.content.decode()


def test_after_filing_one_the_list_is_as_it_was(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = make_upload(course, [cast.sam_participant], by=cast.olga)
    answer = sign_in(cast.adam).post(
        reverse("attendance:file", args=[upload.key]), {"asked": "filing=all&q=a b&next=//evil.example"}
    )
    assert answer.headers["Location"] == "/filing/?filing=all&q=a+b&next=%2F%2Fevil.example"


def sheet(answer: Any) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book.worksheets[0]]


def test_the_list_is_given_out_as_a_workbook_and_logged(
    cast: Cast, four: dict[str, AttendanceUpload], sign_in: Any
) -> None:
    AttendanceUpload.objects.filter(pk=four["1"].pk).update(file_name="=cmd|x.xlsx")
    answer = sign_in(cast.adam).get(SHEET, {"filing": "all", "unit": cast.learning_commons.pk})
    headings, row = sheet(answer)
    shown = dict(zip(headings, row, strict=True))
    assert (shown["Activity code"], shown["File as it was named"], shown["On time"], shown["SHA-256"]) == (
        "DB2526-0301",
        " =cmd|x.xlsx",
        "Late",
        four["1"].sha256,
    )
    entry = AuditEntry.objects.get(action="filing.exported")
    assert (entry.actor, entry.changes) == (cast.adam, {"unit": "LC", "list": "all", "rows": 1})


def test_the_overdue_list_is_given_out_by_unit(cast: Cast, sign_in: Any) -> None:
    for number, unit in enumerate([cast.learning_commons, cast.design]):
        make_activity(cast, code=f"DB2526-010{number}", title="+Tea", ended_days_ago=60, unit=unit)
    remind_organisers(today=timezone.localdate())
    headings, *rows = sheet(sign_in(cast.adam).get(SHEET, {"filing": "overdue"}))
    assert [row[:3] + row[7:9] + row[10:11] for row in rows] == [
        ["Faculty of Design and Environment", "DB2526-0101", " +Tea", 30, 1, "LEE Olga"],
        ["Learning Commons", "DB2526-0100", " +Tea", 30, 1, "LEE Olga"],
    ]
    assert {row[9].date() for row in rows} == {timezone.localdate()}
    assert len(headings) == len(rows[0])


def test_the_overdue_shelf_can_be_searched(cast: Cast, sign_in: Any) -> None:
    make_activity(cast, code="DB2526-0105", title="Tea", ended_days_ago=60)
    make_activity(cast, code="DB2526-0106", title="Chess", ended_days_ago=60, organisers=[cast.otto])
    client = sign_in(cast.adam)
    assert codes(client.get(FILING, {"filing": "overdue", "q": "tea"})) == ["DB2526-0105"]
    assert codes(client.get(FILING, {"filing": "overdue", "q": "otto"})) == ["DB2526-0106"]
    page = client.get(FILING, {"filing": "overdue"}).content.decode()
    assert ("30 days overdue" in page, "not reminded yet" in page) == (True, True)
    remind_organisers(today=timezone.localdate())
    assert "reminded once, on" in client.get(FILING, {"filing": "overdue"}).content.decode()


def test_one_record_and_three_take_the_same_number_of_queries(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    used = []
    for codes_of_activities in (["DB2526-0201"], ["DB2526-0202", "DB2526-0203"]):
        for code in codes_of_activities:
            make_upload(make_activity(cast, code=code), [cast.sam_participant], by=cast.olga)
        with CaptureQueriesContext(connection) as queries:
            client.get(FILING)
        used.append(len(queries))
    assert (used[0], AttendanceUpload.objects.count()) == (used[1], 3)

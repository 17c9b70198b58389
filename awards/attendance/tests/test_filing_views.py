"""The administrator's filing list: shelves, unit, overdue, filing and asking."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from badges_portal.testing import Cast, make_activity, make_upload

FILING = "/filing/"


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

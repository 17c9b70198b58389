"""Correcting rows on the review page: in place with htmx, and on plain pages without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Participant
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.staging import preview_upload
from awards.attendance.tests.made import line, record, stage, standing, withheld
from awards.attendance.tests.test_views import form_of
from badges_portal.testing import Cast

HTMX = {"HX-Request": "true"}


def review(upload: AttendanceUpload) -> str:
    return reverse("attendance:review", args=[upload.key])


def mend(upload: AttendanceUpload, place: int) -> str:
    return reverse("attendance:mend", args=[upload.key, place])


def typed(number: str, pf: str = "Y", ec: str = "Y", **more: str) -> dict[str, str]:
    return {"number": number, "attended": "Y", "badge-PF": pf, "badge-EC": ec, **more}


@pytest.fixture
def wrong(cast: Cast, course: Activity) -> AttendanceUpload:
    """Sam with a letter in the ID, Suki without a fault, and Sam again with other marks."""
    sam, suki = cast.sam_participant, cast.suki_participant
    lines = [["24000000l", "CHAN Sam", "Y", "Y", "Y"], line(suki), line(sam, "Y", "Y", "N")]
    return stage(course, lines, cast.olga)


def tiles(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="tile-number">(\d+)<', page)]


def test_without_javascript_a_row_is_corrected_on_its_own_page(
    cast: Cast, course: Activity, wrong: AttendanceUpload, sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    page = client.get(review(wrong)).content.decode()
    assert f'href="{mend(wrong, 0)}?part=q&amp;back="' in page
    page = client.get(mend(wrong, 0), {"part": "q"}).content.decode()
    assert ("<html" in page, 'value="24000000l"' in page, "CHAN Sam" in page) == (True, True, True)
    answer = client.post(mend(wrong, 0), typed("240000001", ec="N", part="q", back="show=parked&page=2&x=y"))
    assert answer.url == f"{review(wrong)}?show=parked&page=2#q-0"
    page = client.get(review(wrong)).content.decode()
    assert ("1 row corrected" in page, tiles(page)) == (True, [3, 0, 0, 0, 3])
    form = form_of(client, wrong) | {"withheld_reason": "outcome"}
    assert client.post(reverse("attendance:commit", args=[wrong.key]), form).status_code == 302
    assert (len(standing(course)), withheld(course)) == (3, {("240000001", "EC")})


def test_in_place_the_row_comes_back_with_everything_that_it_changed(
    cast: Cast, wrong: AttendanceUpload, sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    before = client.get(review(wrong)).content.decode()
    form = client.get(mend(wrong, 0), {"part": "row"}, headers=HTMX).content.decode()
    assert ("<html" in form, 'id="row-0"' in form, "autofocus" in form) == (False, True, True)
    sent = typed("240000001", part="row", shown="q-0 row-0 row-2 row-1 q-9 <b>")
    answer = client.post(mend(wrong, 0), sent, headers=HTMX)
    page = answer.content.decode()
    assert re.findall(r'<tbody id="([^"]+)"', page) == ["row-0", "q-0", "row-2"]
    oob = re.findall(r'id="([a-z_-]+)" hx-swap-oob|id="(review-bar)" hx-swap-oob', page)
    assert {first or second for first, second in oob} >= {"review-summary", "review-said", "review-bar", "count-award"}
    assert tiles(before) == [2, 0, 1, 0, 3]
    assert tiles(page) == [1, 0, 2, 0, 3]  # now there are two lines of Sam with different marks
    assert page.count("several lines with different marks") >= 2
    fingerprint = preview_upload(upload=AttendanceUpload.objects.get()).decision.fingerprint
    assert (fingerprint in page, fingerprint in before) == (True, False)


def test_an_id_that_is_none_is_said_at_its_field(cast: Cast, wrong: AttendanceUpload, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    for number, sentence in (("2400", "A student ID has 9 digits"), ("", "Type the student ID.")):
        for headers in (HTMX, {}):
            answer = client.post(mend(wrong, 0), typed(number, part="q"), headers=headers)
            assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    other = client.post(mend(wrong, 0), typed("240000001", ec="N", reason="other"), headers=HTMX)
    assert (other.status_code, "Say it in a few words" in other.content.decode()) == (422, True)
    wrong.refresh_from_db()
    assert wrong.answers == {}


def test_a_suggestion_fills_the_field_and_stands_in_no_address(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    upload = stage(course, [["240000092", "WONG Suki", "Y", "Y", "Y"], line(cast.suki_participant)], cast.olga)
    page = client.get(review(upload)).content.decode()
    (address,) = re.findall(r'class="suggestion" href="([^"]+)"', page)
    assert cast.suki_participant.student_number not in address
    form = client.get(address.replace("&amp;", "&")).content.decode()
    assert re.search(r'name="number" value="240000002"', form)
    for take in ("9", "x", "-1", "99999"):
        form = client.get(mend(upload, 0), {"take": take}).content.decode()
        assert re.search(r'name="number" value="240000092"', form)


def test_a_row_is_as_written_again(cast: Cast, wrong: AttendanceUpload, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    before = client.get(review(wrong)).context["decision"]
    client.post(mend(wrong, 0), typed("240000001"))
    assert "As in the sheet" in client.get(mend(wrong, 0)).content.decode()
    answer = client.post(mend(wrong, 0), {"restore": "yes", "part": "row", "number": "nonsense"}, headers=HTMX)
    assert "Corrected" not in answer.content.decode()
    assert client.get(review(wrong)).context["decision"] == before


def test_cancelling_gives_the_row_back(cast: Cast, wrong: AttendanceUpload, sign_in: Any) -> None:
    page = sign_in(cast.olga).get(mend(wrong, 1), {"part": "row", "as": "row"}, headers=HTMX).content.decode()
    assert (page.count("<tbody"), "WONG Suki" in page, "<form" in page) == (1, True, False)


def test_a_record_that_waits_no_more_leads_to_its_activity(cast: Cast, course: Activity, sign_in: Any) -> None:
    done = record(course, [line(cast.sam_participant)], cast.olga)
    for answer in (sign_in(cast.olga).get(mend(done, 0)), sign_in(cast.olga).post(mend(done, 0), typed("240000001"))):
        assert answer.url == reverse("attendance:overview", args=[course.pk])


def test_an_answer_that_comes_after_the_commit_leads_to_the_receipt(cast: Cast, course: Activity, sign_in: Any) -> None:
    done = record(course, [line(cast.sam_participant)], cast.olga)
    answer = sign_in(cast.olga).post(review(done), {"answer-0-unclear_mark": "award"}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == reverse("attendance:receipt", args=[done.key])


def test_a_name_that_does_not_fit_the_typed_id_asks(cast: Cast, wrong: AttendanceUpload, sign_in: Any) -> None:
    page = sign_in(cast.olga).post(mend(wrong, 0), typed("240000002", part="q"), headers=HTMX).content.decode()
    assert "several lines with different marks" not in page
    assert "The name does not fit the student with this ID" in page
    assert 'name="answer-0-name_mismatch"' in page


def test_the_words_of_a_search_stand_in_no_address(cast: Cast, wrong: AttendanceUpload, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    address = reverse("attendance:rows", args=[wrong.key])
    answer = client.post(address, {"words": "240000002", "show": "award", "reason": "no_such!"})
    assert answer.url == f"{review(wrong)}?show=award#rows"
    page = client.get(answer.url, headers={**HTMX, "HX-Target": "rows-table"})
    assert [row.decided.row.line for row in page.context["page_obj"]] == [6]
    assert ("<html" in page.content.decode(), "1 of 3 rows" in page.content.decode()) == (False, True)
    client.post(address, {"words": ""})
    assert len(client.get(review(wrong)).context["page_obj"]) == 3


@pytest.fixture
def many(cast: Cast, course: Activity) -> AttendanceUpload:
    students = [Participant(student_number=f"2460{n:05d}", name_en=f"LAU Student{n}") for n in range(25)]
    Participant.objects.bulk_create(students)
    lines = [[student.student_number, student.name_en, "Y", "?", "Y"] for student in students]
    return stage(course, [line(cast.sam_participant), *lines], cast.olga)


def radios(page: str) -> set[int]:
    return {int(place) for place in re.findall(r'name="answer-(\d+)-unclear_mark"', page)}


def test_a_question_with_many_rows_comes_in_pages_and_no_answer_is_lost(
    cast: Cast, many: AttendanceUpload, sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    assert radios(client.get(review(many)).content.decode()) == set(range(1, 11))
    first = {f"answer-{place}-unclear_mark": "award" for place in range(1, 11)}
    answer = client.post(f"{review(many)}?question=unclear_mark&at=2", first)
    assert answer.url == f"{review(many)}?question=unclear_mark&at=2#question-unclear_mark"
    page = client.get(answer.url).content.decode()
    assert (radios(page), "10 answered" in page) == (set(range(11, 21)), True)
    sent = {f"answer-{place}-unclear_mark": "no_award" for place in range(11, 21)}
    headers = {**HTMX, "HX-Target": "question-unclear_mark"}
    page = client.post(f"{review(many)}?question=unclear_mark&at=3", sent, headers=headers).content.decode()
    assert (radios(page), "20 answered" in page, tiles(page)) == (set(range(21, 26)), True, [11, 10, 5, 0, 26])
    page = client.get(review(many)).content.decode()
    assert len(re.findall(r'value="award" checked', page)) == 10


def test_all_rows_of_a_question_are_answered_with_one_button(cast: Cast, many: AttendanceUpload, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    client.post(f"{review(many)}?question=unclear_mark", {"all": "unclear_mark:award"})
    assert tiles(client.get(review(many)).content.decode()) == [26, 0, 0, 0, 26]
    client.post(review(many), {"all": "unclear_mark:nonsense"})
    assert tiles(client.get(review(many)).content.decode()) == [26, 0, 0, 0, 26]


def test_what_is_asked_once_appears_with_the_answer_that_needs_it(
    cast: Cast, many: AttendanceUpload, sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    headers = {**HTMX, "HX-Target": "review-summary"}
    page = client.post(review(many), {"answer-1-unclear_mark": "no_award"}, headers=headers).content.decode()
    assert "Why are badges withheld?" in page
    sent = {"answer-1-unclear_mark": "no_award", "section": "withheld"}
    assert "Why are badges withheld?" not in client.post(review(many), sent, headers=headers).content.decode()


def test_a_rejected_sheet_says_why_and_can_be_corrected(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    upload = stage(course, [["24000000l", "CHAN Sam", "Y", "Y", "Y"]], cast.olga)
    page = client.get(review(upload)).content.decode()
    assert "No line of this sheet has a student ID that can be used" in page
    refused = client.post(reverse("attendance:commit", args=[upload.key]), form_of(client, upload))
    assert (refused.status_code, refused.content.decode().count("No line of this sheet")) == (422, 2)
    client.post(mend(upload, 0), typed("240000001"))
    assert "No line of this sheet" not in client.get(review(upload)).content.decode()
    assert client.post(reverse("attendance:commit", args=[upload.key]), form_of(client, upload)).status_code == 302
    assert len(standing(course)) == 2


def test_a_receipt_shows_what_was_written_and_what_was_typed(cast: Cast, wrong: AttendanceUpload, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    client.post(mend(wrong, 0), typed("240000777"))
    assert (
        client.post(
            reverse("attendance:commit", args=[wrong.key]), form_of(client, wrong) | {"withheld_reason": "outcome"}
        ).status_code
        == 302
    )
    page = client.get(reverse("attendance:receipt", args=[wrong.key])).content.decode()
    assert ("24000000l" in page, "240000777" in page, "Corrected on the review page" in page) == (True, True, True)


def test_a_mend_of_300_rows_takes_as_many_queries_as_of_3(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    used = []
    for number in (3, 300):
        lines = [[f"2460{n:05d}", f"LAU Student{n}", "Y", "Y", "Y"] for n in range(number)]
        upload = stage(course, [line(cast.sam_participant), *lines], cast.olga)
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(mend(upload, 1), typed("240000002", part="row", shown="row-1"), headers=HTMX)
            assert answer.status_code == 200
        used.append(len(queries))
    assert used[0] == used[1]

"""From a wrong sheet to a right record in a real browser: mended, committed, corrected by a second sheet, undone.

Once on a phone with JavaScript, once without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.tests.made import line, sheet, standing, withheld
from badges_portal.testing import Cast, make_activity, make_participant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOTH = ("PF", "EC")
ADA, BEN, CLEO, DAN = "240100001", "240100002", "240100003", "240100004"


@pytest.fixture
def course(people: Cast) -> Activity:
    return make_activity(people, badges=BOTH, days=2)


@pytest.fixture
def students(people: Cast) -> list[Participant]:
    named = [(ADA, "CHEUNG Ada"), (BEN, "CHOW Ben"), (CLEO, "KWOK Cleo"), (DAN, "LAU Dan")]
    crowd = [(f"2402000{n:02}", f"MAK Student{chr(65 + n)}") for n in range(24)]
    return [make_participant(number, name) for number, name in [*named, *crowd]]


@pytest.mark.parametrize(("width", "javascript"), [(390, True), (1280, False)], ids=["phone", "without JavaScript"])
def test_a_wrong_sheet_is_mended_committed_corrected_and_undone(
    people: Cast,
    course: Activity,
    students: list[Participant],
    open_as: Callable[..., Page],
    tmp_path: Path,
    width: int,
    javascript: bool,
) -> None:
    page = open_as(people.olga, f"/organise/{course.pk}/attendance/", width=width, java_script_enabled=javascript)
    upload(page, tmp_path / "wrong.xlsx", sheet(course, wrong_lines(students)))
    assert tiles(page) == [1, 1, 26, 0, 28]

    # the letter in Ada's number: first another slip, then the right one
    form = correct(page, "#question-bad_id", 5)
    form.get_by_label("Student ID").fill("24010000")
    save(form, javascript)
    page.get_by_text("A student ID has 9 digits").first.wait_for()
    form = page.locator(".mend-form")
    assert form.get_by_label("Student ID").input_value() == "24010000"
    form.get_by_label("Student ID").fill(ADA)
    save(form, javascript)
    wait_for_tiles(page, [2, 1, 25, 0, 28])

    # Ben's badge in communication is withheld, with a reason of his own
    search(page, "chow ben")
    form = correct(page, "#rows", 6)
    form.get_by_role("group", name="EC").get_by_label("Withhold").check()
    form.get_by_label("Why it is withheld").select_option("assessment")
    save(form, javascript)
    page.get_by_text("2 rows corrected").first.wait_for()
    wait_for_tiles(page, [2, 1, 25, 0, 28])

    # everybody in the crowd has a question mark: the first page is answered one by one, then all at once
    question = page.locator("#question-unclear_mark")
    assert question.get_by_role("radio", name="Don’t award").count() == 10
    question.get_by_role("radio", name="Don’t award").first.check()
    question.get_by_role("button", name="show the next rows").click()
    question.get_by_text("11–20 of 24").wait_for()
    question.get_by_text("1 answered").wait_for()
    question.get_by_role("button", name="Award", exact=True).click()
    wait_for_tiles(page, [26, 1, 1, 0, 28])
    question.get_by_role("button", name="Previous rows").click()
    question.get_by_text("1–10 of 24").wait_for()
    question.get_by_role("radio", name="Don’t award").first.check()
    keep_answers(page, javascript)
    wait_for_tiles(page, [25, 2, 1, 0, 28])

    # what an answer needs is asked; what was forgotten is said
    page.get_by_role("button", name="Commit the record").click()
    page.get_by_text("Nothing was recorded yet").wait_for()
    page.locator("[name=withheld_reason]").select_option("attendance")
    page.get_by_role("button", name="Commit the record").click()
    page.get_by_role("heading", name="Receipt of the attendance record").wait_for()
    first = AttendanceUpload.objects.get()
    assert tiles(page) == [25, 2, 1, 0, 28] == counts(first)
    text = page.get_by_role("main").inner_text()
    assert all(words in text for words in ("24010000l", ADA, "Corrected"))
    earned = {(ADA, "PF"), (ADA, "EC"), (BEN, "PF"), *both(students[5:])}
    assert (standing(course), withheld(course)) == (earned, {(BEN, "EC"), *both(students[4:5])})
    assert AuditEntry.objects.get(action="attendance.committed").changes["mended"] == 2

    # the corrected sheet: Dan was forgotten, Ada was not there after all
    page.goto(page.url.split("/attendance/")[0] + f"/organise/{course.pk}/attendance/")
    upload(page, tmp_path / "corrected.xlsx", sheet(course, corrected_lines(students)))
    assert tiles(page)[-1] == 3
    page.get_by_text("not on this sheet").first.wait_for()
    page.locator("#question-awarded_before").get_by_role("radio", name="Take the badge back").check()
    keep_answers(page, javascript)
    page.get_by_label("Why badges are taken back").fill("She had left before it began")
    page.get_by_role("button", name="Commit the record").click()
    page.get_by_role("heading", name="Receipt of the attendance record").wait_for()
    assert standing(course) == earned - {(ADA, "PF"), (ADA, "EC")} | {(DAN, "PF"), (DAN, "EC")}

    # undo both: first the state before the second sheet, then nothing
    undo(page)
    assert (standing(course), withheld(course)) == (earned, {(BEN, "EC"), *both(students[4:5])})
    page.goto(page.url.split("/organise/")[0] + f"/attendance/{first.key}/receipt/")
    undo(page)
    assert (standing(course), withheld(course)) == (set(), set())


def both(students: list[Participant]) -> set[tuple[str, str]]:
    return {(student.student_number, code) for student in students for code in BOTH}


def wrong_lines(students: list[Participant]) -> list[list[str]]:
    """A letter in a number, somebody absent, an unknown one, and a crowd whose marks nobody can read."""
    _ada, ben, cleo, _dan, *crowd = students
    return [
        ["24010000l", "CHEUNG Ada", "Y", "Y", "Y"],
        line(ben),
        line(cleo, "N", "N", "N"),
        ["239999999", "NOBODY Known", "Y", "Y", "Y"],
        *(line(student, "Y", "?", "?") for student in crowd),
    ]


def corrected_lines(students: list[Participant]) -> list[list[str]]:
    ada, _ben, cleo, dan, *_crowd = students
    return [line(ada, "N", "N", "N"), line(cleo, "N", "N", "N"), line(dan)]


def upload(page: Page, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("heading", name="Check before you commit").wait_for()


def tiles(page: Page) -> list[int]:
    """Badges, no badge, open, no participant, all; the four add up to the last."""
    found = [int(number) for number in page.locator(".tiles .tile-number").all_inner_texts()]
    assert sum(found[:-1]) == found[-1]
    return found


def wait_for_tiles(page: Page, numbers: list[int]) -> None:
    shown = page.locator(".tiles").filter(has_text=re.compile(r"\D+".join(map(str, numbers))))
    shown.first.wait_for()
    assert tiles(page) == numbers


def counts(upload: AttendanceUpload) -> list[int]:
    parts = [upload.award_row_count, upload.no_award_row_count, upload.parked_row_count, upload.ignored_row_count]
    return [*parts, upload.row_count]


def correct(page: Page, part: str, row: int) -> Locator:
    """Opens the form for one row: in place, or on a page of its own."""
    page.locator(part).get_by_role("link", name=f"Correct row {row}", exact=True).click()
    form = page.locator(".mend-form")
    form.wait_for()
    return form


def save(form: Locator, javascript: bool) -> None:
    page = form.page
    if not javascript:
        form.get_by_role("button", name="Save this row").click()
        return
    with page.expect_response(lambda response: "/mend/" in response.url):
        form.get_by_role("button", name="Save this row").click()


def search(page: Page, words: str) -> None:
    rows = page.locator("#rows")
    rows.get_by_label("Row, student ID or name").fill(words)
    rows.get_by_role("button", name="Show", exact=True).click()
    rows.get_by_text("1 of 28 rows").wait_for()


def keep_answers(page: Page, javascript: bool) -> None:
    """With JavaScript they are kept by themselves."""
    if not javascript:
        page.get_by_role("button", name="Keep my answers for later").last.click()
        page.get_by_role("heading", name="Check before you commit").wait_for()


def undo(page: Page) -> None:
    page.get_by_role("link", name="Undo the whole record").click()
    page.get_by_label("Why is this record undone?").fill("To begin again")
    page.get_by_role("button", name="Undo the record").click()
    page.get_by_text("Everything is as it was before it").wait_for()

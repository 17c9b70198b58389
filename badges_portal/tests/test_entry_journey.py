"""Attendance without a file in a real browser: a list is pasted, then the class list is ticked; with keys and without
JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from activities.models import Activity
from awards.attendance.tests.made import standing, withheld
from badges_portal.testing import Cast, make_activity, make_participant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADA, BEN, CLEO = "240100001", "240100002", "240100003"


@pytest.fixture
def course(people: Cast) -> Activity:
    for number, name in ((ADA, "CHEUNG Ada"), (BEN, "CHOW Ben"), (CLEO, "KWOK Cleo")):
        make_participant(number, name)
    return make_activity(people, badges=("PF", "EC"), days=2)


@pytest.mark.parametrize(("width", "javascript"), [(390, True), (1280, False)], ids=["phone", "without JavaScript"])
def test_a_list_is_pasted_and_another_day_is_ticked(
    people: Cast, course: Activity, open_as: Callable[..., Page], width: int, javascript: bool
) -> None:
    page = open_as(people.olga, f"/organise/{course.pk}/attendance/", width=width, java_script_enabled=javascript)
    page.get_by_role("link", name="Paste a list").click()
    page.get_by_label("Your list").fill(f"Dear Olga,\n1. {ADA} CHEUNG Ada\n2. CHOW Ben ({BEN})\n")
    page.get_by_role("button", name="Read and check").click()
    page.get_by_text("This list has no marks").wait_for()
    page.get_by_label("Yes", exact=True).check()
    commit(page)
    assert standing(course) == {(number, code) for number in (ADA, BEN) for code in ("PF", "EC")}
    expect(page.get_by_text("Pasted list").first).to_be_visible()

    page.goto(page.url.split("/attendance/")[0] + f"/organise/{course.pk}/attendance/list/")
    page.get_by_label("Student IDs, as many as you like").fill(CLEO)
    page.get_by_role("button", name="Add to the list").last.click()
    expect(page.locator("[data-line]")).to_have_count(3)
    page.get_by_role("button", name="Tick all").click()
    expect(page.locator("[data-ticked]")).to_have_text("3")
    page.get_by_role("button", name="Tick nobody").click()
    expect(page.locator("[data-ticked]")).to_have_text("0")
    cleo = page.locator("[data-line]").filter(has_text=CLEO)
    cleo.locator("[data-column=attended]").check()
    cleo.get_by_label("EC").uncheck()
    cleo.get_by_placeholder("Why not all badges").fill("Assessment")
    if javascript:
        go_up_with_the_arrow(page)
    page.get_by_role("button", name="Check the list").click()
    commit(page)
    assert (CLEO, "PF") in standing(course)
    assert withheld(course) == {(CLEO, "EC")}


def go_up_with_the_arrow(page: Page) -> None:
    """From the last line to the one above it, in the column of those who attended; then ticks it with the space bar."""
    boxes = page.locator("[data-column=attended]")
    boxes.nth(2).focus()
    page.keyboard.press("ArrowUp")
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text("2")


def commit(page: Page) -> None:
    page.get_by_role("button", name="Commit the record").click()
    page.get_by_role("heading", name="Receipt of the attendance record").wait_for()

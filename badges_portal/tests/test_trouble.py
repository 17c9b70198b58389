"""What a person reads, in a real browser, when the portal fails behind a page that is open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from badges_portal.testing import Cast, make_activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_upload_that_fails_is_said_and_can_be_sent_again(people: Cast, open_as: Callable[..., Page]) -> None:
    activity = make_activity(people)
    page = open_as(people.olga, f"/organise/{activity.pk}/attendance/", width=390)
    answers: list[Callable[[Route], None]] = [lambda route: route.abort(), lambda route: route.fulfill(status=503)]
    page.route("**/attendance/", lambda route: answers.pop(0)(route) if answers else route.continue_())
    page.get_by_label("Drop the filled-in sheet here").set_input_files(
        {"name": "sheet.csv", "mimeType": "text/csv", "buffer": b"nothing"}
    )
    for words in ("cannot be reached", "could not do this just now", "This file was not taken"):
        page.get_by_role("button", name="Upload and check").click()
        expect(page.get_by_role("alert").filter(has_text=words)).to_be_in_viewport()

"""The running portal: a real Chromium on it for the journeys, and what breaks it for the tests of faults."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from accounts.models import User
from badges_portal.testing import Cast, make_cast
from badges_portal.tests.running import browse, install_scheme_again, opened, server, students, tally

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browse", "install_scheme_again", "opened", "server", "students", "tally"]
PASSWORD = "a-long-password"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def portal(live_server: Any, settings: Any) -> str:
    settings.PUBLIC_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def people() -> Cast:
    cast = make_cast()
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    return cast


@pytest.fixture
def open_as(chromium: Browser, portal: str) -> Iterator[Callable[..., Page]]:
    """`open_as(user, path)` is a page of a new browser session, signed in through the form.

    A mistake in JavaScript, on any of its pages, fails the test.
    """
    contexts = []
    mistakes: list[str] = []

    def open_page(user: User | None, path: str, width: int = 1280, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.set_default_timeout(15_000)
        if user is not None:
            page.goto(f"{portal}/sign-in/")
            page.get_by_label("campus network account").fill(user.cna)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("main").get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{portal}/")
        page.goto(f"{portal}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert mistakes == []

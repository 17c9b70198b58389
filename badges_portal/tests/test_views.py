"""The frame of all pages, the start page, the privacy notice and the pages that say what went wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from lxml import html
from psycopg2.errors import InsufficientPrivilege

from accounts.roles import Role
from badges_portal import views
from badges_portal.retention import RETENTION
from badges_portal.testing import Cast, make_user

pytestmark = pytest.mark.django_db


def page(response: Any) -> Any:
    return html.fromstring(response.content.decode())


def test_a_visitor_comes_to_the_scheme_page(client: Client) -> None:
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/scheme/")


def test_whoever_signed_in_is_greeted_by_name(cast: Cast, sign_in: Any) -> None:
    tree = page(sign_in(cast.olga).get("/"))
    assert tree.xpath("//h1")[0].text_content() == "Welcome, LEE Olga"


def test_somebody_without_tasks_is_told_so(cast: Cast, sign_in: Any) -> None:
    assert "Nothing is waiting for you" in sign_in(cast.xenia).get("/").content.decode()


def test_the_privacy_notice_is_public_and_says_how_long_everything_is_kept(client: Client) -> None:
    tree = page(client.get("/privacy/"))
    rows = [[cell.text_content() for cell in row.xpath("./td")] for row in tree.xpath("//tbody/tr")]
    assert rows == [[str(kind), str(period)] for kind, period in RETENTION]


def test_every_page_may_load_nothing_but_its_own_files(client: Client) -> None:
    policy = {
        name: values
        for name, *values in (part.split() for part in client.get("/privacy/")["Content-Security-Policy"].split(";"))
    }
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]


def test_the_frame_has_a_skip_link_one_heading_and_a_language(client: Client) -> None:
    tree = page(client.get("/privacy/"))
    assert tree.get("lang") == "en-gb"
    assert tree.xpath("//body/a[1]/@href") == ["#main"]
    assert len(tree.xpath("//main[@id='main']")) == 1
    assert len(tree.xpath("//h1")) == 1


def test_the_account_menu_names_the_roles_and_offers_to_sign_out_by_post(db: None, sign_in: Any) -> None:
    user = make_user("x1", "AU Ida", Role.ADVISOR, Role.ORGANISER)
    tree = page(sign_in(user).get("/privacy/"))
    assert tree.xpath("//*[@class='menu-note']/span")[0].text_content() == "Organiser · Learning advisor"
    assert [form.get("method") for form in tree.xpath("//form[@action='/sign-out/']")] == ["post"]


def test_the_language_is_switched_by_post_and_stays(client: Client) -> None:
    assert page(client.get("/privacy/")).xpath("//form[@class='language']//button/@value") == ["zh-hant"]
    response = client.post("/language/", {"language": "zh-hant", "next": "/privacy/"})
    assert (response.status_code, response["Location"]) == (302, "/privacy/")
    tree = page(client.get("/privacy/"))
    assert tree.get("lang") == "zh-hant"
    assert tree.xpath("//form[@class='language']//button/@value") == ["en-gb"]


def test_the_language_switch_leads_nowhere_else(client: Client) -> None:
    response = client.post("/language/", {"language": "zh-hant", "next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_an_unknown_address_says_what_to_do(client: Client) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    tree = page(response)
    assert tree.xpath("//h1")[0].text_content() == "There is no such page"
    assert "Error 404" in tree.text_content()
    assert "/no-such-page/" not in tree.xpath("//main")[0].text_content()


def test_a_refused_function_says_whom_to_ask(cast: Cast, sign_in: Any) -> None:
    response = sign_in(cast.sam).get("/people/")
    assert response.status_code == 403
    assert page(response).xpath("//h1")[0].text_content() == "Your account may not do this"


def test_a_request_that_cannot_be_understood_gets_a_page(client: Client) -> None:
    response = client.get("/privacy/", headers={"host": "somewhere.else.example"})
    assert response.status_code == 400
    assert page(response).xpath("//h1")[0].text_content() == "That request could not be understood"


def test_a_form_that_is_too_old_says_so() -> None:
    response = Client(enforce_csrf_checks=True).post("/language/", {"language": "zh-hant"})
    assert response.status_code == 403
    assert page(response).xpath("//h1")[0].text_content() == "This form is too old to be sent"


def test_a_file_that_was_cut_off_is_called_too_large_not_an_old_form(rf: RequestFactory) -> None:
    request: HttpRequest = rf.post("/language/")
    request.upload_too_large = True  # type: ignore[attr-defined]
    response = views.csrf_failure(request)
    assert response.status_code == 413
    assert page(response).xpath("//h1")[0].text_content() == "That file is too large"


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_an_unexpected_error_is_answered_without_anything_that_may_be_broken(name: str) -> None:
    source = (settings.BASE_DIR / "templates" / name).read_text()
    assert "{%" not in source
    assert "{{" not in source
    assert (settings.BASE_DIR / "static" / "css" / "error.css").exists()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("server closed the connection unexpectedly"), 503),
        (InterfaceError("connection already closed"), 503),
        (ProgrammingError("permission denied"), 503),
        (ProgrammingError("no such column"), 500),
        (ValueError("x"), 500),
    ],
)
def test_a_database_that_is_away_is_told_apart_from_an_error_of_ours(
    rf: RequestFactory, error: Exception, status: int
) -> None:
    try:
        raise error from (InsufficientPrivilege() if "permission" in str(error) else None)
    except type(error):
        response = views.server_error(rf.get("/"))
    assert response.status_code == status
    assert ("The database does not answer" in response.content.decode()) == (status == 503)

"""The access walk: every URL as every viewer, and no answer holds what belongs to somebody else."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.storage import storages
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from accounts.models import Participant, User
from accounts.trail.models import AuditEntry
from badges_portal.testing import quick_settings
from badges_portal.tests.access import SIGN_IN, VIEWERS, Row, World
from badges_portal.tests.access_world import build_world
from transcripts.models import TranscriptRequest

pytestmark = pytest.mark.django_db

WALKED_ELSEWHERE = {"admin"}
"""Namespaces of others: the data admin is walked by `test_the_data_admin_…` below."""

WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
MAY_BE_WRITTEN_BY_A_GET = {"trail_auditentry", "django_session", "transcripts_verificationwindow"}
"""The access log, sessions, and the count of codes that an address tried."""
FOR_THE_ADMINISTRATOR = {User, Participant, AuditEntry, TranscriptRequest}
"""Lists of the data admin that the advisor does not see (security: people, what they ask for, and the trail)."""
REFUSALS = {SIGN_IN, 403, 404, 405}
READ_ACTIONS = (".viewed", ".downloaded", ".searched", ".exported")
"""How the access log's entries end."""


def collect_rows() -> list[Row]:
    """The rows of every app that has some."""
    apps = [
        app for app in django_settings.INSTALLED_APPS if (django_settings.BASE_DIR / app.replace(".", "/")).is_dir()
    ]
    modules = [f"{app}.tests.access" for app in apps if find_spec(f"{app}.tests")]
    return [row for name in modules if find_spec(name) for row in getattr(import_module(name), "ACCESS", [])]


ROWS = collect_rows()


def url_names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """`namespace:name` of every pattern below a resolver."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            namespace = pattern.namespace
            if prefix + (namespace or "") not in WALKED_ELSEWHERE:
                yield from url_names(pattern, f"{prefix}{namespace}:" if namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}"


@pytest.fixture
def _quick_and_private() -> None:
    """Stands in for the fixture of the same name: here the world, made once, brings its own settings."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world, made once for all rows; every call is rolled back."""
    quick = override_settings(**quick_settings(tmp_path_factory.mktemp("uploads")))
    with django_db_blocker.unblock(), quick, transaction.atomic():
        storages.__dict__.pop("backends", None)
        logging.disable(logging.ERROR)  # hundreds of refusals, each with its traceback
        yield build_world()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[str, Browser]:
    """Everybody's browser: signed in once for all rows, for what a call does to the session is rolled back."""
    made = {}
    for viewer in VIEWERS:
        client = Client(raise_request_exception=False)
        if user := world.user(viewer):
            client.force_login(user, backend=django_settings.AUTHENTICATION_BACKENDS[-1])
        made[viewer] = Browser(client, {name: cookie.value for name, cookie in client.cookies.items()})
    return made


@dataclass(frozen=True)
class Browser:
    """One viewer's client, and the cookies with which it begins each call."""

    client: Client
    cookies: Mapping[str, str]

    def opened(self) -> Client:
        self.client.cookies = SimpleCookie(self.cookies)
        return self.client


def call(client: Client, row: Row, world: World) -> HttpResponse:
    path = reverse(row.url, kwargs=row.kwargs(world))
    data = row.query(world) if row.method == "GET" else row.data(world)
    return getattr(client, row.method.lower())(path, data, headers=dict(row.headers))


def text_of(response: HttpResponse) -> str:
    """Everything readable in an answer, also in a PDF or a spreadsheet."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return body.decode("utf-8", "replace")


def leaks(world: World, row: Row, viewer: str, text: str) -> list[str]:
    """Canaries in the text that this viewer must not read."""
    revealed = row.reveals(world)
    return [
        canary
        for canary, readers in world.may_see.items()
        if canary in text and viewer not in readers and canary not in revealed
    ]


def missing_headers(response: HttpResponse, *, signed_in: bool) -> list[str]:
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Content-Security-Policy": "frame-ancestors 'none'",
        **({"Cache-Control": "no-store"} if signed_in else {}),
    }
    return [name for name, value in wanted.items() if value not in response.headers.get(name, "")]


def writes_of(queries: CaptureQueriesContext) -> list[str]:
    tables = [match[1] for query in queries if (match := WRITES.match(query["sql"]))]
    return [table for table in tables if table not in MAY_BE_WRITTEN_BY_A_GET]


def faults(world: World, browsers: Mapping[str, Browser], row: Row, viewer: str) -> list[str]:
    """What is wrong with the answer that one viewer gets; the database is left as it was."""
    client = browsers[viewer].opened()
    with transaction.atomic():
        newest = AuditEntry.objects.values_list("pk", flat=True).order_by("-pk").first() or 0
        with CaptureQueriesContext(connection) as queries:
            response = call(client, row, world)
        text = text_of(response)
        acts = list(AuditEntry.objects.filter(pk__gt=newest).values_list("action", flat=True))
        transaction.set_rollback(True)
    location = response.headers.get("Location", "")
    sent_to_sign_in = response.status_code == 302 and location.startswith(reverse(django_settings.LOGIN_URL) + "?")
    status = SIGN_IN if sent_to_sign_in else response.status_code
    found = []
    if status != row.expected(viewer):
        found.append(f"status {status}, expected {row.expected(viewer)}")
    found += [f"reads {canary!r}" for canary in leaks(world, row, viewer, text + location)]
    found += [f"lacks header {name}" for name in missing_headers(response, signed_in=viewer != "anonymous")]
    if row.method == "GET":
        found += [f"GET writes {table}" for table in writes_of(queries)]
        found += [f"GET records {act}" for act in acts if not act.endswith(READ_ACTIONS)]
    return [f"{viewer}: {fault}" for fault in found]


def shares(rows: Iterable[Row]) -> list[Any]:
    """Each row twice: with one viewer for each answer that it expects, and, more thoroughly, with all the others.

    Refusals are one answer here. Who stands for an answer changes from row to row, so that the first shares together
    have something of everybody.
    """
    made = []
    for number, row in enumerate(rows):
        turned = VIEWERS[number % len(VIEWERS) :] + VIEWERS[: number % len(VIEWERS)]
        answers = {viewer: row.expected(viewer) for viewer in turned}
        first = {0 if answer in REFUSALS else answer: viewer for viewer, answer in answers.items()}.values()
        others = [viewer for viewer in VIEWERS if viewer not in first]
        made.append(pytest.param(row, tuple(first), id=str(row)))
        made.append(pytest.param(row, tuple(others), id=f"{row}, the others", marks=pytest.mark.thorough))
    return made


@pytest.mark.parametrize(("row", "viewers"), shares(ROWS))
def test_each_viewer_gets_what_the_table_says_and_nothing_of_others(
    world: World, browsers: dict[str, Browser], row: Row, viewers: tuple[str, ...]
) -> None:
    assert [fault for viewer in viewers for fault in faults(world, browsers, row, viewer)] == []


def test_the_shares_leave_nobody_out() -> None:
    tried = [(id(share.values[0]), viewer) for share in shares(ROWS) for viewer in share.values[1]]
    assert sorted(tried) == sorted((id(row), viewer) for row in ROWS for viewer in VIEWERS)


def test_every_url_name_has_rows() -> None:
    assert sorted(set(url_names()) - {row.url for row in ROWS}) == []


def test_every_row_is_about_a_url_that_exists() -> None:
    assert sorted({row.url for row in ROWS} - set(url_names())) == []


SEES_DATA = ("administrator", "advisor")


@pytest.mark.thorough
@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_data_admin_is_for_administrator_and_advisor_only_and_read_only(
    world: World, browsers: dict[str, Browser], viewer: str
) -> None:
    client = browsers[viewer].opened()
    for model in admin.site._registry:
        may = model is not Group and (
            viewer == "administrator" or (viewer == "advisor" and model not in FOR_THE_ADMINISTRATOR)
        )
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        seen = client.get(reverse(f"{name}_changelist"))
        added = client.post(reverse(f"{name}_add"), {})
        assert (name, seen.status_code == 200) == (name, may)
        assert (name, added.status_code in {302, 403, 404}) == (name, True)


def test_the_walk_itself_sees_a_leak_and_a_wrong_status(world: World, browsers: dict[str, Browser]) -> None:
    row = Row("set_language", method="POST", everyone=404, reveals=lambda w: ["QUIXSAM"])
    assert leaks(world, row, "operator", "QUIXSAM and QUIXSARA") == ["QUIXSARA"]
    assert "operator: status 302, expected 404" in faults(world, browsers, row, "operator")

"""Fixtures for every test: the cast, and a database whose triggers stand aside only for the flush between tests."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from badges_portal.testing import Cast, make_cast, quick_settings
from badges_portal.tests.template import migrated_template

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in the thread of the tests

hypothesis_settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.register_profile("fast", hypothesis_settings.get_profile("portal"), max_examples=10)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "portal"))
"""A busy machine is no fault: what is slow is measured by the benchmark."""


gc.set_threshold(50_000, 20, 50)  # thousands of short-lived objects in each test: look for rings of them less often


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as thorough what commits, for the flush after it empties all tables, and who signs in to look at pages in
    detail: the access walk opens every page for everybody."""
    for item in items:
        database = item.get_closest_marker("django_db")
        commits = database is not None and database.kwargs.get("transaction", False)
        if commits or "sign_in" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.thorough)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says how many of the expected sheets, which lie beside the project, were read."""
    passed = terminalreporter.stats.get("passed", [])
    read = sum("test_expected_sheets.py::test_sheet_gives" in report.nodeid for report in passed)
    if read:
        terminalreporter.write_line(f"{read} expected attendance sheets read, each with its exact outcome")
    _write_tally(terminalreporter)


def _write_tally(terminalreporter: Any) -> None:
    """Says how often the running portal was broken on purpose, and what came of it."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    ends = [dict(report.user_properties) for report in reports if getattr(report, "when", "") == "teardown"]
    total: Counter[str] = Counter()
    for end in ends:
        total.update(end.get("tally", {}))
    if total:
        said = ", ".join(f"{name} {count}" for name, count in total.items())
        terminalreporter.write_line(f"The running portal was broken on purpose: {said}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    """Copies a migrated database for each worker; on a server that is not ours, each worker migrates its own."""
    if not settings.DATABASE_URL:
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template()


@pytest.fixture(scope="session")
def _uploads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Path]]:
    """A new place for uploads at each `next`; made only when something is stored there."""
    with TemporaryDirectory(dir=tmp_path_factory.getbasetemp()) as root:
        yield (Path(root) / str(number) for number in count())


@pytest.fixture(autouse=True)
def _quick_and_private(settings: Any, _uploads: Iterator[Path]) -> None:
    """Cheap password hashes, plain static files, and uploads that no other test sees."""
    for name, value in quick_settings(next(_uploads)).items():
        setattr(settings, name, value)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_triggers() -> Iterator[None]:
    """The flush after a transactional test empties tables that refuse it; only a superuser may set this."""
    operations = type(connection.ops)
    plain_flush = operations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        past = ["SET session_replication_role = replica", *sql_list, "SET session_replication_role = origin"]
        plain_flush(self, past)

    operations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    operations.execute_sql_flush = plain_flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A page in another language leaves it switched on in the thread; the next test begins in English."""
    yield
    translation.deactivate()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def sign_in(client: Client) -> Any:
    """`sign_in(cast.olga)` gives a client that is signed in as Olga."""

    def as_user(user: Any) -> Client:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return as_user

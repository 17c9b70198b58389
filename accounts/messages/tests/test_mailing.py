"""Each waiting message is mailed once; a server that fails loses none; what is refused for good is said."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.messages.mailing import LEASE, LONGEST_WAIT, MOST_ATTEMPTS, Mailed, mail_waiting, retry_failed, wait_after
from accounts.messages.models import Message
from accounts.messages.services import send_message
from accounts.messages.tests.made import PostOffice, post_office
from accounts.models import User
from badges_portal.testing import Cast

NOON = dt.datetime(2026, 5, 12, 4, tzinfo=dt.UTC)


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    with post_office(settings) as server:
        yield server


@pytest.fixture
def olga(cast: Cast) -> User:
    cast.olga.email = "olga.lee@example.edu.hk"
    cast.olga.save()
    return cast.olga


def tell(user: User, key: str = "1") -> Message:
    context = {"code": "DB2526-0001", "title_en": "Tea", "title_zh": "茶", "question": "Who?", "committed_at": NOON}
    send_message(recipient=user, kind="attendance_queried", key=key, context=context, url="/organise/7/")
    message = Message.objects.get(recipient=user, key=key)
    Message.objects.filter(pk=message.pk).update(mail_due_at=NOON)
    return message


def run(at: dt.datetime = NOON) -> Mailed:
    return mail_waiting(lambda: at)


def state(message: Message) -> tuple[str, int]:
    message.refresh_from_db()
    return message.mail, message.mail_attempts


def test_a_waiting_message_is_mailed_once(office: PostOffice, olga: User) -> None:
    message = tell(olga)
    assert (run(), run()) == (Mailed(sent=1), Mailed())
    (mail,) = office.mail
    assert mail["To"] == "olga.lee@example.edu.hk"
    assert mail["Subject"] == "A question about the attendance record of DB2526-0001"
    assert mail["Message-ID"] == f"<message-{message.pk}@127.0.0.1>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert "“Tea”" in mail.get_content()
    assert "http://127.0.0.1:8000/organise/7/" in mail.get_content()
    assert state(message) == ("sent", 1)
    assert message.mailed_at == NOON


def test_it_is_in_the_language_of_the_person(office: PostOffice, olga: User) -> None:
    olga.language = "zh-hant"
    olga.save()
    tell(olga)
    run()
    assert "「茶」" in office.mail[0].get_content()


def test_while_nothing_waits_no_server_is_called(office: PostOffice, olga: User) -> None:
    assert (run(), office.calls) == (Mailed(), 0)


def test_one_call_carries_many(office: PostOffice, olga: User) -> None:
    for number in range(5):
        tell(olga, str(number))
    assert (run().sent, office.calls) == (5, 1)


def test_somebody_without_an_address_or_with_a_closed_account_reads_the_portal(office: PostOffice, cast: Cast) -> None:
    cast.oscar.email, cast.oscar.is_active = "oscar@example.edu.hk", False
    cast.oscar.save()
    messages = [tell(cast.otto), tell(cast.oscar)]
    assert (run(), office.mail) == (Mailed(not_mailed=2), [])
    assert [state(message)[0] for message in messages] == ["off", "off"]


def test_a_student_is_written_to_at_the_address_of_the_register(office: PostOffice, cast: Cast) -> None:
    cast.sam_participant.email = "sam@student.example.edu.hk"
    cast.sam_participant.save()
    tell(cast.sam)
    run()
    assert office.mail[0]["To"] == "sam@student.example.edu.hk"


def test_a_server_that_is_away_costs_no_attempt_and_loses_nothing(settings: Any, olga: User) -> None:
    with post_office(settings) as office:
        office.server_close()
        message = tell(olga)
    assert run() == Mailed(trouble="ConnectionRefusedError")
    assert state(message) == ("waiting", 0)
    with post_office(settings) as office:
        assert (run(), len(office.mail)) == (Mailed(sent=1), 1)


def test_a_line_cut_in_the_middle_puts_that_message_off_and_leaves_the_rest(office: PostOffice, olga: User) -> None:
    first, second = tell(olga), tell(olga, "2")
    office.hangs_up = True
    assert run() == Mailed(put_off=1, trouble="SMTPServerDisconnected")
    assert (state(first), state(second)) == (("waiting", 1), ("waiting", 0))
    office.hangs_up = False
    assert run(NOON + dt.timedelta(minutes=5)).sent == 2


@pytest.mark.parametrize("answer", ["answer_to_mail", "answer_to_recipient"])
def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(office: PostOffice, olga: User, answer: str) -> None:
    message, other = tell(olga), tell(olga, "2")
    setattr(office, answer, "451 later")
    assert run() == Mailed(put_off=2)
    assert state(message) == ("waiting", 1)
    setattr(office, answer, "550 never")
    assert run(NOON + dt.timedelta(minutes=5)) == Mailed(failed=2)
    assert (state(message), state(other)) == (("failed", 2), ("failed", 2))
    setattr(office, answer, "250 fine")
    assert retry_failed(NOON) == 2
    assert run() == Mailed(sent=2)


def test_it_is_given_up_after_many_attempts_but_kept(office: PostOffice, olga: User) -> None:
    message = tell(olga)
    office.answer_to_mail = "451 later"
    at = NOON
    for _attempt in range(MOST_ATTEMPTS):
        run(at)
        message.refresh_from_db()
        at = message.mail_due_at
    assert state(message) == ("failed", MOST_ATTEMPTS)
    assert dt.timedelta(days=1) < at - NOON < dt.timedelta(days=4)


def test_one_that_was_killed_on_the_way_is_sent_after_the_lease(office: PostOffice, olga: User) -> None:
    message = tell(olga)
    Message.objects.filter(pk=message.pk).update(mail_attempts=1, mail_due_at=NOON + LEASE)
    assert (run().sent, run(NOON + LEASE).sent) == (0, 1)


@given(st.integers(1, 10_000))
def test_the_wait_grows_up_to_its_limit(attempts: int) -> None:
    assert wait_after(1) <= wait_after(attempts) <= wait_after(attempts + 1) <= LONGEST_WAIT


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_mail_each_message_once(office: PostOffice, cast: Cast) -> None:
    cast.olga.email = "olga.lee@example.edu.hk"
    cast.olga.save()
    with transaction.atomic():
        for number in range(40):
            tell(cast.olga, str(number))

    def work() -> None:
        try:
            run()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    numbers = [mail["Message-ID"] for mail in office.mail]
    assert (len(numbers), len(set(numbers))) == (40, 40)


def test_the_command_says_what_it_did(office: PostOffice, olga: User, settings: Any) -> None:
    tell(olga)
    said = StringIO()
    call_command("send_messages", stdout=said)
    assert said.getvalue() == (
        "1 mailed, 0 put off, 0 given up, 0 without an address. Altogether 0 wait, 0 were given up.\n"
    )
    tell(olga, "2")
    office.answer_to_mail = "550 never"
    call_command("send_messages", stdout=said)
    assert said.getvalue().endswith(
        "0 mailed, 0 put off, 1 given up, 0 without an address. Altogether 0 wait, 1 were given up.\n"
    )
    office.answer_to_mail = "250 fine"
    call_command("send_messages", "--retry-failed", stdout=said)
    assert "1 message(s) wait once more.\n1 mailed" in said.getvalue()
    settings.MAIL_IS_ON = False
    call_command("send_messages", stdout=said)
    assert said.getvalue().endswith("Messages are read in the portal.\n")


def test_the_command_ends_with_an_error_while_the_server_fails(office: PostOffice, olga: User) -> None:
    tell(olga)
    Message.objects.update(mail_due_at=timezone.now())
    office.hangs_up = True
    with pytest.raises(CommandError, match=r"cannot be used \(SMTPServerDisconnected\); the rest waits"):
        call_command("send_messages", stdout=StringIO())

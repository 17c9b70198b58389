"""A message is written once for each occasion, with its cause or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.template import TemplateDoesNotExist
from django.test.utils import CaptureQueriesContext

from accounts.messages.models import Message
from accounts.messages.services import Draft, mark_all_read, mark_read, send_message, send_messages
from accounts.models import User
from badges_portal.testing import Cast

KIND = "attendance_queried"


def tell(user: User, key: str = "1", **context: Any) -> Message:
    send_message(recipient=user, kind=KIND, key=key, context={"code": key, **context}, url="/organise/")
    return Message.objects.get(recipient=user, kind=KIND, key=key)


def test_the_same_occasion_is_told_once_to_each_person(cast: Cast) -> None:
    first = tell(cast.olga, question="one")
    assert tell(cast.olga, question="two") == first
    assert first.context["question"] == "one"
    tell(cast.oscar)
    tell(cast.olga, key="2")
    assert [(m.recipient, m.key) for m in Message.objects.order_by("pk")] == [
        (cast.olga, "1"),
        (cast.oscar, "1"),
        (cast.olga, "2"),
    ]


def test_it_is_unread_and_waits_for_mail_only_where_there_is_a_server(cast: Cast, settings: Any) -> None:
    assert (tell(cast.olga).mail, tell(cast.olga).read_at) == ("off", None)
    settings.MAIL_IS_ON = True
    assert tell(cast.olga, key="2").mail == "waiting"


def test_many_people_are_told_in_one_statement(cast: Cast) -> None:
    people = [cast.olga, cast.oscar, cast.otto, cast.adam]
    with CaptureQueriesContext(connection) as queries:
        send_messages([Draft(person, KIND, "1", {"code": "x"}) for person in people])
    inserts = [q for q in queries if q["sql"].startswith("INSERT")]
    assert (len(inserts), Message.objects.count()) == (1, 4)


def test_what_is_undone_tells_nobody(cast: Cast) -> None:
    with transaction.atomic():
        tell(cast.olga)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_kind_without_words_is_refused_when_it_is_written(cast: Cast) -> None:
    with pytest.raises(TemplateDoesNotExist):
        send_message(recipient=cast.olga, kind="no_such_kind", key="1", context={})
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="belongs in the transaction"):
        send_messages([])


def test_the_first_reading_counts(cast: Cast) -> None:
    message = tell(cast.olga)
    mark_read(message=message)
    message.refresh_from_db()
    first = message.read_at
    mark_read(message=message)
    message.refresh_from_db()
    assert first is not None
    assert message.read_at == first


def test_what_came_after_the_page_was_made_stays_unread(cast: Cast) -> None:
    seen, theirs, later = tell(cast.olga), tell(cast.oscar), tell(cast.olga, key="2")
    assert mark_all_read(user=cast.olga, up_to=theirs.pk) == 1
    assert set(Message.objects.unread()) == {theirs, later}
    assert seen not in Message.objects.unread()

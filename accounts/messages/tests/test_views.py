"""The inbox: newest first, the number of unread ones on every page, read when opened."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.messages.models import Message
from accounts.messages.services import send_message
from accounts.models import User
from badges_portal.testing import Cast

INBOX = reverse("messages:inbox")


def tell(user: User, key: str) -> Message:
    context = {"code": key, "title_en": "Tea", "title_zh": "茶", "question": "Who?", "committed_at": "2026-05-12T08:00"}
    send_message(recipient=user, kind="attendance_queried", key=key, context=context, url="/organise/")
    return Message.objects.get(recipient=user, key=key)


def codes(page: Any) -> list[str]:
    return [message.key for message in page.context["page_obj"]]


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_newest_is_first_and_a_page_has_25(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    assert "No messages yet" in client.get(INBOX).content.decode()
    for number in range(27):
        tell(cast.olga, f"A{number}")
    tell(cast.oscar, "his")
    assert codes(client.get(INBOX)) == [f"A{number}" for number in range(26, 1, -1)]
    assert codes(client.get(INBOX, {"page": 2})) == ["A1", "A0"]


def test_opening_reads_and_looking_does_not(cast: Cast, sign_in: Any) -> None:
    message, client = tell(cast.olga, "A1"), sign_in(cast.olga)
    page = reverse("messages:message", args=[message.pk])
    assert "Who?" in client.get(page).content.decode()
    assert Message.objects.unread().count() == 1
    assert client.post(page).headers["Location"] == page
    assert Message.objects.unread().count() == 0
    assert "Mark as read" not in client.get(page).content.decode()
    assert codes(client.get(INBOX, {"show": "unread"})) == []
    assert codes(client.get(INBOX)) == ["A1"]


def test_another_persons_message_does_not_exist(cast: Cast, sign_in: Any) -> None:
    message = tell(cast.olga, "A1")
    client = sign_in(cast.adam)
    for call in (client.get, client.post):
        assert call(reverse("messages:message", args=[message.pk])).status_code == 404
    client.post(reverse("messages:read-all"), {"newest": message.pk})
    assert Message.objects.unread().count() == 1


def test_every_page_says_how_many_are_unread_without_a_query_more(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    elsewhere = reverse("activities:own-list")
    before = queries_of(client, elsewhere)
    assert "unread" not in client.get(elsewhere).content.decode()
    for key in ("A1", "A2"):
        tell(cast.olga, key)
    assert "2 unread" in client.get(elsewhere).content.decode()
    assert queries_of(client, elsewhere) == before


def test_all_are_read_at_once_but_not_what_came_later(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    tell(cast.olga, "A1")
    newest = client.get(INBOX).context["newest"]
    tell(cast.olga, "A2")
    said = client.post(reverse("messages:read-all"), {"newest": newest}, follow=True).content.decode()
    assert "1 message is marked as read." in said
    assert [message.key for message in Message.objects.unread()] == ["A2"]
    for nonsense in ("", "x", "9" * 40):
        client.post(reverse("messages:read-all"), {"newest": nonsense})
    assert Message.objects.unread().count() == 1


def test_one_message_and_three_take_the_same_number_of_queries(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    tell(cast.olga, "A1")
    one = queries_of(client, INBOX)
    tell(cast.olga, "A2")
    tell(cast.olga, "A3")
    assert queries_of(client, INBOX) == one


def test_words_of_others_are_text(cast: Cast, sign_in: Any) -> None:
    message = tell(cast.olga, "<b>x</b>")
    for url in (INBOX, reverse("messages:message", args=[message.pk])):
        page = sign_in(cast.olga).get(url).content.decode()
        assert "&lt;b&gt;x&lt;/b&gt;" in page
        assert "<b>x</b>" not in page

"""How long a sign-in lasts."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import close_account, reopen_account
from accounts.signin.sessions import signed_in_recently
from badges_portal.testing import Cast

BACKEND = "accounts.signin.backends.PortalBackend"
MORNING = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("signin:password")).status_code == 200


def sign_in(client: Client, user: User) -> None:
    client.force_login(user, backend=BACKEND)


def after(**span: float) -> dt.datetime:
    return MORNING + dt.timedelta(**span)


@pytest.mark.parametrize("name", ["olga", "adam", "lydia", "xenia"])
def test_staff_are_signed_out_after_half_an_hour_without_a_click(cast: Cast, client: Client, name: str) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, getattr(cast, name))
        clock.move_to(after(minutes=29))
        assert is_signed_in(client)
        clock.move_to(after(minutes=58))
        assert is_signed_in(client)
        clock.move_to(after(minutes=88))
        assert not is_signed_in(client)


def test_a_student_stays_for_twelve_hours_without_a_click(cast: Cast, client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, cast.sam)
        clock.move_to(after(hours=11, minutes=59))
        assert is_signed_in(client)
        clock.move_to(after(hours=12))
        assert not is_signed_in(client)


def test_nobody_stays_longer_than_twelve_hours(cast: Cast, client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, cast.olga)
        for minutes in range(25, 12 * 60, 25):
            clock.move_to(after(minutes=minutes))
            assert is_signed_in(client), minutes
        clock.move_to(after(hours=12))
        assert not is_signed_in(client)


def test_clicks_within_a_minute_write_nothing(cast: Cast, client: Client, django_assert_num_queries: object) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, cast.olga)
        expires = client.session.get_expiry_date()
        clock.move_to(after(seconds=59))
        is_signed_in(client)
        assert client.session["seen_at"] == int(MORNING.timestamp())
        clock.move_to(after(seconds=60))
        is_signed_in(client)
        assert client.session["seen_at"] == int(after(seconds=60).timestamp())
        assert client.session.get_expiry_date() > expires


def test_every_session_ends_when_the_account_is_closed_and_none_comes_back(cast: Cast) -> None:
    phone, desk = Client(), Client()
    for client in (phone, desk):
        sign_in(client, cast.olga)
        assert is_signed_in(client)
    close_account(acting_user=cast.adam, user=cast.olga)
    assert not is_signed_in(phone)
    reopen_account(acting_user=cast.adam, user=cast.olga)
    assert is_signed_in(desk) is False


def test_every_other_session_ends_when_the_password_changes(cast: Cast, client: Client) -> None:
    cast.olga.set_password("the first of passwords")
    cast.olga.save()
    other = Client()
    sign_in(client, cast.olga)
    sign_in(other, cast.olga)
    new = {"current_password": "the first of passwords", "new_password": "a second one, longer"}
    answer = client.post(reverse("signin:password"), {**new, "repeated": new["new_password"]})
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_a_sign_in_is_recent_for_half_an_hour(cast: Cast, client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, cast.sam)
        clock.move_to(after(minutes=29, seconds=59))
        assert signed_in_recently(client.session)
        clock.move_to(after(minutes=30))
        assert not signed_in_recently(client.session)
    assert timezone.now() > MORNING

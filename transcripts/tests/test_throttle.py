"""Tries are counted by address and minute, in the database, without keeping the address."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory

from transcripts.models import VerificationWindow
from transcripts.throttle import address_of, may_try

NOON = dt.datetime(2026, 11, 21, 12, 0, 30, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_sixty_tries_a_minute_and_an_address(settings: Any) -> None:
    assert settings.VERIFICATIONS_PER_MINUTE == 60
    with time_machine.travel(NOON, tick=False):
        assert [may_try("192.0.2.1") for _ in range(61)] == [True] * 60 + [False]
        assert may_try("192.0.2.2")
    with time_machine.travel(NOON + dt.timedelta(minutes=1), tick=False):
        assert may_try("192.0.2.1")


@pytest.mark.django_db
def test_no_address_is_kept_and_old_counts_go() -> None:
    with time_machine.travel(NOON, tick=False):
        may_try("192.0.2.1")
        may_try("192.0.2.1")
    window = VerificationWindow.objects.get()
    assert window.count == 2
    assert "192.0.2.1" not in window.key
    with time_machine.travel(NOON + dt.timedelta(hours=2), tick=False):
        may_try("192.0.2.9")
    assert VerificationWindow.objects.count() == 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "198.51.100.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "made.up, 203.0.113.7", "203.0.113.7"),
        (2, "made.up, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "198.51.100.1"),
        (1, "", "198.51.100.1"),
    ],
)
def test_the_address_is_the_one_our_own_proxies_saw(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    settings.REVERSE_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="198.51.100.1", headers=headers)) == address

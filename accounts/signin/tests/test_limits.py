"""How often somebody may try to sign in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import RequestFactory
from django.utils import timezone

from accounts.signin.limits import client_address, minutes_to_wait, minutes_to_wait_of_wider_limits


def failed(name: str, address: str, times: int, minutes_ago: float = 0) -> None:
    AccessAttempt.objects.create(
        username=name,
        ip_address=address,
        user_agent="test",
        failures_since_start=times,
        attempt_time=timezone.now() - dt.timedelta(minutes=minutes_ago),
    )
    AccessAttempt.objects.filter(username=name, ip_address=address).update(
        attempt_time=timezone.now() - dt.timedelta(minutes=minutes_ago)
    )


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    settings.REVERSE_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes_ago", "wait"), [(0, 15), (4.5, 11), (14.99, 1), (20, 1)])
def test_the_waiting_time_counts_from_the_newest_failure(minutes_ago: float, wait: int) -> None:
    failed("s1001", "10.0.0.1", 10, minutes_ago)
    failed("s1001", "10.0.0.2", 10, 0)
    assert minutes_to_wait(address="10.0.0.1", name="s1001") == wait


@pytest.mark.django_db
def test_somebody_who_never_failed_does_not_wait() -> None:
    assert minutes_to_wait_of_wider_limits(address="10.0.0.1", name="s1001") == 0


@pytest.mark.django_db
def test_one_address_that_tries_many_names_waits(settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 6
    for number in range(3):
        failed(f"s{number}", "10.0.0.1", 2)
    assert minutes_to_wait_of_wider_limits(address="10.0.0.1", name="s1001") == 15
    assert minutes_to_wait_of_wider_limits(address="10.0.0.2", name="s1001") == 0


@pytest.mark.django_db
def test_one_name_tried_from_many_addresses_waits(settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_NAME = 6
    for number in range(3):
        failed("s1001", f"10.0.0.{number}", 2)
    assert minutes_to_wait_of_wider_limits(address="10.9.9.9", name="s1001") == 15
    assert minutes_to_wait_of_wider_limits(address="10.9.9.9", name="s1002") == 0


@pytest.mark.django_db
def test_old_failures_are_forgotten(settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_NAME = 2
    failed("s1001", "10.0.0.1", 5, minutes_ago=16)
    assert minutes_to_wait_of_wider_limits(address="10.0.0.1", name="s1001") == 0

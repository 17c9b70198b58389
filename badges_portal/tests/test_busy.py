"""A lock that is not given in time is said in a sentence, and other faults are not hidden."""

from django.db import OperationalError
from django.test import RequestFactory
from psycopg2.errors import LockNotAvailable

from badges_portal.busy import BusyMiddleware
from badges_portal.testing import Cast


def answer_to(cast: Cast, error: Exception) -> int | None:
    request = RequestFactory().post("/awards/1/revoke/")
    request.user = cast.olga
    response = BusyMiddleware(lambda request: None).process_exception(request, error)  # type: ignore[arg-type,return-value]
    return response.status_code if response else None


def test_a_lock_that_is_not_given_asks_to_try_again(cast: Cast) -> None:
    error = OperationalError("canceling statement due to lock timeout")
    error.__cause__ = LockNotAvailable()
    assert answer_to(cast, error) == 503


def test_a_lost_database_is_no_lock(cast: Cast) -> None:
    assert answer_to(cast, OperationalError("server closed the connection unexpectedly")) is None

"""Says in a sentence that a lock was not given in time, wherever it happens."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg2.errors import LockNotAvailable, QueryCanceled

from badges_portal.views import busy


class BusyMiddleware:
    """Answers 503 and "try again" where the database gave up waiting; the transaction was rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        waited = isinstance(exception, OperationalError) and isinstance(
            exception.__cause__, LockNotAvailable | QueryCanceled
        )
        return busy(request) if waited else None

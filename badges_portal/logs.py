"""Log lines as JSON, each with its request's id and none with anything personal."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

SECRETS = re.compile(r"(/verify/|/sign-in/link/)[^/\s?]+")
"""Addresses whose last part opens something: verification codes, one-time links."""
LONG_NUMBERS = re.compile(r"\d{7,}")
"""Student numbers; an internal number is far from being that long."""
PERSONAL_KEYS = {"ip", "user_agent", "username"}


class RequestLog(RequestMiddleware):
    """django-structlog's middleware, without query strings: they may hold a name that somebody searched for."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


def masked(text: str) -> str:
    return LONG_NUMBERS.sub("…", SECRETS.sub(r"\1…", text))


def without_personal_data(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops personal keys, masks codes and long numbers in every text but the request's own id."""
    for key in PERSONAL_KEYS & event.keys():
        del event[key]
    for key, value in event.items():
        if isinstance(value, str) and key not in {"request_id", "timestamp"}:
            event[key] = masked(value)
    return event


def place_of_exception(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Says which exception and where, but not its message: PostgreSQL and parsers quote people's data in theirs."""
    return say_exception(event, with_message=False)


def whole_exception(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The same with its message, for a trial, where nobody is real."""
    return say_exception(event, with_message=True)


def say_exception(event: MutableMapping[str, Any], *, with_message: bool) -> MutableMapping[str, Any]:
    failure = event.pop("exc_info", None)
    if failure is True:
        failure = sys.exc_info()
    error = failure[1] if isinstance(failure, tuple) else failure
    if isinstance(error, BaseException):
        event["exception"] = type(error).__qualname__ + (f": {error}" if with_message else "")
        frames = traceback.extract_tb(error.__traceback__)[-12:]
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure() -> None:
    """Makes structlog hand its events to the standard library's handlers, where `logging_settings` formats them."""
    structlog.configure(
        processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_settings(level: str, *, trial: bool) -> dict[str, Any]:
    """Django's LOGGING: one JSON line an event on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*PROCESSORS, structlog.stdlib.PositionalArgumentsFormatter()],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    whole_exception if trial else place_of_exception,
                    without_personal_data,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "json"},
            "null": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"handlers": ["null"], "propagate": False},
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "django_structlog": {"level": level},
        },
    }

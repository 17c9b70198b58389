"""Log lines are JSON with a request id, and hold nothing personal."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from badges_portal.logs import logging_settings, masked
from badges_portal.testing import Cast


@pytest.fixture
def lines() -> Iterator[Any]:
    """Calls to `lines()` give the events written so far, at every level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter())
    loggers = [logging.getLogger(name) for name in ("", "django_structlog")]
    levels = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def _formatter() -> logging.Formatter:
    kinds = dict(logging_settings("INFO", trial=False)["formatters"]["json"])
    return kinds.pop("()")(**kinds)


def test_a_request_is_one_line_with_its_id_and_without_its_query(db: None, lines: Any) -> None:
    Client().get("/health/?q=CHAN+Tai+Man")
    (line,) = [line for line in lines() if line["event"] == "request_finished"]
    assert (line["request"], line["code"], len(line["request_id"])) == ("GET /health/", 200, 36)
    assert set(line) == {"event", "request", "code", "request_id", "user_id", "logger", "level", "timestamp"}


def test_codes_tokens_and_student_numbers_are_masked() -> None:
    assert masked("GET /verify/K7Q2-9XYZ/") == "GET /verify/…/"
    assert masked("GET /sign-in/link/s3cret-token/") == "GET /sign-in/link/…/"
    assert masked("student 240000001 of activity 12") == "student … of activity 12"


def test_a_failure_says_where_but_not_what_the_message_quotes(lines: Any) -> None:
    try:
        raise ValueError("CHAN Tai Man")
    except ValueError:
        logging.getLogger("awards").exception("commit failed")
    (line,) = lines()
    assert (line["event"], line["exception"]) == ("commit failed", "ValueError")
    assert "test_a_failure_says_where" in line["at"][-1]
    assert "CHAN" not in json.dumps(line)


def test_a_wrong_password_does_not_write_down_who_tried(cast: Cast, lines: Any) -> None:
    assert authenticate(RequestFactory().post("/sign-in/"), username="240000001", password="wrong") is None
    assert [line for line in lines() if "240000001" in json.dumps(line)] == []

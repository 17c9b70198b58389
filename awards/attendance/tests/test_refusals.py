"""Every refusal is a sentence, and a lock that is not given is one too."""

from __future__ import annotations

from string import Formatter
from typing import Any

import pytest
from django.db import OperationalError
from psycopg2.errors import AdminShutdown, LockNotAvailable

from awards.attendance.refusals import SENTENCES, AttendanceRefused, lock_wait_said


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_refusal_is_a_whole_sentence(code: str) -> None:
    fields: dict[str, Any] = {
        name: "7" for _text, name, _spec, _conversion in Formatter().parse(str(SENTENCES[code])) if name
    }
    sentence = AttendanceRefused(code, **fields).sentence
    first = sentence.lstrip("“")[0]
    begins_well = first.isupper() or first == "7"
    assert (begins_well, sentence[-1] in ".?!7", "{" in sentence) == (True, True, False)


def test_a_lock_that_is_not_given_in_time_is_said() -> None:
    with pytest.raises(AttendanceRefused) as refused, lock_wait_said():
        raise OperationalError from LockNotAvailable()
    assert refused.value.code == "busy"


def test_another_fault_of_the_database_stays_what_it_is() -> None:
    with pytest.raises(OperationalError), lock_wait_said():
        raise OperationalError from AdminShutdown()

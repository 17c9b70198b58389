"""The parser of one part: it counts, and refuses what would hurt whoever reads on."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from accounts.sheets.facts import Found
from accounts.sheets.markup import Part
from accounts.sheets.refused import Refused
from accounts.sheets.workbook import Limits


def part(**limits: int) -> Part:
    return Part(Found(asdict(Limits(**limits))))


def refusal_of(markup: bytes, **limits: int) -> str:
    with pytest.raises(Refused) as refused:
        part(**limits).feed(markup, final=True)
    return refused.value.code


def test_every_element_is_counted_and_left_again() -> None:
    read = part(max_elements=3, max_depth=2)
    read.feed(b"<a><b/>")
    read.feed(b"<c/></a>", final=True)
    assert (read.depth, read.found.elements_left) == (0, 0)


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        (b"<a><b/><c/><d/></a>", "too_many_elements"),
        (b"<a><b><c/></b></a>", "too_complex"),
        (b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>', "damaged"),
        (b"<!DOCTYPE a><a/>", "damaged"),
        (b"<a>", "damaged"),
        (b"<a/>\0", "damaged"),
        (b'<?xml version="1.0" encoding="none"?><a/>', "damaged"),
    ],
)
def test_what_would_hurt_is_refused(markup: bytes, code: str) -> None:
    assert refusal_of(markup, max_elements=3, max_depth=2) == code

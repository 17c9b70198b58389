"""Filters read from an address: whatever stands there, what comes out is on the list."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from awards.forms import read_filters
from awards.history import LONGEST_SEARCH, Filters

YEARS = (2025, 2024)
CODES = ("IPC", "PF")


@pytest.mark.parametrize(
    ("address", "filters"),
    [
        ("", Filters()),
        ("year=2025&badge=PF&q=first+aid", Filters(2025, "PF", "first aid")),
        ("year=2023&badge=XX", Filters()),
        ("year=02025&badge=pf", Filters()),
        ("q=++a%00%E2%80%8Bb++c+", Filters(search="ab c")),
        (f"q={'x' * 300}", Filters(search="x" * LONGEST_SEARCH)),
    ],
)
def test_known_addresses(address: str, filters: Filters) -> None:
    assert read_filters(QueryDict(address), YEARS, CODES) == filters


@given(st.dictionaries(st.sampled_from(["year", "badge", "q", "page"]), st.text()))
def test_nothing_but_what_is_on_the_list(values: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(values)
    filters = read_filters(query, YEARS, CODES)
    assert filters.year in {None, *YEARS}
    assert filters.badge in {"", *CODES}
    assert "\0" not in filters.search
    assert len(filters.search) <= LONGEST_SEARCH

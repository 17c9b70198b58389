"""Blocks fill pages without losing one, and no heading is left alone."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.content import Words
from transcripts.layout import Block, paginate, pair

pytestmark = pytest.mark.thorough


def strip(height: float, **fields: Any) -> Block:
    return Block(height, lambda canvas, top: None, **fields)


def test_what_does_not_fit_goes_to_the_next_page() -> None:
    first, second, third = strip(60), strip(40), strip(10)
    assert paginate([first, second, third], 100, 200) == [[(first, 0), (second, 60)], [(third, 0)]]


def test_a_heading_goes_with_what_it_heads() -> None:
    row, heading, headed = strip(80), strip(15, keeps_next=True), strip(20)
    assert paginate([row, heading, headed], 100, 100) == [[(row, 0)], [(heading, 0), (headed, 15)]]


def test_a_table_that_goes_on_repeats_its_heading() -> None:
    again = strip(10, keeps_next=True)
    rows = [strip(50, repeats=again) for _ in range(3)]
    assert paginate(rows, 100, 100) == [[(rows[0], 0), (rows[1], 50)], [(again, 0), (rows[2], 10)]]


def test_a_first_row_under_its_own_heading_repeats_nothing() -> None:
    heading, again = strip(10, keeps_next=True), strip(10, keeps_next=True)
    row = strip(50, repeats=again)
    assert paginate([strip(90), heading, row], 100, 100)[1] == [(heading, 0), (row, 10)]


blocks = st.lists(st.builds(strip, st.floats(1, 60), keeps_next=st.booleans()), max_size=60)


@given(blocks)
def test_every_block_is_placed_once_in_order_and_within_its_page(given_blocks: list[Block]) -> None:
    pages = paginate(given_blocks, 150, 200)
    assert [block for page in pages for block, _ in page] == given_blocks
    for page in pages:
        for (block, top), (_, next_top) in itertools.pairwise(page):
            assert next_top == top + block.height


rows = st.lists(st.tuples(st.floats(1, 40), st.booleans()), max_size=60)


@given(rows)
def test_no_page_overflows_and_no_heading_ends_one(heights: list[tuple[float, bool]]) -> None:
    given_blocks = [
        block
        for height, headed in heights
        for block in ([strip(20, keeps_next=True)] if headed else []) + [strip(height)]
    ]
    pages = paginate(given_blocks, 150, 200)
    rooms = [150, *[200] * len(pages)]
    assert all(
        top + block.height <= room + 1e-6 for page, room in zip(pages, rooms, strict=False) for block, top in page
    )
    assert not any(page[-1][0].keeps_next for page in pages if page)


def test_both_languages_share_a_line_only_where_they_fit() -> None:
    assert pair(Words("Hackathon", "黑客松"), 9, 200) == ("Hackathon 黑客松",)
    assert pair(Words("Hackathon", "黑客松"), 9, 50) == ("Hackathon", "黑客松")
    assert pair(Words("Hackathon"), 9, 200) == ("Hackathon",)
    assert pair(Words("", "黑客松"), 9, 200) == ("黑客松",)
    assert pair(Words(""), 9, 200) == ()

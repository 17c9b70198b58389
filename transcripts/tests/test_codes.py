"""Verification codes are long, random, and read however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.codes import ALPHABET, LENGTH, SHORTEST, grouped, make_code, read_code

codes = st.text(st.sampled_from(ALPHABET), min_size=LENGTH, max_size=LENGTH)


def test_a_code_has_more_than_128_bits_and_is_never_the_same() -> None:
    made = [make_code() for _ in range(200)]
    assert len(ALPHABET) ** LENGTH > 2**128
    assert len(ALPHABET) ** SHORTEST >= 2**60
    assert len(set(made)) == 200
    assert {len(code) for code in made} == {LENGTH}
    assert set("".join(made)) <= set(ALPHABET)


def test_a_code_is_printed_in_groups_of_four() -> None:
    assert grouped("7Q4K9XZM2PTDH8RV5WCN3JGEB6YA") == "7Q4K-9XZM-2PTD-H8RV-5WCN-3JGE-B6YA"


@given(codes)
def test_what_is_printed_is_read_back(code: str) -> None:
    assert read_code(grouped(code)) == code
    assert read_code(f"  {grouped(code).lower().replace('-', ' ')} ") == code
    assert read_code(code[:SHORTEST]) == code[:SHORTEST]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7q4k 9xzm 2ptd", "7Q4K9XZM2PTD"),
        ("7Q4K–9XZM–2PTD", "7Q4K9XZM2PTD"),
        ("OOOO-IIII-LLLL", "000011111111"),
        ("uuuu.uuuu.uuuu", "VVVVVVVVVVVV"),
        ("7Q4K-9XZM-2PT", ""),
        ("7Q4K" * 8, ""),
        ("7Q4K-9XZM-2PT!", ""),
        ("", ""),
        ("' OR 1=1 --", ""),
    ],
)
def test_typing_is_forgiven_and_nonsense_is_not_a_code(typed: str, meant: str) -> None:
    assert read_code(typed) == meant


@given(st.text())
def test_whatever_is_typed_gives_a_code_or_nothing(typed: str) -> None:
    code = read_code(typed)
    assert code == "" or (SHORTEST <= len(code) <= LENGTH and set(code) <= set(ALPHABET))

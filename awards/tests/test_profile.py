"""The profile: what is counted, what is missing, where the plot's points are, and what a student reads."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from awards.models import WithholdingReason
from awards.profile import KIND_WORDS, RADIUS, Profile, Slot, kind_words, profile, radar, scale

SIX = [(n, code, code.lower(), code.lower(), True) for n, code in enumerate(["IPC", "IDL", "PS", "EC", "PSG", "PF"])]
counts_of_six = st.lists(st.integers(0, 400), min_size=6, max_size=6)


def profile_with(counts: list[int], others: int = 0) -> Profile:
    return profile([*SIX, (6, "GREEN", "Green", "other", False)], {**dict(enumerate(counts)), 6: others})


def test_five_of_six_with_one_missing() -> None:
    mine = profile_with([2, 2, 0, 4, 3, 1])
    assert (mine.earned, mine.total, mine.is_complete) == (5, 12, False)
    assert [slot.code for slot in mine.missing] == ["PS"]
    assert [(slot.code, slot.count) for slot in mine.wall] == [
        ("IPC", 2),
        ("IDL", 2),
        ("PS", 0),
        ("EC", 4),
        ("PSG", 3),
        ("PF", 1),
    ]


def test_another_badge_counts_but_does_not_fill_the_six() -> None:
    assert profile_with([0] * 6).others == ()
    mine = profile_with([0] * 6, others=3)
    assert (mine.earned, mine.total) == (0, 3)
    assert [slot.code for slot in mine.others] == ["GREEN"]


def test_an_institution_without_attributes_is_not_complete() -> None:
    assert profile([], {}).is_complete is False
    assert radar([]).axes == ()


@given(counts_of_six)
def test_what_is_earned_and_what_is_missing_make_the_wall(counts: list[int]) -> None:
    mine = profile_with(counts)
    assert mine.earned + len(mine.missing) == 6
    assert mine.total == sum(counts)
    assert mine.is_complete == all(counts)


@given(counts_of_six)
def test_every_point_lies_on_its_axis_as_far_out_as_its_count(counts: list[int]) -> None:
    plot = radar(profile_with(counts).wall)
    top = plot.rings[-1].value
    assert top >= max(counts)
    for axis, count in zip(plot.axes, counts, strict=True):
        distance = math.hypot(float(axis.dot_x), float(axis.dot_y))
        assert distance == pytest.approx(RADIUS * count / top, abs=0.15)
        assert math.hypot(float(axis.x), float(axis.y)) == pytest.approx(RADIUS, abs=0.15)
        across = float(axis.dot_x) * float(axis.y) - float(axis.dot_y) * float(axis.x)
        assert across == pytest.approx(0, abs=15)
    assert plot.shape == " ".join(f"{axis.dot_x},{axis.dot_y}" for axis in plot.axes)


@given(st.integers(0, 10_000))
def test_the_rings_are_few_whole_and_equally_far_apart(largest: int) -> None:
    values = scale(largest)
    assert 1 <= len(values) <= 4
    assert values[-1] >= largest
    assert {b - a for a, b in pairwise(values)} <= {values[0]}


@pytest.mark.parametrize(
    ("largest", "values"), [(0, (1,)), (1, (1,)), (4, (1, 2, 3, 4)), (5, (2, 4, 6)), (13, (4, 8, 12, 16))]
)
def test_rings_of_known_counts(largest: int, values: tuple[int, ...]) -> None:
    assert scale(largest) == values


def test_the_first_axis_points_up_and_the_next_goes_clockwise() -> None:
    plot = radar([Slot(code, "", "", True, 1) for code in "ABCD"])
    assert [(axis.x, axis.y) for axis in plot.axes] == [
        ("0.0", "-100.0"),
        ("100.0", "0.0"),
        ("0.0", "100.0"),
        ("-100.0", "0.0"),
    ]
    assert [axis.anchor for axis in plot.axes] == ["middle", "start", "middle", "end"]


def test_coordinates_have_a_point_in_every_language() -> None:
    with override("zh-hant"):
        assert "," not in radar(profile_with([1, 2, 3, 4, 5, 6]).wall).axes[1].x


def test_two_badges_make_no_plot() -> None:
    assert radar(profile_with([1] * 6).wall[:2]).shape == ""


def test_every_reason_has_kind_words() -> None:
    assert set(KIND_WORDS) == set(WithholdingReason.values)


@pytest.mark.parametrize("reason", [*WithholdingReason.values, "a_code_of_tomorrow"])
def test_a_student_never_meets_a_code(reason: str) -> None:
    words = kind_words(reason)
    assert words.startswith("You ")
    assert words.endswith(".")
    assert "_" not in words
    assert not {"withheld", "refused", "rejected", "fail"} & set(words.lower().rstrip(".").split())


def test_the_organisers_words_stand_behind_the_sentence() -> None:
    assert kind_words("other", "Prize withdrawn by the jury") == (
        "You took part; the organiser did not give this badge. In their words: “Prize withdrawn by the jury”"
    )

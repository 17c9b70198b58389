"""Every refusal is one sentence that says what is wrong and what to do."""

from __future__ import annotations

import pytest

from activities import refusals
from activities.refusals import ActivityRefused, up_to_badges, wrong_offer
from activities.rules import OfferFault, WrongOffer

EVERY_REFUSAL = [
    *(wrong_offer(WrongOffer(fault, ("EC", "PF", "PS")), 2, 2) for fault in OfferFault),
    refusals.days_too_few(1, 1, 2),
    refusals.incomplete(["objectives"]),
    refusals.no_sessions(),
    refusals.no_rules(),
    refusals.code_taken("LIB-7"),
    refusals.closed_for_editing(),
    refusals.wrong_state("draft", "cancelled"),
    refusals.reason_missing(),
    refusals.has_record(),
    refusals.not_over(),
    refusals.not_recorded(),
    refusals.nobody_organises(),
    refusals.not_an_organiser("CHAN Sam"),
]


@pytest.mark.parametrize("refusal", EVERY_REFUSAL, ids=lambda refusal: refusal.code)
def test_a_refusal_is_a_finished_sentence(refusal: ActivityRefused) -> None:
    text = str(refusal.message)
    assert text[0].isupper() or text[0].isdigit()
    assert text.endswith(".")
    assert "%" not in text


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [refusal.code for refusal in EVERY_REFUSAL]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("days", "maximum", "sentence"),
    [
        (1, 1, "1-day activity: 1 badge."),
        (2, 2, "2-day activity: up to 2 different badges."),
        (92, 3, "92-day activity: up to 3 different badges."),
        (4, 1, "4-day activity: 1 badge."),
    ],
)
def test_the_picker_says_how_many(days: int, maximum: int, sentence: str) -> None:
    assert up_to_badges(days, maximum) == sentence


def test_too_many_badges_says_how_many_to_take_away() -> None:
    refusal = wrong_offer(WrongOffer(OfferFault.TOO_MANY, ("EC", "PF", "PS")), 1, 1)
    assert (str(refusal.message), refusal.field) == ("1-day activity: 1 badge. You chose 3: take away 2.", "badges")

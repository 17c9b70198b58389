"""The activity that most tests here are about, and a few more students."""

from __future__ import annotations

import pytest

from accounts.models import Participant
from activities.models import Activity
from badges_portal.testing import Cast, make_activity, make_participant


@pytest.fixture
def course(cast: Cast) -> Activity:
    """The two-day first-aid course of the scheme's examples: PF and EC, by Olga and Oscar."""
    return make_activity(cast, badges=("PF", "EC"), days=2, organisers=[cast.olga, cast.oscar])


@pytest.fixture
def students(cast: Cast) -> list[Participant]:
    """Sam, Suki and six more."""
    names = ["CHEUNG Ada", "CHOW Ben", "KWOK Cleo", "LAU Dan", "MAK Eva", "POON Fay"]
    more = [make_participant(f"2401000{n:02d}", name) for n, name in enumerate(names, start=1)]
    return [cast.sam_participant, cast.suki_participant, *more]

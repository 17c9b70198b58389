"""What the monitor counts."""

from django.utils import timezone

from awards.advising.models import Advice
from awards.advising.querysets import choices_for, coming_offers
from badges_portal.testing import Cast, make_activity


def test_drafts_and_cancelled_activities_are_no_choices_yet(cast: Cast) -> None:
    make_activity(cast, code="A", status="draft")
    make_activity(cast, code="B", status="cancelled")
    make_activity(cast, code="C")
    assert [choice.code for choice in choices_for(cast.lydia)] == ["C"]


def test_an_attribute_that_nobody_offers_in_eight_weeks_counts_zero(cast: Cast) -> None:
    make_activity(cast, code="soon", badges=["PF", "EC"], days=2, ended_days_ago=-10)
    make_activity(cast, code="also", badges=["EC"], ended_days_ago=-20)
    make_activity(cast, code="over", badges=["IPC"], ended_days_ago=2)
    make_activity(cast, code="far", badges=["IDL"], ended_days_ago=-90)
    make_activity(cast, code="draft", badges=["PS"], ended_days_ago=-5, status="draft")

    counts = {badge.code: badge.coming for badge in coming_offers(timezone.now())}

    assert counts == {"IPC": 0, "IDL": 0, "PS": 0, "EC": 2, "PSG": 0, "PF": 1}


def test_an_organiser_sees_advice_on_own_activities_only(cast: Cast) -> None:
    own = make_activity(cast, code="own")
    other = make_activity(cast, code="other", organisers=[cast.otto])
    for activity in (own, other):
        Advice.objects.create(activity=activity, author=cast.lydia, text="Consider PF.")
    assert [advice.activity for advice in Advice.objects.visible_to(cast.olga)] == [own]
    assert Advice.objects.visible_to(cast.lydia).count() == 2

"""Seeing, advising and answering."""

from accounts.trail.models import AuditEntry
from activities.models import BadgeType
from awards.advising.models import Advice
from awards.advising.querysets import choices_for
from awards.advising.services import answer_advice, give_advice, mark_choice_seen
from badges_portal.testing import Cast, make_activity


def test_a_choice_is_new_until_it_is_seen_and_again_when_it_changes(cast: Cast) -> None:
    activity = make_activity(cast)
    assert choices_for(cast.lydia).get().is_new

    review = mark_choice_seen(acting_user=cast.lydia, activity=activity)
    assert not choices_for(cast.lydia).get().is_new

    activity.offers_set_at = review.seen_at.replace(year=review.seen_at.year + 1)
    activity.save()
    assert choices_for(cast.lydia).get().is_new


def test_advice_suggests_badges_counts_as_seen_and_stands_on_the_trail(cast: Cast) -> None:
    activity = make_activity(cast, badges=["EC"])
    better = BadgeType.objects.filter(code__in=["PS", "IDL"])

    give_advice(acting_user=cast.lydia, activity=activity, text="The outcomes speak of solving.", suggested=better)

    choice = choices_for(cast.lydia).get()
    assert (choice.is_new, choice.waits_for_answer) == (False, True)
    entry = AuditEntry.objects.get(action="advice.given")
    assert (entry.actor, entry.target_id, entry.changes) == (cast.lydia, str(activity.pk), {"suggested": ["IDL", "PS"]})


def test_advice_after_awards_changes_neither_offers_nor_activity(cast: Cast) -> None:
    activity = make_activity(cast, badges=["EC"])
    before = (activity.status, list(activity.offers.values_list("badge_type__code", "closed_at")))

    give_advice(acting_user=cast.lydia, activity=activity, text="Consider PF.")

    activity.refresh_from_db()
    assert (activity.status, list(activity.offers.values_list("badge_type__code", "closed_at"))) == before


def test_an_answer_ends_the_waiting(cast: Cast) -> None:
    activity = make_activity(cast)
    give_advice(acting_user=cast.lydia, activity=activity, text="Why EC?")
    answer_advice(acting_user=cast.olga, activity=activity, text="They speak all day.", outcome=Advice.Outcome.KEPT)

    choice = choices_for(cast.lydia).get()
    assert (choice.waits_for_answer, choice.last_is_answer) == (False, True)
    assert list(activity.advice.values_list("author__cna", "is_answer", "outcome")) == [
        ("s3001", False, ""),
        ("s1001", True, "kept"),
    ]

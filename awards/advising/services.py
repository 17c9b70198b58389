"""What the learning advisor and the organisers do about a choice of badges. Nothing here blocks anything."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.trail.services import record
from activities.models import Activity, BadgeType
from awards.advising.models import Advice, ChoiceReview


@transaction.atomic
def mark_choice_seen(*, acting_user: User, activity: Activity) -> ChoiceReview:
    """Notes that this advisor has seen the choice as it stands. Seeing it twice changes nothing more."""
    review, _created = ChoiceReview.objects.update_or_create(
        activity=activity, advisor=acting_user, defaults={"seen_at": timezone.now()}
    )
    record(acting_user=acting_user, action="choice.seen", target=activity)
    return review


@transaction.atomic
def give_advice(*, acting_user: User, activity: Activity, text: str, suggested: Iterable[BadgeType] = ()) -> Advice:
    """A word of advice to the organisers, with badges that might fit better. The choice counts as seen."""
    advice = Advice.objects.create(activity=activity, author=acting_user, text=text)
    advice.suggested.set(suggested)
    mark_choice_seen(acting_user=acting_user, activity=activity)
    record(
        acting_user=acting_user,
        action="advice.given",
        target=activity,
        changes={"suggested": sorted(badge.code for badge in advice.suggested.all())},
        reason=text,
    )
    return advice


@transaction.atomic
def answer_advice(*, acting_user: User, activity: Activity, text: str, outcome: str) -> Advice:
    """The organiser's answer: badges changed, or kept with a reason."""
    answer = Advice.objects.create(activity=activity, author=acting_user, text=text, outcome=outcome, is_answer=True)
    record(
        acting_user=acting_user, action="advice.answered", target=activity, changes={"outcome": outcome}, reason=text
    )
    return answer

"""What people do with activities: create, edit, choose badges, publish, cancel, archive, clone, hand over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from accounts.trail.services import record
from activities import refusals, rules
from activities.keeping import (
    DETAILS,
    BadgeChoice,
    fit_offers_to_sessions,
    give_code,
    in_sessions,
    is_recorded,
    missing_for_publication,
    open_offers,
    refuse_wrong_offer,
    snapshot,
    spans_of,
    take_from_sessions,
    write_offers,
    write_sessions,
)
from activities.models import Activity, BadgeType
from activities.rules import Span

# --- Create and edit ------------------------------------------------------------------------------------------------


@transaction.atomic
def create_activity(
    *,
    acting_user: User,
    details: Mapping[str, Any],
    sessions: Sequence[Span],
    badges: Sequence[BadgeChoice] = (),
    code: str = "",
    cloned_from: Activity | None = None,
) -> Activity:
    """A draft of the acting user's. `details` maps names of `DETAILS` to values; an empty code is given here."""
    activity = Activity(created_by=acting_user, cloned_from=cloned_from, **details)
    take_from_sessions(activity, sessions)
    activity.code = give_code(activity.first_on, code.strip())
    activity.save()
    activity.organisers.add(acting_user)
    write_sessions(activity, sessions)
    if badges:
        write_offers(activity, badges, has_awards=False)
        activity.save()
    record(acting_user=acting_user, action="activity.created", target=activity, changes=snapshot(activity))
    return activity


@transaction.atomic
def edit_activity(
    *,
    acting_user: User,
    activity: Activity,
    details: Mapping[str, Any] | None = None,
    sessions: Sequence[Span] | None = None,
    badges: Sequence[BadgeChoice] | None = None,
) -> Activity:
    """Changes what is given and leaves the rest. Sessions and badges are judged together, as they stand afterwards.

    Awards keep what they were given under: rules, days, wording and maximum are stored with each.
    """
    activity = lock_activity(acting_user, activity)
    if activity.status not in rules.OPEN_STATES:
        raise refusals.closed_for_editing()
    before = snapshot(activity)
    has_awards = activity.awards.exists()
    for name in set(details or ()) & set(DETAILS):
        setattr(activity, name, (details or {})[name])
    if sessions is not None:
        take_from_sessions(activity, sessions)
        write_sessions(activity, sessions)
    if badges is not None:
        write_offers(activity, badges, has_awards=has_awards)
    if sessions is not None:
        fit_offers_to_sessions(activity, has_awards=has_awards)
    if activity.status == Activity.Status.PUBLISHED:
        refuse_incomplete(activity)
    activity.save()
    after = snapshot(activity)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        record(acting_user=acting_user, action="activity.edited", target=activity, changes=changes)
    return activity


def set_sessions(*, acting_user: User, activity: Activity, sessions: Sequence[Span]) -> Activity:
    """Replaces the sessions. Fewer days than the badges need: refused before awards exist, flagged after."""
    return edit_activity(acting_user=acting_user, activity=activity, sessions=sessions)


def offer_badges(
    *, acting_user: User, activity: Activity, badges: Sequence[BadgeChoice], rationale: str | None = None
) -> Activity:
    """Replaces the choice of badges and, if given, the line that says why. After the first award offers are closed."""
    details = None if rationale is None else {"rationale": rationale}
    return edit_activity(acting_user=acting_user, activity=activity, details=details, badges=badges)


# --- States ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_activity(*, acting_user: User, activity: Activity) -> Activity:
    """Shows a complete draft in the catalogue; also one that is long past. It is judged by today's set of rules."""
    activity = lock_activity(acting_user, activity)
    refuse_unless_can_become(activity, Activity.Status.PUBLISHED)
    take_from_sessions(activity, spans_of(activity))
    refuse_incomplete(activity)
    codes = [offer.badge_type.code for offer in open_offers(activity)]
    refuse_wrong_offer(activity, codes, BadgeType.objects.active().values_list("code", flat=True))
    activity.status = Activity.Status.PUBLISHED
    activity.published_at = timezone.now()
    activity.save()
    record(acting_user=acting_user, action="activity.published", target=activity)
    return activity


@transaction.atomic
def cancel_activity(*, acting_user: User, activity: Activity, reason: str) -> Activity:
    """Calls a published activity off, with the reason that its page shows. Refused once attendance is recorded."""
    activity = lock_activity(acting_user, activity)
    refuse_unless_can_become(activity, Activity.Status.CANCELLED)
    if not reason.strip():
        raise refusals.reason_missing()
    if is_recorded(activity):
        raise refusals.has_record()
    activity.status = Activity.Status.CANCELLED
    activity.cancelled_because = reason.strip()
    activity.save()
    record(acting_user=acting_user, action="activity.cancelled", target=activity, reason=reason.strip())
    return activity


@transaction.atomic
def archive_activity(*, acting_user: User, activity: Activity) -> Activity:
    """Puts away a draft that came to nothing, or a published activity that is over and recorded."""
    activity = lock_activity(acting_user, activity)
    refuse_unless_can_become(activity, Activity.Status.ARCHIVED)
    if activity.status == Activity.Status.PUBLISHED:
        if not activity.has_ended(timezone.now()):
            raise refusals.not_over()
        if not is_recorded(activity):
            raise refusals.not_recorded()
    activity.status = Activity.Status.ARCHIVED
    activity.save()
    record(acting_user=acting_user, action="activity.archived", target=activity)
    return activity


@transaction.atomic
def clone_activity(*, acting_user: User, activity: Activity, first_on: dt.date) -> Activity:
    """A new draft with the same words, hours and organisers, beginning on `first_on`.

    Badges that the scheme has retired, or that are more than its rules allow by then, stay behind.
    """
    sessions = rules.shift(spans_of(activity), first_on, timezone.get_default_timezone())
    offers = [offer for offer in open_offers(activity) if offer.badge_type.is_active]
    maximum = in_sessions(sessions)["max_badges"]
    clone = create_activity(
        acting_user=acting_user,
        details={name: getattr(activity, name) for name in DETAILS},
        sessions=sessions,
        badges=[BadgeChoice(offer.badge_type.code, offer.rationale) for offer in offers[:maximum]],
        cloned_from=activity,
    )
    clone.organisers.add(*[user for user in activity.organisers.all() if user.may(Permission.ORGANISE)])
    return clone


@transaction.atomic
def set_organisers(*, acting_user: User, activity: Activity, organisers: Collection[User]) -> Activity:
    """Says who organises: co-organisers come and go, and to leave oneself out is to hand over."""
    activity = lock_activity(acting_user, activity)
    before = list(activity.organisers.order_by("cna"))
    if not organisers:
        raise refusals.nobody_organises()
    for user in organisers:
        if user not in before and not user.may(Permission.ORGANISE):
            raise refusals.not_an_organiser(user.name)
    activity.organisers.set(organisers)
    old, new = [user.cna for user in before], sorted(user.cna for user in organisers)
    if old != new:
        record(
            acting_user=acting_user,
            action="activity.organisers_set",
            target=activity,
            changes={"organisers": [old, new]},
        )
    return activity


# --- Guards ----------------------------------------------------------------------------------------------------


def lock_activity(acting_user: User, activity: Activity) -> Activity:
    """The activity as it stands, locked for this transaction; DoesNotExist for whom it is not."""
    return Activity.objects.managed_by(acting_user).select_for_update(of=("self",)).get(pk=activity.pk)


def refuse_incomplete(activity: Activity) -> None:
    missing = missing_for_publication(activity)
    if missing:
        raise refusals.incomplete(missing)


def refuse_unless_can_become(activity: Activity, status: Activity.Status) -> None:
    if not rules.can_become(activity.status, status):
        raise refusals.wrong_state(Activity.Status(activity.status).label, status.label)

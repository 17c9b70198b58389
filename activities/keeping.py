"""Where the rules meet the tables: what is stored when sessions and badges of an activity are set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities import refusals, rules
from activities.models import Activity, AwardingRules, BadgeOffer, BadgeType, Session
from activities.refusals import Text
from activities.rules import Span

DETAILS = (
    "title_en",
    "title_zh",
    "objectives",
    "outcomes",
    "rationale",
    "unit",
    "kind",
    "category",
    "programme",
    "language",
    "mode",
    "venue",
    "is_overseas",
    "capacity",
    "prerequisites",
    "partners",
    "contact",
    "attendance_threshold",
)
"""What an organiser writes about an activity; everything else follows from sessions, badges and states."""

CODES_ARE_GIVEN = 0x0DB_C0DE
"""The advisory lock under which codes are given, so that two activities never get the same."""


@dataclass(frozen=True)
class BadgeChoice:
    """A badge the activity is to offer, by its code, and why where that is said for this badge alone."""

    code: str
    rationale: str = ""


def spans_of(activity: Activity) -> list[Span]:
    """The sessions as the rules take them."""
    return [Span(s.starts_at, s.ends_at, s.is_whole_days) for s in activity.sessions.all()]


def open_offers(activity: Activity) -> list[BadgeOffer]:
    """The badges on offer, in their order, with their types."""
    return list(activity.offers.filter(closed_at=None).select_related("badge_type"))


def in_sessions(sessions: Sequence[Span]) -> dict[str, Any]:
    """Every stored field that follows from sessions and from the rules in force on their first day."""
    if not sessions:
        raise refusals.no_sessions()
    table = rules.timetable(sessions, timezone.get_default_timezone())
    in_force = rules.in_force(table.first_on, AwardingRules.objects.prefetch_related("tiers"))
    if in_force is None:
        raise refusals.no_rules()
    tiers = [rules.Tier(tier.min_days, tier.max_badges) for tier in in_force.tiers.all()]
    return {
        "rules": in_force,
        "days": table.days,
        "max_badges": rules.most_badges(table.days, tiers),
        "first_on": table.first_on,
        "last_on": table.last_on,
        "starts_at": table.starts_at,
        "ends_at": table.ends_at,
        "due_on": rules.due_on(table.last_on, in_force.upload_due_months),
    }


def take_from_sessions(activity: Activity, sessions: Sequence[Span]) -> None:
    """Sets on the activity what follows from these sessions. Nothing is written."""
    for name, value in in_sessions(sessions).items():
        setattr(activity, name, value)


def write_sessions(activity: Activity, sessions: Sequence[Span]) -> None:
    """Replaces the stored sessions where they differ."""
    if sorted(sessions) == spans_of(activity):
        return
    activity.sessions.all().delete()
    Session.objects.bulk_create(
        Session(activity=activity, starts_at=s.starts_at, ends_at=s.ends_at, is_whole_days=s.is_whole_days)
        for s in sorted(sessions)
    )


def write_offers(activity: Activity, badges: Sequence[BadgeChoice], *, has_awards: bool) -> None:
    """Replaces the choice of badges where it is right; a draft may have none yet. Stamps a change of choice.

    Once awards exist, what stands may stay or shrink even where the days have become too few for it.
    """
    codes = [badge.code for badge in badges]
    standing = {offer.badge_type.code: offer for offer in open_offers(activity)}
    is_draft_without = not codes and activity.status == Activity.Status.DRAFT
    is_kept = has_awards and 0 < len(codes) == len(set(codes)) and set(codes) <= standing.keys()
    if not is_draft_without and not is_kept:
        active = BadgeType.objects.active().values_list("code", flat=True)
        refuse_wrong_offer(activity, codes, standing.keys() | set(active))
    store_offers(activity, badges, has_awards=has_awards)
    if set(codes) != standing.keys():
        activity.offers_set_at = timezone.now()


def store_offers(activity: Activity, badges: Sequence[BadgeChoice], *, has_awards: bool) -> None:
    """Writes a choice that has been judged; all are closed first, so that positions never meet.

    What is taken away is closed where awards exist, else removed.
    """
    allowed = {offer.badge_type_id: offer.max_badges for offer in activity.offers.all()}
    fits = len(badges) <= activity.max_badges
    activity.offers.filter(closed_at=None).update(closed_at=timezone.now())
    types = BadgeType.objects.in_bulk([badge.code for badge in badges], field_name="code")
    in_order = sorted(badges, key=lambda badge: types[badge.code].position)
    BadgeOffer.objects.bulk_create(
        [
            BadgeOffer(
                activity=activity,
                badge_type=types[badge.code],
                position=position,
                max_badges=activity.max_badges if fits else allowed[types[badge.code].pk],
                rationale=badge.rationale,
            )
            for position, badge in enumerate(in_order, start=1)
        ],
        update_conflicts=True,
        unique_fields=["activity", "badge_type"],
        update_fields=["position", "max_badges", "rationale", "closed_at"],
    )
    if not has_awards:
        activity.offers.exclude(closed_at=None).delete()


def fit_offers_to_sessions(activity: Activity, *, has_awards: bool) -> None:
    """Fewer days than the badges on offer need, or ever needed: refused before awards exist, flagged after."""
    needed = max(activity.offers.values_list("position", flat=True), default=0)
    is_short = needed > activity.max_badges
    if is_short and not has_awards:
        raise refusals.days_too_few(activity.days, activity.max_badges, needed)
    activity.is_shortened = is_short
    if not is_short:
        activity.offers.filter(closed_at=None).update(max_badges=activity.max_badges)


def refuse_wrong_offer(activity: Activity, codes: Sequence[str], active: Collection[str]) -> None:
    wrong = rules.check_offer(codes, activity.max_badges, active)
    if wrong:
        raise refusals.wrong_offer(wrong, activity.days, activity.max_badges)


def missing_for_publication(activity: Activity) -> list[Text]:
    """What an activity still lacks: it is published with a title, objectives, outcomes, a rationale and a badge."""
    names = {
        "title_en": _("a title"),
        "objectives": _("objectives"),
        "outcomes": _("intended learning outcomes"),
        "rationale": _("a line that says why these badges"),
    }
    missing: list[Text] = [name for field, name in names.items() if not getattr(activity, field).strip()]
    if not activity.offers.filter(closed_at=None).exists():
        missing.append(_("at least one badge"))
    return missing


def is_recorded(activity: Activity) -> bool:
    """Whether an attendance record is committed, or a badge was awarded, that still stands."""
    return activity.uploads.filter(status="committed").exists() or activity.awards.filter(status="active").exists()


def give_code(first_on: dt.date, wanted: str) -> str:
    """The code wanted, if it is free, or the next one of the academic year in which the activity starts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CODES_ARE_GIVEN])
    if wanted:
        if Activity.objects.filter(code__iexact=wanted).exists():
            raise refusals.code_taken(wanted)
        return wanted
    year = rules.academic_year(first_on, settings.ACADEMIC_YEAR_START_MONTH)
    prefix = rules.code_prefix(year)
    numbered = Activity.objects.filter(code__regex=rf"^{prefix}[0-9]{{1,9}}$")
    number = Cast(Substr("code", len(prefix) + 1), BigIntegerField())
    last = numbered.aggregate(last=Max(number))["last"] or 0
    return rules.activity_code(year, last + 1)


def snapshot(activity: Activity) -> dict[str, Any]:
    """What the audit trail compares: details, sessions and badges as plain values."""
    details = {name: getattr(activity, "unit_id" if name == "unit" else name) for name in DETAILS}
    sessions = [[s.starts_at.isoformat(), s.ends_at.isoformat()] for s in activity.sessions.all()]
    badges = [[offer.badge_type.code, offer.rationale] for offer in open_offers(activity)]
    return {**details, "sessions": sessions, "badges": badges, "is_shortened": activity.is_shortened}

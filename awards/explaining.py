"""Why this badge: an award explained from stored data alone (product rule 11), in words that a student can read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.dates import day_range
from activities.models import AwardingRules, BadgeOffer, BadgeVersion
from awards.models import Award, AwardEvent


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the award's state; `by_hand` is the organiser's reason where the badge was given by hand."""

    kind: str
    event: AwardEvent

    @property
    def words(self) -> str:
        return {
            AwardEvent.Kind.AWARDED: _("Badge given"),
            AwardEvent.Kind.REVOKED: _("Badge taken back"),
            AwardEvent.Kind.REINSTATED: _("Badge given back"),
            AwardEvent.Kind.UNDONE: _("Attendance record undone, and the badge with it"),
        }[AwardEvent.Kind(self.kind)]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the page says, ready to be shown."""

    award: Award
    badge: BadgeVersion
    """Wording and artwork under which the badge was given."""
    when: str
    days: str
    rules: str
    rationale: str
    record: str
    changes: tuple[Change, ...]

    @property
    def stands(self) -> bool:
        return self.award.status == Award.Status.ACTIVE

    @property
    def wording_changed(self) -> bool:
        """Whether the badge reads otherwise today."""
        return self.badge.version != self.award.badge_type.version


def with_what_explains(awards: QuerySet[Award]) -> QuerySet[Award]:
    """The awards with everything that `explain_award` reads, in a fixed number of queries."""
    return awards.select_related(
        "participant__user",
        "activity__unit",
        "badge_type",
        "badge_version__badge_type",
        "rules",
        "row__upload__uploaded_by",
        "awarded_by",
    ).prefetch_related(
        "rules__tiers",
        Prefetch("activity__offers", BadgeOffer.objects.all(), to_attr="all_offers"),
        Prefetch("events", AwardEvent.objects.select_related("by"), to_attr="history"),
    )


def explain_award(award: Award) -> Explanation:
    """The explanation of an award that was read through `with_what_explains`."""
    activity = award.activity
    return Explanation(
        award=award,
        badge=award.badge_version,
        when=day_range(activity.first_on, activity.last_on),
        days=_days(award.days, award.max_badges),
        rules=_rules(award.rules),
        rationale=_rationale(award),
        record=_record(award),
        changes=tuple(Change(event.kind, event) for event in award.history),  # type: ignore[attr-defined]
    )


def _days(days: int, max_badges: int) -> str:
    length = ngettext("The activity counted %(days)s day", "The activity counted %(days)s days", days) % {"days": days}
    allowed = ngettext(
        "so each participant could earn %(count)s badge.",
        "so each participant could earn up to %(count)s different badges.",
        max_badges,
    ) % {"count": max_badges}
    return _("%(length)s, %(allowed)s") % {"length": length, "allowed": allowed}


def _rules(rules: AwardingRules) -> str:
    """The tiers of the rules in force on the first day, as one sentence."""
    tiers = [
        _("from %(days)s days on: up to %(count)s") % {"days": tier.min_days, "count": tier.max_badges}
        if tier.min_days > 1
        else _("1 day: %(count)s") % {"count": tier.max_badges}
        for tier in rules.tiers.all()
    ]
    return _("Badges for one participant at one activity – %(tiers)s.") % {"tiers": "; ".join(tiers)}


def _rationale(award: Award) -> str:
    """What the organiser said about this badge, or else about the activity's choice of badges."""
    offers = award.activity.all_offers  # type: ignore[attr-defined]
    said = next((offer.rationale for offer in offers if offer.badge_type_id == award.badge_type_id), "")
    return said or award.activity.rationale


def _giver(award: Award) -> str:
    """Who gave it; nobody did where a parked row woke by itself."""
    return award.awarded_by.name if award.awarded_by else ""


def _record(award: Award) -> str:
    """The line of the attendance record; a badge given by hand says so."""
    row = award.row
    if row is None:
        return _("Given by hand by %(name)s.") % {"name": _giver(award)}
    line = {"line": row.line, "file": row.upload.file_name, "name": row.upload.uploaded_by.name}
    if award.note:
        return _("Given by hand by %(by)s to a participant on row %(line)s of the attendance record “%(file)s”.") % {
            **line,
            "by": _giver(award),
        }
    return _("Row %(line)s of the attendance record “%(file)s”, uploaded by %(name)s.") % line

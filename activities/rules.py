"""The rules of awarding (product 4), for a registrar to read. Plain values in and out: no database, no clock."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

ONE_DAY = dt.timedelta(days=1)


# --- Sessions → days ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Span:
    """One session: from `starts_at` until just before `ends_at`. Both know their time zone."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    is_whole_days: bool = False


def whole_days(first: dt.date, last: dt.date, zone: dt.tzinfo) -> Span:
    """The session that fills the days from `first` to `last`, both included: midnight to midnight."""
    return Span(midnight(first, zone), midnight(last + ONE_DAY, zone), is_whole_days=True)


def midnight(on: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The moment at which this date begins in the time zone."""
    return dt.datetime.combine(on, dt.time.min, tzinfo=zone)


def days_of_session(span: Span, zone: dt.tzinfo) -> list[dt.date]:
    """The calendar days of one session (rule 3).

    Up to 24 hours on the clock counts as the day on which it starts; longer counts every date that it touches.
    """
    starts = span.starts_at.astimezone(zone).replace(tzinfo=None)
    ends = span.ends_at.astimezone(zone).replace(tzinfo=None)
    if ends - starts <= ONE_DAY:
        return [starts.date()]
    last_moment = ends - dt.timedelta.resolution
    return [starts.date() + n * ONE_DAY for n in range((last_moment.date() - starts.date()).days + 1)]


def days_of(spans: Iterable[Span], zone: dt.tzinfo) -> list[dt.date]:
    """The calendar days on which an activity is in session, each once, in order (rule 3)."""
    return sorted({day for span in spans for day in days_of_session(span, zone)})


# --- Days → badges ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tier:
    """From this many days on, one participant can get up to this many badges."""

    min_days: int
    max_badges: int


class Dated(Protocol):
    """Anything with a date from which it is in force."""

    @property
    def effective_on(self) -> dt.date: ...


Rules = TypeVar("Rules", bound=Dated)


def most_badges(days: int, tiers: Iterable[Tier]) -> int:
    """The most badges that one participant can get at an activity of so many days (rule 1)."""
    reached = [tier for tier in tiers if tier.min_days <= days]
    return max(reached, key=lambda tier: tier.min_days).max_badges if reached else 1


def in_force(on: dt.date, all_rules: Iterable[Rules]) -> Rules | None:
    """The rules that judge an activity whose first day this is (rule 9); None before the first rules of all."""
    begun = [rules for rules in all_rules if rules.effective_on <= on]
    return max(begun, key=lambda rules: rules.effective_on, default=None)


def due_on(last_day: dt.date, months: int = 1) -> dt.date:
    """The day on which the attendance is due: the same day so many months later, or that month's last (rule 8)."""
    years, month = divmod(last_day.month - 1 + months, 12)
    year, month = last_day.year + years, month + 1
    return dt.date(year, month, min(last_day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class Timetable:
    """What follows from the sessions of an activity. The days are counted, the moments are not."""

    days: int
    first_on: dt.date
    last_on: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime


def timetable(spans: Sequence[Span], zone: dt.tzinfo) -> Timetable:
    """Sums up at least one session."""
    days = days_of(spans, zone)
    return Timetable(
        days=len(days),
        first_on=days[0],
        last_on=days[-1],
        starts_at=min(span.starts_at for span in spans),
        ends_at=max(span.ends_at for span in spans),
    )


def shift(spans: Iterable[Span], first_on: dt.date, zone: dt.tzinfo) -> list[Span]:
    """The same sessions, at the same hours on the clock, moved so that the earliest begins on `first_on`."""
    local = [(s, s.starts_at.astimezone(zone), s.ends_at.astimezone(zone)) for s in spans]
    by = first_on - min(starts for _, starts, _ in local).date()
    return [Span(starts + by, ends + by, span.is_whole_days) for span, starts, ends in local]


# --- The offer ----------------------------------------------------------------------------------------------------


class OfferFault(StrEnum):
    """What can be wrong with a choice of badges."""

    NONE = "no_badges"
    REPEATED = "badge_repeated"
    INACTIVE = "badge_inactive"
    TOO_MANY = "too_many_badges"


@dataclass(frozen=True)
class WrongOffer:
    """A fault, and the codes of the badges it is about."""

    fault: OfferFault
    codes: tuple[str, ...] = ()


def check_offer(codes: Sequence[str], maximum: int, active: Iterable[str]) -> WrongOffer | None:
    """None when the offer is right, else what is wrong: rules 1 (how many) and 2 (all different)."""
    if not codes:
        return WrongOffer(OfferFault.NONE)
    repeated = tuple(code for code, times in Counter(codes).items() if times > 1)
    if repeated:
        return WrongOffer(OfferFault.REPEATED, repeated)
    may_be_offered = set(active)
    inactive = tuple(code for code in codes if code not in may_be_offered)
    if inactive:
        return WrongOffer(OfferFault.INACTIVE, inactive)
    if len(codes) > maximum:
        return WrongOffer(OfferFault.TOO_MANY, tuple(codes))
    return None


# --- States -------------------------------------------------------------------------------------------------------

NEXT_STATES: dict[str, frozenset[str]] = {
    "draft": frozenset({"published", "archived"}),
    "published": frozenset({"cancelled", "archived"}),
    "cancelled": frozenset(),
    "archived": frozenset(),
}
"""What an activity can become (4a). A draft that came to nothing is put away; it was never public."""

OPEN_STATES = frozenset({"draft", "published"})
"""States in which an activity can be edited."""


def can_become(state: str, next_state: str) -> bool:
    return next_state in NEXT_STATES[state]


class UploadRefusal(StrEnum):
    """Why an activity takes no attendance sheet."""

    NOT_PUBLISHED = "not_published"
    CANCELLED = "cancelled"
    TOO_EARLY = "too_early"


@dataclass(frozen=True)
class UploadGate:
    """Whether an attendance sheet can be uploaded; where it is too early, from when."""

    refusal: UploadRefusal | None = None
    opens_at: dt.datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.refusal is None


def upload_gate(status: str, ends_at: dt.datetime, now: dt.datetime) -> UploadGate:
    """An upload needs an activity that is published and has ended (4a). At the very end, it has ended."""
    if status == "cancelled":
        return UploadGate(UploadRefusal.CANCELLED)
    if status != "published":
        return UploadGate(UploadRefusal.NOT_PUBLISHED)
    if now < ends_at:
        return UploadGate(UploadRefusal.TOO_EARLY, opens_at=ends_at)
    return UploadGate()


# --- Academic year and code ---------------------------------------------------------------------------------------


def academic_year(on: dt.date, start_month: int) -> int:
    """The calendar year in which the academic year of this date began: 2025 for 2025/26."""
    return on.year if on.month >= start_month else on.year - 1


def academic_year_label(year: int) -> str:
    """2025 → 2025/26."""
    return f"{year}/{(year + 1) % 100:02}"


def code_prefix(year: int) -> str:
    """2025 → DB2526-, with which the codes of activities that start in 2025/26 begin."""
    return f"DB{year % 100:02}{(year + 1) % 100:02}-"


def activity_code(year: int, number: int) -> str:
    """2025, 1 → DB2526-0001."""
    return f"{code_prefix(year)}{number:04}"

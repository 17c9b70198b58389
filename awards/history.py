"""Activity History: what one participant attended, with the badges earned or the reason why not.

The page is made from plain tuples; the number of queries depends neither on the entries shown nor on those on record.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import connection

from accounts.models import Participant, in_language
from activities.dates import day_range
from activities.models import Activity
from activities.rules import academic_year, academic_year_label
from awards.models import Award
from awards.profile import REVOKED_WORDS, Profile, kind_words, profile

PAGE_SIZE = 25
LONGEST_SEARCH = 100
WITHHELD = "withheld"
ACTIVE, REVOKED = Award.Status.ACTIVE.value, Award.Status.REVOKED.value
WITH_PAGE = frozenset({Activity.Status.PUBLISHED.value, Activity.Status.CANCELLED.value})
"""States of activities whose page a student may open."""
STRENGTH = {ACTIVE: 0, WITHHELD: 1, REVOKED: 2}
"""Which mark speaks for a badge type of which an activity has several: given again counts more than once revoked."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; empty values ask for everything."""

    year: int | None = None
    badge: str = ""
    search: str = ""

    @property
    def are_set(self) -> bool:
        return bool(self.year or self.badge or self.search)


class Mark(NamedTuple):
    """What became of one badge type at one activity: an award (active or revoked) or a withholding."""

    activity_id: int
    position: int
    badge_type_id: int
    code: str
    state: str
    pk: int
    reason: str
    words: str

    @property
    def is_active(self) -> bool:
        return self.state == ACTIVE

    @property
    def is_withheld(self) -> bool:
        return self.state == WITHHELD

    @property
    def kind_words(self) -> str:
        return str(REVOKED_WORDS) if self.state == REVOKED else kind_words(self.reason, self.words)


class Entry(NamedTuple):
    """One attended activity as it is shown."""

    activity_id: int
    title_en: str
    title_zh: str
    unit_en: str
    unit_zh: str
    first_on: dt.date
    last_on: dt.date
    status: str
    marks: list[Mark]

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_zh)

    @property
    def unit(self) -> str:
        return in_language(self.unit_en, self.unit_zh)

    @property
    def has_page(self) -> bool:
        """Whether the student may open the page of the activity."""
        return self.status in WITH_PAGE

    @property
    def when(self) -> str:
        return day_range(self.first_on, self.last_on)

    @property
    def year(self) -> int:
        return academic_year(self.first_on, settings.ACADEMIC_YEAR_START_MONTH)


@dataclass(frozen=True, slots=True)
class YearOfEntries:
    """The entries of one academic year on one page."""

    year: int
    entries: list[Entry] = field(default_factory=list)

    @property
    def label(self) -> str:
        return academic_year_label(self.year)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a participant's whole record adds up to."""

    profile: Profile
    years: tuple[int, ...]
    """Academic years with entries, the latest first."""

    @property
    def is_empty(self) -> bool:
        return not self.years


class Badge(NamedTuple):
    """A badge type with what a wall and a chip need, and how many coming activities offer it."""

    pk: int
    code: str
    name_en: str
    name_zh: str
    artwork: str
    is_graduate_attribute: bool
    coming: int

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh)


def badges_of_scheme() -> dict[int, Badge]:
    """All badge types by id, in the order of the scheme, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(BADGES)
        return {row[0]: Badge._make(row) for row in cursor.fetchall()}


def tally_of(participant: Participant, badges: Mapping[int, Badge]) -> Tally:
    """Counts per badge and the years on record, in one query."""
    counts: Counter[int] = Counter()
    years = set()
    for year, badge_type_id, state, number in _tally_rows(participant):
        years.add(year)
        if state == ACTIVE:
            counts[badge_type_id] += number
    rows = [(pk, b.code, b.name, b.artwork, b.is_graduate_attribute) for pk, b in badges.items()]
    return Tally(profile(rows, counts), tuple(sorted(years, reverse=True)))


def page_of(participant: Participant, filters: Filters, number: str | int | None) -> Page:
    """One page of entries, newest first: two queries. A page that is not there gives the nearest one."""
    page: Page[Any] = Paginator(_activities_of(participant, filters), PAGE_SIZE).get_page(number)
    page.object_list = entries_of(participant, list(page.object_list))
    return page


def by_year(entries: Iterable[Entry]) -> list[YearOfEntries]:
    """The entries in the order given, under the academic year in which each activity starts."""
    years: list[YearOfEntries] = []
    for entry in entries:
        year = entry.year
        if not years or years[-1].year != year:
            years.append(YearOfEntries(year))
        years[-1].entries.append(entry)
    return years


def entries_of(participant: Participant, activity_ids: list[int]) -> list[Entry]:
    """The entries of these activities in the order given, each badge type marked once, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, {"participant": participant.pk, "activities": activity_ids})
        rows = cursor.fetchall()
    shown = {row[0]: row[:ACTIVITY_COLUMNS] for row in rows}
    strongest: dict[tuple[int, int], Mark] = {}
    for mark in (Mark(row[0], *row[ACTIVITY_COLUMNS:]) for row in rows):
        key = (mark.activity_id, mark.badge_type_id)
        if key not in strongest or _rank(mark) < _rank(strongest[key]):
            strongest[key] = mark
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in sorted(strongest.values()):
        marks[mark.activity_id].append(mark)
    return [Entry._make((*shown[pk], marks[pk])) for pk in activity_ids]


ENTRIES = """
    SELECT a.id, a.title_en, a.title_zh, u.name_en, u.name_zh, a.first_on, a.last_on, a.status,
           b.position, b.id, b.code, m.state, m.id, m.reason, m.reason_text
    FROM (
        SELECT activity_id, badge_type_id, status AS state, id, '' AS reason, '' AS reason_text FROM awards_award
        WHERE participant_id = %(participant)s AND activity_id = ANY(%(activities)s) AND status IN ('active', 'revoked')
        UNION ALL
        SELECT activity_id, badge_type_id, 'withheld', id, reason, reason_text FROM awards_withholding
        WHERE participant_id = %(participant)s AND activity_id = ANY(%(activities)s) AND status = 'active'
    ) m JOIN activities_badgetype b ON b.id = m.badge_type_id
        JOIN activities_activity a ON a.id = m.activity_id JOIN accounts_unit u ON u.id = a.unit_id
"""
ACTIVITY_COLUMNS = 8
"""How many of them tell about the activity; the others are those of a mark."""
TALLY = """
    SELECT (extract(year FROM a.first_on) - (extract(month FROM a.first_on) < %(start_month)s)::int)::int,
           m.badge_type_id, m.state, count(*)
    FROM (
        SELECT activity_id, badge_type_id, status AS state FROM awards_award
        WHERE participant_id = %(participant)s AND status IN ('active', 'revoked')
        UNION ALL
        SELECT activity_id, badge_type_id, 'withheld' FROM awards_withholding
        WHERE participant_id = %(participant)s AND status = 'active'
    ) m JOIN activities_activity a ON a.id = m.activity_id
    GROUP BY 1, 2, 3
"""
ATTENDED = """
    SELECT a.id FROM activities_activity a JOIN accounts_unit u ON u.id = a.unit_id
    WHERE a.id IN (
        SELECT m.activity_id
        FROM (
            SELECT activity_id, badge_type_id FROM awards_award
            WHERE participant_id = %(participant)s AND status IN ('active', 'revoked')
            UNION ALL
            SELECT activity_id, badge_type_id FROM awards_withholding
            WHERE participant_id = %(participant)s AND status = 'active'
        ) m JOIN activities_badgetype b ON b.id = m.badge_type_id
        WHERE %(badge)s IN ('', b.code)
    )
    AND a.first_on >= %(first)s AND a.first_on < %(end)s
    AND concat_ws(chr(10), a.title_en, a.title_zh, a.code, u.name_en, u.name_zh) ILIKE ALL (%(words)s)
    ORDER BY a.first_on DESC, a.starts_at DESC, a.id DESC
"""
BADGES = """
    SELECT b.id, b.code, b.name_en, b.name_zh, b.artwork, b.is_graduate_attribute, coalesce(offered.coming, 0)
    FROM activities_badgetype b LEFT JOIN (
        SELECT o.badge_type_id, count(*) AS coming
        FROM activities_activity a JOIN activities_badgeoffer o ON o.activity_id = a.id
        WHERE a.status = 'published' AND a.ends_at > now() AND o.closed_at IS NULL GROUP BY o.badge_type_id
    ) offered ON offered.badge_type_id = b.id
    ORDER BY b.position, b.id
"""
"""SQL, because these are part of every view of the page and building them anew costs more than running them.

Active and revoked awards are shown, and active withholdings; what went with an undone sheet never was."""


def _activities_of(participant: Participant, filters: Filters) -> list[int]:
    """The ids of all that was attended and asked for, the latest first."""
    month = settings.ACADEMIC_YEAR_START_MONTH
    asked: dict[str, Any] = {
        "participant": participant.pk,
        "badge": filters.badge,
        "first": dt.date(filters.year, month, 1) if filters.year else dt.date.min,
        "end": dt.date(filters.year + 1, month, 1) if filters.year else dt.date.max,
        "words": [f"%{connection.ops.prep_for_like_query(word)}%" for word in filters.search.split()],
    }
    with connection.cursor() as cursor:
        cursor.execute(ATTENDED, asked)
        return [pk for (pk,) in cursor.fetchall()]


def _rank(mark: Mark) -> tuple[int, int]:
    return STRENGTH[mark.state], -mark.pk


def _tally_rows(participant: Participant) -> list[tuple[int, int, str, int]]:
    """(academic year, badge type, state, how many), for awards and withholdings together."""
    with connection.cursor() as cursor:
        cursor.execute(TALLY, {"participant": participant.pk, "start_month": settings.ACADEMIC_YEAR_START_MONTH})
        return cursor.fetchall()

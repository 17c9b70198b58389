"""What the catalogue shows of an activity, made from plain tuples: three queries a page, however many it shows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db import connection

from accounts.models import in_language
from activities.models import Activity
from activities.querysets import ActivityQuerySet

PER_PAGE = 25
MODES = dict(Activity.Mode.choices)
OFFERS = """
    SELECT activity_id, badge_type_id FROM activities_badgeoffer
    WHERE activity_id = ANY(%s) AND closed_at IS NULL ORDER BY position
"""
"""SQL, because it is part of every view of the page and building it anew costs more than running it."""
CARD_FIELDS = (
    "pk",
    "title_en",
    "title_zh",
    "unit__name_en",
    "unit__name_zh",
    "first_on",
    "last_on",
    "venue",
    "mode",
    "objectives",
)


class Card(NamedTuple):
    """One coming activity as the catalogue shows it."""

    activity_id: int
    title_en: str
    title_zh: str
    unit_en: str
    unit_zh: str
    first_on: dt.date
    last_on: dt.date
    venue: str
    mode: str
    objectives: str
    badge_type_ids: list[int]

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_zh)

    @property
    def unit(self) -> str:
        return in_language(self.unit_en, self.unit_zh)

    @property
    def place(self) -> str:
        """The venue or, where none is known, whether one comes in person."""
        return self.venue or str(MODES.get(self.mode, ""))


def page_of(activities: ActivityQuerySet, number: str | int | None) -> Page:
    """One page of cards in the order of the activities. A page that is not there gives the nearest one."""
    page = Paginator(activities.values_list(*CARD_FIELDS), PER_PAGE).get_page(number)
    offered = badges_offered([row[0] for row in page.object_list])
    page.object_list = [Card._make((*row, offered[row[0]])) for row in page.object_list]
    return page


def badges_offered(activity_ids: Collection[int]) -> dict[int, list[int]]:
    """Activity → the badge types that can be earned there, in the order of the offers."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, [list(activity_ids)])
        for activity_id, badge_type_id in cursor:
            found[activity_id].append(badge_type_id)
    return found

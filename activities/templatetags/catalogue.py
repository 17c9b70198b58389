"""The cards of the catalogue, drawn as joined strings because a page has many: `{% load catalogue %}`.

What is the same on every card (addresses, icons, chips, words) is made once for the page; everything from the
database is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import ngettext

from activities.cards import Card
from activities.dates import day_range
from activities.models import BadgeType
from activities.templatetags.badges import address_pattern, badge_chip, icon

register = template.Library()

WORDS, LETTERS = 28, 180
"""How much of the objectives a card shows."""


class CardPainter:
    """Draws the cards of one page in the language of the request."""

    def __init__(self, badges: Iterable[BadgeType]) -> None:
        self.chips = {badge.pk: badge_chip(badge) for badge in badges}
        self.detail = address_pattern("activities:detail")
        self.calendar, self.pin, self.building = icon("calendar"), icon("map-pin"), icon("building-2")
        self.how_many = [
            escape(ngettext("1 badge", "up to %(number)s badges", number) % {"number": number})
            for number in range(len(self.chips) + 1)
        ]

    def card(self, card: Card) -> SafeString:
        """Title, when, where, whose, what for, and the badges with how many one can earn."""
        number = len(card.badge_type_ids)
        chips = " ".join(self.chips[pk] for pk in card.badge_type_ids)
        when = day_range(card.first_on, card.last_on)
        return mark_safe(  # noqa: S308
            '<article class="panel activity-card"><h2>'
            f'<a class="stretched-link" href="{self.detail % card.activity_id}">{escape(card.title)}</a></h2>'
            f'<ul class="card-facts"><li>{self.calendar}<span>{escape(when)}</span></li>'
            f"<li>{self.pin}<span>{escape(card.place)}</span></li>"
            f"<li>{self.building}<span>{escape(card.unit)}</span></li></ul>"
            f'<p class="meta">{escape(gist(card.objectives))}</p>'
            f'<div class="card-badges"><span class="badge-chips">{chips}</span>'
            f' <span class="meta">{self.how_many[number]}</span></div></article>'
        )


@lru_cache(maxsize=512)
def gist(text: str) -> str:
    """The beginning of a text, for a card."""
    return Truncator(Truncator(text).words(WORDS)).chars(LETTERS)


@register.simple_tag
def activity_cards(painter: CardPainter, cards: Iterable[Card]) -> SafeString:
    """The cards, one under the other."""
    return mark_safe("\n  ".join(map(painter.card, cards)))  # noqa: S308

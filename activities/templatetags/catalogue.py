"""The card of an activity in the catalogue, drawn in one go: a page shows 25 of them. `{% load catalogue %}`."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import ngettext

from activities.dates import day_range
from activities.models import Activity
from activities.templatetags.badges import badge_chips, icon

register = template.Library()

WORDS, LETTERS = 28, 180
"""How much of the objectives a card shows."""


@register.simple_tag
def activity_card(activity: Activity) -> SafeString:
    """Title, when, where, whose, what for, and the badges of `activity.open_offers` with how many one can earn."""
    offers = activity.open_offers  # type: ignore[attr-defined]
    return format_html(
        '<article class="panel activity-card"><h2><a class="stretched-link" href="{}">{}</a></h2>'
        '<ul class="card-facts"><li>{}<span>{}</span></li><li>{}<span>{}</span></li><li>{}<span>{}</span></li></ul>'
        '<p class="meta">{}</p><div class="card-badges">{} <span class="meta">{}</span></div></article>',
        reverse("activities:detail", args=[activity.pk]),
        activity.title,
        icon("calendar"),
        day_range(activity.first_on, activity.last_on),
        icon("map-pin"),
        activity.venue or activity.get_mode_display(),
        icon("building-2"),
        activity.unit.name,
        Truncator(Truncator(activity.objectives).words(WORDS)).chars(LETTERS),
        badge_chips(offers),
        ngettext("1 badge", "up to %(number)s badges", len(offers)) % {"number": len(offers)},
    )

"""The badges of one entry of a history, made from chips that are drawn once for the page: `{% load history %}`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from activities.models import BadgeType
from activities.templatetags.badges import badge_chip
from awards.history import Entry, Mark

register = template.Library()

Chips = dict[int, tuple[SafeString, SafeString]]
"""Badge type → its chip when earned, and when not."""


def chips_of(badges: Iterable[BadgeType]) -> Chips:
    return {badge.pk: (badge_chip(badge), badge_chip(badge, earned=False)) for badge in badges}


@register.simple_tag(takes_context=True)
def entry_badges(context: dict[str, Any], entry: Entry) -> SafeString:
    """Chips of the entry's badges; each award leads to why it was given."""
    chips: Chips = context["chips"]
    return mark_safe("".join(_shown(mark, chips[mark.badge_type_id]) for mark in entry.marks))  # noqa: S308


def _shown(mark: Mark, chips: tuple[SafeString, SafeString]) -> SafeString:
    if mark.is_withheld:
        return chips[1]
    return format_html(
        '<a class="chip-link" href="{}">{}<span class="visually-hidden"> {}</span></a>',
        reverse("awards:why", args=[mark.pk]),
        chips[0] if mark.is_active else chips[1],
        _("– why?") if mark.is_active else _("– taken back"),
    )

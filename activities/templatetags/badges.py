"""Badges, days and icons in templates: `{% load badges %}`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from activities.dates import day_range as days_as_text

register = template.Library()

ARTWORK = frozenset({"ipc", "idl", "ps", "ec", "psg", "pf"})
"""Images that are there; a badge that the institution defines later is drawn as `other`."""
SMALLEST_IMAGE = 48
"""Pixels below which a badge image can no longer be told from the others: a text chip stands there instead."""


def address_pattern(name: str) -> str:
    """The address of a page with %d for its key: reversed once, not once for each row."""
    return reverse(name, args=[0]).replace("/0/", "/%d/")


def _code(badge: Any) -> str:
    """The code of a badge type, or of what belongs to one (an offer, an award, a version), or a code itself."""
    if isinstance(badge, str):
        return badge
    return str(getattr(badge, "code", None) or badge.badge_type.code)


def _name(badge: Any) -> str:
    if isinstance(badge, str):
        return ""
    return str(getattr(badge, "name", None) or badge.badge_type.name)


def _artwork(badge: Any) -> str:
    wanted = badge.lower() if isinstance(badge, str) else _artwork_of(badge)
    return wanted if wanted in ARTWORK else "other"


def _artwork_of(badge: Any) -> str:
    return str(getattr(badge, "artwork", None) or badge.badge_type.artwork)


def artwork_url(badge: Any, earned: bool = True) -> str:
    """The address of a badge's image on this server."""
    return _address(f"img/badges/{_artwork(badge)}{'' if earned else '-locked'}.svg")


@register.simple_tag
def badge_image(badge: Any, earned: bool = True, size: int = 96, decorative: bool = False) -> SafeString:
    """The image of a badge, `size` pixels wide; dashed when not yet earned.

    `decorative` leaves out the text for screen readers: for a place where the name stands beside the image.
    """
    if size < SMALLEST_IMAGE:
        return badge_chip(badge, earned=earned)
    text = f"{_code(badge)}: {_name(badge)}" if _name(badge) else _code(badge)
    alt = "" if decorative else text if earned else _("%(badge)s (not yet earned)") % {"badge": text}
    return _image(artwork_url(badge, earned), alt, size)


@lru_cache(maxsize=256)
def _image(address: str, alt: str, size: int) -> SafeString:
    """The same few images stand on every wall."""
    return format_html('<img class="badge-image" src="{}" alt="{}" width="{}" height="{}">', address, alt, size, size)


@register.simple_tag
def badge_chip(badge: Any, earned: bool = True) -> SafeString:
    """The code of a badge on its colour, with the name for screen readers and on hover."""
    name = _name(badge)
    if not earned:
        name = _("%(badge)s (not yet earned)") % {"badge": name or _code(badge)}
    return _chip(_artwork(badge), _code(badge), name, earned)


@lru_cache(maxsize=256)
def _chip(artwork: str, code: str, name: str, earned: bool) -> SafeString:
    """The same few chips stand on every line of every list."""
    return format_html(
        '<span class="badge-chip badge-{}{}"{}>{}{}</span>',
        artwork,
        "" if earned else " badge-locked",
        format_html(' title="{}"', name) if name else "",
        code,
        format_html('<span class="visually-hidden"> {}</span>', name) if name else "",
    )


@register.simple_tag
def badge_chips(badges: Iterable[Any]) -> SafeString:
    """Chips of several badges (badge types, offers or awards), in the order given."""
    chips = format_html_join(" ", "{}", ((badge_chip(badge),) for badge in badges))
    return format_html('<span class="badge-chips">{}</span>', chips) if chips else SafeString("")


@register.simple_tag
def day_range(first: dt.date, last: dt.date | None = None) -> str:
    """`12–14 May 2026`, or `2026年5月12日至14日`."""
    return days_as_text(first, last)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite `static/img/icons.svg`; silent for screen readers unless it has a label."""
    return _icon(name, str(label), _address("img/icons.svg"))


@cache
def _address(path: str) -> str:
    """The address of a file of ours, which does not change while the server runs."""
    return static(path)


@lru_cache(maxsize=512)
def _icon(name: str, label: str, sprite: str) -> SafeString:
    return format_html(
        '<svg class="icon" {} focusable="false"><use href="{}#{}"></use></svg>',
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"'),
        sprite,
        name,
    )

"""The entries of a history and the plot, drawn as joined strings because a page has many: `{% load history %}`.

What is the same in every row (addresses, chips, words) is made once for the page; everything from the database is
escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.templatetags.badges import address_pattern, badge_chip, badge_image
from awards.history import Badge, Entry, Mark
from awards.profile import Radar, Slot

register = template.Library()


class EntryPainter:
    """Draws the entries of one page in the language of the request."""

    def __init__(self, badges: Iterable[Badge]) -> None:
        self.chips = {badge.pk: (badge_chip(badge), badge_chip(badge, earned=False)) for badge in badges}
        self.why = address_pattern("awards:why")
        self.detail = address_pattern("activities:detail")
        self.asks_why = f'<span class="visually-hidden"> {escape(_("– why?"))}</span></a>'
        self.taken_back = f'<span class="visually-hidden"> {escape(_("– taken back"))}</span></a>'

    def entries(self, entries: Iterable[Entry]) -> SafeString:
        return mark_safe("".join(map(self._entry, entries)))  # noqa: S308

    def _entry(self, entry: Entry) -> str:
        title = escape(entry.title)
        linked = (
            f'<a href="{self.detail % entry.activity_id}">{title}</a>' if entry.has_page else f"<span>{title}</span>"
        )
        notes = "".join(
            f'<p class="history-note"><strong>{escape(mark.code)}</strong> {escape(mark.kind_words)}</p>'
            for mark in entry.marks
            if not mark.is_active
        )
        return (
            f'<li class="history-entry"><div class="history-what">{linked}<p class="meta">'
            f'<span class="history-day">{escape(entry.when)}</span> · {escape(entry.unit)}</p></div>'
            f'<div class="history-badges">{"".join(map(self._badge, entry.marks))}</div>{notes}</li>\n'
        )

    def _badge(self, mark: Mark) -> str:
        earned, not_earned = self.chips[mark.badge_type_id]
        if mark.is_withheld:
            return not_earned
        chip, words = (earned, self.asks_why) if mark.is_active else (not_earned, self.taken_back)
        return f'<a class="chip-link" href="{self.why % mark.pk}">{chip}{words}'


@register.simple_tag
def history_entries(painter: EntryPainter, entries: Iterable[Entry]) -> SafeString:
    """The entries as items of a list; the badges of awards lead to why they were given."""
    return painter.entries(entries)


@register.simple_tag
def wall_items(slots: Iterable[Slot]) -> SafeString:
    """The badges of a wall: image, name, and how often each was earned."""
    return mark_safe("\n  ".join(map(_wall_item, slots)))  # noqa: S308


def _wall_item(slot: Slot) -> str:
    image = badge_image(slot, earned=slot.count > 0, decorative=True)
    if slot.count:
        words = ngettext("%(total)s badge", "%(total)s badges", slot.count) % {"total": slot.count}
        name_class, pill_class = "badge-wall-name", "pill pill-success"
    else:
        words, name_class, pill_class = _("Not yet earned"), "badge-wall-name badge-locked-name", "pill"
    return (
        f'<li>{image}<span class="{name_class}">{escape(slot.name)}</span>'
        f'<span class="{pill_class}">{escape(words)}</span></li>'
    )


@register.simple_tag
def radar_drawing(radar: Radar) -> SafeString:
    """What stands inside the SVG of the plot: rings and spokes, the shape with its points, the scale, the labels."""
    rings = "".join(f'<polygon points="{ring.points}"/>' for ring in radar.rings)
    spokes = "".join(f'<line x1="0" y1="0" x2="{axis.x}" y2="{axis.y}"/>' for axis in radar.axes)
    dots = "".join(f'<circle class="radar-dot" cx="{a.dot_x}" cy="{a.dot_y}" r="4.5"/>' for a in radar.axes)
    scale = "".join(f'<text x="5" y="{ring.label_y}">{ring.value}</text>' for ring in radar.rings)
    labels = "".join(
        f'<text class="radar-label" x="{axis.label_x}" y="{axis.label_y}" text-anchor="{axis.anchor}">'
        f'{escape(axis.code)} <tspan class="radar-count">{axis.count}</tspan></text>'
        for axis in radar.axes
    )
    return mark_safe(  # noqa: S308
        f'<g class="radar-grid">{rings}{spokes}</g><polygon class="radar-shape" points="{radar.shape}"/>{dots}'
        f'<g class="radar-scale">{scale}</g>{labels}'
    )

"""What is frozen on a NAT, in templates: `{% load papers %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import in_language
from transcripts.codes import grouped
from transcripts.content import Entry, Words

register = template.Library()


@register.filter
def words(text: Words) -> str:
    """The text in the language of the page."""
    return in_language(text.en, text.zh)


@register.filter
def both_names(text: Words) -> str:
    """English and Chinese side by side, as on the paper."""
    return " ".join(filter(None, (text.en, text.zh)))


@register.filter
def duration(entry: Entry) -> str:
    """Days, and the hours in session where they are known."""
    counted = ngettext("%(days)s day", "%(days)s days", entry.days) % {"days": entry.days}
    if entry.minutes is None:
        return counted
    hours = f"{entry.minutes / 60:.2f}".rstrip("0").rstrip(".")
    return _("%(days)s, %(hours)s h") % {"days": counted, "hours": hours}


@register.filter
def code_groups(code: str) -> str:
    """A verification code in groups of four, as printed."""
    return grouped(code)

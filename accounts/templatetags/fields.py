"""Form controls and pages of a list in the look of the portal: `{% load fields %}`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.forms import BoundField, widgets
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def _look(widget: widgets.Widget) -> str:
    """The Bootstrap class of a control; a group of radio buttons or checkboxes is dressed by its own template."""
    if isinstance(widget, (widgets.RadioSelect, widgets.CheckboxSelectMultiple)):
        return ""
    if isinstance(widget, widgets.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, widgets.Select):
        return "form-select"
    return "form-control"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The bare control of a form field, for a page that lays out label and errors itself."""
    own = field.field.widget.attrs.get("class", "")
    classes = " ".join(filter(None, (_look(field.field.widget), own, "is-invalid" if field.errors else "")))
    return field.as_widget(attrs={"class": classes} if classes else None)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the control is a single checkbox, which stands before its label."""
    return isinstance(field.field.widget, widgets.CheckboxInput)


@register.simple_tag
def options(choices: Iterable[tuple[str, str]], chosen: str, empty: str = "") -> SafeString:
    """The options of a select, drawn in one go; `empty` names the one that chooses nothing."""
    every = [("", empty), *choices] if empty else choices
    return mark_safe(  # noqa: S308
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
            for value, text in every
        )
    )


@register.simple_tag(takes_context=True)
def to_page(context: Context) -> str:
    """What the addresses of all pages of this list begin with: everything that was asked for, then the number."""
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    return f"?{asked.urlencode()}&page=" if asked else "?page="

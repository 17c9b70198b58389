"""The filters above the catalogue. Every field and every order is on a list; what is not is left out, not refused."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from activities.forms import DayInput
from activities.models import Activity, BadgeType
from activities.querysets import ActivityQuerySet


class QuickSelect(forms.Select):
    """A select written in one go: the templates of Django, one for each option, cost more than the list below them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(self.format_value(value)[0] if self.format_value(value) else "")
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, SafeString(" selected") if str(key) == chosen else "", text)
                for key, text in ((str(key), text) for key, text in self.choices)
            ),
        )
        given = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>{}</select>", given, options)


class CatalogueFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "maxlength": 100, "autocomplete": "off"}),
    )
    badge = django_filters.ChoiceFilter(
        label=_("Badge"), method="offering", widget=QuickSelect, empty_label=_("Any badge")
    )
    after = django_filters.DateFilter(label=_("From"), field_name="last_on", lookup_expr="gte", widget=DayInput)
    before = django_filters.DateFilter(label=_("Until"), field_name="first_on", lookup_expr="lte", widget=DayInput)
    kind = django_filters.ChoiceFilter(
        label=_("Type"), widget=QuickSelect, choices=Activity.Kind.choices, empty_label=_("Any type")
    )
    category = django_filters.ChoiceFilter(
        label=_("Category"), widget=QuickSelect, choices=Activity.Category.choices, empty_label=_("Any category")
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), widget=QuickSelect, choices=Activity.Language.choices, empty_label=_("Any language")
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"),
        widget=QuickSelect,
        queryset=Unit.objects.filter(is_active=True),
        to_field_name="code",
        empty_label=_("Any unit"),
    )
    sort = django_filters.OrderingFilter(
        label=_("Order"),
        widget=QuickSelect,
        empty_label=None,
        choices=[("date", _("Soonest first")), ("-date", _("Latest first")), ("title", _("By title"))],
        fields={"starts_at": "date", "title_en": "title"},
    )

    class Meta:
        model = Activity
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        badges = self.form.fields["badge"]
        assert isinstance(badges, forms.ChoiceField)
        badges.choices = [(badge.code, str(badge)) for badge in BadgeType.objects.active()]

    def search(self, queryset: ActivityQuerySet, _name: str, value: str) -> ActivityQuerySet:
        return queryset.search(value)

    def offering(self, queryset: ActivityQuerySet, _name: str, value: str) -> ActivityQuerySet:
        return queryset.offering(value)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return any(self.data.get(name) for name in self.filters if name != "sort")

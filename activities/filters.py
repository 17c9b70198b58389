"""The filters of the catalogue. What is not on their lists is left out by the page and refused by the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField
from accounts.models import Unit
from activities.models import Activity, BadgeType
from activities.querysets import ActivityQuerySet

LONGEST_SEARCH = 100
ORDERS = {"date": "starts_at", "-date": "-starts_at", "title": "title_en"}
ORDER_LABELS = [("date", _("Soonest first")), ("-date", _("Latest first")), ("title", _("By title"))]
DAY = forms.DateField(required=False)
SEARCH = LineField(required=False)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader of the catalogue asked for; empty values ask for everything."""

    q: str = ""
    badge: str = ""
    after: dt.date | None = None
    before: dt.date | None = None
    kind: str = ""
    category: str = ""
    language: str = ""
    unit: str = ""
    sort: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return any(getattr(self, field.name) for field in fields(self) if field.name != "sort")

    def applied_to(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """Those of the activities that were asked for, in the order asked for."""
        found = activities.search(self.q)
        if self.badge:
            found = found.offering(self.badge)
        lookups = {
            "last_on__gte": self.after,
            "first_on__lte": self.before,
            "kind": self.kind,
            "category": self.category,
            "language": self.language,
            "unit__code": self.unit,
        }
        found = found.filter(**{lookup: value for lookup, value in lookups.items() if value})
        return found.order_by(ORDERS[self.sort], "pk") if self.sort else found


def read_filters(query: QueryDict, badges: Collection[str], units: Collection[str]) -> Filters:
    """The filters of an address, with the codes of the badges and units that may be chosen."""

    def chosen(name: str, among: Collection[str]) -> str:
        value = query.get(name, "")
        return value if value in among else ""

    return Filters(
        q=SEARCH.to_python(query.get("q", "").replace("\0", ""))[:LONGEST_SEARCH],
        badge=chosen("badge", badges),
        after=_day(query.get("after", "")),
        before=_day(query.get("before", "")),
        kind=chosen("kind", Activity.Kind.values),
        category=chosen("category", Activity.Category.values),
        language=chosen("language", Activity.Language.values),
        unit=chosen("unit", units),
        sort=chosen("sort", ORDERS),
    )


@lru_cache
def fixed_choices(language: str | None) -> dict[str, list[tuple[str, str]]]:
    """The choices that the database does not know, in the language of the page, which is `language`."""
    fixed = {
        "kind_choices": Activity.Kind.choices,
        "category_choices": Activity.Category.choices,
        "language_choices": Activity.Language.choices,
        "order_choices": ORDER_LABELS,
    }
    return {name: [(value, str(label)) for value, label in choices] for name, choices in fixed.items()}


def _day(text: str) -> dt.date | None:
    try:
        return DAY.clean(text)
    except forms.ValidationError:
        return None


class CatalogueFilter(django_filters.FilterSet):
    """The same filters for the API, which describes them in its document and refuses what they do not know."""

    q = django_filters.CharFilter(label=_("Search"), method="search")
    badge = django_filters.ChoiceFilter(label=_("Badge"), method="offering")
    after = django_filters.DateFilter(label=_("From"), field_name="last_on", lookup_expr="gte")
    before = django_filters.DateFilter(label=_("Until"), field_name="first_on", lookup_expr="lte")
    kind = django_filters.ChoiceFilter(label=_("Type"), choices=Activity.Kind.choices)
    category = django_filters.ChoiceFilter(label=_("Category"), choices=Activity.Category.choices)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=Activity.Language.choices)
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=Unit.objects.filter(is_active=True), to_field_name="code"
    )
    sort = django_filters.OrderingFilter(
        label=_("Order"), choices=ORDER_LABELS, fields={"starts_at": "date", "title_en": "title"}
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

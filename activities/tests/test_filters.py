"""The select of the filters is written like Django's own, only quicker."""

from __future__ import annotations

import pytest
from django import forms
from django.test.html import parse_html

from activities.filters import CatalogueFilter, QuickSelect
from activities.models import Activity, BadgeType

CHOICES = [("", "Any"), ("a&b", "A & <b>B</b>"), ("2", "Two")]


@pytest.mark.parametrize("value", ["", None, "a&b", "2", 2, "not a choice"])
def test_the_quick_select_says_what_djangos_says(value: object) -> None:
    attrs = {"id": "id_x", "class": "form-select"}
    quick = QuickSelect(choices=CHOICES).render("x", value, attrs)
    slow = forms.Select(choices=CHOICES).render("x", value, attrs)
    assert parse_html(quick) == parse_html(slow)


@pytest.mark.django_db
def test_a_retired_badge_is_not_offered_as_a_filter() -> None:
    BadgeType.objects.filter(code="PS").update(is_active=False)
    filters = CatalogueFilter({}, queryset=Activity.objects.all())
    codes = [code for code, _ in filters.form.fields["badge"].choices]  # type: ignore[attr-defined]
    assert codes == ["", "IPC", "IDL", "EC", "PSG", "PF"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "narrowed"), [({}, False), ({"sort": "title"}, False), ({"q": ""}, False), ({"badge": "EC"}, True)]
)
def test_an_order_alone_narrows_nothing(data: dict[str, str], narrowed: bool) -> None:
    assert CatalogueFilter(data, queryset=Activity.objects.all()).is_narrowed is narrowed

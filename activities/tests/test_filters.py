"""The filters of the catalogue: what an address may ask for, what it finds, and that the API finds the same."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils.translation import override

from activities.filters import CatalogueFilter, Filters, read_filters
from activities.models import Activity, BadgeType
from badges_portal.testing import Cast, make_activity

BADGES, UNITS = ["EC", "PF"], ["LC", "FDE"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", Filters()),
        ("q=%20chess%20%20club%20", Filters(q="chess club")),
        (f"q={'x' * 200}", Filters(q="x" * 100)),
        ("q=a%00b", Filters(q="ab")),
        ("badge=EC&unit=FDE", Filters(badge="EC", unit="FDE")),
        ("badge=XX&unit=1+OR+1=1", Filters()),
        ("kind=talk&category=art&language=yue", Filters(kind="talk", category="art", language="yue")),
        ("kind=art&category=yue&language=talk", Filters()),
        ("after=2026-12-01&before=31/12/2026", Filters(after=dt.date(2026, 12, 1), before=dt.date(2026, 12, 31))),
        ("after=soon&before=2026-02-30", Filters()),
        ("sort=-date", Filters(sort="-date")),
        ("sort=created_by__cna", Filters()),
        ("badge=XX&badge=PF", Filters(badge="PF")),
        ("colour=red&page=2", Filters()),
    ],
)
def test_an_address_says_what_is_asked_for_and_the_rest_is_left_out(address: str, expected: Filters) -> None:
    with override("en-gb"):
        assert read_filters(QueryDict(address), BADGES, UNITS) == expected


@pytest.mark.parametrize(
    ("filters", "narrowed"),
    [(Filters(), False), (Filters(sort="title"), False), (Filters(q="x"), True), (Filters(badge="EC"), True)],
)
def test_an_order_alone_narrows_nothing(filters: Filters, narrowed: bool) -> None:
    assert filters.is_narrowed is narrowed


@pytest.mark.parametrize(
    "address",
    [
        "",
        "q=deb",
        "badge=PF",
        "kind=course",
        "category=academic",
        "language=yue",
        "unit=FDE",
        "sort=date",
        "sort=-date",
        "sort=title",
        "badge=PF&kind=course&sort=-date",
        "badge=PF&unit=FDE",
    ],
)
def test_the_page_and_the_api_find_the_same(cast: Cast, address: str) -> None:
    make_activity(cast, code="A", title="First aid", badges=["PF"], ended_days_ago=-9, kind="course")
    make_activity(cast, code="B", title="Debate", ended_days_ago=-2, unit=cast.design, language="yue")
    make_activity(cast, code="C", title="Choir", badges=["PF", "EC"], days=2, ended_days_ago=-5, kind="course")
    asked = read_filters(QueryDict(address), BADGES, UNITS).applied_to(Activity.objects.all())
    of_api = CatalogueFilter(QueryDict(address), queryset=Activity.objects.all())
    assert of_api.is_valid()
    assert [activity.code for activity in asked] == [activity.code for activity in of_api.qs]


@pytest.mark.parametrize(
    ("days", "found"),
    [({"after": 5}, ["C", "A"]), ({"before": 5}, ["B", "C"]), ({"after": 5, "before": 5}, ["C"]), ({"after": 10}, [])],
)
def test_days_find_what_is_on_between_them(cast: Cast, days: dict[str, int], found: list[str]) -> None:
    made = {n: make_activity(cast, code=code, ended_days_ago=-n) for n, code in ((9, "A"), (2, "B"), (5, "C"))}
    today = made[5].last_on - dt.timedelta(days=5)
    filters = Filters(**{name: today + dt.timedelta(days=n) for name, n in days.items()})  # type: ignore[arg-type]
    assert [activity.code for activity in filters.applied_to(Activity.objects.all())] == found


@pytest.mark.django_db
def test_a_retired_badge_is_not_a_filter_of_the_api() -> None:
    BadgeType.objects.filter(code="PS").update(is_active=False)
    assert "badge" in CatalogueFilter({"badge": "PS"}, queryset=Activity.objects.all()).errors
    assert CatalogueFilter({"badge": "PF"}, queryset=Activity.objects.all()).errors == {}

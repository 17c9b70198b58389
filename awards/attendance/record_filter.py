"""Which attendance records the filing list and the evidence pack are about: what the administrator asks for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Max, Min, Q
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from accounts.text import clean_line
from activities.models import Activity
from activities.querysets import ActivityQuerySet
from activities.rules import academic_year, academic_year_label
from awards.attendance.querysets import AttendanceUploadQuerySet

SHELVES = {
    "open": Q(status="committed", filing="open"),
    "queried": Q(status="committed", filing="queried"),
    "filed": Q(status="committed", filing="filed"),
    "undone": Q(status="undone"),
    "all": Q(),
}
"""Where a record that was ever committed stands."""
OVERDUE = "overdue"
"""The shelf of activities whose record is missing."""

ORDERS = {
    "newest": ("-committed_at", "-pk"),
    "oldest": ("committed_at", "pk"),
    "code": ("activity__code", "-committed_at", "-pk"),
    "unit": ("activity__unit__name_en", "activity__code", "-committed_at", "-pk"),
}
OVERDUE_ORDERS = {
    "newest": ("-due_on", "code"),
    "oldest": ("due_on", "code"),
    "code": ("code",),
    "unit": ("unit__name_en", "due_on", "code"),
}
MOST_WORDS = 8


def shelf_names() -> dict[str, str]:
    """What the shelves are called, in their order."""
    return {
        "open": gettext("Open"),
        "queried": gettext("Queried"),
        "filed": gettext("Filed"),
        "undone": gettext("Undone"),
        "all": gettext("All records"),
        OVERDUE: gettext("Overdue"),
    }


class RecordFilter(forms.Form):
    """Unit, academic year, on time or late, and words; nonsense asks for nothing."""

    q = forms.CharField(
        label=_("Activity, file or person"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("Unit"), required=False, empty_label=_("All units"))
    year = forms.TypedChoiceField(label=_("Academic year"), required=False, coerce=int, empty_value=None)
    late = forms.ChoiceField(
        label=_("On time"),
        required=False,
        choices=[("", _("Both")), ("no", _("On time")), ("yes", _("Late"))],
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("newest", _("Newest first")),
            ("oldest", _("Oldest first")),
            ("code", _("By activity")),
            ("unit", _("By unit")),
        ],
    )

    def __init__(self, asked: QueryDict, order: str = "newest") -> None:
        """What was asked for in the address; in this order when it asked for none of ours."""
        given = asked.copy()
        if given.get("order") not in ORDERS:
            given["order"] = order
        super().__init__(given)
        self.fields["year"].choices = [("", _("All years")), *_years()]  # type: ignore[attr-defined]
        self.is_valid()
        self.wanted: dict[str, Any] = {name: self.cleaned_data.get(name) or "" for name in self.fields}

    def records(self, records: AttendanceUploadQuerySet) -> AttendanceUploadQuerySet:
        """Those of the records, on whatever shelf, that are asked for."""
        found = records.ever_committed()
        if self.wanted["unit"]:
            found = found.filter(activity__unit=self.wanted["unit"])
        if self.wanted["year"]:
            first, last = days_of(self.wanted["year"])
            found = found.filter(activity__first_on__range=(first, last))
        if self.wanted["late"]:
            found = found.filter(is_late=self.wanted["late"] == "yes")
        for word in self._words():
            found = found.filter(
                Q(activity__code__icontains=word)
                | Q(activity__title_en__icontains=word)
                | Q(activity__title_zh__icontains=word)
                | Q(file_name__icontains=word)
                | Q(sha256__startswith=word.lower())
                | Q(uploaded_by__name_en__icontains=word)
                | Q(uploaded_by__name_zh__icontains=word)
            )
        return found

    def activities(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """Those of the activities that are asked for; of a missing record nobody can say whether it is late."""
        found = activities
        if self.wanted["unit"]:
            found = found.filter(unit=self.wanted["unit"])
        if self.wanted["year"]:
            found = found.filter(first_on__range=days_of(self.wanted["year"]))
        for word in self._words():
            is_organiser = Q(
                pk__in=Activity.organisers.through.objects.filter(
                    Q(user__name_en__icontains=word) | Q(user__name_zh__icontains=word)
                ).values("activity")
            )
            found = found.filter(
                Q(code__icontains=word) | Q(title_en__icontains=word) | Q(title_zh__icontains=word) | is_organiser
            )
        return found

    def said(self) -> list[tuple[str, str]]:
        """What is asked for, as label and value in the language of the page."""
        words = {
            "unit": str(self.wanted["unit"]),
            "year": academic_year_label(self.wanted["year"]) if self.wanted["year"] else "",
            "late": str(dict(self.fields["late"].choices)[self.wanted["late"]]) if self.wanted["late"] else "",  # type: ignore[attr-defined]
            "q": self.wanted["q"],
        }
        return [(str(self.fields[name].label), value) for name, value in words.items() if value]

    def kept(self) -> dict[str, Any]:
        """What is asked for, as it goes on the audit trail."""
        unit = self.wanted["unit"]
        asked = {**self.wanted, "unit": unit.code if unit else ""}
        return {name: value for name, value in asked.items() if value and name != "order"}

    def _words(self) -> list[str]:
        return clean_line(self.wanted["q"]).split()[:MOST_WORDS]


def days_of(year: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of an academic year."""
    month = settings.ACADEMIC_YEAR_START_MONTH
    return dt.date(year, month, 1), dt.date(year + 1, month, 1) - dt.timedelta(days=1)


def _years() -> list[tuple[int, str]]:
    """The academic years in which activities begin, the latest first."""
    ends = Activity.objects.aggregate(first=Min("first_on"), last=Max("first_on"))
    if ends["first"] is None:
        return []
    first, last = (academic_year(ends[end], settings.ACADEMIC_YEAR_START_MONTH) for end in ("first", "last"))
    return [(year, academic_year_label(year)) for year in range(last, first - 1, -1)]

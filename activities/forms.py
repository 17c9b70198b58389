"""What organisers fill in: the activity, its sessions and badges, and the questions before it changes state."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseFormSet, BoundField, formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.roles import Permission
from activities.keeping import DETAILS, BadgeChoice
from activities.models import Activity, BadgeType
from activities.querysets import colleagues
from activities.refusals import ActivityRefused
from activities.rules import Span, whole_days

NEEDED_TO_PUBLISH = ("objectives", "outcomes", "rationale", "badges")
FARTHEST = dt.timedelta(days=5 * 366)
LONGEST = dt.timedelta(days=366)
MOST_SESSIONS = 60


def tidy(text: str) -> str:
    """The text without control, bidi and zero-width characters, but with its lines and tabs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip()


def as_typed(form: forms.BaseForm) -> dict[str, Any]:
    """What was typed into a form that was sent, to show it again unjudged."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


class DayInput(forms.DateInput):
    """A date as browsers pick it; where they do not, it can be typed day first."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def add_refusal(form: forms.BaseForm, refused: ActivityRefused) -> None:
    """Shows a refusal of a service at the field it is about, or above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))


# --- Sessions -------------------------------------------------------------------------------------------------------


class SessionForm(forms.Form):
    """One session: a date with times, or whole days from–to. Gives `span`."""

    first_on = forms.DateField(
        label=_("Date"), widget=DayInput, error_messages={"required": _("Give the date of the session.")}
    )
    begins = forms.TimeField(label=_("Begins"), widget=ClockInput, required=False)
    ends = forms.TimeField(label=_("Ends"), widget=ClockInput, required=False)
    last_on = forms.DateField(label=_("Last date, if another"), widget=DayInput, required=False)
    is_whole_days = forms.BooleanField(label=_("Whole days, without times (a tour, a camp)"), required=False)

    span: Span | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_on"), data.get("last_on") or data.get("first_on")
        if first is None or last is None or self.errors:
            return data
        if not self._is_within_reach(first, last):
            return data
        if data["is_whole_days"]:
            self.span = whole_days(first, last, timezone.get_default_timezone())
        else:
            self.span = self._timed(first, last, data.get("begins"), data.get("ends"))
        return data

    def _timed(self, first: dt.date, last: dt.date, begins: dt.time | None, ends: dt.time | None) -> Span | None:
        if begins is None:
            self.add_error("begins", _("Give the time at which it begins, or tick whole days."))
        if ends is None:
            self.add_error("ends", _("Give the time at which it ends, or tick whole days."))
        if begins is None or ends is None:
            return None
        zone = timezone.get_default_timezone()
        span = Span(dt.datetime.combine(first, begins, zone), dt.datetime.combine(last, ends, zone))
        if span.ends_at <= span.starts_at:
            self.add_error(
                "ends", _("It ends before it begins. If it ends after midnight, give the last date as well.")
            )
            return None
        return span

    def _is_within_reach(self, first: dt.date, last: dt.date) -> bool:
        """Whether the dates are in order, not far from today and not far apart; otherwise it is said at the field."""
        if last < first:
            self.add_error("last_on", _("The last date is before the first. Check both."))
        if abs(first - timezone.localdate()) > FARTHEST:
            self.add_error("first_on", _("This is more than five years from today. Check the year."))
        if last - first > LONGEST:
            self.add_error("last_on", _("This session is longer than a year. Check the dates."))
        return not self.errors


def session_as_typed(span: Span) -> dict[str, Any]:
    """A stored session as the form shows it."""
    zone = timezone.get_default_timezone()
    starts, ends = span.starts_at.astimezone(zone), span.ends_at.astimezone(zone)
    last = (ends - dt.timedelta.resolution).date() if span.is_whole_days else ends.date()
    return {
        "first_on": starts.date(),
        "last_on": last if last != starts.date() else None,
        "begins": None if span.is_whole_days else starts.time(),
        "ends": None if span.is_whole_days else ends.time(),
        "is_whole_days": span.is_whole_days,
    }


class BaseSessionFormSet(BaseFormSet):
    """Every row is optional but the first; rows that are already stored are not told apart from new ones."""

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        if self.is_bound:
            return super().total_form_count()
        return max(self.min_num, len(self.initial or []) + self.extra)

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove this session")

    @property
    def spans(self) -> list[Span]:
        """The sessions that are complete; all of them when the set is valid."""
        kept = [form for form in self.forms if form not in self.deleted_forms]
        return [form.span for form in kept if form.is_valid() and form.span]


_session_form_set: Any = formset_factory(
    SessionForm,
    formset=BaseSessionFormSet,
    extra=0,
    min_num=1,
    validate_min=True,
    max_num=MOST_SESSIONS,
    validate_max=True,
    can_delete=True,
)


def session_rows(data: Mapping[str, Any] | None = None, spans: list[Span] | None = None) -> BaseSessionFormSet:
    """The sessions of a page: as sent, as stored, or one empty row."""
    messages = {
        "too_few_forms": _("Give at least one session: a date, or days from–to."),
        "too_many_forms": _("An activity has at most 60 sessions. Join days in a row to one session of whole days."),
    }
    initial = [session_as_typed(span) for span in spans or []]
    return _session_form_set(data, initial=initial or None, prefix="sessions", error_messages=messages)


def one_more_row(sent: BaseSessionFormSet) -> BaseSessionFormSet:
    """The rows as typed, not judged, and an empty one below them."""
    typed = [as_typed(form) for form in sent.forms][: MOST_SESSIONS - 1]
    return _session_form_set(initial=[*typed, {}], prefix="sessions")


# --- Badges ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PickerRow:
    """One badge of the picker."""

    badge: BadgeType
    is_chosen: bool
    why: BoundField


class BadgePickerForm(forms.ModelForm):
    """The choice of badges with the line that says why. How many may be chosen is judged by the service."""

    badges = forms.MultipleChoiceField(
        label=_("Badges"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one badge: every activity of the scheme serves one of them."),
            "invalid_choice": _("%(value)s is not a badge that can be chosen. Reload the page and choose again."),
        },
    )

    class Meta:
        model = Activity
        fields: tuple[str, ...] = ("rationale",)
        labels = {"rationale": _("Why these badges")}
        help_texts = {"rationale": _("One line for students and the learning advisor.")}
        widgets = {"rationale": forms.Textarea(attrs={"rows": 2, "maxlength": 1000})}

    def __init__(self, *args: Any, is_complete: bool = True, **kwargs: Any) -> None:
        """`is_complete` asks for everything that a published activity needs."""
        super().__init__(*args, **kwargs)
        offers = {}
        if self.instance.pk:
            offers = {offer.badge_type_id: offer for offer in self.instance.offers.filter(closed_at=None)}
        self.badge_types = [t for t in BadgeType.objects.all() if t.is_active or t.pk in offers]
        badges = self.fields["badges"]
        assert isinstance(badges, forms.MultipleChoiceField)
        badges.choices = [(badge.code, str(badge)) for badge in self.badge_types]
        self.initial.setdefault("badges", [badge.code for badge in self.badge_types if badge.pk in offers])
        for badge in self.badge_types:
            field = forms.CharField(label=_("Why this badge"), required=False, max_length=300)
            self.fields[f"why_{badge.code}"] = field
            offer = offers.get(badge.pk)
            self.initial.setdefault(f"why_{badge.code}", offer.rationale if offer else "")
        for name in NEEDED_TO_PUBLISH:
            if name in self.fields:
                self.fields[name].required = is_complete

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {name: tidy(value) if isinstance(value, str) else value for name, value in data.items()}

    @property
    def picker_rows(self) -> Iterator[PickerRow]:
        chosen = self["badges"].value() or []
        for badge in self.badge_types:
            yield PickerRow(badge, badge.code in chosen, self[f"why_{badge.code}"])

    @property
    def chosen(self) -> list[BadgeChoice]:
        """The badges chosen, as often as they were sent."""
        data = self.cleaned_data
        return [BadgeChoice(code, data.get(f"why_{code}", "")) for code in data.get("badges", [])]


# --- The activity ---------------------------------------------------------------------------------------------------


class ActivityForm(BadgePickerForm):
    """Everything about an activity but its sessions."""

    class Meta(BadgePickerForm.Meta):
        fields = (*DETAILS, "code")
        labels = {
            **BadgePickerForm.Meta.labels,
            "title_en": _("Title in English"),
            "title_zh": _("Title in Chinese"),
            "kind": _("Type"),
            "objectives": _("Objectives"),
            "outcomes": _("Intended learning outcomes"),
            "venue": _("Place"),
            "is_overseas": _("Outside Hong Kong"),
            "capacity": _("Places, if limited"),
            "programme": _("Programme or series"),
            "partners": _("Partner organisations"),
            "contact": _("Contact for questions"),
            "code": _("Activity code"),
            "attendance_threshold": _("Attendance needed for the badges, in per cent"),
        }
        help_texts = {
            **BadgePickerForm.Meta.help_texts,
            "objectives": _("What is the activity for?"),
            "outcomes": _("What can participants do afterwards?"),
            "contact": _("Shown to everybody: an office, an e-mail address or a telephone number."),
            "code": _("Leave empty to be given one, such as DB2526-0001. It never changes afterwards."),
            "attendance_threshold": _(
                "Proposes who gets no badge where a sheet has sessions, percentages or minutes. 0: any attendance is "
                "enough. Empty: as the scheme rules say."
            ),
        }
        widgets = {
            **BadgePickerForm.Meta.widgets,
            "objectives": forms.Textarea(attrs={"rows": 3}),
            "outcomes": forms.Textarea(attrs={"rows": 3}),
            "prerequisites": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False
        if not user.may(Permission.MANAGE_ALL_ACTIVITIES):
            del self.fields["attendance_threshold"]
        if self.instance.pk:
            del self.fields["code"]
        else:
            self.initial.setdefault("unit", user.unit_id)
        units = self.fields["unit"]
        assert isinstance(units, forms.ModelChoiceField)
        units.queryset = Unit.objects.filter(is_active=True) | Unit.objects.filter(pk=self.instance.unit_id)
        units.error_messages["required"] = _("Say which unit organises the activity.")
        self.fields["title_en"].error_messages["required"] = _("Give the activity a title in English.")
        self.fields["objectives"].error_messages["required"] = _("Say what the activity is for.")
        self.fields["outcomes"].error_messages["required"] = _("Say what participants can do afterwards.")
        self.fields["rationale"].error_messages["required"] = _("Say in a line why these badges fit.")

    @property
    def details(self) -> dict[str, Any]:
        """What was filled in; the attendance threshold is the scheme administrator's to set."""
        return {name: self.cleaned_data[name] for name in DETAILS if name in self.cleaned_data}


# --- Questions before something happens -----------------------------------------------------------------------------


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it cancelled?"),
        help_text=_("Everyone who looks the activity up reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("Say why the activity is cancelled: everyone who looks it up reads it.")},
    )

    def clean_reason(self) -> str:
        return tidy(self.cleaned_data["reason"])


class CloneForm(forms.Form):
    first_on = forms.DateField(
        label=_("First day of the new activity"),
        help_text=_("All sessions move with it and keep their hours."),
        widget=DayInput,
        error_messages={"required": _("Give the first day.")},
    )

    def clean_first_on(self) -> dt.date:
        first: dt.date = self.cleaned_data["first_on"]
        if abs(first - timezone.localdate()) > FARTHEST:
            raise forms.ValidationError(_("This is more than five years from today. Check the year."))
        return first


class OrganisersForm(forms.Form):
    """Who organises: those who stay, and a colleague who joins."""

    keep = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Organisers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    add = forms.ModelChoiceField(
        User.objects.none(), label=_("Add a colleague"), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = activity.organisers.all()
        keep, add = self.fields["keep"], self.fields["add"]
        assert isinstance(keep, forms.ModelMultipleChoiceField)
        assert isinstance(add, forms.ModelChoiceField)
        keep.queryset = present
        keep.initial = list(present)
        keep.help_text = _("Take the tick away from who no longer organises. To hand over, add a colleague first.")
        add.queryset = colleagues().exclude(pk__in=present.values("pk")).select_related("unit")

    @property
    def organisers(self) -> list[User]:
        added = self.cleaned_data.get("add")
        return [*self.cleaned_data["keep"], *([added] if added else [])]

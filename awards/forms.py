"""Forms of this wing: the reason behind a correction by hand, and the filters of a history."""

from __future__ import annotations

from collections.abc import Collection

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField, TextField
from accounts.models import Participant
from activities.models import Activity, BadgeType
from awards.history import LONGEST_SEARCH, Filters
from awards.models import WithholdingReason
from awards.profile import KIND_WORDS

LONGEST_REASON = 500


def read_filters(query: QueryDict, years: Collection[int], codes: Collection[str]) -> Filters:
    """The filters of an address; what is not on record or not a badge is as if it were not there."""
    year = query.get("year", "")
    badge = query.get("badge", "")
    search = LineField(required=False).to_python(query.get("q", "").replace("\0", ""))[:LONGEST_SEARCH]
    return Filters(
        year=next((known for known in years if str(known) == year), None),
        badge=badge if badge in codes else "",
        search=search,
    )


class ReasonForm(forms.Form):
    """Why something on the record is changed. It is kept in the audit trail."""

    reason = TextField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the record. The student is told that it changed, not why: they may ask you."),
    )


class DeclineForm(forms.Form):
    """Why something that was asked for is not done."""

    reason = TextField(
        label=_("Why not?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked reads it."),
    )


class LiftForm(ReasonForm):
    """Ends a withholding, and gives the badge if wanted."""

    award_instead = forms.BooleanField(
        label=_("Give the badge now"),
        required=False,
        initial=True,
        help_text=_("Otherwise the student has neither the badge nor a reason why not."),
    )


class ParticipantChoiceField(forms.ModelChoiceField):
    """A participant on the record, by name and student number."""

    def label_from_instance(self, obj: Participant) -> str:  # type: ignore[override]
        return f"{obj.full_name} · {obj.student_number}"


class BadgeChoiceField(forms.ModelChoiceField):
    """A badge by name and code."""

    def label_from_instance(self, obj: BadgeType) -> str:  # type: ignore[override]
        return f"{obj.name} ({obj.code})"


class OfParticipantForm(forms.Form):
    """Whose badge, and which."""

    participant = ParticipantChoiceField(None, label=_("Student"), empty_label=_("Choose a student"))
    badge_type = BadgeChoiceField(None, label=_("Badge"), widget=forms.RadioSelect, empty_label=None)

    def __init__(self, *args: object, activity: Activity, on_record: QuerySet[Participant], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["participant"].queryset = on_record  # type: ignore[attr-defined]
        offered = BadgeType.objects.filter(offers__activity=activity, offers__closed_at=None).order_by("position")
        self.fields["badge_type"].queryset = offered  # type: ignore[attr-defined]


class GiveForm(OfParticipantForm):
    """A badge by hand, with why."""

    reason = TextField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the record."),
    )


class WithheldReasonForm(forms.Form):
    """Why a badge is not awarded, as the student reads it."""

    reason = forms.ChoiceField(
        label=_("Reason, as the student reads it"),
        choices=[(reason.value, KIND_WORDS[reason.value]) for reason in WithholdingReason],
        widget=forms.RadioSelect,
    )
    reason_text = LineField(
        label=_("In your words"),
        required=False,
        max_length=200,
        help_text=_("The student sees these words behind the reason, as you write them. Needed for the last one."),
    )

    def clean(self) -> None:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == WithholdingReason.OTHER and not cleaned.get("reason_text"):
            self.add_error("reason_text", _("Say in a few words why; the student reads them."))


class WithholdForm(WithheldReasonForm, OfParticipantForm):
    """A badge not awarded to somebody who took part, with the reason that the student reads."""

    field_order = ("participant", "badge_type", "reason", "reason_text")

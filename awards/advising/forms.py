"""Forms of the learning advisor and of the organiser who answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from activities.models import BadgeType
from awards.advising.models import Advice


class MonitorFilter(forms.Form):
    """What the monitor lists; every value comes from an allow-list."""

    STATES = [
        ("new", _("New to you")),
        ("waiting", _("Waiting for an answer")),
        ("answered", _("Answered")),
        ("", _("All")),
    ]

    state = forms.ChoiceField(label=_("Show"), choices=STATES, required=False)
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.all(), required=False, empty_label=_("All units")
    )
    badge = forms.ModelChoiceField(
        label=_("Badge"),
        queryset=BadgeType.objects.all(),
        required=False,
        to_field_name="code",
        empty_label=_("All badges"),
    )
    q = forms.CharField(label=_("Search"), required=False, max_length=100)


class AdviceForm(forms.Form):
    """A word of advice."""

    text = forms.CharField(
        label=_("Your advice"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("All organisers of this activity see it. It blocks nothing: the organiser decides."),
    )
    suggested = forms.ModelMultipleChoiceField(
        label=_("Badges that might fit better"),
        queryset=BadgeType.objects.active(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class AnswerForm(forms.Form):
    """The organiser's answer to advice."""

    outcome = forms.ChoiceField(label=_("What did you do?"), choices=Advice.Outcome, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Your answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where you keep the badges, say why they fit the outcomes of the activity."),
    )

"""The filter of the audit trail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Permission
from accounts.trail.words import ACTIONS


def _day_field(label: Any) -> forms.DateField:
    """A date picker; browsers send and want ISO dates whatever the language."""
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class TrailFilter(forms.Form):
    """Which entries to show. Only who reads the whole trail may choose a person."""

    action = forms.ChoiceField(label=_("What"), required=False)
    actor = forms.ModelChoiceField(User.objects.none(), label=_("Who"), required=False, empty_label=_("Everybody"))
    since = _day_field(_("From"))
    until = _day_field(_("To"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((code, str(name)) for code, name in ACTIONS.items()), key=lambda choice: choice[1])
        self.fields["action"].choices = [("", _("Everything")), *named]  # type: ignore[attr-defined]
        if user.may(Permission.VIEW_TRAIL):
            self.fields["actor"].queryset = User.objects.staff()  # type: ignore[attr-defined]
        else:
            del self.fields["actor"]

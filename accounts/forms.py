"""Forms about people and units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.fields import LineField
from accounts.models import Participant, Unit, User
from accounts.roles import Role


class StaffForm(forms.Form):
    """What is known of a member of staff. The roles offered are those that the acting user may give."""

    name_en = LineField(
        label=_("English name"), max_length=200, help_text=_("Family name first in capitals: CHAN Tai Man.")
    )
    name_zh = LineField(label=_("Chinese name"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("No unit"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("One or several.")
    )

    def __init__(self, *args: Any, grantable: Iterable[Role], user: User | None = None, **kwargs: Any) -> None:
        if user is not None:
            known = {name: getattr(user, name) for name in ("name_en", "name_zh", "email", "unit", "roles")}
            kwargs.setdefault("initial", known)
        super().__init__(*args, **kwargs)
        usable = Q(is_active=True) | Q(pk=user.unit_id if user else None)
        self.fields["unit"].queryset = Unit.objects.filter(usable)  # type: ignore[attr-defined]
        granted = [(role.value, role.label) for role in Role if role in set(grantable)]
        self.fields["roles"].choices = granted  # type: ignore[attr-defined]
        if not granted:
            del self.fields["roles"]


class NewStaffForm(StaffForm):
    """As `StaffForm`, and the CNA, which never changes afterwards."""

    cna = LineField(
        label=_("Campus network account (CNA)"),
        max_length=40,
        help_text=_("The staff number. It is the sign-in name and cannot be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ["cna"]


class UnitForm(forms.Form):
    """A unit's code and names."""

    code = LineField(label=_("Code"), max_length=12, help_text=_("Short, as your institution writes it: FDE."))
    name_en = LineField(label=_("English name"), max_length=120)
    name_zh = LineField(label=_("Chinese name"), max_length=120, required=False)


class PeopleFilter(forms.Form):
    """Which members of staff the list shows."""

    STATES = [
        ("", _("All accounts")),
        ("open", pgettext_lazy("account", "Open")),
        ("closed", pgettext_lazy("account", "Closed")),
    ]

    q = LineField(label=_("Name or CNA"), required=False, max_length=100, widget=forms.SearchInput)
    role = forms.ChoiceField(label=_("Role"), required=False)
    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("Unit"), required=False, empty_label=_("All units"))
    state = forms.ChoiceField(label=_("Account"), required=False, choices=STATES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, role.label) for role in Role if role != Role.STUDENT]
        self.fields["role"].choices = [("", _("All roles")), *roles]  # type: ignore[attr-defined]


class ParticipantFilter(forms.Form):
    """Which students the register shows. It is posted: a student number must not stand in an address."""

    q = LineField(label=_("Student number or name"), required=False, max_length=100, widget=forms.SearchInput)
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("All")), *Participant.Status.choices]  # type: ignore[attr-defined]

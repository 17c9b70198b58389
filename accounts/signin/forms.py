"""Forms for signing in and for passwords."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField
from accounts.models import User
from accounts.services import normal_cna


class SignInForm(forms.Form):
    """CNA and password. One and the same answer for an unknown name, a wrong password and a closed account."""

    username = LineField(
        label=_("Campus network account (CNA)"),
        max_length=100,
        help_text=_("Students: your student number. Staff: your staff number."),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean_username(self) -> str:
        return normal_cna(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name and password:
            self.user = authenticate(self.request, username=name, password=password)  # type: ignore[assignment]
            if self.user is None:
                raise forms.ValidationError(
                    _("This CNA and password do not go together. Check both and try again."), code="wrong"
                )
        return self.cleaned_data


def _current_password_field() -> forms.CharField:
    return forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


def _checked(request: HttpRequest, user: User, password: str) -> str:
    """The password if it is the user's; a wrong one counts as a failed sign-in."""
    if authenticate(request, username=user.cna, password=password) is None:
        raise forms.ValidationError(_("This is not your password. Try again."), code="wrong")
    return password


class CurrentPasswordForm(forms.Form):
    """The password that somebody signed in has now."""

    current_password = _current_password_field()

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.request = request

    def clean_current_password(self) -> str:
        return _checked(self.request, self.user, str(self.cleaned_data["current_password"]))


class NewPasswordForm(forms.Form):
    """A new password, twice; the first one after a one-time link."""

    new_password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=1000,
        help_text=_("At least 10 characters. A few words in a row are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.request = request

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        password_validation.validate_password(password, self.user)
        return password

    def clean_repeated(self) -> str:
        repeated = str(self.cleaned_data["repeated"])
        new = self.cleaned_data.get("new_password")
        if new is not None and repeated != new:
            raise forms.ValidationError(_("The two new passwords differ. Type the same one twice."), code="differ")
        return repeated


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    current_password = _current_password_field()
    field_order = ["current_password", "new_password", "repeated"]

    def clean_current_password(self) -> str:
        return _checked(self.request, self.user, str(self.cleaned_data["current_password"]))

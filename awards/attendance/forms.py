"""What people type on the attendance pages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from awards.attendance.cells import read_number
from awards.attendance.deciding import Answer
from awards.attendance.measuring import NOT_SAID, Needed
from awards.attendance.mending import NO, YES, Typed, as_typed
from awards.attendance.models import AttendanceRow
from awards.attendance.parked import ParkedAnswer
from awards.attendance.reading import ReadRow
from awards.attendance.sentences import FILE
from awards.models import WithholdingReason

ANSWERS = frozenset(answer.value for answer in Answer)
REASONS = [("", _("Choose a reason")), *WithholdingReason.choices]
ANSWER_FIELD = re.compile(r"answer-(?P<place>[0-9]{1,6})-(?P<reason>[a-z_]{1,24})")
ACCEPTED = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"
"""What the browser offers first; every file is judged by its bytes all the same."""


class UploadForm(forms.Form):
    """One attendance sheet. What is in it is judged by its bytes, not by its name."""

    file = forms.FileField(
        label=_("Attendance sheet"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose a file first.")},
    )


class PasteForm(forms.Form):
    """A list instead of a file, kept exactly as it was pasted."""

    text = forms.CharField(
        label=_("Your list"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "autocomplete": "off", "wrap": "off"}),
        error_messages={"required": FILE["nothing_pasted"]},
    )


REVIEW_FORM = "review"
"""The id of the form whose controls stand all over the page: rows are mended in forms of their own between them."""


class ReviewForm(forms.Form):
    """Everything that is answered on the review page but for the rows, which are read by `row_answers`."""

    file = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        required=False,
        widget=forms.RadioSelect,
    )
    lists = forms.CharField(max_length=4, required=False)
    needed_share = forms.IntegerField(
        label=_("At least, in per cent of the activity"),
        min_value=0,
        max_value=100,
        required=False,
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], _("Give a whole number from 0 to 100.")),
    )
    needed_minutes = forms.IntegerField(
        label=_("At least, in minutes"),
        min_value=0,
        max_value=30_000,
        required=False,
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], _("Give a whole number of minutes.")),
    )
    withheld_reason = forms.ChoiceField(label=_("Reason"), choices=REASONS, required=False)
    withheld_reason_text = forms.CharField(
        label=_("In words"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    replaces = forms.BooleanField(
        label=_("Yes, this sheet replaces the record: take back the badges of those left out"), required=False
    )
    take_back_reason = forms.CharField(
        label=_("Why badges are taken back"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    fingerprint = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = REVIEW_FORM

    @property
    def key(self) -> uuid.UUID:
        return self.cleaned_data.get("request_key") or uuid.uuid4()

    def stored_answers(self) -> dict[str, Any]:
        """The answers given, as they are kept with the record; call after `is_valid`.

        What the page did not ask (another page of rows, a section that was not needed) is not in it.
        """
        given = self.cleaned_data
        stored: dict[str, Any] = row_answers(self.data)
        if given.get("file"):
            stored["file"] = given["file"] == "yes"
        if "lists" in self.data:
            stored["lists"] = given["lists"]
        stored |= {name: given[name] for name in ("needed_share", "needed_minutes") if name in self.data}
        asked = [name for name in ("withheld_reason", "withheld_reason_text", "take_back_reason") if name in self.data]
        stored |= {name: given[name] for name in asked}
        if "take_back_reason" in asked:  # an empty box is not sent
            stored["replaces"] = given["replaces"]
        return stored

    @classmethod
    def showing(cls, stored: Mapping[str, Any], fingerprint: str, needed: Needed = NOT_SAID) -> ReviewForm:
        """The form filled with answers as kept, ready to be sent once. `needed` is what holds so far."""
        initial = {
            **stored,
            "needed_share": needed.share,
            "needed_minutes": needed.minutes,
            "file": {True: "yes", False: "no"}.get(stored.get("file", ""), ""),
            "fingerprint": fingerprint,
            "request_key": uuid.uuid4(),
        }
        return cls(initial=initial)


def all_answered(data: Mapping[str, Any]) -> dict[str, str]:
    """The `all` button of a question, "reason:answer" → reason → the answer of every row with it."""
    reason, _colon, answer = str(data.get("all", "")).partition(":")
    return {reason: answer} if answer in ANSWERS else {}


def row_answers(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """`answer-<place of the row>-<reason>` fields of a form → place → answer, and place → the reason that asked.

    Anything else is left out; so is a reason that no row can have.
    """
    rows, asked = {}, {}
    for name, value in data.items():
        found = ANSWER_FIELD.fullmatch(name)
        if found and value in ANSWERS:
            place = str(int(found["place"]))
            rows[place] = str(value)
            asked[place] = found["reason"]
    return {"rows": rows, "asked": asked}


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is this record undone?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give a reason.")},
    )


class ConfirmForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class QueryForm(forms.Form):
    note = forms.CharField(
        label=_("What would you like to know?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what you would like to know.")},
    )


class ParkedRowForm(forms.Form):
    """The answer to one parked row. Which reasons are needed depends on the answer; the service says so."""

    answer = forms.ChoiceField(choices=[(answer.value, answer.value) for answer in ParkedAnswer])
    withheld_reason = forms.ChoiceField(label=_("Reason"), choices=REASONS, required=False)
    withheld_reason_text = forms.CharField(label=_("In words"), max_length=200, required=False)
    take_back_reason = forms.CharField(label=_("Why the badge is taken back"), max_length=500, required=False)
    dismiss_reason = forms.CharField(label=_("Why it is dismissed"), max_length=500, required=False)

    @classmethod
    def showing(cls, row: AttendanceRow) -> ParkedRowForm:
        return cls(auto_id=f"row-{row.pk}-%s")


class MendForm(forms.Form):
    """One row as it should be understood. `row` is the row as written; an ID that is none is refused at its field."""

    number = forms.CharField(
        label=_("Student ID"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "numeric"}),
    )
    attended = forms.ChoiceField(
        label=_("Attended"),
        choices=[(YES, _("Yes")), (NO, _("No"))],
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(label=_("Why it is withheld"), choices=REASONS, required=False)
    reason_text = forms.CharField(
        label=_("In words"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, row: ReadRow, offered: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.written = as_typed(row, offered)
        self.offered = offered
        for code in offered:
            self.fields[f"badge-{code}"] = forms.ChoiceField(
                label=code,
                choices=[(YES, _("Award")), (NO, _("Withhold"))],
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def badges(self) -> list[forms.BoundField]:
        """The control of each badge on offer."""
        return [self[f"badge-{code}"] for code in self.offered]

    def focus(self) -> None:
        """Puts the first field that is wrong under the cursor, or the ID."""
        wrong = next((name for name in self.fields if name in self.errors), "number")
        self.fields[wrong].widget.attrs["autofocus"] = True

    def clean_number(self) -> str:
        typed = str(self.cleaned_data["number"]).strip()
        if typed == self.written.number.strip():
            return typed
        if not typed:
            raise forms.ValidationError(_("Type the student ID."))
        if not read_number(typed, settings.STUDENT_NUMBER_DIGITS).number:
            raise forms.ValidationError(
                _("A student ID has %(digits)s digits. Compare it with the student card.")
                % {"digits": settings.STUDENT_NUMBER_DIGITS}
            )
        return typed

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("reason") == WithholdingReason.OTHER and not given.get("reason_text"):
            self.add_error("reason_text", _("Say it in a few words. The student will see them."))
        return given

    def typed(self) -> Typed:
        """What was typed; call after `is_valid`."""
        given = self.cleaned_data
        return Typed(
            number=given["number"],
            attended=given["attended"],
            badges={code: given[f"badge-{code}"] for code in self.offered},
            reason=given["reason"],
            reason_text=given["reason_text"],
        )

    @classmethod
    def showing(cls, row: ReadRow, shown: Typed, offered: Sequence[str], auto_id: str) -> MendForm:
        """The form filled with how the row is understood now."""
        initial = {
            "number": shown.number,
            "attended": shown.attended,
            "reason": shown.reason,
            "reason_text": shown.reason_text,
            **{f"badge-{code}": mark for code, mark in shown.badges.items()},
        }
        return cls(initial=initial, row=row, offered=offered, auto_id=auto_id)


class RetypeForm(forms.Form):
    """A student ID in place of one that could not be used."""

    student_id = forms.CharField(label=_("Student ID"), max_length=40)


class DismissForm(forms.Form):
    """Why all open rows of a record are dismissed."""

    reason = forms.CharField(label=_("Why they are dismissed"), max_length=500)

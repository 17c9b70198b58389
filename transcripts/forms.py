"""Forms of NAT requests, decisions and the verification page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Participant, User
from transcripts.models import TranscriptRequest

MOST_COPIES = 20


class RequestForm(forms.Form):
    """What a student says who asks for a NAT."""

    purpose = forms.ChoiceField(label=_("What do you need it for?"), choices=TranscriptRequest.Purpose)
    purpose_text = forms.CharField(
        label=_("Purpose in words"),
        max_length=200,
        required=False,
        help_text=_("For example the name of the employer or the university. Needed when you choose “Other”."),
    )
    copies = forms.IntegerField(label=_("Copies"), min_value=1, max_value=MOST_COPIES, initial=1)
    delivery = forms.ChoiceField(
        label=_("How do you want it?"),
        choices=[
            ("collect", _("On paper: I collect it at the office")),
            ("digital", _("As a PDF file: the office sends it to my e-mail address on record")),
        ],
        widget=forms.RadioSelect,
        initial="collect",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("purpose") == TranscriptRequest.Purpose.OTHER and not data.get("purpose_text"):
            self.add_error("purpose_text", _("Say in a few words what you need it for."))
        return data


class RecordForm(RequestForm):
    """A request that came by letter or e-mail, written down by the administrator."""

    student_number = forms.CharField(label=_("Student number"), max_length=20)
    channel = forms.ChoiceField(
        label=_("How was it asked for?"), choices=[("letter", _("By letter")), ("email", _("By e-mail"))]
    )
    field_order = ["student_number", "channel", "purpose", "purpose_text", "copies", "delivery"]

    def __init__(self, *args: Any, acting_user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting_user = acting_user
        self.fields["purpose"].label = _("What is it needed for?")
        self.fields["purpose_text"].help_text = _("Needed when you choose “Other”.")
        delivery = self.fields["delivery"]
        assert isinstance(delivery, forms.ChoiceField)
        delivery.label = _("How is it wanted?")
        delivery.choices = [("collect", _("On paper, to be collected")), ("digital", _("As a PDF file by e-mail"))]

    def clean_student_number(self) -> str:
        number = "".join(self.cleaned_data["student_number"].split())
        found = Participant.objects.visible_to(self.acting_user).filter(student_number=number).first()
        if found is None:
            raise forms.ValidationError(_("The register has no student with this number. Check it on the request."))
        self.participant = found
        return number


class DecisionForm(forms.Form):
    """A word to the student beside the decision."""

    note = forms.CharField(
        label=_("Note to the student"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when you decline."),
    )


class VoidForm(forms.Form):
    """Why a NAT is declared void."""

    reason = forms.CharField(
        label=_("Why is it void?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with the record. The verification page says only that the paper is void, and since when."),
    )


class CodeForm(forms.Form):
    """A verification code as somebody reads it off a paper."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=200,
        help_text=_("It stands at the foot of every page. The first three groups are enough; hyphens do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "size": 36}
        ),
    )

"""The form that takes a register file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class RegisterUploadForm(forms.Form):
    """One file, CSV or XLSX."""

    file = forms.FileField(
        label=_("Register file"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm"}),
        help_text=_("CSV or XLSX, up to 5 MB, with the headings student_id, name_en, name_zh and status."),
    )

"""Form fields that clean what people type before anything else looks at it."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.text import clean_line, clean_text


class LineField(forms.CharField):
    """One line of text, without unseen characters."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class TextField(forms.CharField):
    """Several lines of text, without unseen characters."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")

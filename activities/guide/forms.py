"""The form that rewords a section of the scheme page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

MARKDOWN_HELP = _("Markdown: a blank line begins a paragraph, “- ” a list, “### ” a heading, [text](address) a link.")


class SectionForm(forms.Form):
    """Both languages of one section; neither may be empty."""

    body_en = forms.CharField(
        label=_("English text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}), help_text=MARKDOWN_HELP
    )
    body_zh = forms.CharField(
        label=_("Chinese text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14, "lang": "zh-Hant-HK"})
    )

"""The institution's own words on the public scheme page, where they replace ours."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SchemeText(models.Model):
    """One section of the scheme page in both languages (Markdown). Where there is none, our default text stands."""

    class Section(models.TextChoices):
        PURPOSE = "purpose", _("What the scheme is for")
        PRINCIPLES = "principles", _("Principles of awarding")
        STEPS = "steps", _("The staff's steps")
        GUIDE = "guide", _("Guide for students")
        FAQ = "faq", _("Questions and answers")
        CONTACT = "contact", _("Contact")

    section = models.CharField(_("section"), max_length=12, choices=Section, unique=True)
    body_en = models.TextField(_("English text"))
    body_zh = models.TextField(_("Chinese text"))
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("text of the scheme page")
        verbose_name_plural = _("texts of the scheme page")

    def __str__(self) -> str:
        return self.get_section_display()

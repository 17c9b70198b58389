"""From a kind of message and what it is about to words, in the language that is switched on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from accounts.models import in_language


@dataclass(frozen=True, slots=True)
class Words:
    """A message as it is read: one line, and paragraphs of plain text."""

    subject: str
    body: str


def template_of(kind: str) -> Any:
    """The template of a kind; raises TemplateDoesNotExist where there is none."""
    return get_template(f"emails/{kind}.txt").template  # type: ignore[attr-defined]


def worded(kind: str, context: Mapping[str, Any]) -> Words:
    """The words of `templates/emails/<kind>.txt`, whose first line is the subject. No student number stands in that."""
    text = template_of(kind).render(Context(spoken(context), autoescape=False)).strip()
    subject, _newline, body = text.partition("\n")
    return Words(_without_student_numbers(subject.strip()), re.sub(r"\n{3,}", "\n\n", body.strip()))


def spoken(context: Mapping[str, Any]) -> dict[str, Any]:
    """What a template may use: a pair `title_en`, `title_zh` also as `title`; `…_on` is a date, `…_at` a moment."""
    said = {name: _value(name, value) for name, value in context.items()}
    for name in context:
        if name.endswith("_en"):
            said[name[:-3]] = in_language(context[name], context.get(f"{name[:-3]}_zh", ""))
    return said


def _value(name: str, value: Any) -> Any:
    if isinstance(value, str) and name.endswith("_on"):
        return dt.date.fromisoformat(value)
    if isinstance(value, str) and name.endswith("_at"):
        return dt.datetime.fromisoformat(value)
    return value


def _without_student_numbers(line: str) -> str:
    return re.sub(rf"\d{{{settings.STUDENT_NUMBER_DIGITS},}}", "…", line)

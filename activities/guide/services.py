"""Reading and rewording the scheme page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from accounts.models import User, in_language
from accounts.trail.services import record
from activities.guide.models import SchemeText

DEFAULTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class SectionText:
    """What one section says in both languages, in Markdown."""

    section: str
    title: str
    body_en: str
    body_zh: str
    is_default: bool

    @property
    def body(self) -> str:
        return in_language(self.body_en, self.body_zh)


def default_text(section: SchemeText.Section) -> SectionText:
    """Our own text of a section."""
    english, chinese = (
        (DEFAULTS / f"{section.value}.{language}.md").read_text(encoding="utf-8") for language in ("en", "zh")
    )
    return SectionText(section.value, str(section.label), english, chinese, is_default=True)


def scheme_texts() -> dict[str, SectionText]:
    """Every section in its order, as the institution words it or else as we do. One query."""
    texts = {section.value: default_text(section) for section in SchemeText.Section}
    for own in SchemeText.objects.all():
        label = str(SchemeText.Section(own.section).label)
        texts[own.section] = SectionText(own.section, label, own.body_en, own.body_zh, is_default=False)
    return texts


@transaction.atomic
def reword_section(*, acting_user: User, section: str, body_en: str, body_zh: str) -> SchemeText:
    """Replaces the text of one section in both languages; old and new stand on the audit trail."""
    before = scheme_texts()[section]
    text, _created = SchemeText.objects.update_or_create(
        section=section, defaults={"body_en": body_en, "body_zh": body_zh, "updated_by": acting_user}
    )
    changes = {"body_en": [before.body_en, body_en], "body_zh": [before.body_zh, body_zh]}
    record(acting_user=acting_user, action="scheme_text.reworded", target=text, changes=changes)
    return text


@transaction.atomic
def restore_default(*, acting_user: User, section: str) -> None:
    """Goes back to our own text of a section."""
    text = SchemeText.objects.select_for_update().filter(section=section).first()
    if text is None:
        return
    changes = {"body_en": [text.body_en, ""], "body_zh": [text.body_zh, ""]}
    record(acting_user=acting_user, action="scheme_text.restored", target=text, changes=changes)
    text.delete()

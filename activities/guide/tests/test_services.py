"""Rewording the scheme page, and going back."""

from accounts.trail.models import AuditEntry
from activities.guide.models import SchemeText
from activities.guide.services import restore_default, reword_section, scheme_texts
from badges_portal.testing import Cast


def test_every_section_has_a_default_in_both_languages(db: None) -> None:
    texts = scheme_texts()
    assert list(texts) == SchemeText.Section.values
    assert all(text.is_default and text.body_en.strip() and text.body_zh.strip() for text in texts.values())


def test_own_words_replace_the_default_and_the_trail_keeps_both(cast: Cast) -> None:
    before = scheme_texts()["contact"]
    reword_section(acting_user=cast.adam, section="contact", body_en="Room 101", body_zh="101 室")

    text = scheme_texts()["contact"]
    assert (text.body_en, text.body_zh, text.is_default) == ("Room 101", "101 室", False)
    entry = AuditEntry.objects.get(action="scheme_text.reworded")
    assert entry.changes == {"body_en": [before.body_en, "Room 101"], "body_zh": [before.body_zh, "101 室"]}


def test_the_default_comes_back(cast: Cast) -> None:
    reword_section(acting_user=cast.adam, section="faq", body_en="None", body_zh="無")
    restore_default(acting_user=cast.adam, section="faq")
    restore_default(acting_user=cast.adam, section="faq")
    assert scheme_texts()["faq"].is_default
    assert AuditEntry.objects.filter(action="scheme_text.restored").count() == 1

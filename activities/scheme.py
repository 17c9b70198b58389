"""The scheme as it is installed: the six badges and the first set of rules, where there are none. Data, not rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from activities.models import AwardingRules, BadgeText, BadgeType, BadgeVersion, DurationTier

SIX_BADGES: list[dict[str, Any]] = [
    {
        "code": "IPC",
        "name_en": "Informed and professionally competent",
        "name_zh": "學識廣博及專業勝任",
        "description_en": "Learns and uses professional knowledge and skills as the industry uses them.",
        "description_zh": "學習並運用業界所用的專業知識和技能。",
        "criteria_en": "Took part in full in an activity that teaches professional knowledge or skills.",
        "criteria_zh": "完整參與教授專業知識或技能的活動。",
    },
    {
        "code": "IDL",
        "name_en": "Independent learners",
        "name_zh": "自主學習",
        "description_en": "Takes the initiative in gaining knowledge and skills, for study or for personal growth.",
        "description_zh": "主動求取知識和技能，以助學業或個人成長。",
        "criteria_en": "Took part in full in an activity that asks participants to learn on their own initiative.",
        "criteria_zh": "完整參與要求參加者主動學習的活動。",
    },
    {
        "code": "PS",
        "name_en": "Problem-solvers",
        "name_zh": "解決問題",
        "description_en": "Thinks critically and analytically, and carries that through to solving real problems.",
        "description_zh": "以批判和分析思維解決實際問題。",
        "criteria_en": "Took part in full in an activity that trains thinking which leads to solving real problems.",
        "criteria_zh": "完整參與訓練思維以解決實際問題的活動。",
    },
    {
        "code": "EC",
        "name_en": "Effective communicators",
        "name_zh": "有效溝通",
        "description_en": "Communicates well through different channels, in speech, in writing and in company.",
        "description_zh": "善於以不同渠道溝通，包括口語、書面和人際交流。",
        "criteria_en": "Took part in full in an activity that demands a high level of communication.",
        "criteria_zh": "完整參與對溝通有高要求的活動。",
    },
    {
        "code": "PSG",
        "name_en": "Professionally, socially and globally responsible",
        "name_zh": "專業、社會及全球責任",
        "description_en": "Knows the pressing issues and ethical codes of the field, and their social, economic or "
        "global weight.",
        "description_zh": "認識所屬專業的迫切議題和操守準則，以及其社會、經濟或全球影響。",
        "criteria_en": "Took part in full in an activity about such issues or codes.",
        "criteria_zh": "完整參與有關這些議題或準則的活動。",
    },
    {
        "code": "PF",
        "name_en": "Positive and flexible",
        "name_zh": "積極靈活",
        "description_en": "Has a positive mindset and empathy, and adapts to new challenges.",
        "description_zh": "心態積極，富同理心，能適應新挑戰。",
        "criteria_en": "Took part in full in an activity that builds mindset, empathy or adaptability.",
        "criteria_zh": "完整參與培養心態、同理心或適應力的活動。",
    },
]

FIRST_TIERS = {1: 1, 2: 2, 3: 3}
"""Days, at least → badges, at most (product rule 1)."""

TEXT_FIELDS = [field.name for field in BadgeText._meta.get_fields()]


def freeze_badge_type(badge_type: BadgeType) -> BadgeVersion:
    """Keeps the present wording and artwork of a badge type as its current version."""
    text = {name: getattr(badge_type, name) for name in TEXT_FIELDS}
    return BadgeVersion.objects.create(badge_type=badge_type, version=badge_type.version, **text)


@transaction.atomic
def install_scheme(**_signal: object) -> None:
    """Creates the six badges and the first rules where an institution has none yet. Runs after every migrate."""
    if not BadgeType.objects.exists():
        for position, badge in enumerate(SIX_BADGES, start=1):
            freeze_badge_type(BadgeType.objects.create(position=position, artwork=badge["code"].lower(), **badge))
    if not AwardingRules.objects.exists():
        rules = AwardingRules.objects.create(effective_on=dt.date(2000, 1, 1))
        DurationTier.objects.bulk_create(
            DurationTier(rules=rules, min_days=days, max_badges=badges) for days, badges in FIRST_TIERS.items()
        )

"""A NAT to draw and to check, with as many activities as a test asks for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from activities.scheme import SIX_BADGES
from transcripts.content import (
    Badge,
    Earned,
    Entry,
    Institution,
    Numbering,
    Student,
    TranscriptContent,
    Words,
    Year,
    academic_year,
)

TITLES = [
    Words("Greater Bay Area design study tour", "大灣區設計考察團"),
    Words("Mental health first-aid course", "精神健康急救課程"),
    Words("Sustainable Sai Kung: community clean-up", "西貢海岸清潔日"),
    Words("Negotiation and team communication workshop"),
    Words("Exchange tour, Seoul National University of Technology", "首爾科技大學交流團"),
    Words("Hackathon: smart campus", "智慧校園黑客松"),
    Words("Freshers’ service: visit to an elderly home", "探訪長者"),
]
UNITS = [
    Words("Faculty of Design and Environment", "設計及環境學院"),
    Words("Student Development Office", "學生發展處"),
    Words("Learning Commons", "學習薈"),
]
KINDS = [Words("Exchange tour", "交流團"), Words("Course", "課程"), Words("Workshop", "工作坊")]
OFFERS = [("IPC", "IDL", "PSG"), ("EC", "PF"), ("PSG",), ("EC",)]
NUMBERING = Numbering(
    "NAT-2026-000017", "7Q4K-9XZM-2PTD-H8RV-5WCN-3JGE-B6YA", "https://badges.example/verify/7Q4K9XZM2PTD"
)


def sample_student(**fields: Any) -> Student:
    plain: dict[str, Any] = {
        "name": Words("WONG Wing-chan, Chloe", "黃詠𤨪"),
        "number": "240012345",
        "programme": "BA (Hons) in Landscape Architecture",
        "unit": UNITS[0],
        "studied_from": dt.date(2023, 9, 4),
        "studied_until": None,
    }
    return Student(**{**plain, **fields})


def sample_entry(number: int, **fields: Any) -> Entry:
    """The activity so many steps before the newest one."""
    first = dt.date(2026, 6, 12) - dt.timedelta(days=33 * number)
    offer = OFFERS[number % len(OFFERS)]
    plain: dict[str, Any] = {
        "first_on": first,
        "last_on": first + dt.timedelta(days=len(offer) - 1),
        "title": TITLES[number % len(TITLES)],
        "unit": UNITS[number % len(UNITS)],
        "kind": KINDS[number % len(KINDS)],
        "days": len(offer),
        "minutes": None if len(offer) == 3 else 150 * len(offer),
        "badges": tuple(Earned(code, 10 * number + at) for at, code in enumerate(offer)),
    }
    return Entry(**{**plain, **fields})


def sample_content(activities: int = 7, entries: list[Entry] | None = None, **student: Any) -> TranscriptContent:
    """A whole NAT; `student` replaces fields of the student, `entries` the activities."""
    if entries is None:
        entries = [sample_entry(number) for number in range(activities)]
    counts = Counter(earned.code for entry in entries for earned in entry.badges)
    labels = list(dict.fromkeys(academic_year(entry.first_on, 9) for entry in entries))
    return TranscriptContent(
        institution=Institution(
            name=Words("Example Institute of Higher Education", "示例高等教育學院"),
            scheme=Words("Digital Badges Scheme", "電子徽章計劃"),
            office=Words("Learning Commons", "學習薈"),
            contact="badges@example.edu.hk · 2123 4567",
            signatory=Words("Scheme Administrator", "計劃主任"),
        ),
        student=sample_student(**student),
        badges=tuple(
            Badge(
                code=badge["code"],
                name=Words(badge["name_en"], badge["name_zh"]),
                meaning=Words(badge["description_en"], badge["description_zh"]),
                artwork=badge["code"].lower(),
                count=counts[badge["code"]],
            )
            for badge in SIX_BADGES
        ),
        years=tuple(
            Year(label, tuple(entry for entry in entries if academic_year(entry.first_on, 9) == label))
            for label in labels
        ),
        principles=(
            Words(
                "Badges are awarded for taking part in full in an activity, after it has ended.",
                "徽章於活動完結後頒發予完整參與者。",
            ),
            Words(
                "An activity of 1 day or less awards one badge; of 2 days up to two; of 3 days or more up to three.",
                "一天或以下的活動頒發一個徽章；兩天最多兩個；三天或以上最多三個。",
            ),
        ),
        issued_on=dt.date(2026, 11, 21),
    )

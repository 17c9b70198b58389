"""What a NAT says: frozen data in both languages, from which the paper is drawn and with which it is verified."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
"""Raised when the shape of the stored content changes; `from_json` then reads the older shapes too."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages; Chinese may be empty."""

    en: str
    zh: str = ""


@dataclass(frozen=True, slots=True)
class Institution:
    """The letterhead: who issues the paper."""

    name: Words
    scheme: Words
    office: Words
    contact: str
    signatory: Words


@dataclass(frozen=True, slots=True)
class Student:
    """Whose record it is. `studied_until` is None while the studies go on."""

    name: Words
    number: str
    programme: str
    unit: Words
    studied_from: dt.date | None
    studied_until: dt.date | None


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge of the summary and of the legend, with how often the student earned it."""

    code: str
    name: Words
    meaning: Words
    artwork: str
    count: int


@dataclass(frozen=True, slots=True)
class Earned:
    """One badge on one line: its code, and the award that it stands for."""

    code: str
    award: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity, its badges in the order of the scheme. `minutes` is the time in session, None for whole days."""

    first_on: dt.date
    last_on: dt.date
    title: Words
    unit: Words
    kind: Words
    days: int
    minutes: int | None
    badges: tuple[Earned, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """The activities that began in one academic year (`label` such as 2025/26), newest first."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class TranscriptContent:
    """A whole NAT, but for what it is numbered by (serial, verification code, number of the print)."""

    institution: Institution
    student: Student
    badges: tuple[Badge, ...]
    years: tuple[Year, ...]
    principles: tuple[Words, ...]
    issued_on: dt.date

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for year in self.years for entry in year.entries)

    @property
    def award_ids(self) -> tuple[int, ...]:
        return tuple(earned.award for entry in self.entries for earned in entry.badges)

    @property
    def badge_total(self) -> int:
        """Badges earned in all, the same type again included."""
        return len(self.award_ids)

    @property
    def distinct_total(self) -> int:
        """Different badges earned."""
        return len({earned.code for entry in self.entries for earned in entry.badges})

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to print: an empty NAT is never issued."""
        return not self.years


def academic_year(day: dt.date, first_month: int) -> str:
    """The academic year in which a day lies, such as 2025/26, for years that begin in `first_month`."""
    start = day.year if day.month >= first_month else day.year - 1
    return f"{start}/{(start + 1) % 100:02d}" if first_month > 1 else str(start)


def to_json(content: TranscriptContent) -> dict[str, Any]:
    """Plain values for a JSON column; dates as YYYY-MM-DD."""
    plain = json.loads(json.dumps(asdict(content), default=dt.date.isoformat))
    return {"format": FORMAT, **plain}


def from_json(stored: dict[str, Any]) -> TranscriptContent:
    """The content that `to_json` wrote. Raises ValueError for a format that this release does not know."""
    if stored.get("format") != FORMAT:
        raise ValueError(f"A NAT of format {stored.get('format')!r} cannot be read by this release.")
    institution, student = stored["institution"], stored["student"]
    return TranscriptContent(
        institution=Institution(
            name=Words(**institution["name"]),
            scheme=Words(**institution["scheme"]),
            office=Words(**institution["office"]),
            contact=institution["contact"],
            signatory=Words(**institution["signatory"]),
        ),
        student=Student(
            name=Words(**student["name"]),
            number=student["number"],
            programme=student["programme"],
            unit=Words(**student["unit"]),
            studied_from=_day(student["studied_from"]),
            studied_until=_day(student["studied_until"]),
        ),
        badges=tuple(
            Badge(
                code=badge["code"],
                name=Words(**badge["name"]),
                meaning=Words(**badge["meaning"]),
                artwork=badge["artwork"],
                count=badge["count"],
            )
            for badge in stored["badges"]
        ),
        years=tuple(Year(year["label"], tuple(map(_entry, year["entries"]))) for year in stored["years"]),
        principles=tuple(Words(**words) for words in stored["principles"]),
        issued_on=dt.date.fromisoformat(stored["issued_on"]),
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _entry(stored: dict[str, Any]) -> Entry:
    return Entry(
        first_on=dt.date.fromisoformat(stored["first_on"]),
        last_on=dt.date.fromisoformat(stored["last_on"]),
        title=Words(**stored["title"]),
        unit=Words(**stored["unit"]),
        kind=Words(**stored["kind"]),
        days=stored["days"],
        minutes=stored["minutes"],
        badges=tuple(Earned(**earned) for earned in stored["badges"]),
    )


def content_hash(content: TranscriptContent) -> str:
    """SHA-256 of the content in one fixed spelling, so that equal contents have equal hashes."""
    spelled = json.dumps(to_json(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Numbering:
    """What one paper carries beside its content. `print_number` 1 is the original; later ones are marked."""

    serial: str
    code: str
    verify_url: str
    print_number: int = 1

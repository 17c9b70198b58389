"""A code → what the paper behind it said, and whether each line of it still stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.paper.text import clean
from awards.models import Award
from transcripts import codes
from transcripts.content import Badge, Entry, TranscriptContent, Words, from_json
from transcripts.models import Transcript


@dataclass(frozen=True, slots=True)
class BadgeNow:
    """One badge of one line: whether the award behind it, or another like it given since, is active today."""

    code: str
    stands: bool


@dataclass(frozen=True, slots=True)
class LineNow:
    """One line as printed, its badges as of now, and what the record says differently today (empty: the same)."""

    entry: Entry
    badges: tuple[BadgeNow, ...]
    title_now: Words | None
    first_now: dt.date | None
    last_now: dt.date | None

    @property
    def stands(self) -> bool:
        return all(badge.stands for badge in self.badges)

    @property
    def is_corrected(self) -> bool:
        return self.title_now is not None or self.first_now is not None


@dataclass(frozen=True, slots=True)
class YearNow:
    label: str
    lines: tuple[LineNow, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verifier learns: the paper, row for row, as printed and as of now."""

    transcript: Transcript
    content: TranscriptContent
    years: tuple[YearNow, ...]

    @property
    def is_void(self) -> bool:
        return self.transcript.status == Transcript.Status.VOID

    @property
    def lines(self) -> tuple[LineNow, ...]:
        return tuple(line for year in self.years for line in year.lines)

    @property
    def withdrawn(self) -> int:
        """Badges on the paper that do not stand any more."""
        return sum(not badge.stands for line in self.lines for badge in line.badges)

    @property
    def corrected(self) -> int:
        """Lines whose title or days the record has differently now."""
        return sum(line.is_corrected for line in self.lines)

    @property
    def legend(self) -> tuple[Badge, ...]:
        return self.content.badges

    @property
    def code(self) -> str:
        return codes.grouped(self.transcript.code)


def verify(typed: str) -> Verification | None:
    """The paper behind a code, in two queries; None for whatever is no code, or the code of nothing."""
    code = codes.read_code(typed)
    if not code:
        return None
    found = list(Transcript.objects.filter(code__startswith=code)[:2])
    if len(found) != 1:
        return None
    return compare(found[0])


def compare(transcript: Transcript) -> Verification:
    """The frozen content beside today's record."""
    content = from_json(transcript.content)
    awards = Award.objects.filter(participant=transcript.participant_id).select_related("activity", "badge_type")
    by_id = {award.pk: award for award in awards}
    active = {
        (award.activity_id, award.badge_type_id) for award in by_id.values() if award.status == Award.Status.ACTIVE
    }
    return Verification(
        transcript,
        content,
        tuple(
            YearNow(year.label, tuple(_line(entry, by_id, active) for entry in year.entries)) for year in content.years
        ),
    )


def _line(entry: Entry, awards: dict[int, Award], active: set[tuple[int, int]]) -> LineNow:
    badges = tuple(
        BadgeNow(
            earned.code,
            earned.award in awards and (awards[earned.award].activity_id, awards[earned.award].badge_type_id) in active,
        )
        for earned in entry.badges
    )
    activity = next((awards[earned.award].activity for earned in entry.badges if earned.award in awards), None)
    if activity is None:
        return LineNow(entry, badges, None, None, None)
    title = Words(clean(activity.title_en), clean(activity.title_zh))
    moved = (activity.first_on, activity.last_on) != (entry.first_on, entry.last_on)
    return LineNow(
        entry,
        badges,
        title if title != entry.title else None,
        activity.first_on if moved else None,
        activity.last_on if moved else None,
    )

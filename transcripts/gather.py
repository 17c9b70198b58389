"""The database → TranscriptContent: what a NAT issued now would say, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import override

from accounts.models import Participant, Unit
from accounts.paper.text import clean, missing
from activities.models import Activity, AwardingRules, BadgeType, Session
from awards.models import Award
from transcripts.content import (
    Badge,
    Earned,
    Entry,
    Institution,
    Student,
    TranscriptContent,
    Words,
    Year,
    academic_year,
)
from transcripts.wording import principles

STUDIES_ENDED = {Participant.Status.GRADUATED, Participant.Status.WITHDRAWN}


def has_badges(participant: Participant) -> bool:
    """Whether a NAT of this student would say anything."""
    return Award.objects.active().filter(participant=participant).exists()


def gather(participant: Participant, today: dt.date) -> TranscriptContent:
    """What the student's NAT would say if it were issued today: activities with an active award only."""
    awards = list(
        Award.objects.active()
        .filter(participant=participant)
        .select_related("badge_type", "activity__unit")
        .prefetch_related(Prefetch("activity__sessions", Session.objects.order_by("starts_at")))
        .order_by("-activity__first_on", "-activity__last_on", "activity__code", "badge_type__position")
    )
    return TranscriptContent(
        institution=_institution(),
        student=_student(participant),
        badges=_badges(awards),
        years=_years(awards),
        principles=_principles(today),
        issued_on=today,
    )


def _words(english: str, chinese: str = "") -> Words:
    """Cleaned as they will stand on the paper; without English, Chinese stands in its place."""
    return Words(clean(english), clean(chinese))


def _institution() -> Institution:
    return Institution(
        name=_words(settings.INSTITUTION_NAME, settings.INSTITUTION_NAME_ZH),
        scheme=_words(settings.SCHEME_NAME_EN, settings.SCHEME_NAME_ZH),
        office=_words(settings.SCHEME_OFFICE_EN, settings.SCHEME_OFFICE_ZH),
        contact=clean(settings.SCHEME_CONTACT),
        signatory=_words(settings.NAT_SIGNATORY_EN, settings.NAT_SIGNATORY_ZH),
    )


def _student(participant: Participant) -> Student:
    return Student(
        name=_words(participant.name_en, participant.name_zh),
        number=clean(participant.student_number),
        programme=clean(participant.programme),
        unit=_unit(participant.unit),
        studied_from=participant.started_on,
        studied_until=participant.status_on if participant.status in STUDIES_ENDED else None,
    )


def _unit(unit: Unit | None) -> Words:
    return _words(unit.name_en, unit.name_zh) if unit else Words("")


def _badges(awards: Iterable[Award]) -> tuple[Badge, ...]:
    """The graduate attributes, earned or not, and whatever other badge was earned, in the order of the scheme."""
    counts = Counter(award.badge_type_id for award in awards)
    return tuple(
        Badge(
            code=badge.code,
            name=_words(badge.name_en, badge.name_zh),
            meaning=_words(badge.description_en, badge.description_zh),
            artwork=badge.artwork,
            count=counts[badge.pk],
        )
        for badge in BadgeType.objects.order_by("-is_graduate_attribute", "position")
        if counts[badge.pk] or (badge.is_graduate_attribute and badge.is_active)
    )


def _years(awards: Iterable[Award]) -> tuple[Year, ...]:
    activities: dict[int, list[Award]] = {}
    for award in awards:
        activities.setdefault(award.activity_id, []).append(award)
    years: dict[str, list[Entry]] = {}
    for earned in activities.values():
        activity = earned[0].activity
        label = academic_year(activity.first_on, settings.ACADEMIC_YEAR_START_MONTH)
        years.setdefault(label, []).append(_entry(activity, earned))
    return tuple(Year(label, tuple(entries)) for label, entries in years.items())


def _entry(activity: Activity, awards: Iterable[Award]) -> Entry:
    return Entry(
        first_on=activity.first_on,
        last_on=activity.last_on,
        title=_words(activity.title_en, activity.title_zh),
        unit=_unit(activity.unit),
        kind=_kind(activity.kind),
        days=activity.days,
        minutes=_minutes(activity.sessions.all()),
        badges=tuple(Earned(award.badge_type.code, award.pk) for award in awards),
    )


def _kind(kind: str) -> Words:
    label = Activity.Kind(kind).label
    with override("en-gb"):
        english = str(label)
    with override("zh-hant"):
        chinese = str(label)
    return Words(english, "" if chinese == english else chinese)


def _minutes(sessions: Iterable[Session]) -> int | None:
    """The time in session; None where a session is whole days, or nothing is known."""
    sessions = list(sessions)
    if not sessions or any(session.is_whole_days for session in sessions):
        return None
    return sum(int((session.ends_at - session.starts_at).total_seconds() // 60) for session in sessions)


def _principles(today: dt.date) -> tuple[Words, ...]:
    """As the rules in force say today."""
    rules = AwardingRules.objects.filter(effective_on__lte=today).order_by("-effective_on").first()
    tiers = rules.tiers.order_by("min_days").values_list("min_days", "max_badges") if rules else []
    return principles(list(tiers))


def unprintable(content: TranscriptContent) -> str:
    """The characters on the paper, but for the student's name, that no typeface has: they would show as a mark."""
    texts = [content.student.unit, content.institution.name]
    for entry in content.entries:
        texts += [entry.title, entry.unit]
    spelled = [content.student.programme, *(part for text in texts for part in (text.en, text.zh))]
    return "".join(dict.fromkeys("".join(missing(part) for part in spelled)))

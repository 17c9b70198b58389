"""Tells the demo institution to the database: people, two years of activities, their records, requests and advice."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Participant, Unit, User
from accounts.roles import Role
from accounts.trail.models import AuditEntry
from accounts.trail.services import entry, record_many
from activities import rules
from activities.models import Activity, AwardingRules, BadgeOffer, BadgeType, Session
from awards.advising.models import Advice, ChoiceReview
from badges_portal.demo import people
from badges_portal.demo.calendar import Held, make_calendar
from badges_portal.demo.records import write_records
from badges_portal.demo.reminders import write_reminders
from badges_portal.demo.requests import write_requests

SEED = 20260901


@dataclass(frozen=True)
class Institution:
    """The people of the demo, by the keys of `people`."""

    units: dict[str, Unit]
    staff: dict[str, User]
    participants: list[Participant]


@transaction.atomic
def tell(now: dt.datetime) -> dict[str, int]:
    """Writes everything; answers how many of each there are. The same random choices every time."""
    chance = random.Random(SEED)  # noqa: S311  (a demo is no secret)
    zone = ZoneInfo(settings.TIME_ZONE)
    institution = write_people(chance, timezone.localdate(now))
    calendar = make_calendar(chance, timezone.localdate(now), zone, settings.ACADEMIC_YEAR_START_MONTH)
    activities = write_activities(chance, institution, calendar, now, zone)
    recorded = [activity for activity, held in zip(activities, calendar, strict=True) if held.state == "recorded"]
    awards = write_records(chance, institution.participants, recorded, institution.staff, now)
    write_advice(chance, institution, activities, now)
    requests = write_requests(institution.participants, institution.staff, now)
    messages = write_reminders(now)
    return {
        "students": len(institution.participants),
        "staff": len(institution.staff),
        "activities": len(activities),
        "badges earned": awards,
        "NAT requests": requests,
        "messages": messages,
    }


# --- People ---------------------------------------------------------------------------------------------------------


def write_people(chance: random.Random, today: dt.date) -> Institution:
    """Units, staff, students. Half of the students have an account; only the demo's accounts have a password."""
    units = {
        code: Unit.objects.create(code=code, name_en=name_en, name_zh=name_zh)
        for code, name_en, name_zh in people.UNITS
    }
    known = {account.cna for account in people.ACCOUNTS}
    password = make_password(people.PASSWORD)
    staff = User.objects.bulk_create(
        User(
            cna=cna,
            name_en=name_en,
            name_zh=name_zh,
            unit=units.get(unit or ""),
            roles=list(roles),
            email=people.address_of(name_en),
            password=password if cna in known else make_password(None),
        )
        for cna, name_en, name_zh, unit, roles in people.STAFF
    )
    students = people.make_students(chance)
    accounts = User.objects.bulk_create(
        User(
            cna=student.number,
            name_en=student.name_en,
            name_zh=student.name_zh,
            roles=[Role.STUDENT],
            password=password if student.number in known else make_password(None),
        )
        for student in students[::2] + students[1:2]
    )
    by_number = {account.cna: account for account in accounts}
    participants = Participant.objects.bulk_create(
        make_participant(student, units, by_number.get(student.number), today) for student in students
    )
    return Institution(units, {user.cna: user for user in staff}, participants)


def make_participant(student: people.Student, units: dict[str, Unit], user: User | None, today: dt.date) -> Participant:
    year = rules.academic_year(today, settings.ACADEMIC_YEAR_START_MONTH)
    has_left = student.status != "active"
    return Participant(
        student_number=student.number,
        name_en=student.name_en,
        name_zh=student.name_zh,
        programme=student.programme,
        unit=units[student.unit],
        year_of_study=min(student.years_ago + 1, 4),
        started_on=dt.date(year - student.years_ago, settings.ACADEMIC_YEAR_START_MONTH, 1),
        status=student.status,
        status_on=today - dt.timedelta(days=100) if has_left else None,
        user=user,
    )


# --- Activities -----------------------------------------------------------------------------------------------------


def write_activities(
    chance: random.Random, institution: Institution, calendar: list[Held], now: dt.datetime, zone: ZoneInfo
) -> list[Activity]:
    """The activities of the calendar in its order, with sessions, offers by the rules, and organisers."""
    scheme = AwardingRules.objects.prefetch_related("tiers").latest()
    tiers = [rules.Tier(tier.min_days, tier.max_badges) for tier in scheme.tiers.all()]
    badge_types = {badge.code: badge for badge in BadgeType.objects.all()}
    numbers: dict[int, int] = {}
    activities = []
    for held in calendar:
        times = rules.timetable(held.spans, zone)
        year = rules.academic_year(times.first_on, settings.ACADEMIC_YEAR_START_MONTH)
        numbers[year] = numbers.get(year, 0) + 1
        activities.append(
            make_activity(
                chance, institution, held, times, rules.activity_code(year, numbers[year]), scheme, tiers, now
            )
        )
    created = [activity.created_at for activity in activities]
    Activity.objects.bulk_create(activities)
    for activity, at in zip(activities, created, strict=True):
        activity.created_at = activity.updated_at = at
    Activity.objects.bulk_update(activities, ["created_at", "updated_at"])
    write_parts(chance, institution, activities, calendar, badge_types)
    write_trail(activities)
    return activities


def make_activity(
    chance: random.Random,
    institution: Institution,
    held: Held,
    times: rules.Timetable,
    code: str,
    scheme: AwardingRules,
    tiers: list[rules.Tier],
    now: dt.datetime,
) -> Activity:
    plan = held.plan
    organisers = [user for user in institution.staff.values() if user.unit == institution.units[plan.unit]]
    organiser = chance.choice([user for user in organisers if Role.ORGANISER in user.roles])
    if held.state in {"due", "overdue"} and plan.unit == people.ORGANISER_UNIT:
        organiser = institution.staff[people.ORGANISER]
    created = min(times.starts_at - dt.timedelta(days=chance.randint(30, 70)), now - dt.timedelta(days=2))
    published = None if held.state == "draft" else created + dt.timedelta(days=1)
    return Activity(
        code=code,
        title_en=plan.title_en,
        title_zh=plan.title_zh,
        objectives=plan.objectives,
        outcomes=plan.outcomes,
        rationale=plan.rationale,
        partners=plan.partners,
        unit=institution.units[plan.unit],
        kind=plan.kind,
        category=plan.category,
        language=plan.language,
        venue=plan.venue,
        is_overseas=plan.kind == "exchange",
        capacity=chance.choice([None, 20, 30, 40, 60]),
        contact=organiser.email,
        status={"draft": "draft", "cancelled": "cancelled"}.get(held.state, "published"),
        cancelled_because="The speaker is ill; a new date will be announced." if held.state == "cancelled" else "",
        rules=scheme,
        max_badges=rules.most_badges(times.days, tiers),
        days=times.days,
        first_on=times.first_on,
        last_on=times.last_on,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        due_on=rules.due_on(times.last_on, scheme.upload_due_months),
        created_by=organiser,
        created_at=created,
        published_at=published,
        offers_set_at=created,
    )


def write_parts(
    chance: random.Random,
    institution: Institution,
    activities: list[Activity],
    calendar: list[Held],
    badge_types: dict[str, BadgeType],
) -> None:
    """Sessions, offers, and organisers: one in four activities has a co-organiser, also from another unit."""
    organising = [user for user in institution.staff.values() if Role.ORGANISER in user.roles]
    olga, oscar = institution.staff[people.ORGANISER], institution.staff[people.CO_ORGANISER]
    membership = Activity.organisers.through
    sessions, offers, members = [], [], []
    for activity, held in zip(activities, calendar, strict=True):
        sessions += [Session(activity=activity, **vars(span)) for span in held.spans]
        codes = sorted(held.plan.badges.split()[: activity.max_badges], key=lambda code: badge_types[code].position)
        offers += [
            BadgeOffer(
                activity=activity, badge_type=badge_types[code], position=position, max_badges=activity.max_badges
            )
            for position, code in enumerate(codes, start=1)
        ]
        team = {activity.created_by}
        if activity.created_by == olga:
            team.add(oscar)
        elif chance.random() < 0.25:
            team.add(chance.choice(organising))
        members += [membership(activity=activity, user=user) for user in sorted(team, key=lambda user: user.cna)]
    Session.objects.bulk_create(sessions)
    BadgeOffer.objects.bulk_create(offers)
    membership.objects.bulk_create(members)


def write_trail(activities: list[Activity]) -> None:
    entries: list[AuditEntry] = []
    for activity in activities:
        moments = {"activity.created": activity.created_at, "activity.published": activity.published_at}
        for action, at in moments.items():
            if at is not None:
                line = entry(acting_user=activity.created_by, action=action, target=activity)
                line.at = at
                entries.append(line)
    record_many(entries)


# --- Advice ---------------------------------------------------------------------------------------------------------


def write_advice(chance: random.Random, institution: Institution, activities: list[Activity], now: dt.datetime) -> None:
    """The advisor has seen most choices, and said a word about some; the organisers answered a few."""
    advisor = institution.staff[people.ADVISOR]
    published = [activity for activity in activities if activity.published_at]
    ChoiceReview.objects.bulk_create(
        ChoiceReview(activity=activity, advisor=advisor, seen_at=activity.published_at + dt.timedelta(days=2))
        for activity in activities
        if activity.published_at and activity.published_at < now - dt.timedelta(days=20)
    )
    coming = [activity for activity in published if activity.starts_at > now][:4]
    past = chance.sample([activity for activity in published if activity.ends_at < now], 4)
    responsible = BadgeType.objects.get(code="PSG")
    for number, activity in enumerate([*coming, *past]):
        advice = Advice.objects.create(
            activity=activity,
            author=advisor,
            text="The outcomes speak of responsibility towards others. Would that badge fit better?",
        )
        advice.suggested.add(responsible)
        if number % 3 == 1:
            Advice.objects.create(
                activity=activity,
                author=activity.created_by,
                is_answer=True,
                outcome=Advice.Outcome.KEPT,
                text="Thank you. The exercises are about the skill itself, so we keep our choice this time.",
            )

"""The cast for tests: a test reads as a story about the same few people."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Participant, Unit, User
from accounts.roles import Role
from activities.models import Activity, AwardingRules, BadgeOffer, BadgeType, Session
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.models import Award, AwardEvent, Withholding

HONG_KONG = ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True)
class Cast:
    """Two units and their people.

    Olga organises at the Learning Commons, Otto is a stranger of the same unit, Oscar is Olga's co-organiser from the
    Faculty of Design. Adam administers, Lydia advises, Xenia operates, Sam and Suki study. Vera, who verifies, has no
    account.
    """

    learning_commons: Unit
    design: Unit
    olga: User
    otto: User
    oscar: User
    adam: User
    lydia: User
    xenia: User
    sam: User
    suki: User
    sam_participant: Participant
    suki_participant: Participant


def quick_settings(uploads: Path) -> dict[str, Any]:
    """Cheap password hashes, static files that nobody collected, and a place of its own for uploads."""
    return {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "UPLOAD_DIR": uploads,
        "STORAGES": {
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": uploads},
            },
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    }


def make_user(cna: str, name: str, *roles: Role, unit: Unit | None = None, name_zh: str = "") -> User:
    """A user without a password; tests sign them in by force."""
    user = _user(cna, name, *roles, unit=unit, name_zh=name_zh)
    user.save()
    return user


def _user(cna: str, name: str, *roles: Role, unit: Unit | None = None, name_zh: str = "") -> User:
    return User(cna=cna, name_en=name, name_zh=name_zh, unit=unit, roles=list(roles), password="!")


def make_participant(number: str, name_en: str, name_zh: str = "", **fields: Any) -> Participant:
    return Participant.objects.create(student_number=number, name_en=name_en, name_zh=name_zh, **fields)


def make_cast() -> Cast:
    """The cast, in one statement a table: hundreds of tests begin with it."""
    commons, design = Unit.objects.bulk_create(
        [
            Unit(code="LC", name_en="Learning Commons", name_zh="學習薈"),
            Unit(code="FDE", name_en="Faculty of Design and Environment", name_zh="設計及環境學院"),
        ]
    )
    sam, suki, olga, otto, oscar, adam, lydia, xenia = User.objects.bulk_create(
        [
            _user("240000001", "CHAN Sam", Role.STUDENT, name_zh="陳三"),
            _user("240000002", "WONG Suki", Role.STUDENT, name_zh="黃素琪"),
            _user("s1001", "LEE Olga", Role.ORGANISER, unit=commons),
            _user("s1002", "NG Otto", Role.ORGANISER, unit=commons),
            _user("s1003", "HO Oscar", Role.ORGANISER, unit=design),
            _user("s2001", "LAM Adam", Role.ADMINISTRATOR, unit=commons),
            _user("s3001", "YIP Lydia", Role.ADVISOR, unit=commons),
            _user("s4001", "TSE Xenia", Role.OPERATOR),
        ]
    )
    sam_participant, suki_participant = Participant.objects.bulk_create(
        Participant(student_number=user.cna, name_en=user.name_en, name_zh=user.name_zh, user=user, unit=design)
        for user in (sam, suki)
    )
    return Cast(
        learning_commons=commons,
        design=design,
        olga=olga,
        otto=otto,
        oscar=oscar,
        adam=adam,
        lydia=lydia,
        xenia=xenia,
        sam=sam,
        suki=suki,
        sam_participant=sam_participant,
        suki_participant=suki_participant,
    )


def hong_kong(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """A moment on a Hong Kong clock."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=HONG_KONG)


def make_activity(
    cast: Cast,
    *,
    code: str = "DB2526-0001",
    title: str = "Team communication workshop",
    badges: Sequence[str] = ("EC",),
    days: int = 1,
    ended_days_ago: int = 3,
    organisers: Sequence[User] | None = None,
    status: str = Activity.Status.PUBLISHED,
    **fields: Any,
) -> Activity:
    """An activity of Olga's with one session 9:00–17:00 on each of `days` days, the last one `ended_days_ago`.

    A negative `ended_days_ago` is still to come. Written straight to the tables: services have tests of their own.
    """
    rules = AwardingRules.objects.latest()
    last = timezone.localdate() - dt.timedelta(days=ended_days_ago)
    dates = [last - dt.timedelta(days=n) for n in reversed(range(days))]
    spans = [(hong_kong(d.year, d.month, d.day, 9), hong_kong(d.year, d.month, d.day, 17)) for d in dates]
    maximum = min(days, 3)
    activity = Activity.objects.create(
        code=code,
        title_en=title,
        objectives=fields.pop("objectives", "Learn to work as a team."),
        outcomes=fields.pop("outcomes", "Participants can lead a meeting."),
        rationale=fields.pop("rationale", "The whole day is spent speaking and listening."),
        unit=fields.pop("unit", cast.learning_commons),
        status=status,
        rules=rules,
        days=days,
        max_badges=maximum,
        first_on=dates[0],
        last_on=last,
        starts_at=spans[0][0],
        ends_at=spans[-1][1],
        due_on=last + dt.timedelta(days=30),
        created_by=cast.olga,
        published_at=timezone.now() if status != Activity.Status.DRAFT else None,
        offers_set_at=timezone.now(),
        **fields,
    )
    team = organisers if organisers is not None else [cast.olga]
    Activity.organisers.through.objects.bulk_create(
        Activity.organisers.through(activity=activity, user=organiser) for organiser in team
    )
    Session.objects.bulk_create(Session(activity=activity, starts_at=a, ends_at=b) for a, b in spans)
    types = BadgeType.objects.in_bulk(badges, field_name="code")
    BadgeOffer.objects.bulk_create(
        BadgeOffer(activity=activity, badge_type=types[badge], position=n, max_badges=maximum)
        for n, badge in enumerate(badges, start=1)
    )
    return activity


def make_upload(
    activity: Activity,
    participants: Sequence[Participant],
    *,
    by: User,
    withheld: Mapping[Participant, str] | None = None,
    unknown: Sequence[tuple[str, str]] = (),
) -> AttendanceUpload:
    """A committed attendance record: every offered badge for each participant, but for those in `withheld`.

    `withheld` maps a participant to the reason in words. `unknown` are (number, name) pairs that are parked.
    The original lies in the default storage. Written straight to the tables, as `commit_upload` would leave them.
    """
    withheld = withheld or {}
    content = "\n".join(["Student ID", *(person.student_number for person in participants)]).encode()
    key = uuid.uuid4()
    offers = [offer.badge_type for offer in activity.offers.select_related("badge_type")]
    kept_out = [person for person in participants if person in withheld]
    awarded = [person for person in participants if person not in withheld]
    upload = AttendanceUpload.objects.create(
        key=key,
        activity=activity,
        status=AttendanceUpload.Status.COMMITTED,
        file_name="attendance.xlsx",
        file_size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_as=default_storage.save(f"{key}.xlsx", ContentFile(content)),
        file_format="xlsx",
        uploaded_by=by,
        committed_by=by,
        committed_at=timezone.now(),
        row_count=len(participants) + len(unknown),
        award_row_count=len(awarded),
        no_award_row_count=len(kept_out),
        parked_row_count=len(unknown),
        award_count=len(awarded) * len(offers),
        withholding_count=len(kept_out) * len(offers),
        filing=AttendanceUpload.Filing.OPEN,
    )
    for line, person in enumerate(participants, start=2):
        row = AttendanceRow.objects.create(
            upload=upload,
            sheet="Attendance",
            line=line,
            raw_id=person.student_number,
            raw_name=person.full_name,
            marks={"attended": "Y", "award": "N" if person in withheld else "Y"},
            participant=person,
            outcome="no_award" if person in withheld else "award",
            reason="withheld" if person in withheld else "",
        )
        for badge_type in offers:
            if person in withheld:
                Withholding.objects.create(
                    participant=person,
                    activity=activity,
                    badge_type=badge_type,
                    reason="other",
                    reason_text=withheld[person],
                    row=row,
                    withheld_by=by,
                )
            else:
                make_award(person, activity, badge_type, by=by, row=row)
    AttendanceRow.objects.bulk_create(
        AttendanceRow(
            upload=upload,
            sheet="Attendance",
            line=line,
            raw_id=number,
            raw_name=name,
            marks={"attended": "Y", "award": "Y"},
            outcome="reject",
            reason="unknown_id",
            settlement="open",
        )
        for line, (number, name) in enumerate(unknown, start=2 + len(participants))
    )
    return upload


def make_award(
    participant: Participant,
    activity: Activity,
    badge_type: BadgeType,
    *,
    by: User,
    row: AttendanceRow | None = None,
) -> Award:
    """An active award, as a commit leaves it."""
    award = Award.objects.create(
        participant=participant,
        activity=activity,
        badge_type=badge_type,
        badge_version=badge_type.versions.get(version=badge_type.version),
        rules=activity.rules,
        days=activity.days,
        max_badges=activity.max_badges,
        row=row,
        awarded_by=by,
    )
    AwardEvent.objects.create(award=award, kind=AwardEvent.Kind.AWARDED, by=by)
    return award

"""The attendance records of the demo: a sheet for each activity, its original on disk, its rows, awards and trail."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook

from accounts.models import Participant, User
from accounts.trail.models import AuditEntry
from accounts.trail.services import entry
from activities.models import Activity, BadgeType, BadgeVersion
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.originals import keep_original
from awards.models import Award, AwardEvent, Withholding, WithholdingReason
from badges_portal.demo import people

BATCH = 2000
RICH_STUDENT_MISSES = "PSG"
"""The badge that the student with the rich history still lacks."""
REASONS = [
    (WithholdingReason.ATTENDANCE, ""),
    (WithholdingReason.ATTENDANCE, "Came for the first morning only."),
    (WithholdingReason.OUTCOME, ""),
    (WithholdingReason.ASSESSMENT, "The report was not handed in."),
    (WithholdingReason.WITHDREW, ""),
]


@dataclass
class Written:
    """Everything of all records, to be stored in a few statements."""

    rows: list[AttendanceRow] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    withholdings: list[Withholding] = field(default_factory=list)
    trail: list[AuditEntry] = field(default_factory=list)

    def note(self, at: dt.datetime, **what: Any) -> None:
        line = entry(**what)
        line.at = at
        self.trail.append(line)


@dataclass(frozen=True)
class Line:
    """One student on a sheet: the marks for attendance and for each badge, and why a badge is withheld."""

    participant: Participant | None
    number: str
    name: str
    attended: bool
    yes: list[BadgeType]
    no: list[BadgeType]
    reason: tuple[str, str] = ("", "")


def write_records(
    chance: random.Random,
    participants: list[Participant],
    activities: list[Activity],
    staff: dict[str, User],
    now: dt.datetime,
) -> int:
    """A committed record for each of these activities; answers how many badges they award."""
    versions = {version.badge_type_id: version for version in BadgeVersion.objects.order_by("version")}
    written = Written()
    uploads = [
        write_record(chance, written, participants, activity, versions, staff, now, number)
        for number, activity in enumerate(activities)
    ]
    for upload in uploads:
        AttendanceUpload.objects.filter(pk=upload.pk).update(uploaded_at=upload.committed_at)
    AttendanceRow.objects.bulk_create(written.rows, BATCH)
    awards = Award.objects.bulk_create(written.awards, BATCH)
    Withholding.objects.bulk_create(written.withholdings, BATCH)
    AwardEvent.objects.bulk_create(
        [AwardEvent(award=a, kind=AwardEvent.Kind.AWARDED, at=a.awarded_at, by=a.awarded_by) for a in awards], BATCH
    )
    for award in awards:
        written.note(
            award.awarded_at,
            acting_user=award.awarded_by,
            action="award.given",
            target=award,
            participant=award.participant,
            changes={"status": [None, "active"], "badge": award.badge_type.code, "activity": award.activity.code},
        )
    AuditEntry.objects.bulk_create(written.trail, BATCH)
    return len(awards)


def write_record(
    chance: random.Random,
    written: Written,
    participants: list[Participant],
    activity: Activity,
    versions: dict[int, BadgeVersion],
    staff: dict[str, User],
    now: dt.datetime,
    number: int,
) -> AttendanceUpload:
    """One upload, and its rows, awards, withholdings and trail into `written`."""
    badges = [offer.badge_type for offer in activity.offers.select_related("badge_type")]
    lines = make_lines(chance, who_came(chance, participants, activity, badges, now), badges, number)
    data = sheet_of(activity, badges, lines)
    waited = dt.timedelta(days=chance.choice([1, 2, 3, 5, 8, 12, 20, 20, 38]), hours=chance.randint(1, 9))
    at = min(activity.ends_at + waited, now - dt.timedelta(hours=chance.randint(2, 40)))
    parked = [line for line in lines if line.participant is None]
    awarding = [line for line in lines if line.yes and line.participant]
    is_old = at < now - dt.timedelta(days=45)
    filing = AttendanceUpload.Filing.FILED if is_old else AttendanceUpload.Filing.OPEN
    if not is_old and number % 7 == 3:
        filing = AttendanceUpload.Filing.QUERIED
    upload = AttendanceUpload.objects.create(
        activity=activity,
        status=AttendanceUpload.Status.COMMITTED,
        file_name=f"{activity.code} attendance.xlsx",
        file_size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_as=keep_original(data),
        file_format="xlsx",
        uploaded_by=activity.created_by,
        committed_by=activity.created_by,
        committed_at=at,
        is_late=timezone.localdate(at) > activity.due_on,
        row_count=len(lines),
        award_row_count=len(awarding),
        no_award_row_count=len(lines) - len(awarding) - len(parked),
        parked_row_count=len(parked),
        award_count=sum(len(line.yes) for line in awarding),
        withholding_count=sum(len(line.no) for line in lines if line.attended and line.participant),
        confirmed_by=activity.created_by if number % 3 else None,
        confirmed_at=at if number % 3 else None,
        filing=filing,
        filing_note="Two names are not in the register: please check." if filing == "queried" else "",
        filing_changed_by=None if filing == "open" else staff[people.ADMINISTRATOR],
        filing_changed_at=None if filing == "open" else min(at + dt.timedelta(days=4), now),
    )
    for place, line in enumerate(lines, start=7):
        write_line(written, upload, activity, place, line, versions)
    written.note(
        at,
        acting_user=activity.created_by,
        action="attendance.committed",
        target=upload,
        changes={"activity": activity.code, "status": ["staged", "committed"], "sha256": upload.sha256,
                 "rows": upload.row_count, "awards": upload.award_count, "parked": upload.parked_row_count},
    )  # fmt: skip
    return upload


def who_came(
    chance: random.Random,
    participants: list[Participant],
    activity: Activity,
    badges: list[BadgeType],
    now: dt.datetime,
) -> list[Participant]:
    """Students who had begun by then; some join often, the student with the rich history whenever it fits."""
    began = [p for p in participants[2:] if p.started_on is None or p.started_on <= activity.first_on]
    keen = [p for p in began if int(p.student_number) % 5 == 0]
    came = set(chance.sample(began, min(len(began), chance.randint(10, 34))))
    came |= set(chance.sample(keen, min(len(keen), chance.randint(4, 12))))
    rich = participants[0]
    fits = RICH_STUDENT_MISSES not in {badge.code for badge in badges} and chance.random() < 0.42
    return sorted(came | ({rich} if fits else set()), key=lambda p: p.student_number)


def make_lines(chance: random.Random, came: list[Participant], badges: list[BadgeType], number: int) -> list[Line]:
    """Nine in ten earn everything; some did not come, some are withheld one badge or all."""
    lines = []
    for person in came:
        fate = chance.random()
        name = person.full_name
        if fate < 0.05:
            lines.append(Line(person, person.student_number, name, False, [], []))
        elif fate < 0.11:
            kept = badges[1:] if len(badges) > 1 and fate < 0.09 else []
            withheld = [badge for badge in badges if badge not in kept]
            lines.append(Line(person, person.student_number, name, True, kept, withheld, chance.choice(REASONS)))
        else:
            lines.append(Line(person, person.student_number, name, True, badges, []))
    if number % 9 == 4:
        lines.append(Line(None, f"249{number:06d}", "TSUI Late Comer", True, badges, []))
    return lines


def sheet_of(activity: Activity, badges: list[BadgeType], lines: list[Line]) -> bytes:
    """The sheet as the organiser filled it in."""
    book = Workbook()
    page = book.active
    page.title = "Attendance"
    for name, value in (("Activity code", activity.code), ("Activity", activity.title_en), ("Date", activity.first_on)):
        page.append([name, value])
    page.append([])
    page.append(["Y = yes, N = no"])
    page.append(["Student ID", "Student Name", "Attended", *(badge.code for badge in badges), "Reason", "Remarks"])
    for line in lines:
        page.append([line.number, line.name, *marks_of(line, badges).values(), *line.reason])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def marks_of(line: Line, badges: list[BadgeType]) -> dict[str, str]:
    yes_or_no = {badge.code: "Y" if badge in line.yes else "N" for badge in badges}
    return {"attended": "Y" if line.attended else "N", **yes_or_no}


def write_line(
    written: Written,
    upload: AttendanceUpload,
    activity: Activity,
    place: int,
    line: Line,
    versions: dict[int, BadgeVersion],
) -> None:
    """The row, and what it gives or withholds."""
    person, by, at = line.participant, activity.created_by, upload.committed_at
    outcome, reason = "award", ""
    if person is None:
        outcome, reason = "reject", "unknown_id"
    elif not line.yes:
        outcome, reason = "no_award", "withheld" if line.attended else "absent"
    row = AttendanceRow(
        upload=upload,
        sheet="Attendance",
        line=place,
        raw_id=line.number,
        raw_name=line.name,
        marks=marks_of(line, [*line.yes, *line.no]),
        participant=person,
        outcome=outcome,
        reason=reason,
        settlement="" if person else AttendanceRow.Settlement.OPEN,
    )
    written.rows.append(row)
    if person is None or at is None:
        return
    given = {"participant": person, "activity": activity, "row": row}
    written.awards += [
        Award(
            badge_type=badge,
            badge_version=versions[badge.pk],
            rules_id=activity.rules_id,
            days=activity.days,
            max_badges=activity.max_badges,
            awarded_at=at,
            awarded_by=by,
            **given,
        )
        for badge in line.yes
    ]
    written.withholdings += [
        Withholding(
            badge_type=badge, reason=line.reason[0], reason_text=line.reason[1], withheld_at=at, withheld_by=by, **given
        )
        for badge in line.no
    ]

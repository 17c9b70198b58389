"""What a sheet is judged against: the offer, the register, and everything that was decided before at the activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import formats, timezone

from accounts.models import User
from activities.keeping import open_offers
from activities.models import Activity, BadgeOffer
from activities.rules import UploadRefusal, upload_gate
from awards.attendance.deciding import Before, Student
from awards.attendance.measuring import NOT_SAID, Needed, needed_by_rules
from awards.attendance.reading import Reading
from awards.attendance.refusals import AttendanceRefused
from awards.models import Award

Held = tuple[int, str]
"""Participant and badge code."""
WITHHELD = "withheld"
"""The state of a withholding among those of awards."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything outside the sheet that its outcome depends on, and the rows that a commit would change."""

    activity: Activity
    offers: dict[str, BadgeOffer]
    """The open offers by badge code, in their order, with their badge types."""
    students: dict[str, Student]
    before: Before
    awards: dict[Held, int]
    withholdings: dict[Held, int]
    on_paper: frozenset[Held]
    """Active awards that stand on an issued NAT."""
    elsewhere: frozenset[int]
    """Participants who have a badge of another activity that was held at the same time."""
    needed: Needed = NOT_SAID
    """How much the rules ask to be attended."""

    @property
    def offered(self) -> tuple[str, ...]:
        return tuple(self.offers)


def lock_activity(acting_user: User, activity_id: int) -> Activity:
    """The activity, locked until the transaction ends; PermissionDenied unless the acting user manages it.

    Everything that changes what was earned at an activity takes this lock first.
    """
    try:
        return Activity.objects.managed_by(acting_user).select_for_update(of=("self",)).get(pk=activity_id)
    except Activity.DoesNotExist:
        raise PermissionDenied from None


def refuse_unless_open(activity: Activity) -> None:
    """Raises not_published, cancelled or too_early where the activity takes no attendance now (product 4a)."""
    gate = upload_gate(activity.status, activity.ends_at, timezone.now())
    if gate.refusal == UploadRefusal.TOO_EARLY:
        ends_at = timezone.localtime(gate.opens_at)
        raise AttendanceRefused("too_early", ends_at=formats.date_format(ends_at, "DATETIME_FORMAT"))
    if gate.refusal is not None:
        raise AttendanceRefused(gate.refusal.value)


def offered_codes(activity: Activity) -> tuple[str, ...]:
    """The codes of the badges on offer, in their order."""
    return tuple(offer.badge_type.code for offer in open_offers(activity))


def gather(activity: Activity, reading: Reading) -> Circumstances:
    """Reads it all in four statements, whatever the number of rows; two more for a sheet with shares or minutes.

    Only students whose number stands on the sheet, or who have a badge of this activity, are read: nobody else's name
    can reach the page (security: an organiser finds a student by full ID inside the own sheet's lines only).
    """
    awards: dict[Held, int] = {}
    withholdings: dict[Held, int] = {}
    revoked: set[Held] = set()
    on_paper: set[Held] = set()
    for student, code, state, pk, is_on_paper in _rows(BEFORE, {"activity": activity.pk}):
        held = (student, code)
        if state == WITHHELD:
            withholdings[held] = pk
        elif state == Award.Status.REVOKED:
            revoked.add(held)
        else:
            awards[held] = pk
            if is_on_paper:
                on_paper.add(held)
    students = _students(reading.numbers, {student for student, _code in awards})
    return Circumstances(
        activity=activity,
        offers={offer.badge_type.code: offer for offer in open_offers(activity)},
        students=students,
        before=Before(
            awarded=frozenset(awards), withheld=frozenset(withholdings), revoked=frozenset(revoked - set(awards))
        ),
        awards=awards,
        withholdings=withholdings,
        on_paper=frozenset(on_paper),
        elsewhere=_elsewhere(activity, [student.id for student in students.values()]),
        needed=_needed(activity) if any(row.hangs_on for row in reading.rows) else NOT_SAID,
    )


def _needed(activity: Activity) -> Needed:
    """What the threshold of the activity, or of the rules that it is judged by, asks for; of minutes where its sessions
    have times."""
    own = activity.attendance_threshold
    threshold = activity.rules.attendance_threshold if own is None else own
    sessions = [] if threshold is None else list(activity.sessions.all())
    held = sum((session.ends_at - session.starts_at for session in sessions), dt.timedelta())
    is_timed = not any(session.is_whole_days for session in sessions)
    return needed_by_rules(threshold, int(held.total_seconds() // 60) if is_timed else None)


def students_named(readings: Iterable[Reading]) -> dict[str, Student]:
    """The students whose numbers stand in any of the readings, by number."""
    return _students(frozenset().union(*(reading.numbers for reading in readings)), ())


def _students(numbers: Iterable[str], known_here: Iterable[int]) -> dict[str, Student]:
    found = _rows(STUDENTS, {"numbers": list(numbers), "ids": list(known_here)})
    return {student[1]: Student(*student) for student in found}


def _elsewhere(activity: Activity, students: Iterable[int]) -> frozenset[int]:
    """Those of the students who have a badge of another activity with a session at the same time."""
    found = _rows(ELSEWHERE, {"activity": activity.pk, "students": list(students)})
    return frozenset(student for (student,) in found)


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()


BEFORE = """
    SELECT a.participant_id, b.code, a.status, a.id, EXISTS (
        SELECT 1 FROM transcripts_transcriptentry e JOIN transcripts_transcript t ON t.id = e.transcript_id
        WHERE e.award_id = a.id AND t.status = 'issued'
    )
    FROM awards_award a JOIN activities_badgetype b ON b.id = a.badge_type_id
    WHERE a.activity_id = %(activity)s AND a.status <> 'undone'
    UNION ALL
    SELECT w.participant_id, b.code, 'withheld', w.id, false
    FROM awards_withholding w JOIN activities_badgetype b ON b.id = w.badge_type_id
    WHERE w.activity_id = %(activity)s AND w.status = 'active'
"""
STUDENTS = """
    SELECT id, student_number, name_en, name_zh, status, status_on FROM accounts_participant
    WHERE student_number = ANY(%(numbers)s) OR id = ANY(%(ids)s)
    ORDER BY id
"""
ELSEWHERE = """
    SELECT DISTINCT a.participant_id
    FROM activities_session ours
    JOIN activities_session other
        ON other.activity_id <> ours.activity_id AND other.starts_at < ours.ends_at AND other.ends_at > ours.starts_at
    JOIN awards_award a ON a.activity_id = other.activity_id AND a.status = 'active'
    WHERE ours.activity_id = %(activity)s AND a.participant_id = ANY(%(students)s)
"""
"""SQL, because they are part of every preview and every commit, and building them anew costs more than running them."""

"""A bulk load: each activity's part of a file becomes one committed record, through the same rules as an upload."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.trail.services import record
from activities.models import Activity
from awards.attendance.committing import refuse_unanswered, write_record
from awards.attendance.deciding import Answers, Decision
from awards.attendance.formats import Limits, Refusal
from awards.attendance.gathering import Circumstances, gather, lock_activity, offered_codes, refuse_unless_open
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import keep_original
from awards.attendance.reading import Reading, read_attendance
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.attendance.splitting import Part
from awards.attendance.staging import judged

LOAD_LIMITS = Limits(
    max_bytes=200 * 2**20,
    max_row=1_000_000,
    max_cells=20_000_000,
    cpu_seconds=120,
    wall_seconds=300,
    address_space=8 * 2**30,
)
"""How large the whole file may be: twenty years of an institution's attendance."""
MOST_ROWS_OF_ACTIVITY = 20_000
"""As in an uploaded sheet."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A part as read and judged against what stands now."""

    reading: Reading
    circumstances: Circumstances
    decision: Decision


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a part: its record, or None where these bytes stand committed already; None too in a dry run."""

    decision: Decision | None
    upload: AttendanceUpload | None = None


def load_part(*, acting_user: User, activity: Activity, part: Part, source: str, answers: Answers) -> Loaded:
    """Commits the part as a record of its own, all of it or nothing; a part that stands committed is passed over.

    `source` names the file it comes from. Raises AttendanceRefused or formats.Refusal; then nothing is stored.
    """
    data, sha256 = part.data, part.sha256
    with lock_wait_said(), transaction.atomic():
        activity = lock_activity(acting_user, activity.pk)
        if activity.uploads.committed().filter(sha256=sha256).exists():
            return Loaded(None)
        weighed = weigh(activity, part, answers)
        upload = AttendanceUpload.objects.create(
            activity=activity,
            file_name=f"{activity.code} – {source}"[:200],
            file_size=len(data),
            sha256=sha256,
            stored_as=keep_original(data),
            file_format="csv",
            uploaded_by=acting_user,
        )
        record(
            acting_user=acting_user,
            action="attendance.uploaded",
            target=upload,
            changes={"activity": activity.code, "sha256": sha256, "bytes": len(data), "loaded_from": source},
        )
        write_record(
            acting_user, upload, uuid.uuid4(), weighed.reading, weighed.circumstances, weighed.decision, answers
        )
    return Loaded(weighed.decision, upload)


def try_part(*, activity: Activity, part: Part, answers: Answers) -> Loaded:
    """What `load_part` would do now. Writes nothing."""
    if activity.uploads.committed().filter(sha256=part.sha256).exists():
        return Loaded(None)
    return Loaded(weigh(activity, part, answers).decision)


def weigh(activity: Activity, part: Part, answers: Answers) -> Weighed:
    """The part through the same chain as an uploaded sheet. Raises AttendanceRefused or formats.Refusal."""
    refuse_unless_open(activity)
    if len(part.rows) > MOST_ROWS_OF_ACTIVITY:
        raise Refusal("too_many_rows", limit=MOST_ROWS_OF_ACTIVITY)
    offered = offered_codes(activity)
    if not offered:
        raise AttendanceRefused("no_offers")
    reading = read_attendance(
        part.workbook,
        offered=offered,
        activity_code=activity.code,
        student_number_digits=settings.STUDENT_NUMBER_DIGITS,
    )
    circumstances = gather(activity, reading)
    decision = judged(reading, circumstances, answers)
    if not decision.can_be_committed:
        raise Refusal(decision.file_reason)
    refuse_unanswered(decision, answers, takes_back=False)
    return Weighed(reading, circumstances, decision)

"""What tests of this wing put on the record, straight to the tables: sheets and papers have services of their own."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.utils import timezone

from accounts.models import Participant
from activities.models import Activity, BadgeType, BadgeVersion
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.models import Award, AwardEvent, Withholding
from badges_portal.testing import Cast


def put_on_record(
    activity: Activity, participant: Participant, *, outcome: str = "award", settlement: str = ""
) -> AttendanceRow:
    """A row for the participant on a committed sheet of the activity's creator."""
    key = uuid.uuid4()
    upload = AttendanceUpload.objects.create(
        key=key,
        activity=activity,
        status="committed",
        file_name="attendance.xlsx",
        file_size=4711,
        sha256=hashlib.sha256(key.bytes).hexdigest(),
        stored_as=f"{key}.xlsx",
        file_format="xlsx",
        uploaded_by=activity.created_by,
        committed_by=activity.created_by,
        committed_at=timezone.now(),
        row_count=1,
        award_row_count=1,
        filing="open",
    )
    return AttendanceRow.objects.create(
        upload=upload,
        sheet="Attendance",
        line=7,
        raw_id=participant.student_number,
        raw_name=participant.name_en,
        participant=participant,
        outcome=outcome,
        settlement=settlement,
    )


def make_award(
    activity: Activity, participant: Participant, code: str, *, row: AttendanceRow | None = None, status: str = "active"
) -> Award:
    """An award as the commit of a sheet writes it, with its event."""
    badge_type = BadgeType.objects.get(code=code)
    award = Award.objects.create(
        participant=participant,
        activity=activity,
        badge_type=badge_type,
        badge_version=BadgeVersion.objects.get(badge_type=badge_type, version=badge_type.version),
        rules=activity.rules,
        days=activity.days,
        max_badges=activity.max_badges,
        row=row,
        awarded_by=activity.created_by,
        status=status,
    )
    AwardEvent.objects.create(award=award, kind="awarded", by=activity.created_by)
    return award


def make_withholding(
    activity: Activity, participant: Participant, code: str, *, reason: str = "attendance", words: str = ""
) -> Withholding:
    return Withholding.objects.create(
        activity=activity,
        participant=participant,
        badge_type=BadgeType.objects.get(code=code),
        reason=reason,
        reason_text=words,
        withheld_by=activity.created_by,
    )


def issue_nat(cast: Cast, awards: Sequence[Award]) -> Any:
    """An issued NAT that lists the awards; its models belong to the wing above, so they are found by name."""
    nat = apps.get_model("transcripts", "Transcript").objects.create(
        serial="NAT-2026-000001",
        code=uuid.uuid4().hex,
        participant=awards[0].participant,
        content={},
        content_sha256="0" * 64,
        issued_at=timezone.now(),
        issued_by=cast.adam,
    )
    for award in awards:
        nat.entries.create(award=award)
    return nat

"""What is answered and mended on the review page, kept with the staged record until it is committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.trail.services import record
from awards.attendance.gathering import offered_codes
from awards.attendance.mending import Mend, Typed, mend_for
from awards.attendance.models import AttendanceUpload
from awards.attendance.reading import Reading, ReadRow
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.attendance.staging import Preview, lock_staged, preview_upload


@dataclass(frozen=True, slots=True)
class Mending:
    """The record before and after a row was mended, and what is kept with it now."""

    upload: AttendanceUpload
    before: Preview
    after: Preview

    @property
    def changed(self) -> list[int]:
        """The places of the rows of which anything is different now: a duplicate asks no more, and the like."""
        pairs = zip(self.before.decision.rows, self.after.decision.rows, strict=True)
        return [place for place, (old, new) in enumerate(pairs) if old != new]


def with_answers(kept: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers kept so far with those given now: a page shows only some of the rows, the others stay answered."""
    rows = {name: {**kept.get(name, {}), **given.get(name, {})} for name in ("rows", "asked")}
    return {**kept, **given, **rows}


@lock_wait_said()
@transaction.atomic
def keep_answers(*, acting_user: User, upload: AttendanceUpload, given: Mapping[str, Any]) -> AttendanceUpload:
    """Keeps what was answered now beside what was answered before. Raises AttendanceRefused not_staged."""
    upload = lock_staged(acting_user, upload)
    upload.answers = with_answers(upload.answers, given)
    upload.save(update_fields=["answers"])
    return upload


@lock_wait_said()
@transaction.atomic
def mend_row(*, acting_user: User, upload: AttendanceUpload, place: int, typed: Typed) -> Mending:
    """Keeps what a person typed for one row in place of what was written; what is the same as written is no mend.

    Raises AttendanceRefused not_staged or no_such_row, or formats.Refusal where the record cannot be used any more.
    """
    upload = lock_staged(acting_user, upload)
    row = row_as_written(upload, place)
    mend = mend_for(row, typed, offered_codes(upload.activity))
    return _keep(acting_user, upload, place, mend)


@lock_wait_said()
@transaction.atomic
def restore_row(*, acting_user: User, upload: AttendanceUpload, place: int) -> Mending:
    """Gives up what was mended of one row: it is as written again. Raises as `mend_row` does."""
    upload = lock_staged(acting_user, upload)
    row_as_written(upload, place)
    return _keep(acting_user, upload, place, {})


def row_as_written(upload: AttendanceUpload, place: int) -> ReadRow:
    """One row of a staged record as it was read; raises no_such_row."""
    assert upload.reading is not None
    rows = upload.reading["rows"]
    if not 0 <= place < len(rows):
        raise AttendanceRefused("no_such_row")
    return Reading.from_json({**upload.reading, "rows": [rows[place]]}).rows[0]


def _keep(acting_user: User, upload: AttendanceUpload, place: int, mend: Mend) -> Mending:
    """Keeps the mend, or none; what was answered about the row before was about something else."""
    before = preview_upload(upload=upload)
    answers = {**upload.answers, "mends": {**upload.answers.get("mends", {}), str(place): dict(mend)}}
    if not mend:
        del answers["mends"][str(place)]
    answers["rows"] = {key: answer for key, answer in answers.get("rows", {}).items() if key != str(place)}
    after = preview_upload(upload=upload, stored_answers=answers)
    if set(after.decision.file_questions) - set(before.decision.file_questions):
        answers["file"] = None
        after = preview_upload(upload=upload, stored_answers=answers)
    upload.answers = answers
    upload.save(update_fields=["answers"])
    row = before.reading.rows[place]
    record(
        acting_user=acting_user,
        action="attendance.row_mended",
        target=upload,
        changes={"activity": upload.activity.code, "line": row.line, "mended": [_named(row.mended), _named(mend)]},
    )
    return Mending(upload, before, after)


def _named(mend: Mend) -> list[str]:
    """Which fields a mend is about: the trail names them, the row keeps what was typed."""
    badges = mend.get("badges", {})
    return [name for name in mend if name != "badges"] + [f"{code} {mark}" for code, mark in badges.items()]

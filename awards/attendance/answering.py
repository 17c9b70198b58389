"""What is answered and mended on the review page, kept with the staged record until it is committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.trail.services import record
from awards.attendance.gathering import offered_codes
from awards.attendance.mending import Mend, Typed, mend_for, mended_row, mends_in
from awards.attendance.models import AttendanceUpload
from awards.attendance.outcomes import Outcome
from awards.attendance.reading import Reading, ReadRow
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.attendance.rows import row_from_json
from awards.attendance.staging import Preview, lock_staged, preview_upload

NOTHING: Mapping[str, str] = MappingProxyType({})
MOST_ROWS = 10**6


@dataclass(frozen=True, slots=True)
class Mending:
    """The record after a row was mended. `touched` are the places of the rows that it may have changed."""

    upload: AttendanceUpload
    preview: Preview
    touched: frozenset[int]


def with_answers(kept: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers kept so far with those given now: a page shows only some of the rows, the others stay answered."""
    rows = {name: {**kept.get(name, {}), **given.get(name, {})} for name in ("rows", "asked")}
    return {**kept, **given, **rows}


@lock_wait_said()
@transaction.atomic
def keep_answers(
    *, acting_user: User, upload: AttendanceUpload, given: Mapping[str, Any], all_asking: Mapping[str, str] = NOTHING
) -> AttendanceUpload:
    """Keeps what was answered now beside what was answered before.

    `all_asking` gives every row that asks for this reason one answer. Raises AttendanceRefused not_staged.
    """
    upload = lock_staged(acting_user, upload)
    answers = with_answers(upload.answers, given)
    if all_asking:
        answers = _with_all(upload, answers, all_asking)
    upload.answers = answers
    upload.save(update_fields=["answers"])
    return upload


def _with_all(upload: AttendanceUpload, answers: dict[str, Any], all_asking: Mapping[str, str]) -> dict[str, Any]:
    decision = preview_upload(upload=upload, stored_answers=answers).decision
    asking = {
        str(place): row.reason
        for place, row in enumerate(decision.rows)
        if row.outcome is Outcome.ASK and row.reason in all_asking
    }
    rows = {place: all_asking[reason] for place, reason in asking.items()}
    return with_answers(answers, {"rows": rows, "asked": asking})


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
    """One row of a staged record as it was read, without reading the others; raises not_staged or no_such_row."""
    waiting = AttendanceUpload.objects.filter(pk=upload.pk, reading__isnull=False)
    asked = f"reading__rows__{place if 0 <= place < MOST_ROWS else MOST_ROWS}"
    found = waiting.values_list(asked, flat=True).first()
    if found is None and not waiting.exists():
        raise AttendanceRefused("not_staged", upload=upload, status=upload.get_status_display())
    if found is None:
        raise AttendanceRefused("no_such_row")
    return row_from_json(found)


def _keep(acting_user: User, upload: AttendanceUpload, place: int, mend: Mend) -> Mending:
    """Keeps the mend, or none; what was answered about the row before was about something else.

    What was kept already is not kept again: saved without a change, the row stays answered.
    """
    kept = upload.answers
    if mend == kept.get("mends", {}).get(str(place), {}):
        return Mending(upload, preview_upload(upload=upload), frozenset({place}))
    mends = {key: one for key, one in kept.get("mends", {}).items() if key != str(place)}
    answers = {
        **kept,
        "mends": {**mends, str(place): dict(mend)} if mend else mends,
        "rows": {key: answer for key, answer in kept.get("rows", {}).items() if key != str(place)},
    }
    preview = preview_upload(upload=upload, stored_answers=answers)
    if answers.get("file") is not None and _asks_more(upload, preview):
        answers["file"] = None
        preview = preview_upload(upload=upload, stored_answers=answers)
    row = row_as_written(upload, place)
    before = mended_row(row, mends_in(kept).get(place, {}), settings.STUDENT_NUMBER_DIGITS)
    upload.answers = answers
    upload.save(update_fields=["answers"])
    record(
        acting_user=acting_user,
        action="attendance.row_mended",
        target=upload,
        changes={"activity": upload.activity.code, "line": row.line, "mended": [_named(before.mended), _named(mend)]},
    )
    return Mending(upload, preview, _touched(preview.reading, before, place))


def _asks_more(upload: AttendanceUpload, preview: Preview) -> bool:
    """Whether the sheet as a whole asks now what it did not ask when that was answered."""
    before = preview_upload(upload=upload).decision
    return bool(set(preview.decision.file_questions) - set(before.file_questions))


def _touched(reading: Reading, before: ReadRow, place: int) -> frozenset[int]:
    """The row itself and every other line of the students that it was and is about."""
    after = reading.rows[place]
    numbers = {before.student_number, before.maybe_number, after.student_number, after.maybe_number} - {""}
    others = (other for other, row in enumerate(reading.rows) if row.student_number in numbers)
    return frozenset({place, *others})


def _named(mend: Mend) -> list[str]:
    """Which fields a mend is about: the trail names them, the row keeps what was typed."""
    badges = mend.get("badges", {})
    return [name for name in mend if name != "badges"] + [f"{code} {mark}" for code, mark in badges.items()]

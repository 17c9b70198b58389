"""What a person does with a parked row after the commit: answer it, type its ID again, dismiss it."""

from __future__ import annotations

import dataclasses
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.trail.services import record
from awards.attendance.arriving import settle_arrivals
from awards.attendance.committing import earns
from awards.attendance.deciding import Answer, Answers, DecidedRow, Decision, Outcome
from awards.attendance.effects import Changes, write_changes
from awards.attendance.formats import Refusal
from awards.attendance.gathering import Circumstances, gather, lock_activity, refuse_unless_open
from awards.attendance.mending import mended_row
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.reading import Reading, ReadRow
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.attendance.sentences import refusal_sentence, row_sentence
from awards.attendance.staging import judged
from awards.requesting import ask_for_take_backs, split_off_paper

ABOUT_NOBODY = frozenset({"unknown_id", "bad_id", "missing_id", "error_cell"})
"""Questions of rows whose student is not known."""
RETYPABLE = ABOUT_NOBODY | {"name_mismatch", "name_not_compared", "id_lost_zero", "id_in_email", "id_in_name"}
"""Questions that a student ID typed again may settle."""


class ParkedAnswer(StrEnum):
    """What can become of a parked row."""

    AWARD = "award"
    NO_AWARD = "no_award"
    DISMISS = "dismiss"


def answer_parked_row(
    *,
    acting_user: User,
    row: AttendanceRow,
    answer: ParkedAnswer,
    withheld_reason: str = "",
    withheld_reason_text: str = "",
    take_back_reason: str = "",
    dismiss_reason: str = "",
) -> AttendanceRow:
    """Settles one parked row of a committed record and returns it.

    Raises AttendanceRefused: not_parked, cannot_award (with why), withheld_reason_missing, other_needs_words,
    take_back_reason_missing, dismiss_reason_missing, no_room_while_on_nat, busy, and the gate's codes; then nothing is
    changed. What would be taken back from an issued NAT becomes a request to the scheme administrator.
    """
    with lock_wait_said(), transaction.atomic():
        row = _locked(acting_user, row)
        if answer == ParkedAnswer.DISMISS:
            _dismiss(row, dismiss_reason)
        else:
            refuse_unless_open(row.upload.activity)
            answers = Answers(
                rows={(row.sheet, row.line): Answer(answer.value)},
                file=True,
                withheld_reason=withheld_reason,
                withheld_reason_text=withheld_reason_text.strip(),
                take_back_reason=take_back_reason.strip(),
            )
            _settle(acting_user, row, answers)
        row.settled_at = timezone.now()
        row.save(update_fields=["settlement", "participant", "settled_at", "settled_because"])
        record(
            acting_user=acting_user,
            action="attendance.row_answered",
            target=row.upload,
            participant=row.participant,
            changes={"line": row.line, "settlement": ["open", row.settlement], "activity": row.upload.activity.code},
            reason=row.settled_because or take_back_reason.strip(),
        )
    return row


def retype_parked_row(*, acting_user: User, row: AttendanceRow, typed_id: str) -> AttendanceRow:
    """Runs a row whose ID could not be used through the same rules with the ID typed now, and returns it.

    Where the name agrees and nothing is in doubt it is settled; otherwise it asks, or goes on waiting for the register.
    What was written stays in the row's own columns, what was typed in the trail. Raises AttendanceRefused: not_parked,
    not_retypable, typed_id_bad, busy, and the gate's codes.
    """
    typed = typed_id.strip()
    with lock_wait_said(), transaction.atomic():
        row = _locked(acting_user, row)
        if row.question not in RETYPABLE or row.read is None:
            raise AttendanceRefused("not_retypable")
        refuse_unless_open(row.upload.activity)
        reading = Reading.from_json(row.read)
        read = reading.rows[0]
        row.read = dataclasses.replace(reading, rows=(_retyped(read, typed),)).to_json()
        now = timezone.now()
        settle_arrivals(acting_user=acting_user, upload=row.upload, rows=[row], how="ID typed again", now=now)
        record(
            acting_user=acting_user,
            action="attendance.row_retyped",
            target=row.upload,
            changes={
                "line": row.line,
                "student_id": [read.said_id, typed],
                "settlement": ["open", str(row.settlement)],
                "asks": row.asks_because,
                "activity": row.upload.activity.code,
            },
        )
    return row


def _retyped(read: ReadRow, typed: str) -> ReadRow:
    """The row as it would be with this ID mended on the review page."""
    mended = mended_row(read, {**read.mended, "id": typed}, settings.STUDENT_NUMBER_DIGITS)
    if mended.problem:
        raise AttendanceRefused("typed_id_bad", digits=settings.STUDENT_NUMBER_DIGITS)
    return mended


def dismiss_leftovers(*, acting_user: User, upload: AttendanceUpload, reason: str) -> int:
    """Dismisses all rows of a record that are still open, and returns how many.

    Raises AttendanceRefused: dismiss_reason_missing, busy.
    """
    with lock_wait_said(), transaction.atomic():
        upload.activity = lock_activity(acting_user, upload.activity_id)
        rows = list(AttendanceRow.objects.parked().filter(upload=upload).select_for_update(of=("self",)))
        if not reason.strip():
            raise AttendanceRefused("dismiss_reason_missing")
        AttendanceRow.objects.filter(pk__in=[row.pk for row in rows]).update(
            settlement=AttendanceRow.Settlement.DISMISSED, settled_at=timezone.now(), settled_because=reason.strip()
        )
        if rows:
            record(
                acting_user=acting_user,
                action="attendance.rows_dismissed",
                target=upload,
                changes={"activity": upload.activity.code, "lines": sorted(row.line for row in rows)},
                reason=reason.strip(),
            )
    return len(rows)


def _locked(acting_user: User, row: AttendanceRow) -> AttendanceRow:
    upload = row.upload
    activity = lock_activity(acting_user, upload.activity_id)
    parked = AttendanceRow.objects.parked().select_related("upload", "participant")
    found = parked.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise AttendanceRefused("not_parked", upload=upload)
    found.upload.activity = activity
    return found


def _dismiss(row: AttendanceRow, reason: str) -> None:
    if not reason.strip():
        raise AttendanceRefused("dismiss_reason_missing")
    row.settlement = AttendanceRow.Settlement.DISMISSED
    row.settled_because = reason.strip()


def _settle(acting_user: User, row: AttendanceRow, answers: Answers) -> None:
    if row.read is None:
        raise AttendanceRefused("cannot_award", why=row_sentence(row.question))
    reading = _as_answered(Reading.from_json(row.read), answers)
    circumstances = gather(row.upload.activity, reading)
    decision, decided = _decided(reading, circumstances, answers, row.question)
    if decided.outcome is Outcome.REJECT:
        row.settlement, row.participant = AttendanceRow.Settlement.REFUSED, None
        return
    if decision.needs_withheld_reason:
        raise AttendanceRefused("withheld_reason_missing")
    if decision.needs_take_back_reason:
        raise AttendanceRefused("take_back_reason_missing")
    changes = Changes()
    changes.add(decided, row.pk, answers.withheld_reason_text)
    if changes.lacks_words:
        raise AttendanceRefused("other_needs_words")
    asked = split_off_paper(acting_user, circumstances, changes)
    write_changes(
        acting_user=acting_user,
        upload=row.upload,
        circumstances=circumstances,
        changes=changes,
        taken_back_because=answers.take_back_reason,
        parked="answered",
    )
    ask_for_take_backs(
        acting_user=acting_user,
        upload=row.upload,
        circumstances=circumstances,
        asked=asked,
        reason=answers.take_back_reason,
    )
    row.settlement = AttendanceRow.Settlement.AWARDED if earns(decided) else AttendanceRow.Settlement.REFUSED
    row.participant_id = decided.student.id if decided.student else None


def _as_answered(reading: Reading, answers: Answers) -> Reading:
    """The row with the reason that a person gives for it now in place of an earlier one."""
    if not answers.withheld_reason:
        return reading
    why, words = answers.withheld_reason, answers.withheld_reason_text
    rows = (dataclasses.replace(row, reason=why, reason_text=words) for row in reading.rows)
    return dataclasses.replace(reading, rows=tuple(rows))


def _decided(
    reading: Reading, circumstances: Circumstances, answers: Answers, reason: str
) -> tuple[Decision, DecidedRow]:
    """The row under today's circumstances; raises cannot_award where it still cannot be settled.

    "No badge" settles a row about nobody as well: nobody gets one, and the register does not wake it.
    """
    try:
        decision = judged(reading, circumstances, answers, parked_because=reason)
    except Refusal as refusal:
        raise AttendanceRefused("cannot_award", why=refusal_sentence(refusal)) from refusal
    (decided,) = decision.rows
    is_refused = Answer.NO_AWARD in answers.rows.values() and decided.outcome is Outcome.REJECT
    if decided.is_parked and not is_refused:
        raise AttendanceRefused("cannot_award", why=row_sentence(decided.reason))
    return decision, decided

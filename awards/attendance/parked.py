"""Answering a parked row after the commit: award, no badge, or dismiss; through the same rules and guards."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction

from accounts.models import User
from accounts.trail.services import record
from awards.attendance.committing import earns, refuse_on_paper
from awards.attendance.deciding import Answer, Answers, DecidedRow, Decision
from awards.attendance.effects import Changes, write_changes
from awards.attendance.formats import Refusal
from awards.attendance.gathering import Circumstances, gather, lock_activity, refuse_unless_open
from awards.attendance.models import AttendanceRow
from awards.attendance.reading import Reading
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.attendance.sentences import refusal_sentence, row_sentence
from awards.attendance.staging import judged


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
) -> AttendanceRow:
    """Settles one parked row of a committed record and returns it.

    Raises AttendanceRefused: not_parked, cannot_award (with why), withheld_reason_missing, other_needs_words,
    take_back_reason_missing, on_issued_paper, busy, and the gate's codes; then nothing is changed.
    """
    with lock_wait_said(), transaction.atomic():
        row = _locked(acting_user, row)
        if answer == ParkedAnswer.DISMISS:
            row.settlement = AttendanceRow.Settlement.DISMISSED
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
        row.save(update_fields=["settlement", "participant"])
        record(
            acting_user=acting_user,
            action="attendance.row_answered",
            target=row.upload,
            participant=row.participant,
            changes={"line": row.line, "settlement": ["open", row.settlement], "activity": row.upload.activity.code},
            reason=take_back_reason.strip(),
        )
    return row


def _locked(acting_user: User, row: AttendanceRow) -> AttendanceRow:
    upload = row.upload
    activity = lock_activity(acting_user, upload.activity_id)
    parked = AttendanceRow.objects.parked().select_related("upload", "participant")
    found = parked.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise AttendanceRefused("not_parked", upload=upload)
    found.upload.activity = activity
    return found


def _settle(acting_user: User, row: AttendanceRow, answers: Answers) -> None:
    if row.read is None:
        raise AttendanceRefused("cannot_award", why=row_sentence(row.reason))
    reading = Reading.from_json(row.read)
    circumstances = gather(row.upload.activity, reading)
    decision, decided = _decided(reading, circumstances, answers, row.reason)
    if decision.needs_withheld_reason:
        raise AttendanceRefused("withheld_reason_missing")
    if decision.needs_take_back_reason:
        raise AttendanceRefused("take_back_reason_missing")
    changes = Changes()
    changes.add(decided, row.pk, answers.withheld_reason_text)
    if changes.lacks_words:
        raise AttendanceRefused("other_needs_words")
    refuse_on_paper(acting_user, circumstances, changes)
    write_changes(
        acting_user=acting_user,
        upload=row.upload,
        circumstances=circumstances,
        changes=changes,
        taken_back_because=answers.take_back_reason,
        answered=True,
    )
    row.settlement = AttendanceRow.Settlement.AWARDED if earns(decided) else AttendanceRow.Settlement.REFUSED
    row.participant_id = decided.student.id if decided.student else None


def _decided(
    reading: Reading, circumstances: Circumstances, answers: Answers, reason: str
) -> tuple[Decision, DecidedRow]:
    """The row under today's circumstances; raises cannot_award where it still cannot be settled."""
    try:
        decision = judged(reading, circumstances, answers, parked_because=reason)
    except Refusal as refusal:
        raise AttendanceRefused("cannot_award", why=refusal_sentence(refusal)) from refusal
    (decided,) = decision.rows
    if decided.is_parked:
        raise AttendanceRefused("cannot_award", why=row_sentence(decided.reason))
    return decision, decided

"""Committing a staged record: one short transaction, the outcome of every row or nothing."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.bulk import insert_many
from accounts.models import User
from accounts.trail.services import record
from activities.models import Activity
from awards.attendance.answering import with_answers
from awards.attendance.deciding import Answers, DecidedRow, Decision
from awards.attendance.effects import Changes, Written, write_changes
from awards.attendance.gathering import Circumstances, Held, gather, lock_activity, refuse_unless_open
from awards.attendance.lines import with_file_answers
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.reading import Mark, Reading, ReadRow
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.attendance.sentences import file_sentence
from awards.attendance.staging import already_committed, answers_of, judged, reading_of, refuse_if_committed
from awards.requesting import ask_for_take_backs, split_off_paper


@dataclass(frozen=True, slots=True)
class Committed:
    """The record as committed; `is_new` is False where this very request was answered before (a double submit)."""

    upload: AttendanceUpload
    is_new: bool


def commit_upload(
    *,
    acting_user: User,
    upload: AttendanceUpload,
    request_key: uuid.UUID,
    fingerprint: str,
    stored_answers: Mapping[str, Any],
) -> Committed:
    """Stores the outcome of every row of a staged record, as it was previewed with this fingerprint.

    The order is the one of attendance/README "Committing". `request_key` is the form's own: the same form sent twice
    gives the same result. `stored_answers` are what it answers, beside what is kept with the record already. What would
    be taken back from an issued NAT becomes a request to the scheme administrator. Raises AttendanceRefused:
    already_committed, not_staged, changed_since_preview, busy, the gate's codes, and those of questions that were not
    answered; then nothing is stored.
    """
    with lock_wait_said(), transaction.atomic():
        activity = lock_activity(acting_user, upload.activity_id)
        upload = AttendanceUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if upload.request_key == request_key:
            return Committed(upload, is_new=False)
        if upload.status == AttendanceUpload.Status.COMMITTED:
            raise already_committed(upload)
        if upload.status != AttendanceUpload.Status.STAGED:
            raise AttendanceRefused("not_staged", upload=upload, status=upload.get_status_display())
        if AttendanceUpload.objects.filter(request_key=request_key).exists():
            raise AttendanceRefused("changed_since_preview", upload=upload)  # the key of another form
        upload.activity = activity
        refuse_if_committed(activity, upload.sha256)
        refuse_unless_open(activity)
        _commit(acting_user, upload, request_key, fingerprint, stored_answers)
    return Committed(upload, is_new=True)


def _commit(
    acting_user: User,
    upload: AttendanceUpload,
    request_key: uuid.UUID,
    fingerprint: str,
    stored_answers: Mapping[str, Any],
) -> None:
    stored_answers = with_answers(upload.answers, stored_answers)
    reading = reading_of(upload, stored_answers)
    answers = answers_of(reading, stored_answers)
    circumstances = gather(upload.activity, reading)
    decision = judged(reading, circumstances, answers)
    if decision.fingerprint != fingerprint:
        raise AttendanceRefused("changed_since_preview", upload=upload)
    replaces = bool(stored_answers.get("replaces"))
    write_record(acting_user, upload, request_key, reading, circumstances, decision, answers, replaces=replaces)


def write_record(
    acting_user: User,
    upload: AttendanceUpload,
    request_key: uuid.UUID,
    reading: Reading,
    circumstances: Circumstances,
    decision: Decision,
    answers: Answers,
    *,
    replaces: bool = False,
) -> None:
    """Stores the outcome of every row and all that follows from it, in the transaction that holds the activity's lock.

    Raises AttendanceRefused where a question was not answered, or a badge on an issued NAT would be taken back.
    """
    left_out = _left_out(decision, circumstances) if replaces else {}
    refuse_unanswered(decision, answers, takes_back=bool(left_out))
    kept = dataclasses.replace(reading, needed=decision.needed)
    rows = insert_many(AttendanceRow, [_row(upload, decided, kept, decision, answers) for decided in decision.rows])
    changes = Changes()
    for decided, row in zip(decision.rows, rows, strict=True):
        changes.add(decided, row, answers.withheld_reason_text.strip())
    if changes.lacks_words:
        raise AttendanceRefused("other_needs_words")
    changes.take_back.update(left_out)
    asked = split_off_paper(acting_user, circumstances, changes)
    written = write_changes(
        acting_user=acting_user,
        upload=upload,
        circumstances=circumstances,
        changes=changes,
        taken_back_because=answers.take_back_reason.strip(),
    )
    ask_for_take_backs(
        acting_user=acting_user,
        upload=upload,
        circumstances=circumstances,
        asked=asked,
        reason=answers.take_back_reason.strip(),
    )
    _complete(acting_user, upload, request_key, decision, answers, written, replaces=bool(left_out))


def _left_out(decision: Decision, circumstances: Circumstances) -> dict[Held, int | None]:
    """The awards of those who are not on this sheet, for a record that replaces the earlier ones."""
    students = {student.id for student in decision.left_out}
    return {held: None for held in circumstances.awards if held[0] in students}


def refuse_unanswered(decision: Decision, answers: Answers, *, takes_back: bool) -> None:
    """Raises where a question that must be answered before the commit was not."""
    if decision.file_outcome == "reject":
        raise AttendanceRefused("file_rejected", why=file_sentence(decision.file_reason))
    if not decision.can_be_committed:
        raise AttendanceRefused("file_question_no" if answers.file is False else "file_question_open")
    if decision.needs_withheld_reason:
        raise AttendanceRefused("withheld_reason_missing")
    if decision.needs_take_back_reason or (takes_back and not answers.take_back_reason.strip()):
        raise AttendanceRefused("take_back_reason_missing")


def _row(
    upload: AttendanceUpload, decided: DecidedRow, reading: Reading, decision: Decision, answers: Answers
) -> dict[str, Any]:
    """The columns of the row that is kept."""
    read = decided.row
    return {
        "upload_id": upload.pk,
        "sheet": read.sheet,
        "line": read.line,
        "raw_id": read.raw_id,
        "raw_name": read.raw_name,
        "marks": dict(read.marks),
        "participant_id": decided.student.id if decided.student else None,
        "outcome": decided.outcome,
        "reason": decided.reason,
        "warnings": decided.warnings,
        "settlement": _settlement(decided),
        "mended": read.mended or None,
        "read": _as_parked(reading, read, decision, answers) if decided.is_parked else None,
    }


def _as_parked(reading: Reading, read: ReadRow, decision: Decision, answers: Answers) -> dict[str, Any]:
    """The line as it was read, with what was answered for the whole sheet, to be judged alone later."""
    mark = Mark.NO if answers.file is False else Mark.YES
    why = (answers.withheld_reason, answers.withheld_reason_text.strip())
    row = with_file_answers(read, decision.blank_columns, mark, *why)
    return dataclasses.replace(reading, rows=(row,)).to_json()


def _settlement(decided: DecidedRow) -> str:
    """Open for a parked row; how it was answered for one that asked; nothing for the rest."""
    if decided.is_parked:
        return AttendanceRow.Settlement.OPEN
    if decided.outcome not in {"ask", "reject"}:
        return ""
    return AttendanceRow.Settlement.AWARDED if earns(decided) else AttendanceRow.Settlement.REFUSED


def earns(decided: DecidedRow) -> bool:
    """Whether a badge stands for this row after the commit, new or from before."""
    return bool(decided.awards or decided.unchanged)


def _complete(
    acting_user: User,
    upload: AttendanceUpload,
    request_key: uuid.UUID,
    decision: Decision,
    answers: Answers,
    written: Written,
    *,
    replaces: bool,
) -> None:
    now = timezone.now()
    counts = decision.counts
    upload.status = AttendanceUpload.Status.COMMITTED
    upload.mode = AttendanceUpload.Mode.REPLACES if replaces else AttendanceUpload.Mode.ADDS
    upload.request_key = request_key
    upload.committed_by = acting_user
    upload.committed_at = now
    upload.is_late = is_late(upload.activity)
    upload.row_count = counts.total
    upload.award_row_count = counts.award
    upload.no_award_row_count = counts.no_award
    upload.parked_row_count = counts.parked
    upload.ignored_row_count = counts.ignored
    upload.award_count = written.awards
    upload.unchanged_count = unchanged_count(decision)
    upload.withholding_count = written.withholdings
    upload.revoked_count = written.revoked
    upload.lifted_count = written.lifted
    upload.left_out_count = len(decision.left_out)
    upload.file_question = decision.file_reason
    upload.file_answer = answers.file
    upload.needed_share = decision.needed.share if "share" in decision.measured else None
    upload.needed_minutes = decision.needed.minutes if "minutes" in decision.measured else None
    upload.taken_back_because = answers.take_back_reason.strip() if written.revoked else ""
    upload.filing = AttendanceUpload.Filing.OPEN
    upload.mended_row_count = sum(bool(row.row.mended) for row in decision.rows)
    upload.reading = None
    upload.answers = {}
    upload.save()
    record(
        acting_user=acting_user,
        action="attendance.committed",
        target=upload,
        changes={
            "activity": upload.activity.code,
            "status": ["staged", "committed"],
            "sha256": upload.sha256,
            "mode": upload.mode,
            "rows": upload.row_count,
            "awards": upload.award_count,
            "withheld": upload.withholding_count,
            "taken_back": upload.revoked_count,
            "lifted": upload.lifted_count,
            "parked": upload.parked_row_count,
            "mended": upload.mended_row_count,
            "late": upload.is_late,
            **({"lists": sorted(answers.lists)} if answers.lists else {}),
            **({"needed_share": upload.needed_share} if upload.needed_share is not None else {}),
            **({"needed_minutes": upload.needed_minutes} if upload.needed_minutes is not None else {}),
        },
        reason=upload.taken_back_because,
    )


def is_late(activity: Activity) -> bool:
    """Whether a record committed today comes after the day on which it was due (product rule 8)."""
    return timezone.localdate() > activity.due_on


def unchanged_count(decision: Decision) -> int:
    """How many badges of those on the sheet stood before and stand on; two lines of one student count once."""
    return len({(row.student.id, code) for row in decision.rows if row.student for code in row.unchanged})

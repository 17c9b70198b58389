"""The rules: a sheet as read, the register, the offer and what was decided before → the outcome of every line.

`lines` says what each line means; here the file's own questions, the organiser's answers and the limits turn that into
awards, withholdings and badges taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from hashlib import sha256
from json import dumps
from operator import attrgetter

from awards.attendance.consequences import Consequences
from awards.attendance.lines import (
    Circumstances,
    Line,
    blank_columns,
    doubt_arrivals,
    is_mended,
    judge,
    names_do_not_fit,
    read_lines,
)
from awards.attendance.measuring import NOT_SAID, Needed
from awards.attendance.outcomes import (
    Answer,
    Answers,
    Before,
    Counts,
    DecidedRow,
    Decision,
    Outcome,
    RowKey,
    Student,
)
from awards.attendance.reading import Mark, Reading

__all__ = [
    "Answer",
    "Answers",
    "Before",
    "Counts",
    "DecidedRow",
    "Decision",
    "Outcome",
    "RowKey",
    "Student",
    "decide",
]

QUESTIONS_OF_READING = ("no_activity_code", "activity_code_unclear", "two_lists", "encoding_guessed", "columns_guessed")
USABLE = (Outcome.AWARD, Outcome.NO_AWARD, Outcome.ASK)
NOTHING_BEFORE = Before()
NO_ANSWERS = Answers()
ALL_OF_STUDENT = attrgetter(*(field.name for field in fields(Student)))


def decide(
    reading: Reading,
    *,
    students: Mapping[str, Student],
    offered: Sequence[str],
    max_badges: int,
    held_on: tuple[dt.date, dt.date],
    before: Before = NOTHING_BEFORE,
    answers: Answers = NO_ANSWERS,
    elsewhere: frozenset[int] = frozenset(),
    parked_because: str = "",
    needed: Needed = NOT_SAID,
    arrived: bool = False,
) -> Decision:
    """The outcome of every line.

    `students` are by student number: those of `reading.numbers` and those who have a badge of this activity (for
    `left_out`). `held_on`
    are the first and the last day. `elsewhere` are the ids of students on record at another activity at the same time
    (warning `overlap`). `parked_because`: the reading is one parked line, which alone may look clear (its duplicate is
    on another line); it still asks, for this reason, until it is answered. `needed` is what the rules ask to be
    attended; what the organiser says goes before it. `arrived`: the reading is parked lines whose students the register
    brought since, or whose IDs were typed again; the file's own questions were answered at its commit. `fingerprint`
    covers all that the organiser saw, but not the answers: a different one at the commit means that something changed
    since the preview.
    """
    in_force = answers.needed.otherwise(reading.needed).otherwise(needed)
    lines = read_lines(reading, students, offered, answers.lists or (), in_force)
    blank: frozenset[str] = frozenset() if arrived else blank_columns(lines)
    only_blank_column = not _unsettled((note for note in reading.notes if note in QUESTIONS_OF_READING), answers)
    _fill(lines, blank, Mark.NO if answers.file is False and only_blank_column else Mark.YES)
    judge(lines, Circumstances(max_badges, held_on, before, elsewhere, before.codes))
    if parked_because:
        _keep_asking(lines, parked_because)
    if arrived:
        doubt_arrivals(lines)
    reason = "" if arrived else _why_rejected(lines)
    questions = () if reason or arrived else _questions(reading, lines, blank)
    is_open = _is_open(questions, answers)
    consequences = Consequences(lines, before, answers, max_badges, is_usable=not reason and not is_open)
    rows = tuple(consequences.decided(line) for line in lines)
    return Decision(
        file_outcome="reject" if reason else "ask" if questions else "accept",
        file_reason=reason or next(iter(questions), ""),
        file_questions=questions,
        rows=rows,
        left_out=_left_out(lines, students, before),
        counts=_count(rows),
        needs_withheld_reason=any(not why for row in rows for _, why, _ in row.withholds),
        needs_take_back_reason=any(row.revokes for row in rows) and not answers.take_back_reason.strip(),
        can_be_committed=not reason and not is_open,
        fingerprint=_fingerprint(reading, lines, offered, max_badges, held_on, before, elsewhere, needed),
        measured=frozenset(line.hangs_on for line in lines if line.hangs_on and line.outcome in USABLE),
        needed=in_force,
        blank_columns=tuple(sorted(blank)),
    )


COLUMN_BLANK, TWO_LISTS = "award_column_blank", "two_lists"


def _unsettled(questions: Iterable[str], answers: Answers) -> list[str]:
    """The questions that only a yes or a no can answer: to choose among the lists is an answer of its own."""
    return [question for question in questions if question != TWO_LISTS or not answers.lists]


def _is_open(questions: Sequence[str], answers: Answers) -> bool:
    """Whether a question of the file stands in the way of the commit, or was answered so that it does."""
    if TWO_LISTS in questions and answers.lists is not None and not answers.lists:
        return True
    unsettled = _unsettled(questions, answers)
    return bool(unsettled) and not answers.file and not (answers.file is False and unsettled == [COLUMN_BLANK])


def _fill(lines: Sequence[Line], blank: frozenset[str], mark: Mark) -> None:
    """Reads a badge column that nobody filled in as the answer to the file's question says."""
    for line in lines:
        if line.attended is Mark.YES:
            empty = (code for code in line.badges if code in blank and not is_mended(line.row, code))
            line.badges |= dict.fromkeys(empty, mark)


def _keep_asking(lines: Sequence[Line], reason: str) -> None:
    for line in lines:
        if line.outcome in (Outcome.AWARD, Outcome.NO_AWARD):
            line.outcome, line.reason = Outcome.ASK, reason


def _why_rejected(lines: Sequence[Line]) -> str:
    if names_do_not_fit(lines):
        return "names_do_not_fit"
    return "" if any(line.outcome in USABLE for line in lines) else "no_usable_lines"


def _questions(reading: Reading, lines: Sequence[Line], blank: frozenset[str]) -> tuple[str, ...]:
    """What must be answered once for the whole file."""
    questions = [note for note in QUESTIONS_OF_READING if note in reading.notes]
    if blank:
        questions.append(COLUMN_BLANK)
    usable = [line for line in lines if line.outcome in USABLE]
    if all(line.is_blank for line in usable):
        questions.append("no_marks")
    elif not blank and not any(line.outcome is Outcome.AWARD or _may_award(line) for line in usable):
        questions.append("no_awards")
    return tuple(questions)


def _may_award(line: Line) -> bool:
    """Whether an answer to this line could mean a badge: not where only the attendance is unclear, the badge a no."""
    if line.outcome is not Outcome.ASK:
        return False
    return line.reason != "unclear_mark" or any(mark is not Mark.NO for mark in line.badges.values())


def _left_out(lines: Sequence[Line], students: Mapping[str, Student], before: Before) -> tuple[Student, ...]:
    """Those who have a badge from an earlier sheet and do not stand on this one."""
    listed = {line.student.id for line in lines if line.student}
    awarded = {pk for pk, _ in before.awarded} - listed
    return tuple(sorted((s for s in students.values() if s.id in awarded), key=lambda student: student.number))


def _count(rows: Sequence[DecidedRow]) -> Counts:
    parked = sum(row.is_parked for row in rows)
    ignored = sum(row.outcome is Outcome.IGNORE for row in rows)
    award = sum(not row.is_parked and bool(row.awards or row.unchanged or row.outcome is Outcome.AWARD) for row in rows)
    return Counts(award=award, no_award=len(rows) - award - parked - ignored, parked=parked, ignored=ignored)


def _fingerprint(
    reading: Reading,
    lines: Sequence[Line],
    offered: Sequence[str],
    max_badges: int,
    held_on: tuple[dt.date, dt.date],
    before: Before,
    elsewhere: frozenset[int],
    needed: Needed,
) -> str:
    listed = {line.student.id: ALL_OF_STUDENT(line.student) for line in lines if line.student}
    seen = [
        reading.plain,
        sorted(listed.items()),
        list(offered),
        max_badges,
        held_on,
        [sorted(stood) for stood in (before.awarded, before.withheld, before.revoked)],
        sorted(elsewhere & listed.keys()),
        [needed.share, needed.minutes],
    ]
    return sha256(dumps(seen, sort_keys=True, default=str).encode()).hexdigest()

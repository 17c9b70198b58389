"""What a decision is made of: students, what stood before, the organiser's answers, and the outcome of every line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from awards.attendance.measuring import NOT_SAID, Needed
from awards.attendance.reading import ReadRow

RowKey = tuple[str, int]
"""Worksheet and line."""


class Outcome(StrEnum):
    """The reading of a line; what it changes is its effect."""

    AWARD = "award"
    NO_AWARD = "no_award"
    ASK = "ask"
    REJECT = "reject"
    IGNORE = "ignore"


class Answer(StrEnum):
    """What the organiser answers to a line that asks."""

    AWARD = "award"
    NO_AWARD = "no_award"
    LEAVE_OPEN = "leave_open"


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the register, as far as the rules need to know."""

    id: int
    number: str
    name_en: str
    name_zh: str
    status: str
    status_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Before:
    """What stands at this activity already, as (student id, badge code).

    `revoked` are badges that a person took back and that do not stand (not those undone with their upload): a sheet
    does not bring them back silently.
    """

    awarded: frozenset[tuple[int, str]] = frozenset()
    withheld: frozenset[tuple[int, str]] = frozenset()
    revoked: frozenset[tuple[int, str]] = frozenset()

    @property
    def codes(self) -> Mapping[int, list[str]]:
        """The badges that each student has, by the student's id."""
        codes: dict[int, list[str]] = {}
        for student, code in self.awarded:
            codes.setdefault(student, []).append(code)
        return codes


@dataclass(frozen=True, slots=True)
class Answers:
    """What the organiser answered in the preview. `file` answers all of the file's questions at once.

    `lists` are those to be used of several: None where that was not asked apart (a yes for the file means all of
    them), empty while it is asked and not answered.
    `needed` is how much must be attended, where the organiser said it.
    `asked` is the reason for which a line asked when it was answered: where it asks for another one now, that answer
    was not given.
    """

    rows: Mapping[RowKey, Answer] = field(default_factory=dict)
    asked: Mapping[RowKey, str] = field(default_factory=dict)
    file: bool | None = None
    lists: frozenset[str] | None = None
    needed: Needed = NOT_SAID
    withheld_reason: str = ""
    withheld_reason_text: str = ""
    take_back_reason: str = ""


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """What a line means (`outcome`, `reason`, `warnings`) and what it changes (all that follows `answer`).

    `withholds` are (badge code, reason, words).
    """

    row: ReadRow
    student: Student | None
    outcome: Outcome
    reason: str = ""
    warnings: tuple[str, ...] = ()
    answer: Answer | None = None
    awards: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    withholds: tuple[tuple[str, str, str], ...] = ()
    lifts: tuple[str, ...] = ()
    revokes: tuple[str, ...] = ()
    is_parked: bool = False

    @property
    def key(self) -> RowKey:
        return (self.row.sheet, self.row.line)


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines by what becomes of them; the four add up to the total."""

    award: int = 0
    no_award: int = 0
    parked: int = 0
    ignored: int = 0

    @property
    def total(self) -> int:
        return self.award + self.no_award + self.parked + self.ignored


@dataclass(frozen=True, slots=True)
class Decision:
    """What would be committed. `file_outcome` is accept, ask or reject; `file_reason` says why, with a file code.

    A rejected file has its lines all the same, so that a page can show them, but they change nothing. While a question
    of the file is open (`file_outcome` ask, no answer), or was answered no, nothing can be committed either:
    `can_be_committed` says it. The one exception is award_column_blank alone, where "no" means: attended, badge
    withheld. `file_questions` are all the file's questions (`file_reason` is the first); one answer answers them all.
    `needs_withheld_reason` and `needs_take_back_reason`: the answers lack a reason that the commit needs. `measured`
    names what badges hang on where no mark says it ("share", "minutes"); `needed` is what was held against it.
    `blank_columns` are the badges whose column nobody filled in.
    """

    file_outcome: str
    file_reason: str
    file_questions: tuple[str, ...]
    rows: tuple[DecidedRow, ...]
    left_out: tuple[Student, ...]
    counts: Counts
    needs_withheld_reason: bool
    needs_take_back_reason: bool
    can_be_committed: bool
    fingerprint: str
    measured: frozenset[str] = frozenset()
    needed: Needed = NOT_SAID
    blank_columns: tuple[str, ...] = ()

"""What the pages show of a preview or a record: questions in groups, rows by what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Participant
from awards.attendance.deciding import Answer, DecidedRow, Decision, Student
from awards.attendance.models import AttendanceRow
from awards.attendance.reading import ATTENDED, AWARD
from awards.attendance.sentences import row_sentence, warning_sentence
from awards.attendance.suggesting import Suggester
from awards.models import Award, Withholding, WithholdingReason

AWARDS, NO_AWARD, PARKED, IGNORED = "award", "no_award", "parked", "ignored"
ANSWERED, WARNED = "answered", "warned"
SHOW = ("all", AWARDS, NO_AWARD, PARKED, IGNORED, WARNED)
"""What the table of rows can be narrowed to."""

MARK_NAMES: Mapping[str, str | Promise] = {
    ATTENDED: _("Attended"),
    AWARD: _("Award badge"),
    "percent": _("Attendance rate"),
    "minutes": _("Duration"),
    "joined": _("Joined"),
    "left": _("Left"),
    "share": _("Sessions"),
    "total": _("Minutes in all"),
}
"""Columns of marks in words; any other is a badge code, or "session:", its number and its heading."""


def _place_of_mark(code: str) -> tuple[int, str]:
    """Attendance first, then badges, then how much was attended, each session by its number."""
    names = list(MARK_NAMES)
    if code in (ATTENDED, AWARD):
        return names.index(code), ""
    if code in MARK_NAMES:
        return 100 + names.index(code), ""
    return (200, code) if code.startswith(SESSION_MARK) else (50, "")


SESSION_MARK = "session:"
LONGEST_ID, LONGEST_NAME = 40, 80
"""Characters of what was written that are shown."""

Labels = Mapping[Answer, str | Promise]
PLAIN: Labels = {
    Answer.AWARD: _("Award"),
    Answer.NO_AWARD: _("Don’t award"),
    Answer.LEAVE_OPEN: _("Leave open"),
}
LABELS: Mapping[str, Labels] = {
    "awarded_before": {**PLAIN, Answer.AWARD: _("Keep the badge"), Answer.NO_AWARD: _("Take the badge back")},
    "withheld_before": {**PLAIN, Answer.AWARD: _("Award after all"), Answer.NO_AWARD: _("Leave it withheld")},
    "revoked_before": {**PLAIN, Answer.AWARD: _("Award again"), Answer.NO_AWARD: _("Leave it revoked")},
}


def cut(written: str, longest: int) -> str:
    """What was written, or – for nothing, cut to so many characters: `truncatechars` costs too much on every row."""
    written = written or "–"
    return written if len(written) <= longest else f"{written[: longest - 1]}…"


SAID: Mapping[str, str | Promise] = {"Y": _("yes"), "N": _("no")}


def corrections(mend: Mapping[str, Any]) -> list[tuple[str | Promise, str | Promise]]:
    """What was mended of a row, as label and value."""
    found: list[tuple[str | Promise, str | Promise]] = []
    if "id" in mend:
        found.append((_("Student ID"), mend["id"] or "–"))
    if "attended" in mend:
        found.append((_("Attended"), SAID.get(mend["attended"], mend["attended"])))
    found += [(code, SAID.get(mark, mark)) for code, mark in mend.get("badges", {}).items()]
    if "reason" in mend:
        label = dict(WithholdingReason.choices).get(mend["reason"], "–")
        found.append((_("Reason"), f"{label}: {mend['reason_text']}" if mend.get("reason_text") else label))
    return found


def state_of(decided: DecidedRow) -> str:
    """What becomes of the row: the four states that add up to all rows."""
    if decided.is_parked:
        return PARKED
    if decided.outcome == "ignore":
        return IGNORED
    return AWARDS if decided.outcome == "award" or decided.awards or decided.unchanged else NO_AWARD


@dataclass(frozen=True, slots=True)
class Choice:
    answer: str
    label: str | Promise
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the sheet on the page. `place` is its place in the reading, and names its field in the form."""

    place: int
    decided: DecidedRow
    is_on_paper: bool
    suggester: Suggester

    @property
    def suggestions(self) -> tuple[Student, ...]:
        """For "did you mean": looked for only where the row is shown."""
        return self.suggester.suggest(self.decided)

    @property
    def state(self) -> str:
        return state_of(self.decided)

    @property
    def sentence(self) -> str:
        return row_sentence(self.decided.reason) if self.decided.reason else ""

    @property
    def warnings(self) -> list[str]:
        return [warning_sentence(code) for code in self.decided.warnings]

    @property
    def short_id(self) -> str:
        return cut(self.decided.row.raw_id, LONGEST_ID)

    @property
    def said(self) -> str:
        """Which row it is, for those who hear the page."""
        return gettext("row %(line)s") % {"line": self.decided.row.line}

    @property
    def written_name(self) -> str:
        return cut(self.decided.row.raw_name, LONGEST_NAME)

    @property
    def name(self) -> str:
        """The name in the register, or as written."""
        student = self.decided.student
        return f"{student.name_en} {student.name_zh}" if student else cut(self.decided.row.raw_name, LONGEST_NAME)

    @property
    def is_cleaned(self) -> bool:
        return "id_cleaned" in self.decided.warnings

    @property
    def marks(self) -> list[tuple[str | Promise, str]]:
        """Column and what was written in it, of the mark columns that the sheet has; attendance first."""
        written = sorted(self.decided.row.marks.items(), key=lambda pair: _place_of_mark(pair[0]))
        return [(MARK_NAMES.get(code) or code.split(":", 2)[-1], mark) for code, mark in written]

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """All that the marks are drawn from: most rows of a sheet say the same."""
        return tuple(self.decided.row.marks.items())

    @property
    def effect(self) -> tuple[object, ...]:
        """All that what happens is drawn from."""
        row = self.decided
        return (row.awards, row.unchanged, row.withholds, row.revokes, row.reason, row.warnings)

    @property
    def choices(self) -> list[Choice]:
        labels = LABELS.get(self.decided.reason, PLAIN)
        chosen = self.decided.answer or Answer.LEAVE_OPEN
        return [Choice(answer.value, labels[answer], answer == chosen) for answer in Answer]

    @property
    def corrections(self) -> list[tuple[str | Promise, str | Promise]]:
        return corrections(self.decided.row.mended)

    @property
    def asks(self) -> bool:
        """Whether there is a question about it to be answered, or that was answered."""
        return self.decided.outcome == "ask"

    @property
    def status_label(self) -> str:
        """The student's status in words, for one who is not active."""
        return str(Participant.Status(self.decided.student.status).label) if self.decided.student else ""

    @property
    def code_of_withheld(self) -> list[str]:
        return [code for code, _reason, _text in self.decided.withholds]


@dataclass(frozen=True, slots=True)
class Question:
    """Rows with the same reason: it is said once. `can_be_answered` is False for those to correct in the file."""

    reason: str
    sentence: str
    rows: list[ShownRow]
    can_be_answered: bool
    choices: list[Choice]

    @property
    def answered(self) -> int:
        return sum(row.decided.answer in (Answer.AWARD, Answer.NO_AWARD) for row in self.rows)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of a committed record on the page, with what stands of it now (the rows are `with_results`)."""

    kept: AttendanceRow

    @property
    def short_id(self) -> str:
        return cut(self.kept.raw_id, LONGEST_ID)

    @property
    def name(self) -> str:
        """The name in the register, or as written."""
        return self.kept.participant.full_name if self.kept.participant else cut(self.kept.raw_name, LONGEST_NAME)

    @property
    def result(self) -> tuple[object, ...]:
        """All that the outcome is drawn from: most rows of a record say the same."""
        row = self.kept
        awards = tuple((award.badge_type_id, award.status) for award in self._awards)
        withheld = tuple((each.badge_type_id, each.status, each.reason, each.reason_text) for each in self.withheld)
        return (awards, withheld, row.outcome, row.reason, row.settlement, *row.warnings)

    @property
    def sentence(self) -> str:
        is_open = self.kept.settlement == AttendanceRow.Settlement.OPEN
        return row_sentence(self.kept.question if is_open else self.kept.reason)

    @property
    def warnings(self) -> list[str]:
        return [warning_sentence(code) for code in self.kept.warnings]

    @property
    def _awards(self) -> list[Award]:
        return self.kept.all_awards  # type: ignore[attr-defined, no-any-return]

    @property
    def given(self) -> list[Award]:
        return [award for award in self._awards if award.status == Award.Status.ACTIVE]

    @property
    def not_standing(self) -> list[Award]:
        return [award for award in self._awards if award.status != Award.Status.ACTIVE]

    @property
    def withheld(self) -> list[Withholding]:
        return self.kept.all_withholdings  # type: ignore[attr-defined, no-any-return]

    @property
    def says_outcome(self) -> bool:
        """Whether the outcome is to be said in words, because nothing else says it."""
        return not (self.given or self.not_standing or self.withheld or self.sentence)

    @property
    def corrections(self) -> list[tuple[str | Promise, str | Promise]]:
        return corrections(self.kept.mended or {})


def shown_rows(
    decision: Decision, on_paper: Iterable[tuple[int, str]], students: Mapping[str, Student]
) -> list[ShownRow]:
    """All rows in the order of the sheet. `students` are those who may be suggested, by number."""
    papers = {student for student, _code in on_paper}
    suggester = Suggester(students)
    return [
        ShownRow(place, decided, bool(decided.student and decided.student.id in papers), suggester)
        for place, decided in enumerate(decision.rows)
    ]


def questions(rows: Iterable[ShownRow]) -> list[Question]:
    """The rows that ask or cannot be used, all of them, grouped by reason; those that can be answered come first."""

    def order(row: ShownRow) -> tuple[bool, str]:
        return (row.decided.outcome != "ask", row.decided.reason)

    open_rows = sorted((row for row in rows if row.decided.outcome in {"ask", "reject"}), key=order)
    found = []
    for (is_rejected, reason), group in groupby(open_rows, key=order):
        of_reason = list(group)
        choices = [Choice(choice.answer, choice.label, False) for choice in of_reason[0].choices]
        found.append(Question(reason, of_reason[0].sentence, of_reason, not is_rejected, choices))
    return found


def narrowed(rows: Iterable[ShownRow], show: str) -> list[ShownRow]:
    """The rows in one of the states of SHOW; anything unknown shows them all."""
    if show == WARNED:
        return [row for row in rows if row.decided.warnings]
    if show in SHOW[1:]:
        return [row for row in rows if row.state == show]
    return list(rows)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Badges, not rows: what the commit would change."""

    awards: int
    participants: int
    unchanged: int
    withheld: int
    taken_back: int
    lifted: int


def numbers_of(decision: Decision, left_out_badges: int) -> Numbers:
    """Counted by participant and badge, so that two lines of one student count once."""

    def held(name: str) -> set[tuple[int, str]]:
        return {(row.student.id, code) for row in decision.rows if row.student for code in getattr(row, name)}

    withheld = {(row.student.id, code) for row in decision.rows if row.student for code, _r, _t in row.withholds}
    awards = held("awards")
    return Numbers(
        awards=len(awards),
        participants=len({student for student, _code in awards}),
        unchanged=len(held("unchanged")),
        withheld=len(withheld),
        taken_back=len(held("revokes")) + left_out_badges,
        lifted=len(held("lifts")),
    )

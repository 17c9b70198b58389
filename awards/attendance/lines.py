"""Every line of a sheet → what it means: its outcome and reason, before any answer. One rule after another."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from awards.attendance.measuring import NOT_SAID, Needed
from awards.attendance.names import NameFit, compare
from awards.attendance.outcomes import Before, Outcome, Student
from awards.attendance.reading import AWARD, Mark, Reading, ReadRow

EMPTY = (Mark.BLANK, Mark.MISSING)
DOUBTFUL_ID = ("id_lost_zero", "id_in_email", "id_in_name")
NOBODY = ("not_a_student_line", "other_list", "joined_again")
"""Problems of lines that are about nobody."""
LISTED_ATTENDED = "listed_attended"
"""The note of a pasted list without marks."""
FEW_NAMES = 5
"""From this many named lines on, misfits of more than half mean that a column was sorted alone."""


@dataclass(slots=True)
class Line:
    """One line while it is judged. `student` is whom it is about, also where that must be asked (`is_certain`)."""

    row: ReadRow
    student: Student | None
    is_certain: bool
    attended: Mark
    badges: dict[str, Mark]
    outcome: Outcome = Outcome.IGNORE
    reason: str = ""
    warnings: list[str] = field(default_factory=list)
    name_fit: NameFit = NameFit.BLANK
    """How the name fits the student of the ID."""
    below: tuple[str, ...] = ()
    """The badges that are not proposed, because less was attended than is needed."""
    hangs_on: str = ""
    """What the badges of this line hang on, where no mark says it: "share" or "minutes"."""

    @property
    def waits(self) -> bool:
        """Whether it cannot be judged before somebody says how much is needed."""
        return bool(self.hangs_on) and self.attended is Mark.UNCLEAR

    @property
    def yes(self) -> list[str]:
        return [code for code, mark in self.badges.items() if mark is Mark.YES]

    @property
    def no(self) -> list[str]:
        """The badges that this line says no to: all of them for somebody who was absent."""
        if self.attended is Mark.YES:
            return [code for code, mark in self.badges.items() if mark is Mark.NO]
        return list(self.badges) if not self.is_blank and not self.yes else []

    @property
    def is_blank(self) -> bool:
        return self.attended in EMPTY and all(mark in EMPTY for mark in self.badges.values())

    @property
    def marks(self) -> tuple[Mark, ...]:
        return (self.attended, *self.badges.values())


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rules look at besides the sheet itself."""

    max_badges: int
    held_on: tuple[dt.date, dt.date]
    before: Before
    elsewhere: frozenset[int]
    codes_before: Mapping[int, Sequence[str]]
    """The badges that each student has, by the student's id."""


def read_lines(
    reading: Reading,
    students: Mapping[str, Student],
    offered: Sequence[str],
    lists: Container[str] = (),
    needed: Needed = NOT_SAID,
) -> list[Line]:
    """Every line with its student and its marks, not judged yet; lines of other lists than `lists` are about nobody."""
    everybody = Mark.YES if LISTED_ATTENDED in reading.notes else Mark.MISSING
    rows = (row if not lists or row.sheet in lists else _aside(row) for row in reading.rows)
    return [_line(row, students, offered, everybody, needed) for row in rows]


def _aside(row: ReadRow) -> ReadRow:
    """The line, of a list that the organiser does not want to use."""
    return row if row.problem in NOBODY else replace(row, problem="other_list", student_number="", maybe_number="")


def _line(
    row: ReadRow, students: Mapping[str, Student], offered: Sequence[str], everybody: Mark, needed: Needed
) -> Line:
    is_certain = bool(row.student_number)
    student = students.get(row.student_number or row.maybe_number)
    attended, badges = marks_of(row, offered)
    fit = compare(row.raw_name, student.name_en, student.name_zh) if student else NameFit.BLANK
    line = Line(row, student, is_certain, everybody if attended is Mark.MISSING else attended, badges, name_fit=fit)
    if row.hangs_on:
        _propose(line, needed)
    return line


def _propose(line: Line, needed: Needed) -> None:
    """What the share or the minutes of the line propose (product 4.7), where no mark of a person says it.

    Nothing attended is absent. With what is needed known, who reaches it is proposed every badge that is not marked,
    and who does not is proposed none. Without it the line is unclear, but where all its badges are marked.
    """
    row = line.row
    value, need = (row.minutes, needed.minutes) if row.share is None else (row.share, needed.share)
    assert value is not None
    is_marked = row.attended in (Mark.YES, Mark.NO)
    empty = [code for code, mark in line.badges.items() if mark in EMPTY and not is_mended(row, code)]
    if is_marked:
        line.attended = row.attended
    elif value == 0:
        line.attended = Mark.NO
    elif need is None:
        line.attended = Mark.UNCLEAR if empty or row.attended is Mark.UNCLEAR else Mark.YES
    else:
        line.attended = Mark.YES
    if empty and line.attended in (Mark.YES, Mark.UNCLEAR):
        line.hangs_on = row.hangs_on
    if line.attended is Mark.YES and need is not None:
        line.badges |= dict.fromkeys(empty, Mark.YES if value >= need else Mark.NO)
        line.below = () if value >= need else tuple(empty)


def marks_of(row: ReadRow, offered: Sequence[str]) -> tuple[Mark, dict[str, Mark]]:
    """What the line says about the attendance and about each badge on offer."""
    badges = {code: _badge_mark(row, code) for code in offered}
    return _attended(row, badges), badges


def _badge_mark(row: ReadRow, code: str) -> Mark:
    """The mark of one badge: its own column, or where that is blank or missing the one for all badges.

    What a person said of this badge stands, whatever the column for all badges says.
    """
    own, common = row.badges.get(code, Mark.MISSING), row.badges.get(AWARD, Mark.MISSING)
    if is_mended(row, code):
        return own
    if own in EMPTY:
        return common if common is not Mark.MISSING else own
    return Mark.UNCLEAR if (own, common) == (Mark.YES, Mark.NO) else own


def _attended(row: ReadRow, badges: Mapping[str, Mark]) -> Mark:
    """A sheet without that column lists those who came: a badge marked says so."""
    if row.attended is Mark.MISSING and any(mark in (Mark.YES, Mark.UNCLEAR) for mark in badges.values()):
        return Mark.YES
    return row.attended


def is_mended(row: ReadRow, code: str) -> bool:
    """Whether a person said on the review page what the line means for this badge."""
    return bool(row.mended) and code in row.mended.get("badges", ())


def blank_columns(lines: Iterable[Line]) -> frozenset[str]:
    """The badges whose column nobody filled in, though people attended: one question for the file.

    A badge that was mended on single lines does not fill the column.
    """
    attended = [line for line in lines if line.student and line.attended is Mark.YES]
    codes = attended[0].badges if attended else ()
    return frozenset(code for code in codes if _is_blank_column(attended, code))


def _is_blank_column(attended: Sequence[Line], code: str) -> bool:
    as_written = [line.badges[code] for line in attended if not is_mended(line.row, code)]
    return bool(as_written) and all(mark in EMPTY for mark in as_written)


def with_file_answers(
    row: ReadRow, blank: Iterable[str], mark: Mark, withheld_reason: str, withheld_reason_text: str
) -> ReadRow:
    """A line that is parked, with what was answered once for the whole sheet: it holds for the line later, too.

    `mark` stands in the `blank` columns of somebody who attended; the reason is why badges are withheld where neither
    the line nor the share that was attended says so.
    """
    if row.hangs_on:
        withheld_reason = withheld_reason_text = ""
    filled = {code: mark for code in blank if row.attended is Mark.YES and _badge_mark(row, code) in EMPTY}
    return replace(
        row,
        badges={**row.badges, **filled},
        reason=row.reason or withheld_reason,
        reason_text=row.reason_text if _says_why(row) else withheld_reason_text,
    )


def judge(lines: Sequence[Line], circumstances: Circumstances) -> None:
    """Sets outcome, reason and warnings of every line. The first rule that speaks decides."""
    conflicting, repeated = _duplicates(lines)
    for line in lines:
        is_conflict = line.student is not None and line.student.id in conflicting
        line.outcome, line.reason = _problem(line) or _question(line, circumstances, is_conflict) or _plain(line)
        line.warnings = _warnings(line, circumstances, is_repeated=id(line) in repeated)


def _duplicates(lines: Sequence[Line]) -> tuple[set[int], set[int]]:
    """The students with different marks on several lines; and the lines that only say again what one above said."""
    by_student: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.student and line.row.problem not in ("error_cell", *NOBODY):
            by_student[line.student.id].append(line)
    conflicting = {pk for pk, group in by_student.items() if len({line.marks for line in group}) > 1}
    repeated = {id(line) for pk, group in by_student.items() if pk not in conflicting for line in group[1:]}
    return conflicting, repeated


def _problem(line: Line) -> tuple[Outcome, str] | None:
    """Lines that are about nobody, or about somebody who cannot be found."""
    problem = line.row.problem
    if problem in NOBODY:
        return Outcome.IGNORE, problem
    if problem == "formula_no_value":
        return Outcome.ASK, problem
    if problem in DOUBTFUL_ID:
        return (Outcome.ASK, _measured(line) or problem) if line.student else (Outcome.REJECT, "bad_id")
    if problem:
        return Outcome.REJECT, problem
    return None if line.student else (Outcome.REJECT, "unknown_id")


def _measured(line: Line) -> str:
    """What the measure of the attendance says before anything else: so that nobody answers about the ID alone."""
    if line.waits:
        return "unclear_mark" if line.row.attended is Mark.UNCLEAR else "how_much_needed"
    return "below_needed" if line.below and not line.yes else ""


def _question(line: Line, circumstances: Circumstances, is_conflict: bool) -> tuple[Outcome, str] | None:
    reason = _doubt_about_line(line, is_conflict) or _doubt_about_marks(line) or _doubt_before(line, circumstances)
    if not reason and line.attended is Mark.YES and not is_active(line.student, circumstances.held_on):
        reason = "not_active"
    return (Outcome.ASK, reason) if reason else None


def _doubt_about_line(line: Line, is_conflict: bool) -> str:
    """Is the line meant to count, and for this student?"""
    doubts = line.row.doubts
    if is_conflict:
        return "duplicate_conflict"
    if doubts and doubts[0] != "merged_mark":
        return doubts[0]
    if line.name_fit is NameFit.MISFIT:
        return "name_mismatch"
    return "merged_mark" if doubts else ""


def _doubt_about_marks(line: Line) -> str:
    marks = line.badges.values()
    if line.attended is Mark.UNCLEAR or Mark.UNCLEAR in marks:
        return _measured(line) or "unclear_mark"
    if line.attended is not Mark.YES:
        return "contradiction" if line.yes else ""
    return "award_blank" if any(mark in EMPTY for mark in marks) else ""


def _doubt_before(line: Line, circumstances: Circumstances) -> str:
    """Does the line go against what was decided before, or beyond the rules?"""
    assert line.student is not None
    before, pk = circumstances.before, line.student.id
    if any((pk, code) in before.awarded for code in line.no):
        return "awarded_before"
    new = [code for code in line.yes if (pk, code) not in before.awarded]
    if any((pk, code) in before.withheld for code in new):
        return "withheld_before"
    if any((pk, code) in before.revoked for code in new):
        return "revoked_before"
    count = len(circumstances.codes_before.get(pk, ())) + len(new)
    return "over_maximum" if new and count > circumstances.max_badges else ""


def _plain(line: Line) -> tuple[Outcome, str]:
    if line.yes:
        return Outcome.AWARD, ""
    if line.attended is Mark.YES:
        return Outcome.NO_AWARD, "below_needed" if line.below else "withheld"
    return Outcome.NO_AWARD, "blank" if line.is_blank else "absent"


def doubt_arrivals(lines: Iterable[Line]) -> None:
    """Lines of students whom the register brought later, or whose ID was typed again: what cannot be said asks.

    The name must agree, so one that cannot be compared is not enough; and the question why badges are withheld, which
    comes before a commit, is asked of the line itself.
    """
    for line in lines:
        if line.outcome not in (Outcome.AWARD, Outcome.NO_AWARD) or line.attended is not Mark.YES:
            continue
        if line.name_fit is NameFit.BLANK:
            line.outcome, line.reason = Outcome.ASK, "name_not_compared"
        elif set(line.no) - set(line.below) and not _says_why(line.row):
            line.outcome, line.reason = Outcome.ASK, "withheld_without_reason"


def _says_why(row: ReadRow) -> bool:
    return bool(row.reason_text) if row.reason == "other" else bool(row.reason)


def is_active(student: Student | None, held_on: tuple[dt.date, dt.date]) -> bool:
    """Whether the student was active on the activity's days: those who left later were."""
    assert student is not None
    return student.status == "active" or (student.status_on is not None and held_on[1] < student.status_on)


def _warnings(line: Line, circumstances: Circumstances, *, is_repeated: bool) -> list[str]:
    if line.outcome in (Outcome.REJECT, Outcome.IGNORE) or line.student is None:
        return ["mended"] if line.row.mended else []
    warnings = list(line.row.warnings)
    if line.name_fit is NameFit.VARIANT:
        warnings.append("name_variant")
    if line.name_fit is NameFit.BLANK:
        warnings.append("name_blank")
    if is_repeated:
        warnings.append("duplicate_line")
    if line.attended is Mark.YES and line.student.id in circumstances.elsewhere:
        warnings.append("overlap")
    return warnings


def names_do_not_fit(lines: Sequence[Line]) -> bool:
    """Whether more than half of at least five named lines with known IDs misfit: a column was sorted alone."""
    known = [line for line in lines if line.student and line.is_certain and not line.row.problem]
    fits = [line.name_fit for line in known if line.name_fit is not NameFit.BLANK]
    return len(fits) >= FEW_NAMES and 2 * fits.count(NameFit.MISFIT) > len(fits)

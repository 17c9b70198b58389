"""Outcomes and answers → what changes: badges given, withheld, taken back, within what the rules allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from awards.attendance.lines import Line
from awards.attendance.outcomes import Answer, Answers, Before, DecidedRow, Outcome
from awards.attendance.reading import Mark

WHO_IS_IN_DOUBT = frozenset(
    {
        "name_mismatch",
        "name_not_compared",
        "id_lost_zero",
        "id_in_email",
        "id_in_name",
        "hidden_line",
        "struck_out",
        "withheld_before",
        "revoked_before",
    }
)
"""Answered with "no badge", these say nothing about the student: no withholding follows."""
WHAT_IS_IN_DOUBT = frozenset({"unclear_mark", "how_much_needed", "award_blank", "merged_mark", "formula_no_value"})
"""Answered with "award", these give the badges in doubt too."""


class Consequences:
    """The effects of all lines of one file, so that no badge is counted or decided twice.

    First what is taken back, then what is given, then what is withheld: each step knows the ones before.
    """

    def __init__(
        self, lines: Sequence[Line], before: Before, answers: Answers, max_badges: int, *, is_usable: bool
    ) -> None:
        self.lines = lines
        self.before = before
        self.answers = answers
        self.max_badges = max_badges
        self.is_usable = is_usable
        self.kept = {line.student.id for line in lines if line.student and self.answer(line) is Answer.AWARD}
        self.told: set[int] = set()
        self.codes_before = before.codes
        self.withheld: set[tuple[int, str]] = set(before.withheld)
        self.revokes = self._all(self._revoked_by)
        gone = set().union(*self.revokes.values())
        self.held = set(before.awarded) - gone
        self.counts = Counter(pk for pk, _ in self.held)
        self.awards = self._all(self._awarded_by)
        self.withholds = self._all(self._withheld_by)

    def _all(self, rule: object) -> dict[int, list[tuple[int, str]]]:
        assert callable(rule)
        if not self.is_usable:
            return {id(line): [] for line in self.lines}
        return {id(line): rule(line, line.student.id) if line.student else [] for line in self.lines}

    def answer(self, line: Line) -> Answer | None:
        """The organiser's answer, which only a line that asks can have, and only to what it asks now."""
        if line.outcome is not Outcome.ASK:
            return None
        key = (line.row.sheet, line.row.line)
        if self.answers.asked.get(key, line.reason) != line.reason:
            return None
        return self.answers.rows.get(key)

    def _revoked_by(self, line: Line, pk: int) -> list[tuple[int, str]]:
        """Taken back: by a person's explicit answer only, and not where another line of the student keeps the badge."""
        if line.reason != "awarded_before" or self.answer(line) is not Answer.NO_AWARD or pk in self.kept:
            return []
        return [(pk, code) for code in line.no if (pk, code) in self.before.awarded]

    def _awarded_by(self, line: Line, pk: int) -> list[tuple[int, str]]:
        new = []
        for code in self._wanted(line):
            if (pk, code) not in self.held and self.counts[pk] < self.max_badges:
                self.held.add((pk, code))
                self.counts[pk] += 1
                new.append((pk, code))
        return new

    def _wanted(self, line: Line) -> list[str]:
        """The badges that this line gives as it is answered."""
        if line.outcome is Outcome.AWARD:
            return line.yes
        answer = self.answer(line)
        if line.reason == "awarded_before":
            return self._beside_what_was_asked(line, answer)
        if answer is not Answer.AWARD:
            return []
        not_refused = [code for code, mark in line.badges.items() if mark is not Mark.NO]
        if line.reason in WHAT_IS_IN_DOUBT:
            return not_refused or list(line.badges)
        return line.yes or not_refused or list(line.badges)

    def _beside_what_was_asked(self, line: Line, answer: Answer | None) -> list[str]:
        """The badges marked yes on a line that was asked about another badge, which it says no to.

        "Don't award" is no yes to a badge that was withheld or taken back before: that one stays as it was decided.
        """
        if answer is Answer.AWARD:
            return line.yes
        if answer is not Answer.NO_AWARD or line.student is None:
            return []
        refused_before = self.before.withheld | self.before.revoked
        return [code for code in line.yes if (line.student.id, code) not in refused_before]

    def _withheld_by(self, line: Line, pk: int) -> list[tuple[int, str]]:
        codes = [(pk, code) for code in self._refused(line)]
        new = [key for key in codes if key not in self.held and key not in self.withheld]
        self.withheld.update(new)
        return new

    def _refused(self, line: Line) -> list[str]:
        """The badges withheld from somebody who attended: marked no, or answered so."""
        if line.attended is not Mark.YES:
            return []
        if line.outcome in (Outcome.AWARD, Outcome.NO_AWARD):
            return line.no
        answer = self.answer(line)
        if answer is Answer.AWARD:
            is_plain = line.reason not in WHO_IS_IN_DOUBT and self._is_served(line)
            return line.no if is_plain else []
        if answer is not Answer.NO_AWARD or line.reason in {*WHO_IS_IN_DOUBT, "awarded_before"} or not line.is_certain:
            return []
        if line.reason == "duplicate_conflict" and line.student and line.student.id in self.kept:
            return []
        return list(line.badges)

    def decided(self, line: Line) -> DecidedRow:
        """The line with all that it changes."""
        awards = self.awards[id(line)]
        answer = self.answer(line)
        is_about = line.student if line.is_certain or (awards and answer is Answer.AWARD) else None
        is_student_line = line.outcome is not Outcome.REJECT
        return DecidedRow(
            row=line.row,
            student=is_about if is_student_line else None,
            outcome=line.outcome,
            reason=line.reason,
            warnings=tuple(line.warnings),
            answer=answer,
            awards=tuple(code for _, code in awards),
            unchanged=self._unchanged(line),
            withholds=tuple(self._reasoned(line, code) for _, code in self.withholds[id(line)]),
            lifts=tuple(code for pk, code in awards if (pk, code) in self.before.withheld),
            revokes=tuple(code for _, code in self.revokes[id(line)]),
            is_parked=self._is_parked(line, answer),
        )

    def _unchanged(self, line: Line) -> tuple[str, ...]:
        """Badges that stood before and are not in question; told once for each student."""
        if not line.student or not self.is_usable or line.outcome in (Outcome.REJECT, Outcome.IGNORE):
            return ()
        if line.outcome is Outcome.ASK and self.answer(line) not in (Answer.AWARD, Answer.NO_AWARD):
            return ()
        pk = line.student.id
        if pk in self.told:
            return ()
        self.told.add(pk)
        return tuple(sorted(code for code in self.codes_before.get(pk, ()) if (pk, code) in self.held))

    def _reasoned(self, line: Line, code: str) -> tuple[str, str, str]:
        if line.row.reason:
            return code, line.row.reason, line.row.reason_text
        if code in line.below:
            return code, "attendance", ""
        return code, self.answers.withheld_reason, self.answers.withheld_reason_text

    def _is_served(self, line: Line) -> bool:
        """Whether the student has a badge in the end, of this line or another one."""
        return line.student is not None and any((line.student.id, code) in self.held for code in line.badges)

    def _is_parked(self, line: Line, answer: Answer | None) -> bool:
        match line.outcome:
            case Outcome.REJECT:
                return True
            case Outcome.AWARD:
                return not self.is_usable
            case Outcome.ASK if not self.is_usable:
                return True
            case Outcome.ASK if answer is Answer.AWARD:
                return not self._is_served(line)
            case Outcome.ASK:
                return answer is not Answer.NO_AWARD
        return False

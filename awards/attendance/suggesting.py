""" "Did you mean": the students whom an unknown ID or a misspelt one may have meant. Only offered, never taken."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from awards.attendance.names import NameFit, compare, english_spellings, simplify, split_name
from awards.attendance.outcomes import DecidedRow, Outcome, Student

MOST_SUGGESTIONS = 3
FIGURES = "0123456789"
LOOK_ALIKES = str.maketrans("OoIlSB", "001158")


def near_numbers(raw_id: str) -> frozenset[str]:
    """The numbers one slip away: a figure wrong, missing or too many, two swapped, a letter for a figure."""
    text = re.sub("[^0-9]", "", raw_id.translate(LOOK_ALIKES)) if len(raw_id) <= 20 else ""
    plain = re.sub("[^0-9]", "", raw_id) if text else ""
    near = {text, plain}
    for at in range(len(text)):
        rest = text[at + 1 :]
        near.add(text[:at] + rest)
        near.add(text[:at] + rest[:1] + text[at] + rest[1:])
        near.update(text[:at] + figure + rest for figure in FIGURES)
    near.update(text[:at] + figure + text[at:] for at in range(len(text) + 1) for figure in FIGURES if text)
    return frozenset(near - {"", raw_id})


class Suggester:
    """Finds students by a near number or the same name; the register is indexed once, when first needed."""

    def __init__(self, students: Mapping[str, Student]) -> None:
        self.students = students
        self.by_name: dict[str, list[Student]] | None = None

    def suggest(self, decided: DecidedRow) -> tuple[Student, ...]:
        """At most three students: those with a near number first, and of these those whose name fits.

        A letter typed for a figure is the nearest.
        """
        row = decided.row
        if row.maybe_number in self.students and decided.outcome is Outcome.ASK:
            return (self.students[row.maybe_number],)
        if decided.outcome is not Outcome.REJECT:
            return ()
        numbers = near_numbers(row.said_id)
        typed = row.said_id.translate(LOOK_ALIKES)
        near = [
            self.students[no] for no in ([typed] if typed in self.students else sorted(numbers & set(self.students)))
        ]
        near.sort(key=lambda student: not _fits(row.raw_name, student))
        found = dict.fromkeys([*near, *self._named(row.raw_name)])
        return tuple(found)[:MOST_SUGGESTIONS]

    def _named(self, raw_name: str) -> list[Student]:
        if self.by_name is None:
            self.by_name = self._index()
        latin, han = split_name(raw_name)
        return [*self.by_name.get(latin, []), *self.by_name.get(simplify(han), [])]

    def _index(self) -> dict[str, list[Student]]:
        index: dict[str, list[Student]] = defaultdict(list)
        for student in sorted(self.students.values(), key=lambda student: student.number):
            for spelling in english_spellings(student.name_en) if student.name_en else ():
                index[spelling].append(student)
            if student.name_zh:
                index[simplify(split_name(student.name_zh)[1])].append(student)
        index.pop("", None)
        return index


def _fits(raw_name: str, student: Student) -> bool:
    return compare(raw_name, student.name_en, student.name_zh) in (NameFit.FITS, NameFit.VARIANT)

"""The form of the class list: as many lines as there are students, kept in the page itself until it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from awards.attendance.cells import read_number
from awards.attendance.class_list import TickedLine, one_line
from awards.attendance.known import Known
from awards.attendance.pasting import people_in

TICK_ALL, TICK_NONE, ADD, CHECK = "tick-all", "tick-none", "add", "check"
LONGEST = 200
MOST_LINES = 2_000

NOBODY_TICKED = _("Tick everybody who attended, or type their student IDs.")
NO_ID_TYPED = _("There is no student ID in what you typed.")
TOO_MANY = _("The list would become too long. Upload it as a sheet, or paste it.")


@dataclass(slots=True)
class Line:
    """One line on the page. `known` is None for an ID that was typed: its name is not told here."""

    place: int
    student_id: str
    name: str
    known: Known | None
    attended: bool
    badges: frozenset[str]
    reason: str = ""


class ClassList:
    """The lines, from those known or from what was sent; `problem` says what is missing."""

    def __init__(self, lines: list[Line], offered: Sequence[str]) -> None:
        self.lines = lines
        self.offered = tuple(offered)
        self.more = ""
        self.problem = ""
        self.records_absent = False

    @classmethod
    def of_known(cls, known: Iterable[Known], offered: Sequence[str]) -> ClassList:
        """Nobody ticked yet; whoever will be earns all badges unless one is taken away."""
        made = cls([], offered)
        for student in known:
            made.add(student.number, student.name, student, attended=False)
        return made

    @classmethod
    def sent(cls, data: QueryDict, known: Sequence[Known], offered: Sequence[str]) -> ClassList:
        """What was sent. Somebody who is known by now comes last, and somebody who no longer is stays as typed."""
        made = cls([], offered)
        by_number = {student.number: student for student in known}
        attended = set(data.getlist("attended"))
        badges = {code: set(data.getlist(f"badge-{code}")) for code in offered}
        for place, student_id in enumerate(data.getlist("id")[:MOST_LINES]):
            key = str(place)
            student = by_number.pop(student_id, None)
            line = made.add(student_id, student.name if student else _short(data, f"name-{key}"), student)
            line.attended = key in attended
            line.badges = frozenset(code for code in offered if key in badges[code])
            line.reason = _short(data, f"reason-{key}")
        for student in by_number.values():
            made.add(student.number, student.name, student, attended=False)
        made.more = data.get("more", "")
        made.records_absent = data.get("others") == "absent"
        return made

    def add(self, student_id: str, name: str, known: Known | None, *, attended: bool = True) -> Line:
        """One more line; all badges are ticked until one is taken away."""
        line = Line(len(self.lines), student_id[:LONGEST], name, known, attended, frozenset(self.offered))
        self.lines.append(line)
        return line

    def add_typed(self, digits: int) -> None:
        """Takes in the IDs that were typed: one on the list already is ticked there, any other becomes a line."""
        people = people_in(self.more, digits)
        if not people and self.more.strip():
            self.problem = str(NO_ID_TYPED)
            return
        on_list = {line.student_id: line for line in self.lines}
        for student_id, name in people:
            if len(self.lines) >= MOST_LINES:
                self.problem = str(TOO_MANY)
                return
            number = read_number(student_id, digits).number or student_id
            line = on_list.get(number)
            if line is None:
                on_list[number] = self.add(student_id, name[:LONGEST], None)
            else:
                line.attended = True
        self.more = ""

    def tick(self, *, everybody: bool) -> None:
        for line in self.lines:
            line.attended = everybody

    @property
    def ticked(self) -> int:
        return sum(line.attended for line in self.lines)

    def to_write(self) -> list[TickedLine]:
        """The lines of the record: those ticked, and the others where they shall be recorded as absent."""
        return [
            TickedLine(one_line(line.student_id), line.name, line.attended, line.badges, line.reason)
            for line in self.lines
            if line.attended or self.records_absent
        ]


def _short(data: Mapping[str, str], name: str) -> str:
    return data.get(name, "").replace("\0", "")[:LONGEST]

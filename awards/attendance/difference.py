"""What a sheet changes of the record so far, participant by participant: added, changed, taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from awards.attendance.outcomes import Before, DecidedRow, Decision, Student

Held = tuple[int, str]
"""Student id and badge code."""
SHOWN = 100
"""So many participants of each kind the page names; the counts are of all of them."""


@dataclass(slots=True)
class Changed:
    """One participant for whom something is different afterwards. `keeps` are the badges that stand on."""

    student: Student
    gets: list[str] = field(default_factory=list)
    loses: list[str] = field(default_factory=list)
    on_paper: list[str] = field(default_factory=list)
    """Of those lost, what stands on an issued NAT: the scheme administrator decides about it."""
    withheld: list[str] = field(default_factory=list)
    keeps: list[str] = field(default_factory=list)

    @property
    def loses_all(self) -> bool:
        """Whether badges go and none is left."""
        return bool(self.loses or self.on_paper) and not (self.gets or self.keeps)


@dataclass(frozen=True, slots=True)
class Kind:
    """Those of one kind: how many, and as many of them as a page names."""

    people: tuple[Changed, ...]

    @property
    def count(self) -> int:
        return len(self.people)

    @property
    def shown(self) -> tuple[Changed, ...]:
        return self.people[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, self.count - SHOWN)


@dataclass(frozen=True, slots=True)
class Difference:
    """All participants for whom something changes, each in one of three kinds.

    `added` had no badge of the activity, `taken_back` only lose, `changed` are the rest. `unchanged` are those of the
    sheet who keep what they have, `left_out` those of earlier records who are not on the sheet and keep it too;
    `on_paper` are the badges of all of them that are to be taken back and stand on issued NATs.
    """

    added: Kind
    changed: Kind
    taken_back: Kind
    unchanged: int
    left_out: int
    on_paper: int

    @property
    def is_none(self) -> bool:
        return not (self.added.count or self.changed.count or self.taken_back.count)


def difference_of(
    decision: Decision, *, before: Before, on_paper: Collection[Held], replaces: bool
) -> Difference | None:
    """What a commit of the decision would change; None where nothing stands on the record yet."""
    if not (before.awarded or before.withheld or before.revoked):
        return None
    changes = _changes(decision.rows, on_paper)
    if replaces:
        for student in decision.left_out:
            lost = before.codes.get(student.id, [])
            _loses(changes.setdefault(student.id, Changed(student)), sorted(lost), on_paper)
    for pk, change in changes.items():
        gone = {*change.loses, *change.on_paper}
        change.keeps = [code for code in sorted(before.codes.get(pk, [])) if code not in gone]
    people = sorted(changes.values(), key=lambda one: one.student.number)
    had = {pk for pk, _code in before.awarded}
    added = [one for one in people if one.student.id not in had]
    taken_back = [one for one in people if one.student.id in had and one.loses_all]
    in_one = {id(one) for one in (*added, *taken_back)}
    return Difference(
        added=Kind(tuple(added)),
        changed=Kind(tuple(one for one in people if id(one) not in in_one)),
        taken_back=Kind(tuple(taken_back)),
        unchanged=len(had & {row.student.id for row in decision.rows if row.student} - set(changes)),
        left_out=0 if replaces else len(decision.left_out),
        on_paper=sum(len(one.on_paper) for one in people),
    )


def _changes(rows: Iterable[DecidedRow], on_paper: Collection[Held]) -> dict[int, Changed]:
    """By student, those for whom a line of the sheet changes something; two lines of one student are one change."""
    changes: dict[int, Changed] = {}
    for row in rows:
        withheld = [code for code, _reason, _words in row.withholds]
        if row.student is None or not (row.awards or row.revokes or withheld):
            continue
        change = changes.setdefault(row.student.id, Changed(row.student))
        change.gets += [code for code in row.awards if code not in change.gets]
        change.withheld += [code for code in withheld if code not in change.withheld]
        _loses(change, row.revokes, on_paper)
    return changes


def _loses(change: Changed, codes: Iterable[str], on_paper: Collection[Held]) -> None:
    for code in codes:
        (change.on_paper if (change.student.id, code) in on_paper else change.loses).append(code)

"""The register beside a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.register.comparing import FIELDS, RegisterEntry, changes_of, compare
from accounts.register.reading import Problem, RegisterRow

MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
TAI_MAN = RegisterEntry(1, "200135791", "CHAN Tai Man", "陳大文", "", "BSc", "FDE", 2, None, "active", None)


def row(number: str = "200135791", **fields: Any) -> RegisterRow:
    return RegisterRow(line=2, student_number=number, **fields)


def test_new_changed_missing_and_same_are_told_apart() -> None:
    same, gone = replace(TAI_MAN, id=2, student_number="200135792"), replace(TAI_MAN, id=3, student_number="200135793")
    register = {entry.student_number: entry for entry in (TAI_MAN, same, gone)}
    rows = [row(name_en="CHAN Tai"), row("200135792", name_en="CHAN Tai Man"), row("200135794", name_en="NEW")]
    difference = compare(rows, register)
    assert difference.added == (rows[2],)
    assert [(c.entry.id, dict(c.fields)) for c in difference.changed] == [
        (1, {"name_en": ("CHAN Tai Man", "CHAN Tai")})
    ]
    assert (difference.left, difference.same, difference.problems) == ((gone,), 1, ())


def test_an_empty_cell_empties_nothing() -> None:
    assert changes_of(row(), TAI_MAN) == {}


@pytest.mark.parametrize(
    ("before", "said", "changes"),
    [
        (("active", None), ("withdrawn", MAY), {"status": ("active", "withdrawn"), "status_on": (None, MAY)}),
        (("active", None), ("withdrawn", None), {"status": ("active", "withdrawn")}),
        (("withdrawn", MAY), ("active", None), {"status": ("withdrawn", "active"), "status_on": (MAY, None)}),
        (("withdrawn", MAY), ("withdrawn", None), {}),
        (("withdrawn", MAY), ("withdrawn", JUNE), {"status_on": (MAY, JUNE)}),
        (("withdrawn", MAY), (None, None), {}),
    ],
)
def test_the_date_belongs_to_its_status(before: Any, said: Any, changes: dict[str, Any]) -> None:
    entry = replace(TAI_MAN, status=before[0], status_on=before[1])
    assert changes_of(row(status=said[0], status_on=said[1]), entry) == changes


def test_a_new_student_needs_a_name() -> None:
    difference = compare([row("200135799"), row("200135798", name_zh="新人")], {})
    assert [r.student_number for r in difference.added] == ["200135798"]
    assert difference.problems == (Problem(2, "", "200135799", "no_name"),)


def test_another_difference_has_another_fingerprint() -> None:
    rows = [row(name_en="CHAN Tai")]
    register = {"200135791": TAI_MAN}
    seen = compare(rows, register).fingerprint
    assert compare(rows, register).fingerprint == seen
    assert compare(rows, {}).fingerprint != seen
    assert compare(rows, {"200135791": replace(TAI_MAN, name_en="CHAN T")}).fingerprint != seen
    assert compare([row(name_en="CHAN")], register).fingerprint != seen


NUMBERS = st.integers(0, 8).map(lambda n: f"20000000{n}")
ENTRIES = st.builds(
    RegisterEntry,
    id=st.integers(1, 99),
    student_number=NUMBERS,
    name_en=st.sampled_from(["A", "B"]),
    name_zh=st.sampled_from(["", "甲"]),
    email=st.just(""),
    programme=st.sampled_from(["", "BSc"]),
    unit=st.sampled_from(["", "FDE"]),
    year_of_study=st.sampled_from([None, 1, 2]),
    started_on=st.sampled_from([None, MAY]),
    status=st.sampled_from(["active", "withdrawn"]),
    status_on=st.sampled_from([None, MAY, JUNE]),
)
ROWS = st.builds(
    RegisterRow,
    line=st.integers(2, 9),
    student_number=NUMBERS,
    name_en=st.sampled_from([None, "A", "B"]),
    unit=st.sampled_from([None, "FDE"]),
    year_of_study=st.sampled_from([None, 1]),
    status=st.sampled_from([None, "active", "withdrawn"]),
    status_on=st.sampled_from([None, JUNE]),
)


@given(
    st.lists(ROWS, unique_by=lambda r: r.student_number),
    st.dictionaries(NUMBERS, ENTRIES).map(lambda d: {n: replace(e, student_number=n) for n, e in d.items()}),
)
def test_every_line_and_every_student_is_counted_and_applying_twice_changes_nothing(
    rows: list[RegisterRow], register: dict[str, RegisterEntry]
) -> None:
    difference = compare(rows, register)
    assert len(difference.added) + len(difference.changed) + difference.same + len(difference.problems) == len(rows)
    assert len(difference.changed) + difference.same + len(difference.left) == len(register)
    after = dict(register)
    for change in difference.changed:
        changed: dict[str, Any] = {field: new for field, (_old, new) in change.fields.items()}
        after[change.entry.student_number] = replace(change.entry, **changed)
    for row_ in difference.added:
        given_ = {f: getattr(row_, f) for f in FIELDS if getattr(row_, f) is not None}
        after[row_.student_number] = replace(
            RegisterEntry(0, row_.student_number, "", "", "", "", "", None, None, "active", None), **given_
        )
    again = compare(rows, after)
    assert (again.added, again.changed) == ((), ())

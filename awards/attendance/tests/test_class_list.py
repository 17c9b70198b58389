"""The class list is written under our own headings, holds no formula, and reads back as it was ticked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from awards.attendance.class_list import TickedLine, read_ticked, write_ticked
from awards.attendance.formats import Limits, Refusal, read_workbook
from awards.attendance.reading import Mark, ReadRow, read_attendance

BOTH = frozenset({"PF", "EC"})
SAM = TickedLine("240000001", "CHAN Sam 陳三", True, BOTH)
SUKI = TickedLine("240000002", "WONG, Suki", True, frozenset({"PF"}), "Assessment 未達評核要求")
ADA = TickedLine("240000003", "CHEUNG Ada", False, BOTH, "not said")


def rows_of(data: bytes) -> tuple[ReadRow, ...]:
    workbook = read_ticked(data, Limits())
    return read_attendance(workbook, offered=["PF", "EC"], activity_code="DB2526-0001", student_number_digits=9).rows


def test_what_was_ticked_reads_back() -> None:
    sam, suki, ada = rows_of(write_ticked("DB2526-0001", ["PF", "EC"], [SAM, SUKI, ADA]))
    assert (sam.student_number, sam.raw_name, sam.attended, sam.reason) == ("240000001", "CHAN Sam 陳三", Mark.YES, "")
    assert (dict(suki.badges), suki.reason) == ({"PF": Mark.YES, "EC": Mark.NO}, "assessment")
    assert (ada.attended, dict(ada.badges), ada.reason_text) == (Mark.NO, {"PF": Mark.NO, "EC": Mark.NO}, "")


def test_the_file_is_one_that_can_be_uploaded_too() -> None:
    data = write_ticked("DB2526-0001", ["PF", "EC"], [SAM, SUKI])
    uploaded = read_attendance(
        read_workbook(data), offered=["PF", "EC"], activity_code="DB2526-0001", student_number_digits=9
    )
    assert (uploaded.format, uploaded.notes, uploaded.rows) == ("csv", (), rows_of(data))


def test_the_same_ticks_give_the_same_bytes() -> None:
    lines = [SAM, SUKI]
    assert write_ticked("A1", ["PF"], lines) == write_ticked("A1", ["PF"], lines)


def test_too_many_lines_are_refused() -> None:
    data = write_ticked("A1", ["EC"], [SAM] * 3)
    assert len(read_ticked(data, Limits(max_row=6)).sheets[0].rows) == 6
    with pytest.raises(Refusal) as refusal:
        read_ticked(data, Limits(max_row=5))
    assert (refusal.value.code, dict(refusal.value.details)) == ("too_many_rows", {"limit": 5})


texts = st.one_of(st.text(max_size=30), st.builds(str.__add__, st.sampled_from("=+-@＝\t\"'"), st.text(max_size=9)))


@hypothesis_settings(deadline=None)
@given(st.lists(st.tuples(texts, texts, st.booleans()), min_size=1, max_size=5))
def test_nothing_typed_becomes_a_formula_or_another_line(typed: list[tuple[str, str, bool]]) -> None:
    data = write_ticked(
        "A1", ["EC"], [TickedLine(text, name, attended, frozenset(), name) for text, name, attended in typed]
    )
    rows = read_ticked(data, Limits()).sheets[0].rows
    assert len(rows) == 3 + len(typed)
    cells = [cell for row in rows for cell in row if isinstance(cell, str)]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝＋－＠")]

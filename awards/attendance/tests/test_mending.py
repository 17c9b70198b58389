"""Mending a row: what a person typed goes through the same rules as the sheet, and what was written stays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, reject
from hypothesis import settings as hypothesis_settings

from awards.attendance.cells import read_mark, text_of
from awards.attendance.deciding import Answer, Answers, DecidedRow, Decision
from awards.attendance.formats import Refusal, Workbook, Worksheet
from awards.attendance.mending import Typed, as_typed, mend_for, mended, mends_in
from awards.attendance.reading import Mark, Reading, read_attendance
from awards.attendance.tests.test_deciding import ADA, CODE, HEADING, SAM, SUKI, ZERO, judge, only, read, told

OFFERED = ("PF", "EC")


def after(reading: Reading, mends: Mapping[int, Mapping[str, Any]], **more: Any) -> Decision:
    return judge(mended(reading, mends, 9), **more)


def row_after(reading: Reading, **mend: Any) -> DecidedRow:
    return only(after(reading, {0: mend}))


@pytest.mark.parametrize("written", ["24000000l", "999999999", None, "1.9E+08", "24000001", "sam@x.hk"])
def test_a_retyped_id_makes_a_normal_row_of_one_that_could_not_be_used(written: str | None) -> None:
    reading = read((written, "CHAN Sam", "Y", "Y", "Y"))
    row = row_after(reading, id=SAM)
    assert (told(row), row.awards, row.warnings) == (("award", ""), ("PF", "EC"), ("mended",))
    assert (row.row.raw_id, row.row.mended) == (written or "", {"id": SAM})


def test_a_retyped_id_with_a_name_that_does_not_fit_asks() -> None:
    row = row_after(read(("24000000", "CHAN Sam", "Y", "Y", "Y")), id=SUKI)
    assert (told(row), row.awards, row.is_parked) == (("ask", "name_mismatch"), (), True)


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("２４０ ００００-01", ("award", "")),
        ("239999999", ("reject", "unknown_id")),
        ("2400000", ("reject", "bad_id")),
        ("", ("reject", "missing_id")),
        ("12345678", ("ask", "id_lost_zero")),
        ("240000001@example.hk", ("ask", "id_in_email")),
    ],
)
def test_a_typed_id_is_read_as_one_of_the_sheet(typed: str, becomes: tuple[str, str]) -> None:
    assert told(row_after(read(("x", "", "Y", "Y", "Y")), id=typed)) == becomes


def test_marks_are_mended_and_a_withheld_badge_keeps_its_reason() -> None:
    reading = read((SAM, "CHAN Sam", "Y", "Y", "Y"))
    row = row_after(reading, badges={"EC": "N"}, reason="assessment")
    assert (row.awards, row.withholds) == (("PF",), (("EC", "assessment", ""),))
    assert row.row.marks == {"attended": "Y", "PF": "Y", "EC": "Y"}


def test_a_mended_badge_stands_whatever_the_column_for_all_badges_says() -> None:
    heading = ("Student ID", "Student Name", "Attended", "Award badge")
    reading = read((SAM, "CHAN Sam", "Y", "N"), heading=heading)
    assert row_after(reading, badges={"EC": "Y"}).awards == ("EC",)
    assert only(judge(reading)).awards == ()


def test_one_mended_row_does_not_turn_the_question_about_a_blank_column_into_one_for_each_row() -> None:
    reading = read((SAM, "CHAN Sam", "Y", "", ""), (SUKI, "WONG Suki", "Y", "", ""))
    decision = after(reading, {0: {"badges": {"PF": "N", "EC": "Y"}}})
    assert decision.file_questions == ("award_column_blank",)
    yes = after(reading, {0: {"badges": {"PF": "N", "EC": "Y"}}}, file=True)
    assert [row.awards for row in yes.rows] == [("EC",), ("PF", "EC")]
    no = after(reading, {0: {"badges": {"PF": "N", "EC": "Y"}}}, file=False)
    assert [row.awards for row in no.rows] == [("EC",), ()]


def test_a_file_of_misfitting_names_can_be_mended_row_by_row() -> None:
    lines = [(number, "POON Fay", "Y", "Y", "Y") for number in (SAM, SUKI, ZERO, SAM, SUKI)]
    reading = read(*lines)
    assert judge(reading).file_reason == "names_do_not_fit"
    assert after(reading, {place: {"id": "239999999"} for place in range(1, 5)}).file_reason == ""


def test_a_mark_typed_in_settles_a_merged_cell_but_not_a_struck_out_line() -> None:
    sheet = Worksheet(
        name="Attendance",
        rows=(("Activity code", CODE), HEADING, (SAM, "CHAN Sam", None, "Y", "Y")),
        merged_cells=frozenset({(3, 2)}),
        struck_cells=frozenset({(3, 0)}),
    )
    book = Workbook("xlsx", (sheet,))
    reading = read_attendance(book, offered=OFFERED, activity_code=CODE, student_number_digits=9)
    assert reading.rows[0].doubts == ("struck_out", "merged_mark")
    row = mended(reading, {0: {"attended": "Y"}}, 9).rows[0]
    assert (row.doubts, row.attended) == (("struck_out",), Mark.YES)


@pytest.mark.parametrize("places", ["error_cells", "valueless_formulas"])
def test_a_line_with_a_cell_that_has_no_value_is_whole_once_the_value_is_typed(places: str) -> None:
    sheet = Worksheet(
        name="Attendance",
        rows=(("Activity code", CODE), HEADING, (f" {SAM} ", "CHAN Sam", None, "Y", "Y")),
        **{places: frozenset({(3, 2)})},  # type: ignore[arg-type]
    )
    book = Workbook("xlsx", (sheet,))
    reading = read_attendance(book, offered=OFFERED, activity_code=CODE, student_number_digits=9)
    row = row_after(reading, attended="Y")
    assert (told(row), row.awards) == (("award", ""), ("PF", "EC"))


def test_a_note_becomes_a_row_only_by_an_id() -> None:
    reading = read(("Total", "", "", "2", "2"), (SAM, "CHAN Sam", "Y", "Y", "Y"))
    assert told(after(reading, {0: {"attended": "Y"}}).rows[0]) == ("ignore", "not_a_student_line")
    assert told(after(reading, {0: {"id": SUKI, "attended": "Y", "badges": {"PF": "Y", "EC": "Y"}}}).rows[0]) == (
        "award",
        "",
    )


def test_only_what_differs_from_the_sheet_is_kept() -> None:
    row = read((f"{SAM}-", "CHAN Sam", "Y", "Y", "N", "assessment")).rows[0]
    assert as_typed(row, OFFERED) == Typed(SAM, "Y", {"PF": "Y", "EC": "N"}, "assessment", "")
    assert mend_for(row, as_typed(row, OFFERED), OFFERED) == {}
    typed = Typed(SUKI, "Y", {"PF": "Y", "EC": "Y"}, "other", " came late ")
    assert mend_for(row, typed, OFFERED) == {
        "id": SUKI,
        "badges": {"EC": "Y"},
        "reason": "other",
        "reason_text": "came late",
    }


def test_who_did_not_attend_gets_no_badge_whatever_stands_beside_it() -> None:
    reading = read((SAM, "CHAN Sam", "", "Y", "?"))
    mend = mend_for(reading.rows[0], Typed(SAM, "N", {"PF": "Y", "EC": "Y"}), OFFERED)
    assert mend == {"attended": "N", "badges": {"PF": "N", "EC": "N"}}
    assert told(row_after(reading, **mend)) == ("no_award", "absent")


@pytest.mark.parametrize(
    ("asked", "awards"), [("name_mismatch", ()), ("unclear_mark", ("PF", "EC")), (None, ("PF", "EC"))]
)
def test_an_answer_to_another_question_is_none(asked: str | None, awards: tuple[str, ...]) -> None:
    line = ("Attendance", 3)
    answers = Answers(rows={line: Answer.AWARD}, asked={line: asked} if asked else {})
    row = only(judge(read((SAM, "CHAN Sam", "Y", "?", "Y")), given=answers))
    assert (row.reason, row.awards, row.is_parked) == ("unclear_mark", awards, not awards)


def test_a_mended_reading_survives_its_json() -> None:
    reading = mended(read(("x", "CHAN Sam", "Y", "Y", "Y")), {0: {"id": SAM, "badges": {"EC": "N"}}}, 9)
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_the_mends_of_a_record_are_by_place() -> None:
    assert mends_in({"mends": {"0": {"id": SAM}, "12": {"attended": "Y"}}, "rows": {}}) == {
        0: {"id": SAM},
        12: {"attended": "Y"},
    }
    assert mends_in({}) == {}


IDS = st.one_of(
    st.sampled_from([SAM, SUKI, ADA, ZERO, "12345678", "24000000l", "", " 240000001 "]), st.text(max_size=14)
)
MARKS = st.sampled_from(["Y", "N", "", "?", "是", "No - left", "1"])
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), MARKS, IDS, st.dates(), st.times()
)
GRID = st.lists(st.lists(CELLS, max_size=7), max_size=9)
MEND = st.fixed_dictionaries(
    {},
    optional={
        "id": IDS,
        "attended": MARKS,
        "badges": st.dictionaries(st.sampled_from(OFFERED), MARKS),
        "reason": st.sampled_from(["attendance", "other", ""]),
        "reason_text": st.text(max_size=5),
    },
)
MENDS = st.dictionaries(st.integers(0, 8), MEND, max_size=5)


def reading_of(grid: Sequence[Sequence[Any]]) -> Reading:
    """Any cells below a heading that is understood; a grid that names another activity is no example."""
    sheet = Worksheet(name="Attendance", rows=(HEADING, *map(tuple, grid)))
    book = Workbook("xlsx", (sheet,))
    try:
        return read_attendance(book, offered=OFFERED, activity_code=CODE, student_number_digits=9)
    except Refusal as refusal:
        if refusal.code != "wrong_activity":
            raise
        reject()


@hypothesis_settings(max_examples=hypothesis_settings().max_examples * 3, deadline=None)
@given(grid=GRID, mends=MENDS, file=st.sampled_from([None, True, False]))
def test_the_counts_of_any_grid_add_up_whatever_is_mended(grid: Any, mends: Any, file: bool | None) -> None:
    reading = reading_of(grid)
    decision = after(reading, mends, file=file)
    counts = decision.counts
    assert len(decision.rows) == len(reading.rows) == counts.total
    assert counts.total == counts.award + counts.no_award + counts.parked + counts.ignored
    given_twice = [(row.student.id, code) for row in decision.rows if row.student for code in row.awards]
    assert len(given_twice) == len(set(given_twice))


@hypothesis_settings(deadline=None)
@given(grid=GRID)
def test_no_line_with_an_id_or_a_mark_is_dropped(grid: Any) -> None:
    said = {
        line
        for line, cells in enumerate(grid, 2)
        if any(map(text_of, cells[:1])) or any(read_mark(cell) in (Mark.YES, Mark.NO) for cell in cells[2:5])
    }
    assert said - {row.line for row in reading_of(grid).rows} == set()


@hypothesis_settings(max_examples=hypothesis_settings().max_examples * 3 // 2, deadline=None)
@given(grid=GRID, mends=MENDS)
def test_a_mend_and_its_removal_leave_decision_and_fingerprint_as_they_were(grid: Any, mends: Any) -> None:
    reading = reading_of(grid)
    as_written = judge(reading)
    after(reading, mends)
    assert judge(mended(reading, {place: {} for place in mends}, 9)) == as_written
    changes = any(place < len(reading.rows) and mend for place, mend in mends.items())
    assert (after(reading, mends).fingerprint == as_written.fingerprint) is not changes


@hypothesis_settings(max_examples=hypothesis_settings().max_examples * 3, deadline=None)
@given(grid=GRID.filter(bool), typed=IDS)
def test_a_typed_id_means_no_student_but_the_one_whose_digits_were_typed(grid: Any, typed: str) -> None:
    reading = reading_of(grid)
    if not reading.rows:
        return
    number = mended(reading, {0: {"id": typed}}, 9).rows[0].student_number
    assert number in {"", "".join(digit for digit in typed.translate(FULL_WIDTH) if digit in "0123456789")}


FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}


@hypothesis_settings(max_examples=hypothesis_settings().max_examples * 2, deadline=None)
@given(
    number=st.sampled_from([SAM, SUKI, "９９９９９９９９９"]),
    attended=st.sampled_from(["", "Y", "N"]),
    badges=st.dictionaries(st.sampled_from(OFFERED), st.sampled_from(["", "Y", "N"])),
    line=st.tuples(IDS, st.just("CHAN Sam"), MARKS, MARKS, MARKS),
)
def test_a_mended_row_shows_what_was_typed(number: str, attended: str, badges: Any, line: Any) -> None:
    reading = reading_of([line])
    if not reading.rows:
        return
    mend = mend_for(reading.rows[0], Typed(number, attended, badges), OFFERED)
    shown = as_typed(mended(reading, {0: mend}, 9).rows[0], OFFERED)
    assert shown.number in {number, "9" * 9}
    assert attended in {"", shown.attended}
    if attended != "N":
        assert all(shown.badges[code] == mark for code, mark in badges.items() if mark)

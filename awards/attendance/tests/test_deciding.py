"""The rules of awarding from a sheet, told as stories, and what holds for any sheet."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from awards.attendance.deciding import (
    Answer,
    Answers,
    Before,
    Counts,
    DecidedRow,
    Decision,
    Student,
    decide,
)
from awards.attendance.formats import Cell, Workbook, Worksheet
from awards.attendance.reading import Reading, read_attendance

DAY = dt.date(2025, 11, 21)
CODE = "DB2526-0001"
HEADING = ("Student ID", "Student Name", "Attended", "PF", "EC", "Reason")
SAM, SUKI, ADA, ZERO = "240000001", "240000002", "240000003", "012345678"
STUDENTS = {
    SAM: Student(1, SAM, "CHAN Sam", "陳三", "active", None),
    SUKI: Student(2, SUKI, "WONG Suki", "黃素琪", "active", None),
    ADA: Student(3, ADA, "LEE Ada", "", "withdrawn", DAY),
    ZERO: Student(4, ZERO, "YIP Yuk Ling", "葉玉玲", "active", None),
}


def read(
    *rows: Sequence[Cell], heading: Sequence[str] = HEADING, code: str = CODE, offered: Sequence[str] = ("PF", "EC")
) -> Reading:
    """Lines from line 3 on, below the code and the heading."""
    sheet = Worksheet(name="Attendance", rows=(("Activity code", code), tuple(heading), *map(tuple, rows)))
    return read_attendance(Workbook("xlsx", (sheet,)), offered=offered, activity_code=CODE, student_number_digits=9)


def judge(reading: Reading, *, before: Before | None = None, max_badges: int = 2, **more: Any) -> Decision:
    answers = more.pop("given", None) or Answers(
        rows={("Attendance", line): answer for line, answer in more.pop("answers", {}).items()},
        file=more.pop("file", None),
        withheld_reason=more.pop("withheld_reason", ""),
        take_back_reason=more.pop("take_back_reason", ""),
    )
    circumstances: dict[str, Any] = {
        "students": STUDENTS,
        "offered": ("PF", "EC"),
        "max_badges": max_badges,
        "held_on": (DAY, DAY),
        "before": before or Before(),
        "answers": answers,
    }
    return decide(reading, **(circumstances | more))


def only(decision: Decision) -> DecidedRow:
    (row,) = decision.rows
    return row


def told(row: DecidedRow) -> tuple[str, str]:
    return str(row.outcome), row.reason


def test_both_badges() -> None:
    decision = judge(read((SAM, "CHAN Sam", "Y", "Y", "Y")))
    row = only(decision)
    assert (told(row), row.awards, row.warnings) == (("award", ""), ("PF", "EC"), ())
    assert (decision.file_outcome, decision.counts, decision.can_be_committed) == ("accept", Counts(award=1), True)


def test_one_badge_only_withholds_the_other_with_the_reason_of_the_row() -> None:
    decision = judge(read((SAM, "CHAN Sam", "Y", "Y", "N", "Assessment")))
    assert (only(decision).awards, only(decision).withholds) == (("PF",), (("EC", "assessment", ""),))
    assert decision.needs_withheld_reason is False


def test_words_of_the_organisers_own_are_another_reason() -> None:
    assert only(judge(read((SAM, "CHAN Sam", "Y", "Y", "N", "left at noon")))).withholds == (
        ("EC", "other", "left at noon"),
    )


def test_withheld_rows_without_a_reason_need_one_answer() -> None:
    reading = read((SAM, "CHAN Sam", "Y", "Y", "Y"), (SUKI, "WONG Suki", "Y", "N", "N"))
    assert judge(reading).needs_withheld_reason is True
    decision = judge(reading, withheld_reason="outcome")
    assert decision.needs_withheld_reason is False
    assert (told(decision.rows[1]), decision.rows[1].withholds) == (
        ("no_award", "withheld"),
        (("PF", "outcome", ""), ("EC", "outcome", "")),
    )


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((SAM, "CHAN Sam", "N", "N", "N"), ("no_award", "absent")),
        ((SAM, "CHAN Sam", "N", "", ""), ("no_award", "absent")),
        ((SAM, "CHAN Sam", "", "N", "N"), ("no_award", "absent")),
        ((SAM, "CHAN Sam", "", "", ""), ("no_award", "blank")),
        ((SAM, "CHAN Sam", "N", "Y", "N"), ("ask", "contradiction")),
        ((SAM, "CHAN Sam", "", "Y", "Y"), ("ask", "contradiction")),
        ((SAM, "CHAN Sam", "?", "Y", "Y"), ("ask", "unclear_mark")),
        ((SAM, "CHAN Sam", "Y", "Y", "No - left early"), ("ask", "unclear_mark")),
        ((SAM, "CHAN Sam", "Y", "Y", ""), ("ask", "award_blank")),
        ((SAM, "CHAN Samuel", "Y", "Y", "Y"), ("ask", "name_mismatch")),
        ((ADA, "LEE Ada", "Y", "Y", "Y"), ("ask", "not_active")),
        ((ADA, "LEE Ada", "N", "N", "N"), ("no_award", "absent")),
        ((12345678.0, "YIP Yuk Ling", "Y", "Y", "Y"), ("ask", "id_lost_zero")),
        ((f"{SAM}@stu.hk", "CHAN Sam", "Y", "Y", "Y"), ("ask", "id_in_email")),
        (("999999999", "NOBODY", "Y", "Y", "Y"), ("reject", "unknown_id")),
        (("S24000000", "CHAN Sam", "Y", "Y", "Y"), ("reject", "bad_id")),
        ((99345678.0, "CHAN Sam", "Y", "Y", "Y"), ("reject", "bad_id")),
        (("", "CHAN Sam", "Y", "Y", "Y"), ("reject", "missing_id")),
        (("Total: 12", "", "", "", ""), ("ignore", "not_a_student_line")),
    ],
)
def test_what_a_line_means(cells: Sequence[Cell], expected: tuple[str, str]) -> None:
    decision = judge(read((SUKI, "WONG Suki", "Y", "Y", "Y"), cells))
    assert told(decision.rows[1]) == expected
    assert decision.rows[1].awards == ()


@pytest.mark.parametrize(
    ("line", "answer", "awards", "withholds"),
    [
        ((SAM, "CHAN Sam", "Y", "Y", "?"), Answer.AWARD, ("PF", "EC"), []),
        ((SAM, "CHAN Sam", "Y", "Y", "?"), Answer.NO_AWARD, (), ["PF", "EC"]),
        ((SAM, "CHAN Sam", "?", "Y", "N"), Answer.NO_AWARD, (), []),
        ((SAM, "CHAN Sam", "N", "Y", "N"), Answer.AWARD, ("PF",), []),
        ((SAM, "CHAN Samuel", "Y", "Y", "N"), Answer.AWARD, ("PF",), []),
        ((SAM, "CHAN Samuel", "Y", "Y", "N"), Answer.NO_AWARD, (), []),
        ((12345678.0, "YIP Yuk Ling", "Y", "Y", "Y"), Answer.AWARD, ("PF", "EC"), []),
        ((SAM, "CHAN Samuel", "Y", "Y", "Y"), Answer.LEAVE_OPEN, (), []),
    ],
)
def test_an_answer(line: Sequence[Cell], answer: Answer, awards: Sequence[str], withholds: Sequence[str]) -> None:
    row = judge(read((SUKI, "WONG Suki", "Y", "Y", "Y"), line), answers={4: answer}).rows[1]
    assert (row.awards, [code for code, _, _ in row.withholds]) == (awards, withholds)
    assert row.is_parked is (answer is Answer.LEAVE_OPEN)


def test_a_student_who_left_after_the_activity_is_not_asked_about() -> None:
    later = {ADA: Student(3, ADA, "LEE Ada", "", "graduated", DAY + dt.timedelta(days=1))}
    assert told(only(judge(read((ADA, "LEE Ada", "Y", "Y", "Y")), students=later))) == ("award", "")


def test_one_student_twice_with_the_same_marks_counts_once() -> None:
    line = (SAM, "CHAN Sam", "Y", "Y", "Y")
    first, second = judge(read(line, line)).rows
    assert (first.awards, second.awards, second.warnings) == (("PF", "EC"), (), ("duplicate_line",))


def test_one_student_twice_with_different_marks_is_asked_on_both_lines() -> None:
    reading = read((SAM, "CHAN Sam", "Y", "Y", "Y"), (SAM, "CHAN Sam", "Y", "Y", "N"))
    assert [told(row) for row in judge(reading).rows] == [("ask", "duplicate_conflict")] * 2
    first, second = judge(reading, answers={3: Answer.AWARD, 4: Answer.NO_AWARD}).rows
    assert (first.awards, second.withholds) == (("PF", "EC"), ())
    assert [row.is_parked for row in (first, second)] == [False, False]


def test_a_parked_line_asks_until_it_is_answered_though_alone_it_looks_clear() -> None:
    reading = read((SAM, "CHAN Sam", "Y", "Y", "Y"))
    assert told(only(judge(reading, parked_because="duplicate_conflict"))) == ("ask", "duplicate_conflict")
    refused = only(judge(reading, parked_because="duplicate_conflict", answers={3: Answer.NO_AWARD}))
    assert (refused.awards, refused.is_parked) == ((), False)


def test_a_badge_is_not_taken_back_without_an_explicit_answer() -> None:
    before = Before(awarded=frozenset({(1, "EC")}))
    reading = read((SAM, "CHAN Sam", "Y", "Y", "N"))
    asked = judge(reading, before=before)
    assert (told(only(asked)), only(asked).revokes, only(asked).awards) == (("ask", "awarded_before"), (), ())
    kept = judge(reading, before=before, answers={3: Answer.AWARD})
    assert (only(kept).revokes, only(kept).unchanged, only(kept).awards) == ((), ("EC",), ("PF",))
    back = judge(reading, before=before, answers={3: Answer.NO_AWARD})
    assert (only(back).revokes, only(back).awards, back.needs_take_back_reason) == (("EC",), ("PF",), True)
    assert (
        judge(reading, before=before, answers={3: Answer.NO_AWARD}, take_back_reason="x").needs_take_back_reason
        is False
    )


def test_a_withholding_is_never_silently_overturned() -> None:
    before = Before(withheld=frozenset({(1, "EC")}))
    reading = read((SAM, "CHAN Sam", "Y", "Y", "Y"))
    assert told(only(judge(reading, before=before))) == ("ask", "withheld_before")
    lifted = only(judge(reading, before=before, answers={3: Answer.AWARD}))
    assert (lifted.awards, lifted.lifts) == (("PF", "EC"), ("EC",))
    assert only(judge(reading, before=before, answers={3: Answer.NO_AWARD})).withholds == ()


def test_a_badge_that_a_person_took_back_is_asked_about() -> None:
    before = Before(revoked=frozenset({(1, "EC")}))
    assert told(only(judge(read((SAM, "CHAN Sam", "Y", "Y", "Y")), before=before))) == ("ask", "revoked_before")


@pytest.mark.parametrize("kept_out", ["withheld", "revoked"])
def test_taking_one_badge_back_does_not_give_another_that_was_refused_before(kept_out: str) -> None:
    before = Before(awarded=frozenset({(1, "EC")}), **{kept_out: frozenset({(1, "PF")})})
    reading = read((SAM, "CHAN Sam", "Y", "Y", "N"))
    back = only(judge(reading, before=before, answers={3: Answer.NO_AWARD}, take_back_reason="Left at noon"))
    assert told(back) == ("ask", "awarded_before")
    assert (back.revokes, back.awards, back.lifts) == (("EC",), (), ())


def test_nobody_ends_with_more_types_than_the_rules_allow() -> None:
    before = Before(awarded=frozenset({(1, "PSG")}))
    reading = read((SAM, "CHAN Sam", "Y", "Y", "Y"))
    assert told(only(judge(reading, before=before))) == ("ask", "over_maximum")
    assert only(judge(reading, before=before, answers={3: Answer.AWARD})).awards == ("PF",)
    full = only(judge(reading, before=before, max_badges=1, answers={3: Answer.AWARD}))
    assert full.awards == ()


def test_the_same_again_changes_nothing() -> None:
    before = Before(awarded=frozenset({(1, "EC"), (1, "PF")}))
    row = only(judge(read((SAM, "CHAN Sam", "Y", "Y", "Y")), before=before))
    assert (told(row), row.awards, row.unchanged) == (("award", ""), (), ("EC", "PF"))


def test_those_left_out_are_shown_and_keep_their_badge() -> None:
    decision = judge(read((SUKI, "WONG Suki", "Y", "Y", "Y")), before=Before(awarded=frozenset({(1, "EC")})))
    assert [student.number for student in decision.left_out] == [SAM]
    assert all(not row.revokes for row in decision.rows)


def test_a_blank_badge_column_is_one_question_for_the_file() -> None:
    reading = read(
        (SAM, "CHAN Sam", "Y", "Y", ""), (SUKI, "WONG Suki", "Y", "Y", ""), ("240000009", "X Y", "N", "", "")
    )
    asked = judge(reading)
    assert (asked.file_outcome, asked.file_reason, asked.can_be_committed) == ("ask", "award_column_blank", False)
    assert [row.awards for row in asked.rows] == [(), (), ()]
    assert [row.awards for row in judge(reading, file=True).rows] == [("PF", "EC"), ("PF", "EC"), ()]
    no = judge(reading, file=False)
    assert no.can_be_committed is True
    assert [(row.awards, [code for code, _, _ in row.withholds]) for row in no.rows[:2]] == [(("PF",), ["EC"])] * 2


def test_one_column_means_all_badges_on_offer() -> None:
    reading = read((SAM, "CHAN Sam", "Y", "Y"), heading=("Student ID", "Name", "Attended", "Award badge"))
    assert only(judge(reading)).awards == ("PF", "EC")


@pytest.mark.parametrize(
    ("reading", "question"),
    [
        (read((SAM, "CHAN Sam", "Y", "Y", "Y"), code=""), "no_activity_code"),
        (read((SAM, "CHAN Sam", "Y", "Y", "Y"), code="db 2526 0001"), "activity_code_unclear"),
        (read((SAM, "CHAN Sam", "", "", "")), "no_marks"),
        (read((SAM, "CHAN Sam", "N", "N", "N")), "no_awards"),
    ],
)
def test_a_question_of_the_file_keeps_everything_back(reading: Reading, question: str) -> None:
    decision = judge(reading)
    assert (decision.file_questions, decision.can_be_committed) == ((question,), False)
    assert (judge(reading, file=True).can_be_committed, judge(reading, file=False).can_be_committed) == (True, False)
    assert all(not row.awards for row in judge(reading, file=False).rows)


def test_a_column_that_was_sorted_alone_rejects_the_file() -> None:
    students = {
        str(240000000 + n): Student(n, str(240000000 + n), f"CHAN {'ABCDEFG'[n]}a", "", "active", None)
        for n in range(6)
    }
    lines = [(number, f"CHAN {'BCDEFGA'[n]}a", "Y", "Y", "Y") for n, number in enumerate(students)]
    decision = judge(read(*lines), students=students)
    assert (decision.file_outcome, decision.file_reason) == ("reject", "names_do_not_fit")
    assert (decision.can_be_committed, len(decision.rows), decision.counts.award) == (False, 6, 0)


def test_a_file_without_a_usable_line_is_rejected() -> None:
    decision = judge(read(("2.20136E+08", "CHAN Sam", "Y", "Y", "Y")))
    assert (decision.file_outcome, decision.file_reason) == ("reject", "no_usable_lines")


def test_the_fingerprint_changes_with_what_was_decided_before_not_with_the_answers() -> None:
    reading = read((SAM, "CHAN Samuel", "Y", "Y", "Y"))
    plain = judge(reading).fingerprint
    assert judge(reading, answers={3: Answer.AWARD}).fingerprint == plain
    assert judge(reading, before=Before(withheld=frozenset({(1, "EC")}))).fingerprint != plain


IDS = st.sampled_from(
    [*STUDENTS, 12345678.0, "999999999", "S1", f"{SAM}@x.hk", None, "Total", "'240000001", 240000001.0]
)
NAMES = st.sampled_from(["CHAN Sam", "WONG Suki", "陳三", None, "LEE Ada", "Nobody", 12.0])
MARKS = st.sampled_from(["Y", "N", None, "?", "Y", True, "late"])
LINES = st.lists(st.tuples(IDS, NAMES, MARKS, MARKS, MARKS), max_size=8)
STOOD = st.frozensets(st.tuples(st.integers(1, 4), st.sampled_from(["PF", "EC", "PSG"])), max_size=4)
ANSWERS = st.dictionaries(st.integers(3, 11), st.sampled_from(list(Answer)), max_size=8)


@hypothesis_settings(deadline=None, max_examples=hypothesis_settings().max_examples * 2)
@given(
    lines=LINES,
    awarded=STOOD,
    withheld=STOOD,
    answers=ANSWERS,
    file=st.sampled_from([None, True, False]),
    most=st.integers(1, 2),
)
def test_whatever_stands_on_a_sheet(
    lines: list[tuple[Cell, ...]],
    awarded: frozenset[tuple[int, str]],
    withheld: frozenset[tuple[int, str]],
    answers: Mapping[int, Answer],
    file: bool | None,
    most: int,
) -> None:
    kept = {pk: [code for p, code in sorted(awarded) if p == pk][:most] for pk, _ in awarded}
    before = Before(frozenset((pk, code) for pk, codes in kept.items() for code in codes), withheld - awarded)
    reading = read(*lines)
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading
    decision = judge(reading, before=before, max_badges=most, answers=answers, file=file)
    assert decision == judge(reading, before=before, max_badges=most, answers=answers, file=file)

    assert decision.counts.total == len(decision.rows) == len(reading.rows)
    given_ = [(row.student.id, code) for row in decision.rows if row.student for code in row.awards]
    revoked = {(row.student.id, code) for row in decision.rows if row.student for code in row.revokes}
    refused = {(row.student.id, code) for row in decision.rows if row.student for code, _, _ in row.withholds}
    assert len(given_) == len(set(given_))
    assert not set(given_) & (refused | before.awarded)
    assert not refused & ((before.awarded - revoked) | before.withheld)
    held = Counter(pk for pk, _ in (before.awarded - revoked) | set(given_))
    assert all(count <= most for count in held.values())
    for row in decision.rows:
        answer = answers.get(row.row.line)
        if any((row.student.id, code) in before.withheld for code in row.awards if row.student):
            assert answer is Answer.AWARD
        assert not row.revokes or answer is Answer.NO_AWARD
        if row.awards:
            assert row.student is not None
            assert row.student.number in (row.row.student_number, row.row.maybe_number)
            assert row.outcome == "award" or answer in (Answer.AWARD, Answer.NO_AWARD)
        assert not (row.is_parked and (row.awards or row.withholds or row.revokes))
    if not decision.can_be_committed:
        assert not given_
        assert not refused
        assert not revoked

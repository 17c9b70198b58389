"""What the review page shows: states that add up, questions in groups, numbers of badges."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from awards.attendance.deciding import Answer, Counts, DecidedRow, Decision, Outcome, Student
from awards.attendance.reading import Mark, ReadRow
from awards.attendance.review import SHOW, cut, narrowed, numbers_of, questions, shown_rows, state_of

SAM = Student(1, "240000001", "CHAN Sam", "陳三", "active", None)
SUKI = Student(2, "240000002", "WONG Suki", "黃素琪", "active", None)


def decided(line: int, outcome: str, reason: str = "", student: Student | None = SAM, **effects: object) -> DecidedRow:
    row = ReadRow(
        sheet="Sheet",
        line=line,
        raw_id="240000001",
        student_number="240000001",
        raw_name="CHAN Sam",
        marks={"EC": "Y", "award": "Y", "attended": "Y"},
        attended=Mark.YES,
        badges={"EC": Mark.YES},
    )
    return DecidedRow(row=row, student=student, outcome=Outcome(outcome), reason=reason, **effects)  # type: ignore[arg-type]


def decision(*rows: DecidedRow) -> Decision:
    return Decision("accept", "", (), rows, (), Counts(), False, False, True, "0")


def test_every_row_has_the_state_of_what_becomes_of_it() -> None:
    assert state_of(decided(1, "award", awards=("EC",))) == "award"
    assert state_of(decided(1, "no_award", "absent")) == "no_award"
    assert state_of(decided(1, "ask", "unclear_mark", is_parked=True)) == "parked"
    assert state_of(decided(1, "ask", "unclear_mark", answer=Answer.AWARD, awards=("EC",))) == "award"
    assert state_of(decided(1, "ask", "awarded_before", answer=Answer.NO_AWARD, revokes=("EC",))) == "no_award"
    assert state_of(decided(1, "reject", "unknown_id", None, is_parked=True)) == "parked"
    assert state_of(decided(1, "ignore", "not_a_student_line", None)) == "ignored"


ROWS = st.lists(st.tuples(st.sampled_from(list(Outcome)), st.booleans(), st.booleans()), max_size=20)


@given(rows=ROWS)
def test_the_four_states_add_up_to_all_rows(rows: list[tuple[Outcome, bool, bool]]) -> None:
    made = [
        decided(line, outcome, "absent", is_parked=parked, awards=("EC",) if awards else ())
        for line, (outcome, parked, awards) in enumerate(rows)
    ]
    shown = shown_rows(decision(*made), [], {})
    parts = [narrowed(shown, show) for show in ("award", "no_award", "parked", "ignored")]
    assert sorted(row.place for part in parts for row in part) == list(range(len(rows)))
    assert [len(narrowed(shown, show)) for show in ("all", "nonsense")] == [len(rows)] * 2


def test_questions_are_grouped_by_reason_and_those_to_answer_come_first() -> None:
    shown = shown_rows(
        decision(
            decided(5, "reject", "unknown_id", None, is_parked=True),
            decided(6, "ask", "unclear_mark", is_parked=True),
            decided(7, "award", awards=("EC",)),
            decided(8, "ask", "unclear_mark", is_parked=True),
        ),
        [],
        {},
    )
    found = [(q.reason, q.can_be_answered, [row.decided.row.line for row in q.rows]) for q in questions(shown)]
    assert found == [("unclear_mark", True, [6, 8]), ("unknown_id", False, [5])]


def test_an_answered_question_stays_to_be_seen_with_its_answer() -> None:
    (question,) = questions(shown_rows(decision(decided(5, "ask", "unclear_mark", answer=Answer.AWARD)), [], {}))
    assert [choice.answer for choice in question.rows[0].choices if choice.is_chosen] == ["award"]


def test_the_answers_of_a_badge_from_before_say_keep_and_take_back() -> None:
    (row,) = shown_rows(decision(decided(5, "ask", "awarded_before", is_parked=True)), [(SAM.id, "EC")], {})
    assert [str(choice.label) for choice in row.choices] == ["Keep the badge", "Take the badge back", "Leave open"]
    assert row.is_on_paper


def test_attendance_stands_first_among_the_marks() -> None:
    (row,) = shown_rows(decision(decided(5, "award")), [], {})
    assert [str(column) for column, _mark in row.marks] == ["Attended", "Award badge", "EC"]


def test_badges_are_counted_once_for_each_participant() -> None:
    numbers = numbers_of(
        decision(
            decided(5, "award", awards=("EC", "PF")),
            decided(6, "award", student=SUKI, awards=("EC",), withholds=(("PF", "outcome", ""),)),
            decided(7, "award", unchanged=("PS",)),
            decided(8, "ask", "awarded_before", student=SUKI, revokes=("PS",)),
        ),
        left_out_badges=2,
    )
    assert (numbers.awards, numbers.participants, numbers.unchanged) == (3, 2, 1)
    assert (numbers.withheld, numbers.taken_back, numbers.lifted) == (1, 3, 0)


def test_every_filter_of_the_page_is_one_that_the_rows_know() -> None:
    assert SHOW == ("all", "award", "no_award", "parked", "ignored", "warned")


def test_what_was_written_is_cut_to_its_longest_and_nothing_is_a_dash() -> None:
    assert [cut(written, 5) for written in ("", "four", "fives", "sixsix")] == ["–", "four", "fives", "sixs…"]

"""Sheets that say how much somebody attended: what is proposed, what is asked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards.attendance.deciding import Answer, Answers, Decision, decide
from awards.attendance.formats import Cell, Refusal, Workbook, Worksheet
from awards.attendance.measuring import Needed
from awards.attendance.reading import Reading, read_attendance
from awards.attendance.tests.test_deciding import ADA, CODE, DAY, SAM, STUDENTS, SUKI, told

Rows = Sequence[Sequence[Cell]]


def read(*rows: Sequence[Cell]) -> Reading:
    sheet = Worksheet("S", (("Activity code", CODE), *map(tuple, rows)))
    return read_attendance(Workbook("csv", (sheet,)), offered=["EC"], activity_code=CODE, student_number_digits=9)


def judge(reading: Reading, needed: Needed | None = None, rules: Needed | None = None, **answers: Any) -> Decision:
    return decide(
        reading,
        students=STUDENTS,
        offered=["EC"],
        max_badges=1,
        held_on=(DAY, DAY),
        answers=Answers(needed=needed or Needed(), **answers),
        needed=rules or Needed(),
    )


def outcomes(decision: Decision) -> list[tuple[str, str]]:
    return [told(row) for row in decision.rows]


SESSIONS: Rows = [
    ("Student ID", "Name", "Session 1", "3 Mar", dt.datetime(2026, 3, 10), "第四節"),
    (SAM, "CHAN Sam", "✓", "✓", "✓", "Y"),
    (SUKI, "WONG Suki", "✓", None, "N", "Y"),
]


def test_the_share_of_the_sessions_is_held_against_what_is_needed() -> None:
    reading = read(*SESSIONS)
    assert [(row.share, row.marks["share"]) for row in reading.rows] == [(100.0, "4/4"), (50.0, "2/4")]
    assert reading.rows[1].marks == {
        "session:01:Session 1": "✓",
        "session:02:3 Mar": "",
        "session:03:2026-03-10": "N",
        "session:04:第四節": "Y",
        "share": "2/4",
    }
    for needed, rules in ((Needed(share=75), None), (None, Needed(share=75)), (Needed(share=75), Needed(share=10))):
        decision = judge(reading, needed, rules)
        assert outcomes(decision) == [("award", ""), ("no_award", "below_needed")]
        assert decision.rows[1].withholds == (("EC", "attendance", ""),)
        assert (decision.measured, decision.can_be_committed) == ({"share"}, True)
    assert outcomes(judge(reading, Needed(share=50))) == [("award", ""), ("award", "")]


def test_without_a_threshold_nothing_is_guessed() -> None:
    decision = judge(read(*SESSIONS))
    assert outcomes(decision) == [("ask", "how_much_needed"), ("ask", "how_much_needed")]
    assert (decision.needed, decision.counts.parked) == (Needed(), 2)
    answered = judge(read(*SESSIONS), rows={("S", 3): Answer.AWARD, ("S", 4): Answer.NO_AWARD})
    assert [row.awards for row in answered.rows] == [("EC",), ()]


def test_nobody_marked_in_a_session_means_that_it_is_not_counted_and_it_is_said() -> None:
    reading = read(("Student ID", "Day 1", "Day 2", "Day 3"), (SAM, "Y", "Y", None), (SUKI, "N", "Y", ""))
    assert [row.share for row in reading.rows] == [100.0, 50.0]
    assert reading.notes == ("session_unmarked",)


def test_absent_blank_and_unclear_sessions() -> None:
    reading = read(
        ("Student ID", "Name", "AM", "PM"),
        (SAM, "CHAN Sam", "N", "-"),
        (SUKI, "WONG Suki", None, None),
        (ADA, "LEE Ada", "Y", "late"),
    )
    decision = judge(reading, Needed(share=50))
    assert outcomes(decision) == [("no_award", "absent"), ("no_award", "blank"), ("ask", "unclear_mark")]


def test_marks_of_a_person_go_before_what_is_proposed() -> None:
    heading = ("Student ID", "Name", "Attendance %", "Award badge")
    reading = read(heading, (SAM, "CHAN Sam", 0.3, "Y"), (SUKI, "WONG Suki", 0.9, "N"), (ADA, "LEE Ada", 0, "Y"))
    decision = judge(reading, Needed(share=75))
    assert outcomes(decision) == [("award", ""), ("no_award", "withheld"), ("ask", "contradiction")]
    assert decision.measured == set()
    assert outcomes(judge(reading)) == outcomes(decision)


@pytest.mark.parametrize(
    "heading", ["Attendance %", "出席率", "Attendance Rate (%)", "% attended", "出席率 Attendance rate"]
)
@pytest.mark.parametrize(
    "column", [(0.8, 0.5, 0), (80, 50, 0), ("80 %", "50%", "0%"), ("8/10", "5/10", "0/10"), ("80", "50", "0")]
)
def test_percentages(heading: str, column: Sequence[Cell]) -> None:
    reading = read(("Student ID", heading), *zip((SAM, SUKI, ADA), column, strict=True))
    assert [row.share for row in reading.rows] == [80.0, 50.0, 0.0]
    assert outcomes(judge(reading, Needed(share=75))) == [
        ("award", ""),
        ("no_award", "below_needed"),
        ("no_award", "absent"),
    ]


def test_shares_among_the_marks_of_the_attended_column() -> None:
    reading = read(("Student ID", "Attended"), (SAM, "Y"), (SUKI, "80%"), (ADA, 0.5))
    assert [(str(row.attended), row.share) for row in reading.rows] == [
        ("yes", None),
        ("unclear", 80.0),
        ("unclear", 50.0),
    ]
    assert outcomes(judge(reading, file=True))[1:] == [("ask", "unclear_mark")] * 2
    assert outcomes(judge(reading, Needed(share=75), file=True))[1] == ("award", "")
    plain = read(("Student ID", "Attended"), (SAM, 1), (SUKI, 2))
    assert [(str(row.attended), row.share) for row in plain.rows] == [("yes", None), ("unclear", None)]


def test_an_attended_column_beside_sessions_decides_and_the_sessions_propose() -> None:
    rows = [("Student ID", "Attended", "Day 1", "Day 2"), (SAM, "Y", "Y", None), (SUKI, "N", "Y", "Y")]
    assert judge(read(*rows)).file_questions == ("award_column_blank",)
    decision = judge(read(*rows), Needed(share=75))
    assert (outcomes(decision), decision.file_questions) == (
        [("no_award", "below_needed"), ("no_award", "absent")],
        ("no_awards",),
    )


def test_one_session_is_the_attendance() -> None:
    reading = read(("Student ID", dt.datetime(2026, 3, 3), "Award badge"), (SAM, "✓", "Y"))
    assert (reading.columns, outcomes(judge(reading))) == (("student_id", "attended", "award"), [("award", "")])


# --- Online meetings ------------------------------------------------------------------------------------------------

HOST, SAM_AT, SUKI_AT = "olga@thei.edu.hk", f"{SAM}@stu.thei.edu.hk", f"{SUKI}@stu.thei.edu.hk"
TEAMS: Rows = [
    ("1. Summary",),
    ("Meeting title", "Talk on Teams"),
    ("Attended participants", "3"),
    ("Start time", "3/3/26, 1:58:00 PM"),
    ("End time", "3/3/26, 3:31:00 PM"),
    ("Meeting duration", "1h 33m 0s"),
    ("Average attendance time", "59m 1s"),
    (None,),
    ("2. Participants",),
    ("Name", "First Join", "Last Leave", "In-Meeting Duration", "Email", "Participant ID (UPN)", "Role"),
    ("LI Olga", "3/3/26, 1:58:00 PM", "3/3/26, 3:31:00 PM", "1h 33m", HOST, HOST, "Organizer"),
    ("CHAN Sam", "3/3/26, 2:00:00 PM", "3/3/26, 3:30:00 PM", "1h 29m 30s", SAM_AT, SAM_AT, "Presenter"),
    ("WONG Suki", "3/3/26, 2:00:00 PM", "3/3/26, 2:20:00 PM", "20m", SUKI_AT, SUKI_AT, "Attendee"),
    ("Guest (Unverified)", "3/3/26, 2:00:00 PM", "3/3/26, 2:20:00 PM", "20m", None, None, "Attendee"),
    (None,),
    ("3. In-Meeting Activities",),
    ("Name", "Join Time", "Leave Time", "Duration", "Email", "Role"),
    ("CHAN Sam", "3/3/26, 2:00:00 PM", "3/3/26, 2:30:00 PM", "30m", SAM_AT, "Presenter"),
    ("CHAN Sam", "3/3/26, 2:30:30 PM", "3/3/26, 3:30:00 PM", "59m 30s", SAM_AT, "Presenter"),
]


def test_the_report_of_a_teams_meeting() -> None:
    reading = read(*TEAMS)
    people = [(row.line, row.maybe_number, row.minutes, row.problem) for row in reading.rows]
    assert [row for row in people if row[3] not in ("not_a_student_line", "joined_again")] == [
        (13, SAM, 89.5, "id_in_email"),
        (14, SUKI, 20.0, "id_in_email"),
        (15, "", 20.0, "missing_id"),
    ]
    assert [row[0] for row in people if row[3] == "joined_again"] == [19, 20]
    assert [row[0] for row in people if row[3] == "not_a_student_line"] == [12, 17]
    assert (reading.notes, reading.lists) == ((), ("S",))


def test_who_stayed_long_enough_is_asked_by_address_and_who_did_not_apart() -> None:
    decision = judge(read(*TEAMS), Needed(minutes=60))
    asked = {row.row.line: told(row) for row in decision.rows if row.outcome != "ignore"}
    assert asked == {13: ("ask", "id_in_email"), 14: ("ask", "below_needed"), 15: ("reject", "missing_id")}
    yes = judge(read(*TEAMS), Needed(minutes=60), rows={("S", 13): Answer.AWARD, ("S", 14): Answer.NO_AWARD})
    assert [(row.row.line, row.awards, row.withholds, row.is_parked) for row in yes.rows if row.outcome == "ask"] == [
        (13, ("EC",), (), False),
        (14, (), (), False),
    ]
    assert {told(row) for row in judge(read(*TEAMS)).rows if row.outcome == "ask"} == {("ask", "how_much_needed")}


@pytest.mark.parametrize(
    "heading",
    [
        ("名稱", "首次加入", "上次離開", "會議中持續時間", "電子郵件", "參與者識別碼 (UPN)", "角色"),
        ("姓名", "第一次加入時間", "最後離開時間", "持續時間", "電郵", "參與者 ID (UPN)", "角色"),
        ("Full Name", "Join Time", "Leave Time", "Duration", "Email", "Participant ID (UPN)", "Role"),
    ],
)
def test_other_headings_of_teams(heading: Sequence[str]) -> None:
    (row,) = read(
        heading,
        ("CHAN Sam", "2026/3/3 下午 2:00:00", "2026/3/3 下午 3:30:00", "1 小時 30 分", SAM_AT, SAM_AT, "出席者"),
    ).rows
    assert (row.maybe_number, row.minutes, row.problem) == (SAM, 90.0, "id_in_email")


ZOOM: Rows = [
    ("Meeting ID", "Topic", "Start Time", "End Time", "User Email", "Duration (Minutes)", "Participants"),
    ("812 3456 7890", "Talk", "03/03/2026 02:00:00 PM", "03/03/2026 03:30:00 PM", HOST, 90, 3),
    (None,),
    ("Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest"),
    ("CHAN Sam", SAM_AT, "03/03/2026 02:00:00 PM", "03/03/2026 02:40:00 PM", 40, "No"),
    (f"{SUKI} WONG Suki", None, "03/03/2026 02:10:00 PM", "03/03/2026 02:30:00 PM", 20, "Yes"),
    ("CHAN Sam (phone)", SAM_AT, "03/03/2026 02:30:00 PM", "03/03/2026 03:20:00 PM", 50, "No"),
    ("iPad", None, "03/03/2026 02:10:00 PM", "03/03/2026 02:30:00 PM", 20, "Yes"),
]


def test_the_report_of_a_zoom_meeting() -> None:
    rows = read(*ZOOM).rows
    assert [(row.line, row.raw_id, row.maybe_number, row.minutes, row.problem) for row in rows] == [
        (6, SAM_AT, SAM, 80.0, "id_in_email"),
        (7, f"{SUKI} WONG Suki", SUKI, 20.0, "id_in_name"),
        (8, SAM_AT, "", None, "joined_again"),
        (9, "", "", 20.0, "missing_id"),
    ]
    assert rows[0].marks == {
        "minutes": "40",
        "joined": "03/03/2026 02:00:00 PM",
        "left": "03/03/2026 02:40:00 PM",
        "total": "80",
    }


def test_a_zoom_report_of_names_and_minutes_alone() -> None:
    heading = ("Name (original name)", "Email", "Total duration (minutes)", "Guest")
    rows = read(heading, (f"CHAN Sam {SAM}", None, "121", "Yes"), ("CHAN Sam 12", None, "5", "Yes")).rows
    assert [(row.maybe_number, row.minutes, row.problem) for row in rows] == [
        (SAM, 121.0, "id_in_name"),
        ("", 5.0, "missing_id"),
    ]


def test_the_account_may_be_the_student_number_itself() -> None:
    (row,) = read(
        ("Name", "Join time", "Leave time", "UPN"), ("CHAN Sam", "2026-03-03 14:00", "2026-03-03 15:00", SAM)
    ).rows
    assert (row.student_number, row.minutes, row.problem) == (SAM, 60.0, "")


def test_what_was_measured_survives_as_plain_data() -> None:
    for rows in (SESSIONS, TEAMS, ZOOM):
        reading = read(*rows)
        assert Reading.from_json(reading.to_json()) == reading


HEADINGS: Sequence[Cell] = (
    "Student ID", "ID", "Name", "姓名", "Email", "Participant ID (UPN)", "Attended", "Attendance %", "出席率",
    "Session 1",
    "3 Mar", "第二節", dt.datetime(2026, 3, 3), "Duration", "Join Time", "Leave Time", "First Join", "Last Leave",
    "Role", "EC",
    "Award badge", "Reason", "Remarks", "Telephone", "(Y/N)", "AM", None, 1,
)  # fmt: skip
CELLS: Sequence[Cell] = (
    SAM, SUKI, SAM_AT, "olga@thei.edu.hk", f"CHAN Sam {SAM}", "CHAN Sam", "Y", "N", "late", "", None, 0, 1, 2, 0.8, 80,
    "80%", "6/8",
    "1h 2m", "3/3/26, 2:00:00 PM", "3/3/26, 3:00:00 PM", dt.datetime(2026, 3, 3, 14), dt.time(14),
    dt.timedelta(hours=30), True,
    "Total", "3. In-Meeting Activities", "Organizer", "#N/A", -3, 1e300, float("inf"),
)  # fmt: skip
LINES = st.lists(st.sampled_from(CELLS), max_size=8)


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.sampled_from(HEADINGS), min_size=2, max_size=9), min_size=1, max_size=3),
    st.lists(LINES, min_size=1, max_size=8),
    st.lists(LINES, max_size=4),
    st.sampled_from([None, Needed(75, 60), Needed(share=0, minutes=0)]),
)
def test_any_grid_gives_a_preview_whose_counts_add_up_or_a_refusal(
    headings: list[list[Cell]], lines: list[list[Cell]], more: list[list[Cell]], needed: Needed | None
) -> None:
    try:
        reading = read(*headings, *lines, headings[-1], *more)
    except Refusal:
        return
    assert Reading.from_json(json.loads(json.dumps(reading.to_json(), allow_nan=False))) == reading
    decision = judge(reading, needed, file=True)
    counts = decision.counts
    assert len(decision.rows) == len(reading.rows) == counts.award + counts.no_award + counts.parked + counts.ignored
    for row in decision.rows:
        assert not (row.awards and row.withholds)
        assert not (row.awards and row.outcome in ("reject", "ignore"))
    given = [(row.student.id, code) for row in decision.rows if row.student for code in row.awards]
    assert len(given) == len(set(given))

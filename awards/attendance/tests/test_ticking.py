"""The form of the class list keeps every line that was sent, and takes in what is typed."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from awards.attendance.class_list import TickedLine
from awards.attendance.known import Known
from awards.attendance.ticking import ClassList

SAM = Known("240000001", "CHAN Sam", True, ("EC",))
SUKI = Known("240000002", "WONG Suki", False, ())
ALL = frozenset({"PF", "EC"})


def sent(known: list[Known] | None = None, **fields: str | list[str]) -> ClassList:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name.replace("_", "-"), value if isinstance(value, list) else [value])
    return ClassList.sent(data, [SAM, SUKI] if known is None else known, ["PF", "EC"])


def lines_of(listed: ClassList) -> list[tuple[str, str, bool, bool]]:
    return [(line.student_id, line.name, line.known is not None, line.attended) for line in listed.lines]


def test_at_first_nobody_is_ticked_and_all_badges_are() -> None:
    listed = ClassList.of_known([SAM, SUKI], ["PF", "EC"])
    assert lines_of(listed) == [("240000001", "CHAN Sam", True, False), ("240000002", "WONG Suki", True, False)]
    assert {line.badges for line in listed.lines} == {ALL}


def test_what_was_sent_is_kept_line_by_line() -> None:
    listed = sent(
        id=["240000002", "24000000X", "240000001"],
        attended=["1", "2"],
        badge_PF=["0", "1"],
        badge_EC=["1", "2"],
        reason_2="late",
        name_1="Somebody",
        name_0="not told",
    )
    assert lines_of(listed) == [
        ("240000002", "WONG Suki", True, False),
        ("24000000X", "Somebody", False, True),
        ("240000001", "CHAN Sam", True, True),
    ]
    assert listed.to_write() == [
        TickedLine("24000000X", "Somebody", True, ALL, ""),
        TickedLine("240000001", "CHAN Sam", True, frozenset({"EC"}), "late"),
    ]
    assert [line.place for line in listed.lines] == [0, 1, 2]


def test_somebody_known_since_then_comes_last_and_somebody_unknown_now_stays_without_the_name() -> None:
    listed = sent([SUKI], id=["240000001"], attended=["0"])
    assert lines_of(listed) == [("240000001", "", False, True), ("240000002", "WONG Suki", True, False)]


def test_typed_ids_are_ticked_where_they_stand_or_become_lines() -> None:
    listed = sent(id=["240000001", "240000002"], more="240 000 001; 249999999 HO New\n12345")
    listed.add_typed(9)
    assert lines_of(listed) == [
        ("240000001", "CHAN Sam", True, True),
        ("240000002", "WONG Suki", True, False),
        ("249999999", "HO New", False, True),
        ("12345", "", False, True),
    ]
    assert (listed.more, listed.problem) == ("", "")


def test_typed_words_without_an_id_are_said_and_kept() -> None:
    listed = sent(id=["240000001"], more="HO New")
    listed.add_typed(9)
    assert (len(listed.lines), listed.more) == (2, "HO New")
    assert listed.problem == "There is no student ID in what you typed."


def test_those_without_a_tick_are_left_out_or_absent() -> None:
    fields: dict[str, Any] = {"id": ["240000001", "240000002"], "attended": ["0"], "badge_PF": ["0", "1"]}
    assert [line.student_id for line in sent(**fields).to_write()] == ["240000001"]
    absent = sent(**fields, others="absent").to_write()
    assert [(line.student_id, line.attended) for line in absent] == [("240000001", True), ("240000002", False)]


def test_all_or_nobody() -> None:
    listed = sent(id=["240000001", "240000002"], attended=["0"])
    listed.tick(everybody=True)
    assert listed.ticked == 2
    listed.tick(everybody=False)
    assert listed.ticked == 0

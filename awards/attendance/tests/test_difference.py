"""The difference that a second sheet makes: who is added, changed or taken back, and what the NATs hold back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
from django.urls import reverse
from hypothesis import given

from accounts.models import Participant
from activities.models import Activity
from awards.attendance.difference import Difference, difference_of
from awards.attendance.outcomes import Before, Counts, DecidedRow, Decision, Outcome, Student
from awards.attendance.staging import preview_upload
from awards.attendance.tests.made import Line, answered, commit, line, record, stage, standing
from awards.attendance.tests.test_committing import on_a_nat
from awards.models import Award
from badges_portal.testing import Cast

Told = tuple[str, list[str], list[str], list[str], list[str], list[str]]


def difference(
    course: Activity, lines: Sequence[Line], cast: Cast, answers: dict[int, str] | None = None, **others: Any
) -> Difference | None:
    upload = stage(course, lines, cast.olga)
    stored = answered(upload, answers or {}, withheld_reason="outcome", take_back_reason="Wrong list", **others)
    preview = preview_upload(upload=upload, stored_answers=stored)
    return difference_of(
        preview.decision,
        before=preview.circumstances.before,
        on_paper=preview.circumstances.on_paper,
        replaces=bool(stored.get("replaces")),
    )


def told(difference: Difference | None) -> dict[str, list[Told]]:
    assert difference is not None
    kinds = {"added": difference.added, "changed": difference.changed, "taken back": difference.taken_back}
    return {
        name: [(one.student.name_en, one.gets, one.loses, one.on_paper, one.withheld, one.keeps) for one in kind.people]
        for name, kind in kinds.items()
        if kind.count
    }


def test_the_first_sheet_has_nothing_to_differ_from(cast: Cast, course: Activity) -> None:
    assert difference(course, [line(cast.sam_participant)], cast) is None


def test_the_same_people_again_change_nothing(cast: Cast, course: Activity) -> None:
    record(course, [line(cast.sam_participant)], cast.olga)
    found = difference(course, [line(cast.sam_participant), line(cast.sam_participant)], cast)
    assert found is not None
    assert (found.is_none, found.unchanged, found.left_out, found.on_paper) == (True, 1, 0, 0)


def test_everybody_stands_in_one_kind(cast: Cast, course: Activity, students: list[Participant]) -> None:
    """Sam loses both badges, Suki gets her second, Ada loses one, Ben is new, Cleo new without one; Dan is left out."""
    sam, suki, ada, ben, cleo, dan = students[:6]
    first = [line(sam), line(suki, "Y", "Y", "N"), line(ada), line(dan)]
    record(course, first, cast.olga, withheld_reason="outcome")
    second = [
        line(sam, "N", "N", "N"),
        line(suki),
        line(ada, "Y", "Y", "N"),
        line(ben),
        line(cleo, "Y", "N", "N"),
    ]
    found = difference(course, second, cast, {5: "no_award", 6: "award", 7: "no_award"})
    assert told(found) == {
        "added": [("CHOW Ben", ["PF", "EC"], [], [], [], []), ("KWOK Cleo", [], [], [], ["PF", "EC"], [])],
        "changed": [("WONG Suki", ["EC"], [], [], [], ["PF"]), ("CHEUNG Ada", [], ["EC"], [], [], ["PF"])],
        "taken back": [("CHAN Sam", [], ["PF", "EC"], [], [], [])],
    }
    assert found is not None
    assert (found.unchanged, found.left_out) == (0, 1)


def test_a_sheet_that_replaces_takes_back_what_it_leaves_out(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    record(course, [line(students[0]), line(students[1])], cast.olga)
    on_a_nat(Award.objects.get(participant=students[1], badge_type__code="EC"), cast)
    found = difference(course, [line(students[0])], cast, replaces=True)
    assert told(found) == {"taken back": [("WONG Suki", [], ["PF"], ["EC"], [], [])]}
    assert found is not None
    assert (found.unchanged, found.left_out, found.on_paper) == (1, 0, 1)
    kept = difference(course, [line(students[0])], cast)
    assert kept is not None
    assert (kept.is_none, kept.left_out) == (True, 1)


def test_what_is_shown_is_what_the_commit_does(cast: Cast, course: Activity, students: list[Participant]) -> None:
    sam, suki, ada = students[:3]
    record(course, [line(sam), line(suki)], cast.olga)
    before = standing(course)
    upload = stage(course, [line(sam, "N", "N", "N"), line(ada)], cast.olga)
    stored = answered(upload, {5: "no_award"}, take_back_reason="Wrong list", replaces=True)
    preview = preview_upload(upload=upload, stored_answers=stored)
    found = difference_of(
        preview.decision, before=preview.circumstances.before, on_paper=preview.circumstances.on_paper, replaces=True
    )
    assert found is not None
    commit(upload, cast.olga, stored)
    people = [*found.added.people, *found.changed.people, *found.taken_back.people]
    gets = {(one.student.number, code) for one in people for code in one.gets}
    loses = {(one.student.number, code) for one in people for code in one.loses}
    assert standing(course) == (before | gets) - loses


def test_the_page_shows_it_before_it_is_applied(
    cast: Cast, course: Activity, students: list[Participant], sign_in: Any
) -> None:
    record(course, [line(students[0]), line(students[1])], cast.olga)
    on_a_nat(Award.objects.get(participant=students[1], badge_type__code="EC"), cast)
    upload = stage(course, [line(students[2]), line(students[1], "N", "N", "N")], cast.olga)
    client = sign_in(cast.olga)
    address = reverse("attendance:review", args=[upload.key])
    page = client.get(address).content.decode()
    assert "What this sheet changes" in page
    assert "1 participant who had no badge of this activity" in page
    assert "1 is not on this sheet and keeps everything." in page
    assert "printed NAT" not in page
    assert upload.reading is not None
    place = next(str(n) for n, row in enumerate(upload.reading["rows"]) if row["raw_id"] == "240000002")
    headers = {"HX-Request": "true", "HX-Target": "review-summary"}
    page = client.post(address, {f"answer-{place}-awarded_before": "no_award"}, headers=headers).content.decode()
    assert 'id="review-difference" hx-swap-oob="true"' in page
    assert "1 badge that would be taken back stands on a printed NAT." in page


CODES = st.sampled_from(["PF", "EC"])
HELD = st.frozensets(st.tuples(st.integers(1, 4), CODES), max_size=6)


@given(before=HELD, gets=HELD, loses=HELD, replaces=st.booleans(), listed=st.frozensets(st.integers(1, 4), min_size=1))
def test_the_kinds_hold_everybody_once(
    before: frozenset[Any], gets: frozenset[Any], loses: frozenset[Any], replaces: bool, listed: frozenset[int]
) -> None:
    people = {pk: Student(pk, f"{pk:09}", f"Student {pk}", "", "active", None) for pk in range(1, 5)}
    rows = tuple(
        DecidedRow(
            row=None,  # type: ignore[arg-type]
            student=people[pk],
            outcome=Outcome.AWARD,
            awards=tuple(code for who, code in sorted(gets - before) if who == pk),
            revokes=tuple(code for who, code in sorted(loses & before) if who == pk),
        )
        for pk in sorted(listed)
    )
    left_out = tuple(people[pk] for pk in sorted({who for who, _code in before} - listed))
    decision = Decision("accept", "", (), rows, left_out, Counts(), False, False, True, "")
    found = difference_of(decision, before=Before(awarded=before), on_paper=(), replaces=replaces)
    if not before:
        assert found is None
        return
    assert found is not None
    everybody = [*found.added.people, *found.changed.people, *found.taken_back.people]
    assert len({one.student.id for one in everybody}) == len(everybody)
    changed = {one.student.id for one in everybody}
    had = {who for who, _code in before}
    assert found.unchanged == len((listed & had) - changed)
    assert len(changed) + found.unchanged + found.left_out + len(listed - had - changed) == len(listed | had)


def test_no_more_than_a_hundred_are_named() -> None:
    people = [Student(pk, f"{pk:09}", f"Student {pk}", "", "active", None) for pk in range(1, 131)]
    rows = tuple(
        DecidedRow(row=None, student=person, outcome=Outcome.AWARD, awards=("PF",))  # type: ignore[arg-type]
        for person in people
    )
    decision = Decision("accept", "", (), rows, (), Counts(), False, False, True, "")
    found = difference_of(decision, before=Before(awarded=frozenset({(999, "PF")})), on_paper=(), replaces=False)
    assert found is not None
    assert (found.added.count, len(found.added.shown), found.added.more) == (130, 100, 30)

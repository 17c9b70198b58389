"""No sequence of uploads, undos and corrections by hand breaks the rules of awarding; on a real PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, event, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Participant
from activities.models import Activity, BadgeOffer, BadgeType
from awards.attendance.formats import Refusal
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.parked import ParkedAnswer, answer_parked_row, retype_parked_row
from awards.attendance.reading import Mark
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.tests.made import commit, read_row, staged_as_read, standing, withheld
from awards.attendance.undoing import undo_upload
from awards.attendance.waking import Woken, wake_parked_rows
from awards.models import Award, Withholding
from awards.services import AwardRefused, lift_withholding, reinstate_award, revoke_award, withhold_by_hand
from badges_portal.testing import Cast, make_activity, make_cast, make_participant

MARKS = st.sampled_from([Mark.YES, Mark.YES, Mark.NO, Mark.BLANK, Mark.UNCLEAR])
ANSWERS = st.sampled_from(["award", "no_award", "leave_open", ""])
LINE = st.tuples(st.integers(0, 3), MARKS, MARKS, MARKS, ANSWERS)
"""Which student (the fourth is not in the register at first), attended, two badges, answer if it asks."""
MENDS = st.dictionaries(st.integers(0, 4), st.tuples(st.sampled_from("YN"), st.sampled_from("YN")), max_size=2)
"""Place of a row → attended and the second badge, as typed on the review page."""
CODES = ("PF", "EC", "PS")
REASONS = {"withheld_reason": "outcome", "take_back_reason": "Wrong list", "file": True}


@contextmanager
def refused_is_fine() -> Iterator[None]:
    """A refusal is an answer; a broken constraint of the database is not, and fails the test."""
    try:
        yield
    except (AttendanceRefused, AwardRefused, Refusal) as refusal:
        event(f"refused: {refusal}")


def revoked(activity: Activity) -> set[tuple[str, str]]:
    """What a person took back and nobody gave again."""
    gone = Award.objects.filter(activity=activity, status="revoked")
    return set(gone.values_list("participant__student_number", "badge_type__code")) - standing(activity)


class Attendance(RuleBasedStateMachine):
    """Four students at a two-day activity that offers two badges at a time, of three in the end."""

    cast: Cast
    activity: Activity
    people: list[Participant]

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.cast = make_cast()
        self.activity = make_activity(self.cast, badges=("PF", "EC"), days=2)
        self.people = [make_participant(f"24010000{n}", f"CHEUNG Student{n}") for n in range(3)]
        self.people.append(Participant(student_number="240100009", name_en="CHEUNG Late"))
        self.before_latest: tuple[AttendanceUpload, Any] | None = None

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def state(self) -> Any:
        return (standing(self.activity), withheld(self.activity), revoked(self.activity))

    def offered(self) -> list[str]:
        offers = BadgeOffer.objects.filter(activity=self.activity, closed_at=None).order_by("position")
        return list(offers.values_list("badge_type__code", flat=True))

    @rule(lines=st.lists(LINE, min_size=1, max_size=4), replaces=st.booleans(), mends=MENDS)
    def upload(self, lines: list[Any], replaces: bool, mends: dict[int, Any]) -> None:
        """What is mended before the commit keeps to the same rules: it is no answer."""
        first, second = self.offered()
        rows = [
            read_row(number, self.people[who], attended, {first: one, second: two})
            for number, (who, attended, one, two, _answer) in enumerate(lines, start=5)
        ]
        staged = staged_as_read(self.activity, rows, self.cast.olga)
        answers = {str(place): line[4] for place, line in enumerate(lines) if line[4]}
        typed = {
            str(place): {"attended": attended, "badges": {second: mark}} for place, (attended, mark) in mends.items()
        }
        had, kept_out, taken = self.state()
        with refused_is_fine():
            stored = {"rows": answers, "replaces": replaces, "mends": typed, **REASONS}
            done = commit(staged, self.cast.olga, stored).upload
            assert done.mended_row_count == len([place for place in mends if place < len(rows)])
            self.before_latest = (done, (had, kept_out, taken))
            said_yes = {self.people[line[0]].student_number for line in lines if line[4] == "award"}
            said_no = {self.people[line[0]].student_number for line in lines if line[4] == "no_award"}
            listed = {self.people[line[0]].student_number for line in lines}
            now = standing(self.activity)
            overturned = {number for number, _code in now & (kept_out | taken)}
            lost = {number for number, _code in had - now}
            assert overturned <= said_yes
            assert lost <= said_no | (set() if not replaces else {p.student_number for p in self.people} - listed)
            event("committed")

    @rule(choice=st.integers(0, 9))
    def undo(self, choice: int) -> None:
        records = list(AttendanceUpload.objects.filter(activity=self.activity, status="committed").order_by("pk"))
        if not records:
            return
        with refused_is_fine():
            undo_upload(acting_user=self.cast.olga, upload=records[choice % len(records)], reason="Wrong file")
            event("undone")
            self.before_latest = None

    @rule()
    def undo_what_was_just_committed(self) -> None:
        """Exactly the state before it."""
        if self.before_latest is None:
            return
        upload, before = self.before_latest
        undo_upload(acting_user=self.cast.olga, upload=upload, reason="Too quick")
        assert self.state() == before
        self.before_latest = None

    @rule(choice=st.integers(0, 9), what=st.sampled_from(["revoke", "reinstate", "withhold", "lift", "award instead"]))
    def correct_by_hand(self, choice: int, what: str) -> None:
        self.before_latest = None
        olga = self.cast.olga
        awards = list(Award.objects.filter(activity=self.activity).order_by("pk"))
        withholdings = list(Withholding.objects.filter(activity=self.activity).order_by("pk"))
        with refused_is_fine(), transaction.atomic():
            if what == "withhold":
                withhold_by_hand(
                    acting_user=olga,
                    activity=self.activity,
                    participant=self.people[choice % 3],
                    badge_type=BadgeType.objects.get(code=CODES[choice % 2]),
                    reason="outcome",
                )
            elif what in {"revoke", "reinstate"} and awards:
                act = revoke_award if what == "revoke" else reinstate_award
                act(acting_user=olga, award=awards[choice % len(awards)], reason="By hand")
            elif what in {"lift", "award instead"} and withholdings:
                lift_withholding(
                    acting_user=olga,
                    withholding=withholdings[choice % len(withholdings)],
                    reason="By hand",
                    award_instead=what != "lift",
                )

    @rule(choice=st.integers(0, 9), answer=st.sampled_from(list(ParkedAnswer)))
    def answer_a_parked_row(self, choice: int, answer: ParkedAnswer) -> None:
        self.before_latest = None
        rows = list(AttendanceRow.objects.parked().filter(upload__activity=self.activity).order_by("pk"))
        if not rows:
            return
        with refused_is_fine():
            reasons = {"withheld_reason": "outcome", "take_back_reason": "Wrong list", "dismiss_reason": "A guest"}
            answer_parked_row(acting_user=self.cast.olga, row=rows[choice % len(rows)], answer=answer, **reasons)
            event(f"parked row: {answer}")

    @rule(agrees=st.booleans())
    def the_register_brings_the_fourth_student(self, agrees: bool) -> None:
        """What was just committed can still be undone exactly: what woke rests on it, or on records before it."""
        if self.people[3].pk is None:
            self.people[3] = make_participant("240100009", "CHEUNG Late" if agrees else "LEUNG Other")
        before = self.state()
        had_row = AttendanceRow.objects.parked().filter(upload__activity=self.activity, reason="unknown_id").exists()
        wake_parked_rows()
        assert wake_parked_rows() == Woken()
        given = standing(self.activity) - before[0]
        assert {number for number, _code in given} <= {"240100009"}
        assert not given or (had_row and self.people[3].name_en == "CHEUNG Late")
        assert before[0] <= standing(self.activity)
        assert before[2] == revoked(self.activity)
        self.before_latest = None
        event(f"woke: {len(given)}")

    @rule(choice=st.integers(0, 9), who=st.integers(0, 3))
    def type_an_id_again(self, choice: int, who: int) -> None:
        self.before_latest = None
        rows = list(AttendanceRow.objects.parked().filter(upload__activity=self.activity, reason="unknown_id"))
        if not rows:
            return
        row, number = rows[choice % len(rows)], self.people[who].student_number
        before = standing(self.activity)
        with refused_is_fine():
            retype_parked_row(acting_user=self.cast.olga, row=row, typed_id=number)
            assert (standing(self.activity) == before) or number == "240100009"
            event("typed again")

    @rule()
    def offer_another_badge(self) -> None:
        """Closes the first offer and opens the badge that is not on offer, so that the maximum comes into play."""
        self.before_latest = None
        (other,) = set(CODES) - set(self.offered())
        offers = BadgeOffer.objects.filter(activity=self.activity)
        closing = offers.filter(closed_at=None).order_by("position")[0]
        offers.filter(pk=closing.pk).update(closed_at=timezone.now())
        badge_type = BadgeType.objects.get(code=other)
        reopened = offers.filter(badge_type=badge_type).update(closed_at=None, position=closing.position)
        if not reopened:
            BadgeOffer.objects.create(
                activity=self.activity, badge_type=badge_type, position=closing.position, max_badges=2
            )

    @invariant()
    def the_rules_of_awarding_hold(self) -> None:
        if not hasattr(self, "activity"):
            return
        active = Award.objects.active().filter(activity=self.activity)
        each = Counter(active.values_list("participant_id", "badge_type_id"))
        per_person = Counter(participant for participant, _badge in each.elements())
        assert max(each.values(), default=0) <= 1
        assert max(per_person.values(), default=0) <= self.activity.max_badges
        assert standing(self.activity) & withheld(self.activity) == set()

    @invariant()
    def every_badge_rests_on_a_record_that_stands(self) -> None:
        if not hasattr(self, "activity"):
            return
        active = Award.objects.active().filter(activity=self.activity)
        assert set(active.values_list("row__upload__status", flat=True)) <= {"committed"}


@pytest.mark.django_db
def test_no_sequence_breaks_the_rules() -> None:
    checks = settings(
        max_examples=settings().max_examples // 4,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Attendance, settings=checks)


@pytest.mark.slow
@pytest.mark.django_db
def test_no_long_sequence_breaks_the_rules() -> None:
    checks = settings(
        max_examples=80,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Attendance, settings=checks)

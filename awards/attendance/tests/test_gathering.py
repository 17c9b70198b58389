"""What a sheet is judged against: what stands, what was revoked, what is on paper, who was elsewhere."""

from __future__ import annotations

import datetime as dt

from accounts.models import Participant
from activities.models import Activity, Session
from awards.attendance.gathering import gather
from awards.attendance.reading import Mark, Reading
from awards.attendance.tests.made import line, read_row, record
from awards.attendance.tests.test_committing import on_a_nat
from awards.models import Award
from awards.services import revoke_award
from badges_portal.testing import Cast, make_activity, make_upload


def reading_of(*people: Participant) -> Reading:
    rows = tuple(read_row(n, person, Mark.YES, {"award": Mark.YES}) for n, person in enumerate(people, start=2))
    return Reading(format="xlsx", activity_code="", columns=(), dropped_columns=(), rows=rows)


def test_what_stands_what_is_withheld_and_what_was_revoked(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    sam, suki, third = students[:3]
    record(course, [line(sam), line(suki, "Y", "Y", "N"), line(third)], cast.olga, withheld_reason="outcome")
    revoke_award(acting_user=cast.olga, award=Award.objects.get(participant=suki), reason="Slip")
    on_a_nat(Award.objects.get(participant=sam, badge_type__code="EC"), cast)
    found = gather(course, reading_of(sam))
    assert found.before.awarded == {(p.id, code) for p in (sam, third) for code in ("PF", "EC")}
    assert (found.before.withheld, found.before.revoked) == ({(suki.id, "EC")}, {(suki.id, "PF")})
    assert found.on_paper == {(sam.id, "EC")}
    assert found.offered == ("PF", "EC")
    assert set(found.students) == {sam.student_number, third.student_number}


def test_a_badge_of_another_activity_at_the_same_time_is_seen(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    sam, suki = students[:2]
    clash = make_activity(cast, code="DB2526-0050", title="Chess")
    after = make_activity(cast, code="DB2526-0051", title="Dinner")
    evening = course.ends_at
    Session.objects.filter(activity=after).update(starts_at=evening, ends_at=evening + dt.timedelta(hours=2))
    make_upload(clash, [sam], by=cast.olga)
    make_upload(after, [suki], by=cast.olga)
    assert gather(course, reading_of(sam, suki)).elsewhere == {sam.id}

"""Who stands on the class list: students of this activity's records and of the own series, nobody else's."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Participant, User
from activities.models import Activity
from awards.attendance.known import students_known
from awards.attendance.tests.made import line, record
from awards.attendance.undoing import undo_upload
from badges_portal.testing import Cast, make_activity


def known(user: User, activity: Activity) -> list[tuple[str, bool, tuple[str, ...]]]:
    return [(s.number, s.is_here, s.earned) for s in students_known(acting_user=user, activity=activity)]


def test_those_on_a_record_of_this_activity_with_what_they_earned(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    assert known(cast.olga, course) == []
    upload = record(course, [line(students[3]), line(students[2], "N", "N", "N")], cast.olga)
    assert known(cast.olga, course) == [
        (students[2].student_number, True, ()),
        (students[3].student_number, True, ("EC", "PF")),
    ]
    undo_upload(acting_user=cast.olga, upload=upload, reason="wrong")
    assert known(cast.olga, course) == []


def test_a_number_that_was_only_typed_into_a_sheet_gives_no_name(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    stranger, ada = students[4], students[2]
    record(course, [line(ada), [stranger.student_number, "WRONG Name", "Y", "Y", "Y"]], cast.olga)
    assert [number for number, *_ in known(cast.olga, course)] == [ada.student_number]


def test_the_series_counts_where_it_is_ones_own(cast: Cast, course: Activity, students: list[Participant]) -> None:
    Activity.objects.filter(pk=course.pk).update(programme="First aid ")
    course.refresh_from_db()
    own = make_activity(cast, code="DB2526-0002", badges=["PF", "EC"], days=2, programme="first aid")
    others = make_activity(
        cast, code="DB2526-0003", badges=["PF", "EC"], days=2, programme="First aid", organisers=[cast.otto]
    )
    other_series = make_activity(cast, code="DB2526-0004", badges=["PF", "EC"], days=2, programme="Second aid")
    record(own, [line(students[2])], cast.olga)
    record(others, [line(students[3])], cast.otto)
    record(other_series, [line(students[4])], cast.olga)
    record(course, [line(students[5])], cast.olga)
    seen_by_olga = [(students[5].student_number, True), (students[2].student_number, False)]
    assert [(number, here) for number, here, _ in known(cast.olga, course)] == seen_by_olga
    assert [(number, here) for number, here, _ in known(cast.oscar, course)] == seen_by_olga[:1]
    assert students[3].student_number in {number for number, *_ in known(cast.adam, course)}


def test_an_activity_without_a_series_shares_with_none(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    record(make_activity(cast, code="DB2526-0002", badges=["PF", "EC"], days=2), [line(students[2])], cast.olga)
    assert known(cast.olga, course) == []


def test_two_statements_for_one_student_and_for_three(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    for lines in (students[2:3], students[2:5]):
        record(course, [line(student) for student in lines], cast.olga)
        with CaptureQueriesContext(connection) as queries:
            assert len(known(cast.olga, course)) == len(lines)
        assert len(queries) == 2

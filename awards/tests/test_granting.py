"""What stands on an issued NAT: organisers ask, the scheme administrator decides, and undo finds its way back."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.tests.conftest import course, students  # noqa: F401  (fixtures)
from awards.attendance.tests.made import answered, commit, line, record, stage, standing
from awards.attendance.tests.test_committing import on_a_nat
from awards.attendance.undoing import undo_upload
from awards.granting import apply_request, decline_request
from awards.models import Award, CorrectionRequest
from awards.requesting import RequestRefused, ask_for_revocation, ask_for_undo, withdraw_request
from awards.services import AwardRefused, revoke_award
from badges_portal.testing import Cast


@pytest.fixture
def upload(cast: Cast, course: Activity) -> AttendanceUpload:  # noqa: F811
    """Sam's two badges, of which PF stands on an issued NAT."""
    upload = record(course, [line(cast.sam_participant)], cast.olga)
    on_a_nat(Award.objects.get(badge_type__code="PF"), cast)
    return upload


@pytest.fixture
def printed(upload: AttendanceUpload) -> Award:
    return Award.objects.get(badge_type__code="PF")


def test_a_badge_is_asked_for_and_then_revoked_by_the_administrator(cast: Cast, printed: Award) -> None:
    request = ask_for_revocation(acting_user=cast.oscar, award=printed, reason=" Never came ")
    assert (request.status, request.reason, request.asked_by, request.activity) == (
        "open",
        "Never came",
        cast.oscar,
        printed.activity,
    )
    printed.refresh_from_db()
    assert printed.status == "active"
    apply_request(acting_user=cast.adam, request=request)
    printed.refresh_from_db()
    request.refresh_from_db()
    assert (printed.status, request.status, request.decided_by) == ("revoked", "applied", cast.adam)
    assert printed.events.latest("pk").reason == "Never came"
    trail = AuditEntry.objects.filter(target_type="correctionrequest", target_id=request.pk).order_by("pk")
    assert list(trail.values_list("action", "actor__cna", "participant")) == [
        ("correction.asked", "s1003", None),
        ("correction.applied", "s2001", None),
    ]


def test_a_declined_request_changes_nothing_and_needs_a_reason(cast: Cast, printed: Award) -> None:
    request = ask_for_revocation(acting_user=cast.olga, award=printed, reason="Never came")
    with pytest.raises(RequestRefused, match="in a few words"):
        decline_request(acting_user=cast.adam, request=request, reason=" ")
    decline_request(acting_user=cast.adam, request=request, reason="She signed the list")
    request.refresh_from_db()
    printed.refresh_from_db()
    assert (request.status, request.decided_because, printed.status) == ("declined", "She signed the list", "active")


def test_a_request_is_decided_once(cast: Cast, printed: Award) -> None:
    request = ask_for_revocation(acting_user=cast.olga, award=printed, reason="Never came")
    withdraw_request(acting_user=cast.oscar, request=request)
    request.refresh_from_db()
    assert (request.status, request.decided_by) == ("withdrawn", cast.oscar)
    for act in (
        lambda: apply_request(acting_user=cast.adam, request=request),
        lambda: decline_request(acting_user=cast.adam, request=request, reason="x"),
        lambda: withdraw_request(acting_user=cast.olga, request=request),
    ):
        with pytest.raises(RequestRefused, match="in the meantime"):
            act()


def test_the_same_is_asked_once_at_a_time(cast: Cast, upload: AttendanceUpload, printed: Award) -> None:
    ask_for_revocation(acting_user=cast.olga, award=printed, reason="Never came")
    ask_for_undo(acting_user=cast.olga, upload=upload, reason="Wrong file")
    with pytest.raises(RequestRefused, match="already"):
        ask_for_revocation(acting_user=cast.oscar, award=printed, reason="Never came")
    with pytest.raises(RequestRefused, match="already"):
        ask_for_undo(acting_user=cast.oscar, upload=upload, reason="Wrong file")
    assert CorrectionRequest.objects.count() == 2


def test_nobody_else_asks_or_decides(cast: Cast, upload: AttendanceUpload, printed: Award) -> None:
    with pytest.raises(PermissionDenied):
        ask_for_revocation(acting_user=cast.otto, award=printed, reason="x")
    with pytest.raises(PermissionDenied):
        ask_for_undo(acting_user=cast.otto, upload=upload, reason="x")
    request = ask_for_undo(acting_user=cast.olga, upload=upload, reason="Wrong file")
    with pytest.raises(PermissionDenied):
        apply_request(acting_user=cast.olga, request=request)
    with pytest.raises(PermissionDenied):
        decline_request(acting_user=cast.olga, request=request, reason="x")
    with pytest.raises(PermissionDenied):
        withdraw_request(acting_user=cast.otto, request=request)
    assert request.status == "open"


def test_a_record_is_asked_for_and_then_undone(cast: Cast, course: Activity, upload: AttendanceUpload) -> None:  # noqa: F811
    with pytest.raises(AttendanceRefused) as refusal:
        undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file")
    assert refusal.value.code == "on_issued_paper"
    request = ask_for_undo(acting_user=cast.olga, upload=upload, reason="Wrong file")
    apply_request(acting_user=cast.adam, request=request)
    upload.refresh_from_db()
    request.refresh_from_db()
    assert (upload.status, upload.undone_because, upload.undone_by) == ("undone", "Wrong file", cast.adam)
    assert (request.status, request.decided_by, standing(course)) == ("applied", cast.adam, set())


def test_what_cannot_be_done_leaves_the_request_open(
    cast: Cast,
    course: Activity,  # noqa: F811
    upload: AttendanceUpload,
    students: list[Participant],  # noqa: F811
) -> None:
    request = ask_for_undo(acting_user=cast.olga, upload=upload, reason="Wrong file")
    record(course, [line(students[0]), line(students[2])], cast.olga)
    with pytest.raises(AttendanceRefused) as refusal:
        apply_request(acting_user=cast.adam, request=request)
    request.refresh_from_db()
    assert (refusal.value.code, request.status) == ("built_upon", "open")


def test_the_administrator_who_revokes_without_looking_at_the_requests_settles_them(cast: Cast, printed: Award) -> None:
    request = ask_for_revocation(acting_user=cast.olga, award=printed, reason="Never came")
    revoke_award(acting_user=cast.adam, award=printed, reason="Seen by chance")
    request.refresh_from_db()
    assert (request.status, request.decided_because) == ("applied", "Seen by chance")
    with pytest.raises(RequestRefused, match="nothing to ask"):
        ask_for_revocation(acting_user=cast.olga, award=printed, reason="Never came")


def test_undoing_the_record_that_said_no_brings_the_badge_back(
    cast: Cast,
    course: Activity,  # noqa: F811
    printed: Award,
    students: list[Participant],  # noqa: F811
) -> None:
    """A, B, the administrator applies what B asked for, undo B: as after A."""
    before = standing(course)
    staged = stage(course, [line(students[0], "N", "N", "N"), line(students[1])], cast.olga)
    later = commit(staged, cast.olga, answered(staged, {5: "no_award"}, take_back_reason="Never came")).upload
    assert ("240000001", "PF") in standing(course)
    assert ("240000001", "EC") not in standing(course)
    (request,) = later.correction_requests.open()
    apply_request(acting_user=cast.adam, request=request)
    assert standing(course) == {("240000002", "PF"), ("240000002", "EC")}
    undo_upload(acting_user=cast.olga, upload=later, reason="Wrong file")
    assert standing(course) == before


def test_undoing_the_record_withdraws_what_it_asked_for(
    cast: Cast,
    course: Activity,  # noqa: F811
    printed: Award,
    students: list[Participant],  # noqa: F811
) -> None:
    before = standing(course)
    staged = stage(course, [line(students[1])], cast.olga)
    later = commit(staged, cast.olga, {"replaces": True, "take_back_reason": "Wrong list"}).upload
    undo_upload(acting_user=cast.olga, upload=later, reason="It was right")
    (request,) = later.correction_requests.all()
    assert (request.status, standing(course)) == ("withdrawn", before)


def test_an_organiser_still_cannot_revoke_it(cast: Cast, printed: Award) -> None:
    with pytest.raises(AwardRefused):
        revoke_award(acting_user=cast.olga, award=printed, reason="Never came")

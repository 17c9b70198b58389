"""Requests are decided once, serial numbers have no gaps, and a paper's content never changes."""

import hashlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.trail.models import AuditEntry
from awards.models import Award
from awards.services import revoke_award
from badges_portal.testing import Cast, make_cast, make_participant
from transcripts import services
from transcripts.codes import LENGTH
from transcripts.content import content_hash, from_json
from transcripts.models import PrintJob, SerialCounter, Transcript, TranscriptEntry, TranscriptRequest
from transcripts.refusals import TranscriptRefused
from transcripts.tests.story import give, sams_record, sams_request, sams_transcript


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(TranscriptRefused) as caught, transaction.atomic():
        call(**arguments)
    assert len(str(caught.value)) > 20
    return caught.value.code


def trail() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


# --- Requests ------------------------------------------------------------------------------------------------------


def test_a_student_asks_and_it_is_on_the_trail(cast: Cast) -> None:
    sams_record(cast)
    request = sams_request(cast)
    assert (request.status, request.channel, request.copies) == ("requested", "portal", 2)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.participant) == (
        "transcript_request.made",
        cast.sam,
        cast.sam_participant,
    )


def test_a_student_without_a_badge_is_told_before_asking(cast: Cast) -> None:
    with pytest.raises(TranscriptRefused, match="no badge"):
        sams_request(cast)
    assert not TranscriptRequest.objects.exists()


def test_one_request_is_pending_at_a_time(cast: Cast) -> None:
    sams_record(cast)
    request = sams_request(cast)
    with pytest.raises(TranscriptRefused, match="request already"):
        sams_request(cast)
    services.cancel_request(acting_user=cast.sam, request=request)
    assert sams_request(cast).status == "requested"


def test_a_letter_is_recorded_as_accepted(cast: Cast) -> None:
    sams_record(cast)
    request = services.record_request(
        acting_user=cast.adam,
        participant=cast.sam_participant,
        channel="letter",
        purpose="study",
        purpose_text="",
        copies=1,
        delivery="digital",
    )
    assert (request.status, request.channel, request.decided_by) == ("accepted", "letter", cast.adam)
    assert trail()[-1] == "transcript_request.recorded"


def test_a_decision_is_noted_with_who_when_and_why(cast: Cast) -> None:
    sams_record(cast)
    request = sams_request(cast)
    accepted = services.accept_request(acting_user=cast.adam, request=request, note=" Ready on Friday. ")
    assert (accepted.status, accepted.decided_by, accepted.decision_note) == ("accepted", cast.adam, "Ready on Friday.")
    assert refusal(services.accept_request, acting_user=cast.adam, request=request) == "not_pending"
    assert refusal(services.decline_request, acting_user=cast.adam, request=request, note=" ") == "note_missing"
    declined = services.decline_request(acting_user=cast.adam, request=request, note="Asked twice.")
    assert declined.status == "declined"
    assert refusal(services.cancel_request, acting_user=cast.sam, request=request) == "not_pending"
    assert refusal(services.issue_transcript, acting_user=cast.adam, request=request) == "not_pending"


def test_only_an_issued_nat_is_collected_once(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    assert transcript.request is not None
    collected = services.collect_transcript(acting_user=cast.adam, request=transcript.request)
    assert collected.status == "collected"
    assert collected.collected_at is not None
    assert refusal(services.collect_transcript, acting_user=cast.adam, request=collected) == "not_issued"


def test_who_may_not_is_refused_whatever_it_is(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    request, sam = TranscriptRequest.objects.get(), cast.sam_participant
    asked: dict[str, Any] = {"purpose": "job", "purpose_text": "", "copies": 1, "delivery": "paper"}
    of_the_office: list[Callable[[User], Any]] = [
        lambda user: services.record_request(acting_user=user, participant=sam, channel="letter", **asked),
        lambda user: services.accept_request(acting_user=user, request=request),
        lambda user: services.decline_request(acting_user=user, request=request, note="No."),
        lambda user: services.collect_transcript(acting_user=user, request=request),
        lambda user: services.issue_transcript(acting_user=user, request=request),
        lambda user: services.print_transcript(acting_user=user, transcript=transcript),
        lambda user: services.void_transcript(acting_user=user, transcript=transcript, reason="No."),
        lambda user: services.log_view(acting_user=user, viewed=transcript),
    ]
    of_the_student: list[Callable[[User], Any]] = [
        lambda user: services.request_transcript(acting_user=user, participant=sam, **asked),
        lambda user: services.cancel_request(acting_user=user, request=request),
    ]
    before = trail()
    for act in of_the_office:
        for user in (cast.sam, cast.olga, cast.lydia, cast.xenia):
            with pytest.raises(PermissionDenied), transaction.atomic():
                act(user)
    for act in of_the_student:
        for user in (cast.suki, cast.olga, cast.adam):
            with pytest.raises(PermissionDenied), transaction.atomic():
                act(user)
    assert trail() == before


# --- Papers --------------------------------------------------------------------------------------------------------


def test_issuing_freezes_the_record_under_a_serial_number(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    year = timezone.localdate().year
    content = from_json(transcript.content)
    assert transcript.serial == f"NAT-{year}-000001"
    assert len(transcript.code) == LENGTH
    assert transcript.content_sha256 == content_hash(content)
    assert content.student.name.en == "CHAN Sam"
    assert set(TranscriptEntry.objects.values_list("award_id", flat=True)) == set(content.award_ids)
    assert len(content.award_ids) == 5
    assert transcript.request is not None
    transcript.request.refresh_from_db()
    assert (transcript.request.status, transcript.request.decided_by) == ("issued", cast.adam)
    assert trail()[-1] == "transcript.issued"


def test_an_empty_nat_is_never_issued(cast: Cast) -> None:
    sams_record(cast)
    request = sams_request(cast)
    Award.objects.update(status="revoked")
    assert refusal(services.issue_transcript, acting_user=cast.adam, request=request) == "no_badges"
    assert not SerialCounter.objects.exists()


def test_a_name_that_cannot_be_printed_stops_the_issue(cast: Cast) -> None:
    sams_record(cast)
    cast.sam_participant.name_zh = "陳🎉"
    cast.sam_participant.save()
    request = sams_request(cast)
    assert refusal(services.issue_transcript, acting_user=cast.adam, request=request) == "name_unprintable"


def test_the_database_refuses_to_change_a_frozen_nat(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    with pytest.raises(InternalError), transaction.atomic():
        Transcript.objects.filter(pk=transcript.pk).update(content={})


def test_a_reprint_is_counted_and_marked_and_its_content_is_the_same(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    first, original = services.print_transcript(acting_user=cast.adam, transcript=transcript)
    second, reprint = services.print_transcript(acting_user=cast.adam, transcript=transcript)
    assert (first.number, second.number) == (1, 2)
    assert first.pdf_sha256 == hashlib.sha256(original).hexdigest()
    assert second.pdf_sha256 == hashlib.sha256(reprint).hexdigest()
    assert original != reprint
    transcript.refresh_from_db()
    assert content_hash(from_json(transcript.content)) == transcript.content_sha256
    assert trail()[-2:] == ["transcript.printed", "transcript.printed"]


def test_what_happens_after_the_issue_does_not_reach_the_paper(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    frozen = dict(transcript.content)
    Award.objects.update(status="revoked")
    give(cast, cast.sam_participant, "DB2526-0199", "Later", ("PS",), 1)
    cast.sam_participant.name_en = "CHAN Samantha"
    cast.sam_participant.save()
    services.print_transcript(acting_user=cast.adam, transcript=transcript)
    transcript.refresh_from_db()
    assert transcript.content == frozen


def test_a_void_paper_has_a_reason_and_is_not_printed(cast: Cast) -> None:
    transcript, void = sams_transcript(cast), services.void_transcript
    assert refusal(void, acting_user=cast.adam, transcript=transcript, reason=" ") == "reason_missing"
    voided = void(acting_user=cast.adam, transcript=transcript, reason="Misspelt name")
    assert (voided.status, voided.void_reason) == ("void", "Misspelt name")
    assert voided.voided_at is not None
    assert AuditEntry.objects.latest("pk").reason == "Misspelt name"
    assert refusal(void, acting_user=cast.adam, transcript=transcript, reason="x") == "already_void"
    assert refusal(services.print_transcript, acting_user=cast.adam, transcript=transcript) == "void"
    assert not PrintJob.objects.exists()


# --- Two at once -----------------------------------------------------------------------------------------------------


def at_once(*calls: Any) -> list[object]:
    """Runs the calls at the same moment, each on its own connection; what each returned or raised."""
    results: list[object] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = calls[index]()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_administrators_issuing_at_once_twenty_times_leave_no_gap_in_the_serial_numbers() -> None:
    cast = make_cast()
    requests = []
    for number in range(40):
        participant = make_participant(f"25{number:07d}", f"STUDENT Number {number}")
        give(cast, participant, f"DB2526-1{number:03d}", "Team communication", ("EC",), 5)
        requests.append(TranscriptRequest.objects.create(participant=participant, purpose="job"))
    for one, other in zip(requests[::2], requests[1::2], strict=True):
        results = at_once(
            lambda one=one: services.issue_transcript(acting_user=cast.adam, request=one),
            lambda other=other: services.issue_transcript(acting_user=cast.adam, request=other),
        )
        assert all(isinstance(result, Transcript) for result in results), results
    year = timezone.localdate().year
    expected = [f"NAT-{year}-{number:06d}" for number in range(1, 41)]
    assert sorted(Transcript.objects.values_list("serial", flat=True)) == expected


@pytest.mark.django_db(transaction=True)
def test_one_request_issued_by_two_at_once_is_issued_once() -> None:
    cast = make_cast()
    sams_record(cast)
    request = sams_request(cast)

    def issue() -> Transcript:
        return services.issue_transcript(acting_user=cast.adam, request=request)

    results = at_once(issue, issue, issue)
    assert sorted(type(result).__name__ for result in results) == [
        "Transcript",
        "TranscriptRefused",
        "TranscriptRefused",
    ]
    assert Transcript.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_nat_waits_for_a_correction_under_way_and_does_not_list_what_it_took_back() -> None:
    cast = make_cast()
    award = give(cast, cast.sam_participant, "DB2526-0007", "Team communication", ("EC",), 5)[0]
    request = sams_request(cast)
    results: list[object] = []

    def issue() -> None:
        try:
            results.append(services.issue_transcript(acting_user=cast.adam, request=request))
        except TranscriptRefused as refused:
            results.append(refused.code)
        finally:
            connection.close()

    thread = threading.Thread(target=issue)
    with transaction.atomic():
        revoke_award(acting_user=cast.olga, award=award, reason="Left at noon.")
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join()
    assert results == ["no_badges"]
    assert not Transcript.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_prints_at_once_are_the_original_and_reprint_two() -> None:
    cast = make_cast()
    transcript = sams_transcript(cast)

    def print_it() -> int:
        return services.print_transcript(acting_user=cast.adam, transcript=transcript)[0].number

    assert sorted(at_once(print_it, print_it)) == [1, 2]  # type: ignore[type-var]


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_leave_one_pending() -> None:
    cast = make_cast()
    sams_record(cast)
    results = at_once(lambda: sams_request(cast), lambda: sams_request(cast))
    assert sorted(type(result).__name__ for result in results) == ["TranscriptRefused", "TranscriptRequest"]

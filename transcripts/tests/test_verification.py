"""A code leads to the paper as printed, and each line tells whether it still stands."""

from typing import Any

import pytest

from activities.models import BadgeType
from awards.models import Award
from badges_portal.testing import Cast, make_award
from transcripts import services
from transcripts.codes import grouped
from transcripts.content import Words, from_json
from transcripts.models import Transcript
from transcripts.tests.story import give, sams_request, sams_transcript
from transcripts.verification import Verification, verify

pytestmark = pytest.mark.thorough


def found(transcript: Transcript) -> Verification:
    verification = verify(transcript.code)
    assert verification is not None
    return verification


def states(verification: Verification) -> list[list[tuple[str, bool]]]:
    return [[(badge.code, badge.stands) for badge in line.badges] for line in verification.lines]


def test_the_paper_is_found_by_its_code_however_it_is_typed(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    for typed in (
        transcript.code,
        grouped(transcript.code),
        grouped(transcript.code).lower(),
        transcript.code[:12],
        f" {transcript.code[:4]} {transcript.code[4:]} ",
    ):
        verification = verify(typed)
        assert verification is not None
        assert verification.transcript == transcript


def test_every_line_is_as_printed_and_stands(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    verification = found(transcript)
    assert verification.content == from_json(transcript.content)
    assert [line.entry for line in verification.lines] == list(verification.content.entries)
    assert states(verification) == [[("EC", True)], [("EC", True), ("PF", True)], [("IPC", True), ("PSG", True)]]
    assert (verification.withdrawn, verification.corrected, verification.is_void) == (0, 0, False)


@pytest.mark.parametrize("typed", ["", "nonsense", "7Q4K-9XZM-2PTD", "0" * 28, "%", "' OR 1=1", "\x00" * 12, "𤨪" * 20])
def test_any_other_code_finds_nothing(cast: Cast, typed: str) -> None:
    sams_transcript(cast)
    assert verify(typed) is None


def test_two_papers_that_begin_alike_are_not_confused(cast: Cast) -> None:
    first = sams_transcript(cast)
    services.issue_transcript(acting_user=cast.adam, request=sams_request(cast))
    other = Transcript.objects.create(
        serial="NAT-2001-000001",
        code=first.code[:12] + "0" * 16,
        participant=cast.suki_participant,
        content=first.content,
        content_sha256=first.content_sha256,
        issued_at=first.issued_at,
        issued_by=cast.adam,
    )
    assert verify(first.code[:12]) is None
    assert found(first).transcript == first
    assert found(other).transcript == other


@pytest.mark.parametrize("status", ["revoked", "undone"])
def test_a_badge_revoked_after_printing_is_marked(cast: Cast, status: str) -> None:
    transcript = sams_transcript(cast)
    Award.objects.filter(badge_type__code="PF").update(status=status)
    verification = found(transcript)
    assert states(verification)[1] == [("EC", True), ("PF", False)]
    assert verification.withdrawn == 1
    assert [line.stands for line in verification.lines] == [True, False, True]


def test_a_reinstated_badge_stands_again(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    Award.objects.filter(badge_type__code="PF").update(status="revoked")
    Award.objects.filter(badge_type__code="PF").update(status="active")
    assert found(transcript).withdrawn == 0


def test_a_badge_given_anew_for_the_same_activity_stands(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    old = Award.objects.get(badge_type__code="PF")
    Award.objects.filter(pk=old.pk).update(status="undone")
    make_award(cast.sam_participant, old.activity, BadgeType.objects.get(code="PF"), by=cast.olga)
    assert found(transcript).withdrawn == 0


def test_another_student_with_the_badge_does_not_make_it_stand(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    old = Award.objects.get(badge_type__code="PF")
    Award.objects.filter(pk=old.pk).update(status="revoked")
    make_award(cast.suki_participant, old.activity, BadgeType.objects.get(code="PF"), by=cast.olga)
    assert found(transcript).withdrawn == 1


def test_a_corrected_title_or_date_is_said(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    activity = Award.objects.get(badge_type__code="PF").activity
    activity.title_en = "Mental health first aid (certificate course)"
    activity.first_on = activity.last_on
    activity.save()
    verification = found(transcript)
    line = verification.lines[1]
    assert line.title_now == Words("Mental health first aid (certificate course)", "Mental health first aid 中文")
    assert (line.first_now, line.last_now) == (activity.last_on, activity.last_on)
    assert line.entry.title.en == "Mental health first aid"
    assert (verification.corrected, verification.withdrawn) == (1, 0)


def test_a_void_paper_says_void(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    services.void_transcript(acting_user=cast.adam, transcript=transcript, reason="Misspelt")
    assert found(transcript).is_void


def test_two_queries_whatever_the_paper_lists(cast: Cast, django_assert_num_queries: Any) -> None:
    small = sams_transcript(cast)
    with django_assert_num_queries(2):
        assert len(found(small).lines) == 3
    for number in range(5):
        give(cast, cast.sam_participant, f"DB2526-020{number}", f"More {number}", ("EC", "PF"), 3 + number)
    large = services.issue_transcript(acting_user=cast.adam, request=sams_request(cast))
    with django_assert_num_queries(2):
        assert len(found(large).lines) == 8

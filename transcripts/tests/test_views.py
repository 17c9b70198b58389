"""The whole way in the browser: asked for, issued, printed, verified – and what the pages say when it cannot be."""

import datetime as dt
import io
import re
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.trail.models import AuditEntry
from awards.models import Award
from badges_portal.testing import Cast, make_participant
from transcripts import services
from transcripts.content import from_json
from transcripts.models import Transcript, TranscriptRequest
from transcripts.tests.story import give, sams_record, sams_request, sams_transcript

ASKED = {"purpose": "job", "purpose_text": "", "copies": "1", "delivery": "collect"}


def text_of(response: Any) -> str:
    """The words of a page, without tags and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page(client: Client, name: str, status: int = 200, **kwargs: Any) -> str:
    response = client.get(reverse(f"transcripts:{name}", kwargs=kwargs))
    assert response.status_code == status
    return text_of(response)


def test_from_the_request_to_the_check_of_the_paper(cast: Cast, sign_in: Any) -> None:
    sams_record(cast)
    client = sign_in(cast.sam)
    assert "Team communication" in page(client, "own")
    assert client.post(reverse("transcripts:own"), ASKED).status_code == 302
    assert "Being checked" in page(client, "own")
    client = sign_in(cast.adam)
    request = TranscriptRequest.objects.get()
    assert "CHAN Sam 陳三" in page(client, "queue")
    assert "Exchange tour to Korea" in page(client, "request", pk=request.pk)
    client.post(reverse("transcripts:issue", kwargs={"pk": request.pk}))
    transcript = Transcript.objects.get()
    pdf = client.post(reverse("transcripts:print", kwargs={"pk": transcript.pk}))
    assert pdf["Content-Disposition"] == f'attachment; filename="{transcript.serial}.pdf"'
    paper = re.sub(r"\s", "", "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf.content)).pages))
    public = page(Client(), "verify", code=transcript.code)
    assert "Genuine" in public
    for entry in from_json(transcript.content).entries:
        assert re.sub(r"\s", "", entry.title.en) in paper
        assert re.sub(r"\s", "", entry.title.zh) in paper
        assert f"{entry.title.en} {entry.title.zh}" in public
    assert "240000001" in paper
    assert "240000001" not in public
    client.post(reverse("transcripts:collected", kwargs={"pk": request.pk}))
    assert "collected" in page(sign_in(cast.sam), "own")


def test_the_verify_page_lists_the_rows_in_the_order_of_the_paper(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    public = page(Client(), "verify", code=transcript.code)
    spots = [public.index(entry.title.en) for entry in from_json(transcript.content).entries]
    assert spots == sorted(spots)


def test_a_second_print_is_named_a_reprint(cast: Cast, sign_in: Any) -> None:
    client, transcript = sign_in(cast.adam), sams_transcript(cast)
    address = reverse("transcripts:print", kwargs={"pk": transcript.pk})
    client.post(address)
    again = client.post(address)
    assert again["Content-Disposition"] == f'attachment; filename="{transcript.serial}-reprint-2.pdf"'
    assert "Reprint 2" in page(client, "detail", pk=transcript.pk)


def test_a_student_without_badges_finds_no_form(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.suki)
    assert "There is nothing to print yet" in page(client, "own")
    client.post(reverse("transcripts:own"), ASKED)
    assert not TranscriptRequest.objects.exists()
    assert "There is no badge on the record yet" in page(client, "own")


def test_a_student_who_is_not_in_the_register_is_told(cast: Cast, sign_in: Any) -> None:
    cast.sam_participant.user = None
    cast.sam_participant.save()
    assert "not in the student register yet" in page(sign_in(cast.sam), "own")


def test_another_purpose_needs_words(cast: Cast, sign_in: Any) -> None:
    sams_record(cast)
    response = sign_in(cast.sam).post(reverse("transcripts:own"), {**ASKED, "purpose": "other"})
    assert response.status_code == 422
    assert "Say in a few words what you need it for." in text_of(response)


def test_a_second_request_is_refused_kindly_and_a_cancelled_one_makes_room(cast: Cast, sign_in: Any) -> None:
    sams_record(cast)
    client = sign_in(cast.sam)
    client.post(reverse("transcripts:own"), ASKED)
    client.post(reverse("transcripts:own"), ASKED)
    assert "There is a NAT request already" in page(client, "own")
    client.post(reverse("transcripts:cancel", kwargs={"pk": TranscriptRequest.objects.get().pk}))
    assert "Your request was cancelled." in page(client, "own")
    client.post(reverse("transcripts:own"), ASKED)
    assert sorted(TranscriptRequest.objects.values_list("status", flat=True)) == ["cancelled", "requested"]


def test_a_declined_request_tells_the_student_why(cast: Cast, sign_in: Any) -> None:
    sams_record(cast)
    request = sams_request(cast)
    client, address = sign_in(cast.adam), reverse("transcripts:decide", kwargs={"pk": request.pk})
    assert client.post(address, {"decision": "decline", "note": ""}).status_code == 422
    client.post(address, {"decision": "decline", "note": "Please collect the first one."})
    assert "Please collect the first one." in page(sign_in(cast.sam), "own")


def test_a_letter_is_recorded_by_student_number_which_stands_in_no_address(cast: Cast, sign_in: Any) -> None:
    sams_record(cast)
    client, address = sign_in(cast.adam), reverse("transcripts:request-record")
    wrong = client.post(address, {**ASKED, "channel": "letter", "student_number": "999999999"})
    assert wrong.status_code == 422
    assert "no student with this number" in text_of(wrong)
    done = client.post(address, {**ASKED, "channel": "letter", "student_number": " 240 000 001 "})
    assert done.status_code == 302
    assert "240000001" not in done["Location"]
    assert TranscriptRequest.objects.get().channel == "letter"


def test_who_looks_at_a_students_record_leaves_a_trace(cast: Cast, sign_in: Any) -> None:
    client, transcript = sign_in(cast.adam), sams_transcript(cast)
    page(client, "detail", pk=transcript.pk)
    page(client, "request", pk=transcript.request_id)
    seen = AuditEntry.objects.filter(action__endswith=".viewed").order_by("pk")
    assert [(entry.action, entry.participant) for entry in seen] == [
        ("transcript.viewed", cast.sam_participant),
        ("transcript_request.viewed", cast.sam_participant),
    ]


def test_the_administrator_sees_what_has_changed_since_the_issue(cast: Cast, sign_in: Any) -> None:
    client, transcript = sign_in(cast.adam), sams_transcript(cast)
    Award.objects.filter(badge_type__code="PF").update(status="revoked")
    assert "One badge on this paper does not stand any more." in page(client, "detail", pk=transcript.pk)
    client.post(reverse("transcripts:void", kwargs={"pk": transcript.pk}), {"reason": "PF was a slip"})
    assert "PF was a slip" in page(client, "detail", pk=transcript.pk)


def test_a_paper_is_declared_void_after_a_recent_sign_in_only(cast: Cast, client: Client) -> None:
    transcript = sams_transcript(cast)
    void, now = reverse("transcripts:void", kwargs={"pk": transcript.pk}), timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        client.force_login(cast.adam, backend=settings.AUTHENTICATION_BACKENDS[-1])
        for minutes in (20, 40):
            clock.move_to(now + dt.timedelta(minutes=minutes))
            shown = client.get(reverse("transcripts:detail", kwargs={"pk": transcript.pk})).content.decode()
            assert (void in shown, "Type the password" in shown) == (minutes == 20, minutes == 40)
        sent = client.post(void, {"reason": "Misspelt"})
    assert (sent.status_code, sent["Location"].partition("?")[0]) == (302, reverse("signin:again"))
    transcript.refresh_from_db()
    assert transcript.status == "issued"


def test_characters_that_cannot_be_printed_are_said_before_the_issue(cast: Cast, sign_in: Any) -> None:
    give(cast, cast.sam_participant, "DB2526-0150", "Party 🎉", ("EC",), 4)
    assert "do not have these characters: 🎉" in page(sign_in(cast.adam), "request", pk=sams_request(cast).pk)


@pytest.mark.parametrize("waiting", [1, 3])
def test_the_queue_needs_the_same_queries_for_one_and_for_three(
    cast: Cast, sign_in: Any, django_assert_num_queries: Any, waiting: int
) -> None:
    for number in range(waiting):
        participant = make_participant(f"26{number:07d}", f"STUDENT {number}")
        TranscriptRequest.objects.create(participant=participant, purpose="job")
    client = sign_in(cast.adam)
    with django_assert_num_queries(6):
        assert page(client, "queue").count("Look and issue") == waiting


# --- Anybody -------------------------------------------------------------------------------------------------------


def test_a_revoked_badge_is_marked_for_the_verifier(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    Award.objects.filter(badge_type__code="PF").update(status="revoked")
    public = page(Client(), "verify", code=transcript.code)
    assert "Genuine, but not all of it still stands" in public
    assert "PF withdrawn" in public


def test_a_void_paper_says_so_without_the_reason(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    services.void_transcript(acting_user=cast.adam, transcript=transcript, reason="Secret reason")
    public = page(Client(), "verify", code=transcript.code)
    assert "Void: do not rely on this paper" in public
    assert "Secret reason" not in public
    assert "Genuine" not in public


def test_every_unknown_code_gets_one_neutral_answer(cast: Cast) -> None:
    sams_transcript(cast)
    answers = {page(Client(), "verify", status=404, code=code) for code in ("0" * 28, "nonsense", "7Q4K9XZM2PTD")}
    assert len(answers) == 1
    assert "We know no paper with this code" in answers.pop()


def test_the_form_forgives_typing_and_explains_what_is_no_code(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    address = reverse("transcripts:verify-form")
    typed = client_get(address, f" {transcript.code[:6].lower()} {transcript.code[6:]} ")
    assert typed["Location"] == reverse("transcripts:verify", kwargs={"code": transcript.code})
    assert "This is not a verification code" in text_of(client_get(address, "hello"))


def client_get(address: str, code: str) -> Any:
    return Client().get(address, {"code": code})


def test_the_answer_is_neither_kept_nor_listed(cast: Cast) -> None:
    transcript = sams_transcript(cast)
    for code in (transcript.code, "0" * 28):
        response = Client().get(reverse("transcripts:verify", kwargs={"code": code}))
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]
        assert set(response.cookies) <= {"csrftoken"}
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', response.content.decode())


def test_the_sixty_first_try_in_a_minute_is_turned_away(cast: Cast, settings: Any) -> None:
    transcript = sams_transcript(cast)
    settings.VERIFICATIONS_PER_MINUTE = 3
    address = reverse("transcripts:verify", kwargs={"code": transcript.code})
    client = Client()
    assert [client.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(address)
    assert "Too many tries" in text_of(refused)
    assert refused["Retry-After"] == "60"
    assert Client(REMOTE_ADDR="192.0.2.7").get(address).status_code == 200


def test_a_check_costs_four_queries_at_most(cast: Cast, django_assert_max_num_queries: Any) -> None:
    transcript = sams_transcript(cast)
    with django_assert_max_num_queries(4):
        page(Client(), "verify", code=transcript.code)

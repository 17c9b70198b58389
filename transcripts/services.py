"""What people do with NATs: request, decide, issue, print, hand over, void.

Every function is keyword-only, runs in one transaction, locks the row that it changes, and writes an audit entry. What
cannot be done is raised as `TranscriptRefused`; who may not do it at all gets PermissionDenied.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Participant, User
from accounts.paper.text import missing
from accounts.roles import Permission
from accounts.trail.services import record
from activities.models import Activity
from transcripts import codes
from transcripts.content import Numbering, content_hash, from_json, to_json
from transcripts.gather import gather, has_badges
from transcripts.models import PrintJob, SerialCounter, Transcript, TranscriptEntry, TranscriptRequest
from transcripts.nat import render
from transcripts.refusals import TranscriptRefused

PENDING = (TranscriptRequest.Status.REQUESTED, TranscriptRequest.Status.ACCEPTED)


def require_student(acting_user: User, participant: Participant) -> None:
    """Raises PermissionDenied unless it is the acting user's own record."""
    if participant.user_id != acting_user.pk or not acting_user.may(Permission.REQUEST_TRANSCRIPT):
        raise PermissionDenied


def require_issuer(acting_user: User) -> None:
    """Raises PermissionDenied unless the acting user issues NATs."""
    if not acting_user.may(Permission.ISSUE_TRANSCRIPTS):
        raise PermissionDenied


# --- Requests ------------------------------------------------------------------------------------------------------


@transaction.atomic
def request_transcript(
    *, acting_user: User, participant: Participant, purpose: str, purpose_text: str, copies: int, delivery: str
) -> TranscriptRequest:
    """The student asks for a NAT. Refused: no_badges, already_pending."""
    require_student(acting_user, participant)
    return _open_request(
        acting_user=acting_user,
        participant=participant,
        action="transcript_request.made",
        purpose=purpose,
        purpose_text=purpose_text,
        copies=copies,
        delivery=delivery,
    )


@transaction.atomic
def record_request(
    *,
    acting_user: User,
    participant: Participant,
    channel: str,
    purpose: str,
    purpose_text: str,
    copies: int,
    delivery: str,
) -> TranscriptRequest:
    """The administrator records a letter or an e-mail; it counts as accepted. Refused: no_badges, already_pending."""
    require_issuer(acting_user)
    return _open_request(
        acting_user=acting_user,
        participant=participant,
        action="transcript_request.recorded",
        purpose=purpose,
        purpose_text=purpose_text,
        copies=copies,
        delivery=delivery,
        channel=channel,
        status=TranscriptRequest.Status.ACCEPTED,
        decided_by=acting_user,
        decided_at=timezone.now(),
    )


def _open_request(*, acting_user: User, participant: Participant, action: str, **fields: object) -> TranscriptRequest:
    Participant.objects.select_for_update().get(pk=participant.pk)
    if not has_badges(participant):
        raise TranscriptRefused("no_badges")
    if TranscriptRequest.objects.pending().filter(participant=participant).exists():
        raise TranscriptRefused("already_pending")
    request = TranscriptRequest.objects.create(participant=participant, **fields)
    record(
        acting_user=acting_user,
        action=action,
        target=request,
        participant=participant,
        changes={key: fields[key] for key in ("purpose", "copies", "delivery", "channel") if key in fields},
    )
    return request


@transaction.atomic
def cancel_request(*, acting_user: User, request: TranscriptRequest) -> TranscriptRequest:
    """The student takes the request back before it is issued. Refused: not_pending."""
    require_student(acting_user, request.participant)
    return _change_request(acting_user, request, TranscriptRequest.Status.CANCELLED, PENDING)


@transaction.atomic
def accept_request(*, acting_user: User, request: TranscriptRequest, note: str = "") -> TranscriptRequest:
    """The administrator takes the request on. Refused: not_pending."""
    require_issuer(acting_user)
    return _change_request(
        acting_user, request, TranscriptRequest.Status.ACCEPTED, (TranscriptRequest.Status.REQUESTED,), note
    )


@transaction.atomic
def decline_request(*, acting_user: User, request: TranscriptRequest, note: str) -> TranscriptRequest:
    """The administrator declines, and tells the student why. Refused: note_missing, not_pending."""
    require_issuer(acting_user)
    if not note.strip():
        raise TranscriptRefused("note_missing")
    return _change_request(acting_user, request, TranscriptRequest.Status.DECLINED, PENDING, note)


@transaction.atomic
def collect_transcript(*, acting_user: User, request: TranscriptRequest) -> TranscriptRequest:
    """The paper was handed over, or the file sent. Refused: not_issued."""
    require_issuer(acting_user)
    return _change_request(
        acting_user,
        request,
        TranscriptRequest.Status.COLLECTED,
        (TranscriptRequest.Status.ISSUED,),
        refusal="not_issued",
    )


def _change_request(
    acting_user: User,
    request: TranscriptRequest,
    status: TranscriptRequest.Status,
    allowed: tuple[TranscriptRequest.Status, ...],
    note: str = "",
    refusal: str = "not_pending",
) -> TranscriptRequest:
    request = TranscriptRequest.objects.select_for_update().get(pk=request.pk)
    if request.status not in allowed:
        raise TranscriptRefused(refusal)
    before, now = request.status, timezone.now()
    request.status = status
    if status in (TranscriptRequest.Status.ACCEPTED, TranscriptRequest.Status.DECLINED):
        request.decided_by, request.decided_at, request.decision_note = acting_user, now, note.strip()
    if status == TranscriptRequest.Status.COLLECTED:
        request.collected_at = now
    request.save()
    record(
        acting_user=acting_user,
        action=f"transcript_request.{status.value}",
        target=request,
        participant=request.participant,
        changes={"status": [before, status.value]},
        reason=note.strip(),
    )
    return request


# --- Papers --------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue_transcript(*, acting_user: User, request: TranscriptRequest) -> Transcript:
    """Freezes what the record says now, under the next serial number. Issuing what was only requested accepts it too.

    Refused: not_pending, no_badges, name_unprintable.
    """
    require_issuer(acting_user)
    request = TranscriptRequest.objects.select_for_update().get(pk=request.pk)
    if request.status not in PENDING:
        raise TranscriptRefused("not_pending")
    participant = Participant.objects.select_related("unit").get(pk=request.participant_id)
    _hold_activities_of(participant)
    now = timezone.now()
    content = gather(participant, timezone.localdate(now))
    if content.is_empty:
        raise TranscriptRefused("no_badges")
    if missing(content.student.name.en) or missing(content.student.name.zh):
        raise TranscriptRefused("name_unprintable")
    transcript = Transcript.objects.create(
        serial=_next_serial(timezone.localdate(now).year),
        code=codes.make_code(),
        participant=participant,
        request=request,
        content=to_json(content),
        content_sha256=content_hash(content),
        issued_at=now,
        issued_by=acting_user,
    )
    TranscriptEntry.objects.bulk_create(
        TranscriptEntry(transcript=transcript, award_id=award) for award in content.award_ids
    )
    before, request.status = request.status, TranscriptRequest.Status.ISSUED
    if request.decided_at is None:
        request.decided_by, request.decided_at = acting_user, now
    request.save()
    record(
        acting_user=acting_user,
        action="transcript.issued",
        target=transcript,
        participant=participant,
        changes={
            "serial": transcript.serial,
            "content_sha256": transcript.content_sha256,
            "request": [before, TranscriptRequest.Status.ISSUED.value],
        },
    )
    return transcript


def _hold_activities_of(participant: Participant) -> None:
    """Locks the activities whose awards will stand on the paper, in one order, until the transaction ends.

    Corrections lock the activity before they ask whether an award stands on a NAT: one of the two waits.
    """
    earned_at = participant.awards.active().values("activity")
    list(Activity.objects.filter(pk__in=earned_at).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _next_serial(year: int) -> str:
    """The next number of the year. The counter's row stays locked to the end of the transaction: none is skipped."""
    SerialCounter.objects.bulk_create([SerialCounter(year=year)], ignore_conflicts=True)
    counter = SerialCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save()
    return f"NAT-{year}-{counter.last:06d}"


def numbering_of(transcript: Transcript, print_number: int = 1) -> Numbering:
    return Numbering(
        serial=transcript.serial,
        code=codes.grouped(transcript.code),
        verify_url=settings.PUBLIC_URL + reverse("transcripts:verify", kwargs={"code": transcript.code}),
        print_number=print_number,
    )


@transaction.atomic
def print_transcript(*, acting_user: User, transcript: Transcript) -> tuple[PrintJob, bytes]:
    """Draws the frozen content; each print after the first says which it is. Refused: void."""
    require_issuer(acting_user)
    transcript = Transcript.objects.select_for_update().select_related("participant").get(pk=transcript.pk)
    if transcript.status == Transcript.Status.VOID:
        raise TranscriptRefused("void")
    number = transcript.prints.count() + 1
    pdf = render(from_json(transcript.content), numbering_of(transcript, number))
    job = PrintJob.objects.create(
        transcript=transcript, number=number, pdf_sha256=hashlib.sha256(pdf).hexdigest(), printed_by=acting_user
    )
    record(
        acting_user=acting_user,
        action="transcript.printed",
        target=transcript,
        participant=transcript.participant,
        changes={"serial": transcript.serial, "print": number, "pdf_sha256": job.pdf_sha256},
    )
    return job, pdf


@transaction.atomic
def void_transcript(*, acting_user: User, transcript: Transcript, reason: str) -> Transcript:
    """Declares the paper void, for good; the verification page says so. Refused: reason_missing, already_void."""
    require_issuer(acting_user)
    reason = reason.strip()
    if not reason:
        raise TranscriptRefused("reason_missing")
    transcript = Transcript.objects.select_for_update().select_related("participant").get(pk=transcript.pk)
    if transcript.status == Transcript.Status.VOID:
        raise TranscriptRefused("already_void")
    transcript.status, transcript.voided_at, transcript.void_reason = Transcript.Status.VOID, timezone.now(), reason
    transcript.save(update_fields=["status", "voided_at", "void_reason"])
    record(
        acting_user=acting_user,
        action="transcript.voided",
        target=transcript,
        participant=transcript.participant,
        changes={"status": [Transcript.Status.ISSUED.value, Transcript.Status.VOID.value]},
        reason=reason,
    )
    return transcript


@transaction.atomic
def log_view(*, acting_user: User, viewed: TranscriptRequest | Transcript) -> None:
    """The access log: who looked at a student's record on a NAT or a request for one."""
    require_issuer(acting_user)
    action = f"{'transcript' if isinstance(viewed, Transcript) else 'transcript_request'}.viewed"
    record(acting_user=acting_user, action=action, target=viewed, participant=viewed.participant)

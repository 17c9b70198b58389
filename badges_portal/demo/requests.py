"""The NAT requests of the demo, in several states, and NATs that were issued."""

from __future__ import annotations

import datetime as dt

from accounts.models import Participant, User
from badges_portal.demo import people
from transcripts.gather import has_badges
from transcripts.models import Transcript, TranscriptRequest
from transcripts.services import issue_transcript, print_transcript, record_request

DECLINED = "You have asked for a NAT last week; please collect that one first."


def write_requests(participants: list[Participant], staff: dict[str, User], now: dt.datetime) -> int:
    """Waiting, accepted, declined and cancelled ones. Answers how many."""
    adam = staff[people.ADMINISTRATOR]
    issued = [issue(participants[index], adam) for index in (0, 4, 15)]
    made = [
        make_request(participants[index], status, adam, now - dt.timedelta(days=days), purpose)
        for index, status, days, purpose in (
            (0, "requested", 1, "study"),
            (6, "requested", 2, "job"),
            (3, "requested", 4, "scholarship"),
            (10, "accepted", 6, "job"),
            (25, "accepted", 7, "study"),
            (30, "declined", 12, "personal"),
            (35, "cancelled", 15, "job"),
        )
    ]
    return len(made) + len([transcript for transcript in issued if transcript])


def issue(participant: Participant, adam: User) -> Transcript | None:
    """A request by letter that was accepted, issued and printed, where the student has a badge to show."""
    if not has_badges(participant):
        return None
    request = record_request(
        acting_user=adam,
        participant=participant,
        channel=TranscriptRequest.Channel.LETTER,
        purpose=TranscriptRequest.Purpose.JOB,
        purpose_text="",
        copies=2,
        delivery=TranscriptRequest.Delivery.COLLECT,
    )
    transcript = issue_transcript(acting_user=adam, request=request)
    print_transcript(acting_user=adam, transcript=transcript)
    return transcript


def make_request(participant: Participant, status: str, adam: User, at: dt.datetime, purpose: str) -> TranscriptRequest:
    decided = status in {"accepted", "declined"}
    request = TranscriptRequest.objects.create(
        participant=participant,
        purpose=purpose,
        status=status,
        decided_by=adam if decided else None,
        decided_at=at + dt.timedelta(days=1) if decided else None,
        decision_note=DECLINED if status == "declined" else "",
    )
    TranscriptRequest.objects.filter(pk=request.pk).update(requested_at=at)
    return request

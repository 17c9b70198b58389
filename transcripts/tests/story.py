"""Sam's record, for the tests of NATs: three activities in two academic years, five badges."""

from __future__ import annotations

import datetime as dt

from accounts.models import Participant
from activities.models import BadgeType, Session
from awards.models import Award
from badges_portal.testing import Cast, make_activity, make_award
from transcripts.models import Transcript, TranscriptRequest
from transcripts.services import issue_transcript, request_transcript


def give(cast: Cast, participant: Participant, code: str, title: str, badges: tuple[str, ...], ago: int) -> list[Award]:
    """An activity that ended so many days ago, and its badges for the participant."""
    activity = make_activity(
        cast, code=code, title=title, title_zh=f"{title} 中文", badges=badges, days=len(badges), ended_days_ago=ago
    )
    types = {badge.code: badge for badge in BadgeType.objects.all()}
    return [make_award(participant, activity, types[badge], by=cast.olga) for badge in badges]


def sams_record(cast: Cast) -> list[Award]:
    """Newest activity first: EC; PF and EC; PSG and IPC at whole days more than a year ago."""
    newest = give(cast, cast.sam_participant, "DB2526-0101", "Team communication", ("EC",), 10)
    middle = give(cast, cast.sam_participant, "DB2526-0102", "Mental health first aid", ("EC", "PF"), 40)
    oldest = give(cast, cast.sam_participant, "DB2425-0103", "Exchange tour to Korea", ("IPC", "PSG"), 500)
    Session.objects.filter(activity=oldest[0].activity).update(is_whole_days=True)
    cast.sam_participant.started_on = dt.date(2024, 9, 2)
    cast.sam_participant.programme = "BA (Hons) in Landscape Architecture"
    cast.sam_participant.save()
    return [*newest, *middle, *oldest]


def sams_request(cast: Cast) -> TranscriptRequest:
    return request_transcript(
        acting_user=cast.sam,
        participant=cast.sam_participant,
        purpose="job",
        purpose_text="",
        copies=2,
        delivery="collect",
    )


def sams_transcript(cast: Cast) -> Transcript:
    """Sam's record, requested by Sam and issued by Adam."""
    sams_record(cast)
    return issue_transcript(acting_user=cast.adam, request=sams_request(cast))

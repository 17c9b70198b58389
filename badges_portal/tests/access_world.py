"""Builds the world of the access walk: two units, four activities, six students, and a canary in everything private."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from accounts.messages.models import Message
from accounts.models import Participant
from activities.models import Activity, BadgeType
from awards.advising.models import Advice
from awards.attendance.models import AttendanceUpload
from awards.attendance.reading import Mark, Reading, ReadRow
from awards.models import Award, AwardEvent, CorrectionRequest, Withholding
from badges_portal.testing import Cast, make_activity, make_award, make_cast, make_participant, make_upload
from badges_portal.tests.access import World
from transcripts.content import content_hash, to_json
from transcripts.gather import gather
from transcripts.models import Transcript, TranscriptEntry, TranscriptRequest

TEAM = frozenset({"organiser", "co_organiser", "administrator"})


def rename(participant: Participant, number: str, name_en: str, name_zh: str) -> None:
    """Gives a member of the cast a name and number that stand nowhere else."""
    account = participant.user
    assert account is not None
    for person in (participant, account):
        person.name_en, person.name_zh = name_en, name_zh
    participant.student_number = account.cna = number
    account.save()
    participant.save()


def build_world() -> World:
    cast = make_cast()
    rename(cast.sam_participant, "247000001", "QUIXSAM Ka Man", "闕三凰")
    rename(cast.suki_participant, "247000002", "QUIXSUKI Wing", "闕素鸞")
    sara = make_participant("247000003", "QUIXSARA Tsz Ying", "闕沙鵑", unit=cast.design)
    theo = make_participant("247000004", "QUIXTHEO Chun", "闕迪鷗", unit=cast.design)
    uma = make_participant("247000005", "QUIXUMA Lok", "闕宇鷺", unit=cast.learning_commons)
    vic = make_participant("247000006", "QUIXVIC Hei", "闕域鸝", unit=cast.design)
    team = [cast.olga, cast.oscar]
    shared = make_activity(cast, code="DB2526-0001", badges=("PF", "EC"), days=2, organisers=team)
    coming = make_activity(cast, code="DB2526-0002", title="Poster design", ended_days_ago=-7, organisers=team)
    draft = make_activity(cast, code="DB2526-0003", title="Quixdraft", status="draft", organisers=team)
    others = make_activity(cast, code="DB2526-0004", title="Chess evening", badges=("PS",), organisers=[cast.otto])
    upload = make_upload(
        shared,
        [cast.sam_participant, sara],
        by=cast.olga,
        withheld={sara: "Quixreason left at noon"},
        unknown=[("247999999", "QUIXNOBODY Unknown")],
    )
    others_upload = make_upload(others, [cast.suki_participant, theo], by=cast.otto)
    award = Award.objects.filter(participant=cast.sam_participant).order_by("pk")[0]
    revoked = make_award(cast.sam_participant, coming, BadgeType.objects.get(code="EC"), by=cast.olga)
    Award.objects.filter(pk=revoked.pk).update(status="revoked")
    revoked.refresh_from_db()
    AwardEvent.objects.create(award=revoked, kind="revoked", by=cast.olga, reason="Quixslip of the pen")
    request = TranscriptRequest.objects.create(
        participant=cast.sam_participant, purpose="other", purpose_text="Quixpurpose of Sam"
    )
    accepted = TranscriptRequest.objects.create(
        participant=cast.suki_participant, purpose="other", purpose_text="Quixpurpose of Suki", status="accepted"
    )
    transcript = make_transcript(cast)
    advice = Advice.objects.create(activity=shared, author=cast.lydia, text="Quixadvice: consider PSG")
    correction = CorrectionRequest.objects.create(
        activity=shared,
        award=Award.objects.filter(participant=cast.sam_participant, activity=shared).order_by("pk")[1],
        reason="Quixcorrection: never came",
        asked_by=cast.olga,
    )
    message = Message.objects.create(
        recipient=cast.olga,
        kind="attendance_queried",
        key="1",
        context={"code": shared.code, "title_en": shared.title_en, "question": "Quixquestion about row 2"},
    )
    sees = {
        "QUIXSAM": TEAM | {"student"},
        "闕三凰": TEAM | {"student"},
        "247000001": TEAM | {"student"},
        "QUIXSUKI": frozenset({"other_student", "stranger", "administrator"}),
        "闕素鸞": frozenset({"other_student", "stranger", "administrator"}),
        "247000002": frozenset({"other_student", "stranger", "administrator"}),
        "QUIXSARA": TEAM,
        "247000003": TEAM,
        "QUIXTHEO": frozenset({"stranger", "administrator"}),
        "247000004": frozenset({"stranger", "administrator"}),
        "QUIXUMA": frozenset({"administrator"}),
        "247000005": frozenset({"administrator"}),
        "QUIXVIC": frozenset({"administrator"}),
        "247000006": frozenset({"administrator"}),
        "QUIXNOBODY": TEAM,
        "247999999": TEAM,
        "QUIXSTAGED": TEAM,
        "247999998": TEAM,
        "Quixdraft": TEAM | {"advisor"},
        "Quixreason": TEAM,
        "Quixcorrection": TEAM,
        "Quixslip": TEAM | {"student"},
        "Quixpurpose of Sam": frozenset({"student", "administrator"}),
        "Quixpurpose of Suki": frozenset({"other_student", "administrator"}),
        "Quixadvice": TEAM | {"advisor"},
        "Quixquestion": frozenset({"organiser"}),
    }
    return World(
        cast=cast,
        shared=shared,
        coming=coming,
        draft=draft,
        others=others,
        upload=upload,
        staged=make_staged(shared, cast),
        others_upload=others_upload,
        award=award,
        revoked=revoked,
        others_award=Award.objects.get(participant=cast.suki_participant),
        withholding=Withholding.objects.filter(participant=sara)[0],
        request=request,
        accepted=accepted,
        transcript=transcript,
        advice=advice,
        message=message,
        correction=correction,
        sara=sara,
        theo=theo,
        uma=uma,
        vic=vic,
        may_see=sees,
    )


def make_staged(activity: Activity, cast: Cast) -> AttendanceUpload:
    """A sheet that waits for its commit."""
    key = uuid.uuid4()
    return AttendanceUpload.objects.create(
        key=key,
        activity=activity,
        file_name="second.xlsx",
        file_size=4,
        sha256="0" * 64,
        stored_as=f"{key}.xlsx",
        file_format="xlsx",
        uploaded_by=cast.olga,
        reading=staged_reading(activity, cast).to_json(),
    )


def staged_reading(activity: Activity, cast: Cast) -> Reading:
    """Sam, who has the badges already, and a number that the register does not know."""
    lines = [
        (cast.sam_participant.student_number, cast.sam_participant.full_name),
        ("247999998", "QUIXSTAGED Unknown"),
    ]
    rows = tuple(
        ReadRow(
            sheet="Sheet",
            line=number,
            raw_id=student_number,
            student_number=student_number,
            raw_name=name,
            marks={"attended": "Y", "award": "Y"},
            attended=Mark.YES,
            badges={"award": Mark.YES},
        )
        for number, (student_number, name) in enumerate(lines, start=2)
    )
    return Reading(
        format="xlsx", activity_code=activity.code, columns=("student_id", "name"), dropped_columns=(), rows=rows
    )


def make_transcript(cast: Cast) -> Transcript:
    """Sam's NAT, with an earlier request that it answered."""
    request = TranscriptRequest.objects.create(
        participant=cast.sam_participant, purpose="job", status="issued", decided_by=cast.adam
    )
    issued_at = timezone.now() - dt.timedelta(days=1)
    content = gather(cast.sam_participant, issued_at.date())
    transcript = Transcript.objects.create(
        serial="NAT-2020-000001",
        code="0" * 28,
        participant=cast.sam_participant,
        request=request,
        content=to_json(content),
        content_sha256=content_hash(content),
        issued_at=issued_at,
        issued_by=cast.adam,
    )
    TranscriptEntry.objects.bulk_create(TranscriptEntry(transcript=transcript, award_id=pk) for pk in content.award_ids)
    return transcript

"""What a NAT would say is what the record says: active awards only, in the order of the scheme, in few queries."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from activities.models import BadgeType, Session
from awards.models import Award
from badges_portal.testing import Cast
from transcripts.content import Words, academic_year
from transcripts.gather import gather, has_badges, unprintable
from transcripts.tests.story import give, sams_record

TODAY = dt.date(2026, 11, 21)


def test_activities_stand_newest_first_by_academic_year_with_their_badges(cast: Cast) -> None:
    awards = sams_record(cast)
    content = gather(cast.sam_participant, TODAY)
    assert [(entry.title.en, tuple(badge.code for badge in entry.badges)) for entry in content.entries] == [
        ("Team communication", ("EC",)),
        ("Mental health first aid", ("EC", "PF")),
        ("Exchange tour to Korea", ("IPC", "PSG")),
    ]
    labels = dict.fromkeys(academic_year(award.activity.first_on, 9) for award in awards)
    assert [year.label for year in content.years] == list(labels)
    assert content.award_ids == tuple(award.pk for award in awards)


def test_an_entry_says_what_the_activity_says(cast: Cast) -> None:
    award = sams_record(cast)[1]
    entry = gather(cast.sam_participant, TODAY).entries[1]
    assert (entry.first_on, entry.last_on) == (award.activity.first_on, award.activity.last_on)
    assert entry.title == Words("Mental health first aid", "Mental health first aid 中文")
    assert entry.unit == Words("Learning Commons", "學習薈")
    assert entry.kind.en == "Workshop"
    assert (entry.days, entry.minutes) == (2, 2 * 8 * 60)


def test_whole_days_have_no_hours(cast: Cast) -> None:
    sams_record(cast)
    assert gather(cast.sam_participant, TODAY).entries[2].minutes is None


def test_an_activity_without_an_active_award_is_left_out(cast: Cast) -> None:
    awards = sams_record(cast)
    Award.objects.filter(pk__in=[awards[0].pk, awards[2].pk]).update(status="revoked")
    content = gather(cast.sam_participant, TODAY)
    assert [entry.title.en for entry in content.entries] == ["Mental health first aid", "Exchange tour to Korea"]
    assert [badge.code for badge in content.entries[0].badges] == ["EC"]


def test_the_six_are_counted_and_those_not_earned_are_zero(cast: Cast) -> None:
    sams_record(cast)
    content = gather(cast.sam_participant, TODAY)
    assert [(badge.code, badge.count) for badge in content.badges] == [
        ("IPC", 1),
        ("IDL", 0),
        ("PS", 0),
        ("EC", 2),
        ("PSG", 1),
        ("PF", 1),
    ]


def test_another_badge_stands_after_the_six_only_when_it_was_earned(cast: Cast) -> None:
    for code in ("GREEN", "UNEARNED"):
        badge = BadgeType.objects.create(
            code=code, position=20 + len(code), is_graduate_attribute=False, name_en=code, artwork="green"
        )
        badge.versions.create(version=1, name_en=code, artwork="green")
    give(cast, cast.sam_participant, "DB2526-0110", "Green week", ("GREEN",), 5)
    content = gather(cast.sam_participant, TODAY)
    assert [badge.code for badge in content.badges] == ["IPC", "IDL", "PS", "EC", "PSG", "PF", "GREEN"]


def test_nobody_elses_badges_are_on_it(cast: Cast) -> None:
    sams_record(cast)
    assert gather(cast.suki_participant, TODAY).is_empty
    assert (has_badges(cast.sam_participant), has_badges(cast.suki_participant)) == (True, False)


@pytest.mark.parametrize(
    ("status", "until"), [("active", None), ("deferred", None), ("graduated", TODAY), ("withdrawn", TODAY)]
)
def test_studies_end_with_graduation_or_withdrawal(cast: Cast, status: str, until: dt.date | None) -> None:
    cast.sam_participant.status, cast.sam_participant.status_on = status, TODAY
    student = gather(cast.sam_participant, TODAY).student
    assert (student.name, student.number) == (Words("CHAN Sam", "陳三"), "240000001")
    assert student.studied_until == until


def test_text_is_cleaned_before_it_is_frozen_and_what_cannot_be_printed_is_said(cast: Cast) -> None:
    give(cast, cast.sam_participant, "DB2526-0111", "Party\u202e \u200btime 🎉", ("EC",), 5)
    content = gather(cast.sam_participant, TODAY)
    assert content.entries[0].title.en == "Party time 🎉"
    assert unprintable(content) == "🎉"


def test_the_number_of_queries_does_not_depend_on_the_number_of_activities(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    give(cast, cast.sam_participant, "DB2526-0120", "One", ("EC",), 5)
    participant = type(cast.sam_participant).objects.select_related("unit").get(pk=cast.sam_participant.pk)
    with django_assert_num_queries(5):
        assert len(gather(participant, timezone.localdate()).entries) == 1
    for number in range(4):
        give(cast, cast.sam_participant, f"DB2526-013{number}", f"More {number}", ("EC", "PF"), 6 + number)
    assert Session.objects.count() == 9
    with django_assert_num_queries(5):
        assert len(gather(participant, timezone.localdate()).entries) == 5

"""Activity History: which entries, in which order and year, and that the totals are those of the tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Participant
from activities.models import Activity, BadgeOffer
from awards.history import Filters, badges_of_scheme, by_year, page_of, tally_of
from awards.models import Award, Withholding
from awards.services import revoke_award
from awards.tests.record import make_award, make_withholding
from badges_portal.testing import Cast, hong_kong, make_activity

EVERYTHING = Filters()


def entries(participant: Participant, filters: Filters = EVERYTHING, number: int = 1) -> list[Any]:
    return list(page_of(participant, filters, number).object_list)


def summary(participant: Participant, filters: Filters = EVERYTHING) -> list[tuple[str, list[tuple[str, str]]]]:
    """(title, [(badge, state), …]) of every entry."""
    return [(e.title, [(m.code, m.state) for m in e.marks]) for e in entries(participant, filters)]


def held_on(activity: Activity, first: dt.date, last: dt.date) -> None:
    Activity.objects.filter(pk=activity.pk).update(
        first_on=first,
        last_on=last,
        starts_at=hong_kong(first.year, first.month, first.day, 9),
        ends_at=hong_kong(last.year, last.month, last.day, 17),
    )


def fill(cast: Cast, number: int) -> None:
    """That many entries for Sam: every third withheld, every fifth revoked, some in pairs."""
    for n in range(number):
        activity = make_activity(
            cast, code=f"X-{n:04}", title=f"Activity {n}", days=2, badges=["PF", "EC"], ended_days_ago=3 + 2 * n
        )
        if n % 3 == 2:
            make_withholding(activity, cast.sam_participant, "PF")
        else:
            make_award(activity, cast.sam_participant, "PF", status="revoked" if n % 5 == 4 else "active")
        if n % 2:
            make_award(activity, cast.sam_participant, "EC")


def test_newest_first_with_badges_in_the_order_of_the_scheme(cast: Cast) -> None:
    old = make_activity(cast, code="A", title="Old", ended_days_ago=400, days=2, badges=["PF", "EC"])
    new = make_activity(cast, code="B", title="New", ended_days_ago=5)
    make_award(old, cast.sam_participant, "PF")
    make_award(old, cast.sam_participant, "EC")
    make_award(new, cast.sam_participant, "EC")
    assert summary(cast.sam_participant) == [
        ("New", [("EC", "active")]),
        ("Old", [("EC", "active"), ("PF", "active")]),
    ]


def test_the_record_of_another_is_not_mine(cast: Cast) -> None:
    activity = make_activity(cast)
    make_award(activity, cast.suki_participant, "EC")
    make_withholding(make_activity(cast, code="B"), cast.suki_participant, "EC")
    assert summary(cast.sam_participant) == []
    assert tally_of(cast.sam_participant, badges_of_scheme()).is_empty


def test_a_withheld_badge_is_an_entry_and_a_lifted_one_is_not(cast: Cast) -> None:
    activity = make_activity(cast)
    withholding = make_withholding(activity, cast.sam_participant, "EC", reason="assessment")
    (entry,) = entries(cast.sam_participant)
    assert entry.marks[0].kind_words == "You took part; the assessment for this badge was not passed this time."
    Withholding.objects.filter(pk=withholding.pk).update(status="lifted")
    assert summary(cast.sam_participant) == []


def test_a_revoked_badge_is_shown_until_it_is_given_again(cast: Cast) -> None:
    activity = make_activity(cast, title="Talk")
    award = make_award(activity, cast.sam_participant, "EC")
    revoke_award(acting_user=cast.olga, award=award, reason="Quixslip")
    assert summary(cast.sam_participant) == [("Talk", [("EC", "revoked")])]
    assert "Quixslip" not in entries(cast.sam_participant)[0].marks[0].kind_words
    make_award(activity, cast.sam_participant, "EC")
    assert summary(cast.sam_participant) == [("Talk", [("EC", "active")])]


def test_a_withholding_speaks_before_a_revoked_award(cast: Cast) -> None:
    activity = make_activity(cast, title="Talk")
    make_award(activity, cast.sam_participant, "EC", status="revoked")
    make_withholding(activity, cast.sam_participant, "EC")
    assert summary(cast.sam_participant) == [("Talk", [("EC", "withheld")])]


def test_what_went_with_an_undone_sheet_never_was(cast: Cast) -> None:
    make_award(make_activity(cast), cast.sam_participant, "EC", status="undone")
    assert summary(cast.sam_participant) == []
    assert tally_of(cast.sam_participant, badges_of_scheme()).is_empty


def test_a_tour_over_two_academic_years_belongs_to_the_one_in_which_it_starts(cast: Cast, settings: Any) -> None:
    settings.ACADEMIC_YEAR_START_MONTH = 9
    tour = make_activity(cast, code="A", title="Tour")
    first_day = make_activity(cast, code="B", title="First day")
    held_on(tour, dt.date(2025, 8, 31), dt.date(2025, 9, 14))
    held_on(first_day, dt.date(2025, 9, 1), dt.date(2025, 9, 1))
    make_award(tour, cast.sam_participant, "EC")
    make_award(first_day, cast.sam_participant, "EC")
    years = by_year(entries(cast.sam_participant))
    assert [(year.label, [e.title for e in year.entries]) for year in years] == [
        ("2025/26", ["First day"]),
        ("2024/25", ["Tour"]),
    ]
    assert tally_of(cast.sam_participant, badges_of_scheme()).years == (2025, 2024)
    assert summary(cast.sam_participant, Filters(year=2024)) == [("Tour", [("EC", "active")])]
    settings.ACADEMIC_YEAR_START_MONTH = 1
    assert tally_of(cast.sam_participant, badges_of_scheme()).years == (2025,)
    assert [year.label for year in by_year(entries(cast.sam_participant))] == ["2025/26"]


def test_a_year_with_nothing_but_a_withheld_badge_can_be_chosen(cast: Cast) -> None:
    activity = make_activity(cast)
    held_on(activity, dt.date(2024, 3, 3), dt.date(2024, 3, 3))
    make_withholding(activity, cast.sam_participant, "EC")
    tally = tally_of(cast.sam_participant, badges_of_scheme())
    assert (tally.years, tally.profile.total) == ((2023,), 0)


def test_filters_narrow_and_add_up(cast: Cast) -> None:
    course = make_activity(cast, code="A-1", title="First aid", title_zh="急救課程", days=2, badges=["PF", "EC"])
    talk = make_activity(cast, code="B-2", title="Talk on aid", unit=cast.design, ended_days_ago=9)
    make_award(course, cast.sam_participant, "PF")
    make_award(talk, cast.sam_participant, "EC")
    found = {
        words: [title for title, _marks in summary(cast.sam_participant, Filters(search=words))]
        for words in ["aid", "AID first", "急救", "b-2", "design", "學習薈", "aid nothing", "100%", "_"]
    }
    assert found == {
        "aid": ["First aid", "Talk on aid"],
        "AID first": ["First aid"],
        "急救": ["First aid"],
        "b-2": ["Talk on aid"],
        "design": ["Talk on aid"],
        "學習薈": ["First aid"],
        "aid nothing": [],
        "100%": [],
        "_": [],
    }
    assert summary(cast.sam_participant, Filters(badge="PF")) == [("First aid", [("PF", "active")])]
    assert summary(cast.sam_participant, Filters(badge="PF", search="talk")) == []


def test_titles_and_days_in_the_language_of_the_page(cast: Cast) -> None:
    make_award(make_activity(cast, title="First aid", title_zh="急救課程"), cast.sam_participant, "EC")
    with override("zh-hant"):
        (entry,) = entries(cast.sam_participant)
        assert (entry.title, entry.unit) == ("急救課程", "學習薈")
        assert "年" in entry.when


@pytest.mark.parametrize("number", [1, 3, pytest.param(60, marks=pytest.mark.thorough)])
def test_the_number_of_queries_does_not_depend_on_the_entries(cast: Cast, number: int) -> None:
    fill(cast, number)
    with CaptureQueriesContext(connection) as queries:
        badges = badges_of_scheme()
        tally_of(cast.sam_participant, badges)
        page_of(cast.sam_participant, EVERYTHING, 1)
    assert len(queries) == 4


@pytest.mark.thorough
def test_twenty_five_a_page_and_no_entry_lost_or_doubled(cast: Cast) -> None:
    fill(cast, 60)
    pages = [page_of(cast.sam_participant, EVERYTHING, n) for n in (1, 2, 3)]
    assert [len(page.object_list) for page in pages] == [25, 25, 10]
    ids = [entry.activity_id for page in pages for entry in page.object_list]
    assert sorted(ids) == sorted(Activity.objects.values_list("pk", flat=True))
    assert page_of(cast.sam_participant, EVERYTHING, "nonsense").number == 1
    assert page_of(cast.sam_participant, EVERYTHING, 99).number == 3


@pytest.mark.thorough
def test_the_totals_are_those_that_sql_counts(cast: Cast) -> None:
    fill(cast, 60)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT b.code, count(*) FROM awards_award a JOIN activities_badgetype b ON b.id = a.badge_type_id
            WHERE a.participant_id = %s AND a.status = 'active' GROUP BY b.code
            """,
            [cast.sam_participant.pk],
        )
        counted = dict(cursor.fetchall())
        cursor.execute(
            """
            SELECT count(DISTINCT activity_id) FROM (
                SELECT activity_id FROM awards_award WHERE participant_id = %s AND status <> 'undone'
                UNION ALL
                SELECT activity_id FROM awards_withholding WHERE participant_id = %s AND status = 'active'
            ) attended
            """,
            [cast.sam_participant.pk] * 2,
        )
        (attended,) = cursor.fetchone()
    profile = tally_of(cast.sam_participant, badges_of_scheme()).profile
    assert {slot.code: slot.count for slot in profile.wall if slot.count} == counted
    assert profile.total == sum(counted.values()) == Award.objects.filter(status="active").count()
    assert page_of(cast.sam_participant, EVERYTHING, 1).paginator.count == attended == 60


def test_coming_activities_that_award_what_is_missing(cast: Cast) -> None:
    make_activity(cast, code="A", badges=["PS"], ended_days_ago=-3)
    make_activity(cast, code="B", badges=["PS", "EC"], days=2, ended_days_ago=-9)
    make_activity(cast, code="C", badges=["PS"], ended_days_ago=2)
    make_activity(cast, code="D", badges=["PS"], ended_days_ago=-3, status="draft")
    closed = make_activity(cast, code="E", badges=["PS"], ended_days_ago=-3)
    BadgeOffer.objects.filter(activity=closed).update(closed_at=timezone.now())
    coming = {badge.code: badge.coming for badge in badges_of_scheme().values()}
    assert coming == {"IPC": 0, "IDL": 0, "PS": 2, "EC": 1, "PSG": 0, "PF": 0}

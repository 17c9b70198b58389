"""The rules of awarding: worked examples, edges of the calendar, and what holds for all sessions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.rules import (
    NEXT_STATES,
    OfferFault,
    Span,
    Tier,
    Timetable,
    UploadGate,
    UploadRefusal,
    WrongOffer,
    academic_year,
    academic_year_label,
    activity_code,
    can_become,
    check_offer,
    code_prefix,
    days_of,
    days_of_session,
    due_on,
    in_force,
    most_badges,
    shift,
    timetable,
    upload_gate,
    whole_days,
)
from activities.scheme import FIRST_TIERS

HK = ZoneInfo("Asia/Hong_Kong")
LONDON = ZoneInfo("Europe/London")
TIERS = [Tier(days, badges) for days, badges in FIRST_TIERS.items()]
SIX = ["IPC", "IDL", "PS", "EC", "PSG", "PF"]


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, zone: ZoneInfo = HK) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=zone)


def day(month: int, number: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


moments = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(HK))
lengths = st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(days=120))
spans = st.builds(lambda start, length: Span(start, start + length), moments, lengths)


# --- The three worked examples of the scheme ------------------------------------------------------------------------


def test_a_one_day_workshop_awards_one_badge() -> None:
    days = days_of([Span(at(2026, 3, 7, 9), at(2026, 3, 7, 17))], HK)
    assert (days, most_badges(len(days), TIERS)) == ([day(3, 7)], 1)
    assert check_offer(["EC"], 1, SIX) is None


def test_a_two_day_first_aid_course_awards_up_to_two() -> None:
    days = days_of([Span(at(2026, 3, n, 9), at(2026, 3, n, 17)) for n in (7, 8)], HK)
    assert (days, most_badges(len(days), TIERS)) == ([day(3, 7), day(3, 8)], 2)
    assert check_offer(["PF", "EC"], 2, SIX) is None


def test_a_three_month_exchange_tour_awards_up_to_three() -> None:
    days = days_of([whole_days(day(6, 1), day(8, 31), HK)], HK)
    assert (len(days), days[0], days[-1], most_badges(len(days), TIERS)) == (92, day(6, 1), day(8, 31), 3)
    assert check_offer(["PSG", "IPC", "IDL"], 3, SIX) is None


# --- Days -----------------------------------------------------------------------------------------------------------


def test_an_evening_that_ends_after_midnight_is_one_day() -> None:
    assert days_of([Span(at(2026, 3, 7, 19), at(2026, 3, 8, 1))], HK) == [day(3, 7)]


def test_a_session_of_exactly_24_hours_is_one_day_and_a_minute_more_is_two() -> None:
    assert days_of([Span(at(2026, 3, 7, 18), at(2026, 3, 8, 18))], HK) == [day(3, 7)]
    assert days_of([Span(at(2026, 3, 7, 18), at(2026, 3, 8, 18, 1))], HK) == [day(3, 7), day(3, 8)]


def test_saturday_midnight_to_monday_midnight_is_two_days_for_the_end_is_exclusive() -> None:
    assert days_of([Span(at(2026, 3, 7), at(2026, 3, 9))], HK) == [day(3, 7), day(3, 8)]


def test_two_and_a_half_days_on_three_dates_are_three_days() -> None:
    sessions = [
        Span(at(2026, 3, 6, 14), at(2026, 3, 6, 18)),
        Span(at(2026, 3, 7, 9), at(2026, 3, 7, 17)),
        Span(at(2026, 3, 8, 9), at(2026, 3, 8, 17)),
    ]
    assert days_of(sessions, HK) == [day(3, 6), day(3, 7), day(3, 8)]


def test_two_sessions_on_one_date_are_one_day() -> None:
    sessions = [Span(at(2026, 3, 7, 9), at(2026, 3, 7, 12)), Span(at(2026, 3, 7, 14), at(2026, 3, 7, 17))]
    assert days_of(sessions, HK) == [day(3, 7)]


def test_days_between_sessions_do_not_count() -> None:
    sessions = [Span(at(2026, 3, n, 18), at(2026, 3, n, 20)) for n in (3, 10, 17)]
    assert timetable(sessions, HK) == Timetable(3, day(3, 3), day(3, 17), at(2026, 3, 3, 18), at(2026, 3, 17, 20))


def test_whole_days_count_both_ends() -> None:
    assert days_of([whole_days(day(3, 7), day(3, 9), HK)], HK) == [day(3, 7), day(3, 8), day(3, 9)]
    assert days_of([whole_days(day(3, 7), day(3, 7), HK)], HK) == [day(3, 7)]


def test_a_tour_over_new_year_counts_the_days_of_both_years() -> None:
    days = days_of([whole_days(day(12, 30, 2025), day(1, 2), HK)], HK)
    assert days == [day(12, 30, 2025), day(12, 31, 2025), day(1, 1), day(1, 2)]


def test_a_tour_over_two_academic_years_belongs_to_the_year_in_which_it_starts() -> None:
    table = timetable([whole_days(day(8, 30), day(9, 2), HK)], HK)
    assert table.days == 4
    assert academic_year(table.first_on, 9) == 2025
    assert academic_year(table.last_on, 9) == 2026


def test_dates_are_those_of_the_institution_wherever_the_clock_was_read() -> None:
    session = Span(dt.datetime(2026, 3, 7, 15, 30, tzinfo=dt.UTC), dt.datetime(2026, 3, 7, 17, 30, tzinfo=dt.UTC))
    assert days_of([session], HK) == [day(3, 7)]
    later = Span(dt.datetime(2026, 3, 7, 16, 30, tzinfo=dt.UTC), dt.datetime(2026, 3, 7, 17, 30, tzinfo=dt.UTC))
    assert days_of([later], HK) == [day(3, 8)]


@pytest.mark.parametrize("changes_the_clock_on", [dt.date(2026, 3, 29), dt.date(2026, 10, 25)])
def test_one_whole_day_is_one_day_even_when_the_clock_changes(changes_the_clock_on: dt.date) -> None:
    session = whole_days(changes_the_clock_on, changes_the_clock_on, LONDON)
    assert days_of_session(session, LONDON) == [changes_the_clock_on]


@given(st.lists(spans, min_size=1, max_size=6))
def test_days_are_different_in_order_and_do_not_depend_on_the_order_of_sessions(sessions: list[Span]) -> None:
    days = days_of(sessions, HK)
    assert days == sorted(set(days))
    assert days == days_of(sessions[::-1], HK) == days_of(sessions * 2, HK)


@given(st.lists(spans, min_size=1, max_size=6))
def test_every_counted_day_lies_within_a_session_and_each_session_counts_its_first_date(sessions: list[Span]) -> None:
    days = days_of(sessions, HK)
    assert {span.starts_at.date() for span in sessions} <= set(days)
    for counted in days:
        assert any(span.starts_at.date() <= counted <= span.ends_at.date() for span in sessions)


@given(spans, spans)
def test_another_session_never_makes_an_activity_shorter(one: Span, other: Span) -> None:
    assert set(days_of([one], HK)) <= set(days_of([one, other], HK))


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 200))
def test_whole_days_are_as_many_as_dates(first: dt.date, more: int) -> None:
    last = first + dt.timedelta(days=more)
    assert timetable([whole_days(first, last, HK)], HK).days == more + 1


@given(st.lists(spans, min_size=1, max_size=4), st.dates(dt.date(2021, 1, 1), dt.date(2029, 1, 1)))
def test_shifted_sessions_keep_their_number_of_days_and_their_hours(sessions: list[Span], first: dt.date) -> None:
    moved = shift(sessions, first, HK)
    assert timetable(moved, HK).days == timetable(sessions, HK).days
    assert min(span.starts_at for span in moved).date() == first
    assert [span.starts_at.time() for span in moved] == [span.starts_at.time() for span in sessions]
    assert [span.ends_at - span.starts_at for span in moved] == [s.ends_at - s.starts_at for s in sessions]


def test_a_shift_over_a_change_of_the_clock_keeps_the_hours_on_the_clock() -> None:
    session = Span(at(2026, 3, 20, 9, zone=LONDON), at(2026, 3, 20, 17, zone=LONDON))
    assert shift([session], dt.date(2026, 4, 3), LONDON) == [
        Span(at(2026, 4, 3, 9, zone=LONDON), at(2026, 4, 3, 17, zone=LONDON))
    ]


# --- Badges ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "badges"), [(1, 1), (2, 2), (3, 3), (4, 3), (92, 3)])
def test_the_longer_the_activity_the_more_badges_up_to_three(days: int, badges: int) -> None:
    assert most_badges(days, TIERS) == badges


def test_the_highest_tier_reached_decides_in_whatever_order_they_are_kept() -> None:
    tiers = [Tier(5, 4), Tier(1, 1), Tier(3, 2)]
    assert [most_badges(days, tiers) for days in (1, 2, 3, 4, 5, 6)] == [1, 1, 2, 2, 4, 4]


def test_an_activity_in_the_scheme_always_serves_at_least_one_attribute() -> None:
    assert most_badges(1, [Tier(2, 2)]) == 1


@dataclass(frozen=True)
class Dated:
    effective_on: dt.date


def test_the_rules_in_force_on_the_first_day_judge() -> None:
    old, new = Dated(day(9, 1, 2024)), Dated(day(9, 1, 2025))
    assert in_force(day(8, 31, 2025), [new, old]) == old
    assert in_force(day(9, 1, 2025), [old, new]) == new
    assert in_force(day(8, 31, 2024), [old, new]) is None


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (day(1, 31), day(2, 28)),
        (day(1, 31, 2028), day(2, 29, 2028)),
        (day(3, 7), day(4, 7)),
        (day(3, 31), day(4, 30)),
        (day(12, 31, 2025), day(1, 31)),
        (day(2, 28), day(3, 28)),
    ],
)
def test_attendance_is_due_one_calendar_month_after_the_last_day(last: dt.date, due: dt.date) -> None:
    assert due_on(last) == due


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 24))
def test_the_due_day_lies_so_many_months_later(last: dt.date, months: int) -> None:
    due = due_on(last, months)
    assert (due.year * 12 + due.month) - (last.year * 12 + last.month) == months
    assert due.day == last.day or (due.day < last.day and (due + dt.timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("codes", "maximum", "wrong"),
    [
        ([], 2, WrongOffer(OfferFault.NONE)),
        (["EC", "EC"], 2, WrongOffer(OfferFault.REPEATED, ("EC",))),
        (["EC", "OLD"], 2, WrongOffer(OfferFault.INACTIVE, ("OLD",))),
        (["EC", "PF", "PS"], 2, WrongOffer(OfferFault.TOO_MANY, ("EC", "PF", "PS"))),
        (["EC", "PF"], 2, None),
        (["EC"], 2, None),
    ],
)
def test_an_offer_is_right_or_says_what_is_wrong(codes: list[str], maximum: int, wrong: WrongOffer | None) -> None:
    assert check_offer(codes, maximum, SIX) == wrong


@given(st.lists(st.sampled_from([*SIX, "OLD"]), max_size=8), st.integers(1, 3))
def test_a_right_offer_has_one_to_the_maximum_of_different_active_badges(codes: list[str], maximum: int) -> None:
    is_right = 1 <= len(codes) <= maximum and len(set(codes)) == len(codes) and set(codes) <= set(SIX)
    assert (check_offer(codes, maximum, SIX) is None) == is_right


# --- States ---------------------------------------------------------------------------------------------------------


def test_the_states_of_an_activity_lead_forwards_only() -> None:
    leads = {(state, later) for state in NEXT_STATES for later in NEXT_STATES if can_become(state, later)}
    assert leads == {
        ("draft", "published"),
        ("draft", "archived"),
        ("published", "cancelled"),
        ("published", "archived"),
    }


ENDS = at(2026, 3, 7, 17)


def test_one_minute_before_the_end_the_gate_says_from_when() -> None:
    gate = upload_gate("published", ENDS, at(2026, 3, 7, 16, 59))
    assert gate == UploadGate(UploadRefusal.TOO_EARLY, opens_at=ENDS)
    assert not gate.is_open


def test_at_the_end_the_gate_is_open() -> None:
    assert upload_gate("published", ENDS, ENDS) == UploadGate()
    assert upload_gate("published", ENDS, ENDS).is_open


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        ("draft", UploadRefusal.NOT_PUBLISHED),
        ("archived", UploadRefusal.NOT_PUBLISHED),
        ("cancelled", UploadRefusal.CANCELLED),
    ],
)
@pytest.mark.parametrize("now", [at(2026, 3, 1), at(2026, 4, 1)])
def test_only_a_published_activity_takes_a_sheet(status: str, refusal: UploadRefusal, now: dt.datetime) -> None:
    assert upload_gate(status, ENDS, now) == UploadGate(refusal)


# --- Academic year and code -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "year"), [(day(8, 31), 2025), (day(9, 1), 2026), (day(1, 1), 2025), (day(12, 31), 2026)]
)
def test_the_academic_year_begins_in_september(on: dt.date, year: int) -> None:
    assert academic_year(on, 9) == year


def test_an_institution_whose_year_is_the_calendar_year() -> None:
    assert academic_year(day(1, 1), 1) == 2026


def test_codes_and_labels_name_the_academic_year() -> None:
    assert (code_prefix(2025), activity_code(2025, 1), academic_year_label(2025)) == (
        "DB2526-",
        "DB2526-0001",
        "2025/26",
    )
    assert (activity_code(2099, 12345), academic_year_label(2099)) == ("DB9900-12345", "2099/00")

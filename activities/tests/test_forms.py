"""What organisers type: sessions in every form, badges as sent, and sentences that say what to do."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from activities.forms import (
    ActivityForm,
    BadgePickerForm,
    CancelForm,
    CloneForm,
    OrganisersForm,
    SessionForm,
    one_more_row,
    session_as_typed,
    session_rows,
    tidy,
)
from activities.keeping import BadgeChoice
from activities.models import BadgeType
from activities.rules import Span, whole_days
from badges_portal.testing import HONG_KONG, Cast, hong_kong, make_activity


def session(**typed: Any) -> SessionForm:
    form = SessionForm(typed)
    form.is_valid()
    return form


def rows(*typed: dict[str, Any]) -> Any:
    """The sessions as a browser sends them."""
    data: dict[str, Any] = {"sessions-TOTAL_FORMS": len(typed), "sessions-INITIAL_FORMS": 0}
    for number, row in enumerate(typed):
        data |= {f"sessions-{number}-{name}": value for name, value in row.items()}
    return session_rows(data)


YEAR = timezone.localdate().year - 1
"""Last year: the forms refuse what is more than five years from today."""
MEETING = {"first_on": f"{YEAR}-03-07", "begins": "09:00", "ends": "17:00"}


# --- Sessions ---


def test_a_date_with_times_is_a_session_in_the_institutions_time() -> None:
    assert session(**MEETING).span == Span(hong_kong(YEAR, 3, 7, 9), hong_kong(YEAR, 3, 7, 17))


def test_a_date_may_be_typed_day_first() -> None:
    assert session(first_on=f"7/3/{YEAR}", begins="9:00", ends="17:00").span == session(**MEETING).span


def test_whole_days_need_no_times_and_are_one_day_without_a_last_date() -> None:
    tour = session(first_on=f"{YEAR}-06-01", last_on=f"{YEAR}-08-31", is_whole_days="on", begins="09:00")
    assert tour.span == whole_days(dt.date(YEAR, 6, 1), dt.date(YEAR, 8, 31), HONG_KONG)
    camp = session(first_on=f"{YEAR}-06-01", is_whole_days="on")
    assert camp.span == whole_days(dt.date(YEAR, 6, 1), dt.date(YEAR, 6, 1), HONG_KONG)


def test_an_evening_past_midnight_gives_its_last_date() -> None:
    evening = session(first_on=f"{YEAR}-03-07", begins="19:00", last_on=f"{YEAR}-03-08", ends="01:00")
    assert evening.span == Span(hong_kong(YEAR, 3, 7, 19), hong_kong(YEAR, 3, 8, 1))


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"first_on": ["Give the date of the session."]}),
        (
            {"first_on": f"{YEAR}-03-07"},
            {
                "begins": ["Give the time at which it begins, or tick whole days."],
                "ends": ["Give the time at which it ends, or tick whole days."],
            },
        ),
        (
            {**MEETING, "ends": "01:00"},
            {"ends": ["It ends before it begins. If it ends after midnight, give the last date as well."]},
        ),
        (
            {**MEETING, "last_on": f"{YEAR}-03-06"},
            {"last_on": ["The last date is before the first. Check both."]},
        ),
        (
            {**MEETING, "first_on": f"{YEAR + 180}-03-07"},
            {"first_on": ["This is more than five years from today. Check the year."]},
        ),
        (
            {**MEETING, "last_on": f"{YEAR + 1}-12-07"},
            {"last_on": ["This session is longer than a year. Check the dates."]},
        ),
        (
            {"first_on": "9999-12-31", "is_whole_days": "on"},
            {"first_on": ["This is more than five years from today. Check the year."]},
        ),
        (
            {**MEETING, "last_on": "9999-12-31", "is_whole_days": "on"},
            {"last_on": ["This session is longer than a year. Check the dates."]},
        ),
        ({**MEETING, "begins": "25:00"}, {"begins": ["Enter a valid time."]}),
    ],
)
def test_what_is_wrong_with_a_session_is_said_at_its_field(typed: dict[str, str], errors: dict[str, list[str]]) -> None:
    assert session(**typed).errors == errors


stored_sessions = st.one_of(
    st.builds(
        lambda first, more: whole_days(first, first + dt.timedelta(days=more), HONG_KONG),
        st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR + 2, 1, 1)),
        st.integers(0, 300),
    ),
    st.builds(
        lambda start, minutes: Span(start, start + dt.timedelta(minutes=minutes)),
        st.datetimes(dt.datetime(YEAR, 1, 1), dt.datetime(YEAR + 2, 1, 1), timezones=st.just(HONG_KONG)).map(
            lambda moment: moment.replace(second=0, microsecond=0)
        ),
        st.integers(1, 60 * 24 * 30),
    ),
)


@given(stored_sessions)
def test_a_stored_session_shown_and_sent_back_is_the_same_session(span: Span) -> None:
    sent = {name: value for name, value in session_as_typed(span).items() if value not in (None, False)}
    form = session(**{name: str(value) for name, value in sent.items()})
    assert (form.errors, form.span) == ({}, span)


def test_empty_rows_below_the_first_and_removed_rows_do_not_count() -> None:
    sent = rows(
        MEETING, {}, {**MEETING, "first_on": f"{YEAR}-03-08", "DELETE": "on"}, {"first_on": "x", "DELETE": "on"}
    )
    assert sent.is_valid()
    assert sent.spans == [Span(hong_kong(YEAR, 3, 7, 9), hong_kong(YEAR, 3, 7, 17))]


def test_the_first_row_can_be_removed_when_another_stays() -> None:
    sent = rows({**MEETING, "DELETE": "on"}, {**MEETING, "first_on": f"{YEAR}-03-08"})
    assert sent.is_valid()
    assert [span.starts_at.day for span in sent.spans] == [8]


def test_an_activity_has_at_least_one_session() -> None:
    sent = rows({**MEETING, "DELETE": "on"})
    assert not sent.is_valid()
    assert sent.non_form_errors() == ["Give at least one session: a date, or days from–to."]


def test_sixty_one_sessions_are_too_many() -> None:
    sent = rows(*[MEETING] * 61)
    assert not sent.is_valid()
    assert sent.non_form_errors() == [
        "An activity has at most 60 sessions. Join days in a row to one session of whole days."
    ]


def test_a_page_that_was_cut_off_has_no_sessions() -> None:
    sent = session_rows({"sessions-0-first_on": f"{YEAR}-03-07"})
    assert not sent.is_valid()
    assert sent.non_form_errors() == ["Give at least one session: a date, or days from–to."]


def test_a_new_page_has_one_row_and_one_more_keeps_what_was_typed() -> None:
    assert session_rows().total_form_count() == 1
    more = one_more_row(rows(MEETING, {"first_on": "nonsense"}))
    assert [form["first_on"].value() for form in more.forms] == [f"{YEAR}-03-07", "nonsense", None]
    assert not any(form.errors for form in more.forms)


# --- Badges ---


def picker(data: dict[str, Any], **kwargs: Any) -> BadgePickerForm:
    return BadgePickerForm(data, **kwargs)


@pytest.mark.django_db
def test_the_choice_is_kept_as_it_was_sent_with_its_reasons() -> None:
    form = picker({"badges": ["PF", "EC", "PF"], "why_PF": " Empathy\u202e ", "rationale": "R", "why_PS": "not chosen"})
    assert form.is_valid()
    assert form.chosen == [BadgeChoice("PF", "Empathy"), BadgeChoice("EC"), BadgeChoice("PF", "Empathy")]


@pytest.mark.django_db
def test_a_draft_may_be_without_badges_and_a_published_activity_not() -> None:
    assert picker({}, is_complete=False).is_valid()
    assert picker({}).errors == {
        "badges": ["Choose at least one badge: every activity of the scheme serves one of them."],
        "rationale": ["This field is required."],
    }


@pytest.mark.django_db
def test_an_unknown_or_retired_badge_is_told_by_name() -> None:
    BadgeType.objects.filter(code="PS").update(is_active=False)
    form = picker({"badges": ["PS"], "rationale": "R"})
    assert form.errors == {"badges": ["PS is not a badge that can be chosen. Reload the page and choose again."]}


def test_a_retired_badge_that_is_on_offer_stays_in_the_picker(cast: Cast) -> None:
    BadgeType.objects.filter(code__in=["EC", "PS"]).update(is_active=False)
    form = BadgePickerForm(instance=make_activity(cast, badges=["EC"]))
    assert [(row.badge.code, row.is_chosen) for row in form.picker_rows] == [
        ("IPC", False),
        ("IDL", False),
        ("EC", True),
        ("PSG", False),
        ("PF", False),
    ]


# --- The activity ---


def test_a_new_activity_starts_from_the_users_unit_and_may_have_a_code_of_its_own(cast: Cast) -> None:
    form = ActivityForm(user=cast.olga)
    assert form["unit"].value() == cast.learning_commons.pk
    assert "code" in form.fields


def test_a_code_never_changes(cast: Cast) -> None:
    assert "code" not in ActivityForm(instance=make_activity(cast), user=cast.olga).fields


def test_units_that_closed_are_not_offered_but_stay_where_they_are(cast: Cast) -> None:
    activity = make_activity(cast)
    cast.learning_commons.is_active = False
    cast.learning_commons.save()
    fresh, edited = ActivityForm(user=cast.olga), ActivityForm(instance=activity, user=cast.olga)
    assert set(fresh.fields["unit"].queryset) == {cast.design}  # type: ignore[attr-defined]
    assert set(edited.fields["unit"].queryset) == {cast.design, cast.learning_commons}  # type: ignore[attr-defined]


def test_everything_missing_is_said_at_once(cast: Cast) -> None:
    form = ActivityForm({}, user=cast.olga)
    assert sorted(form.errors) == [
        "badges", "category", "kind", "language", "mode", "objectives", "outcomes", "rationale", "title_en", "unit",
    ]  # fmt: skip
    assert form.errors["objectives"] == ["Say what the activity is for."]


# --- Questions ---


def test_a_reason_of_spaces_is_none() -> None:
    assert CancelForm({"reason": "  "}).errors == {
        "reason": ["Say why the activity is cancelled: everyone who looks it up reads it."]
    }


def test_a_clone_in_another_century_is_a_slip() -> None:
    assert CloneForm({"first_on": "2206-01-01"}).errors == {
        "first_on": ["This is more than five years from today. Check the year."]
    }
    assert CloneForm({"first_on": timezone.localdate().isoformat()}).is_valid()


def test_those_who_may_organise_and_do_not_yet_can_be_added(cast: Cast) -> None:
    activity = make_activity(cast, organisers=[cast.olga, cast.oscar])
    form = OrganisersForm({"keep": [cast.oscar.pk], "add": cast.otto.pk}, activity=activity)
    assert set(form.fields["add"].queryset) == {cast.otto, cast.adam}  # type: ignore[attr-defined]
    assert form.is_valid()
    assert form.organisers == [cast.oscar, cast.otto]


def test_a_student_cannot_be_slipped_in_as_an_organiser(cast: Cast) -> None:
    form = OrganisersForm({"keep": [], "add": cast.sam.pk}, activity=make_activity(cast))
    assert list(form.errors) == ["add"]


def test_control_bidi_and_zero_width_characters_are_stripped_and_lines_stay() -> None:
    assert tidy(" a\x00b\u200bc\u202ed\r\ne\tf\ufeff ") == "abcd\ne\tf"


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)

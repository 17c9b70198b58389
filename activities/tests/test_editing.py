"""The page on which an activity is written: in one go, without JavaScript, and with htmx."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, BadgeType
from activities.tests.test_services import on_offer
from badges_portal.testing import Cast, make_activity, make_award

YEAR = timezone.localdate().year - 1
"""Last year: the forms refuse what is more than five years from today."""


def typed(cast: Cast, days: int = 2, badges: tuple[str, ...] = ("EC", "PF"), **changed: Any) -> dict[str, Any]:
    """The form of a complete activity with so many sessions."""
    data: dict[str, Any] = {
        "title_en": "Mental health first aid",
        "title_zh": "精神健康急救",
        "unit": cast.learning_commons.pk,
        "kind": "course",
        "category": "wellbeing",
        "language": "en",
        "mode": "in_person",
        "objectives": "Recognise distress.",
        "outcomes": "Hold a first conversation.",
        "rationale": "Two days of role play.",
        "badges": list(badges),
        "why_PF": "Empathy",
        "sessions-TOTAL_FORMS": days,
        "sessions-INITIAL_FORMS": 0,
    }
    for n in range(days):
        data |= {f"sessions-{n}-first_on": f"{YEAR}-03-{n + 7:02}"}
        data |= {f"sessions-{n}-begins": "09:00", f"sessions-{n}-ends": "17:00"}
    return {**data, **changed}


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def test_one_form_creates_and_publishes_everything(cast: Cast, sign_in: Any) -> None:
    response = sign_in(cast.olga).post(reverse("activities:create"), typed(cast, publish="1"))
    activity = Activity.objects.get()
    assert response.headers["Location"] == reverse("activities:manage", args=[activity.pk])
    assert activity.code == f"DB{(YEAR - 1) % 100:02}{YEAR % 100:02}-0001"
    assert (activity.status, activity.days) == ("published", 2)
    assert on_offer(activity) == [("EC", 1, 2), ("PF", 2, 2)]
    assert list(activity.offers.values_list("rationale", flat=True)) == ["", "Empathy"]
    assert list(activity.organisers.all()) == [cast.olga]


def test_a_draft_needs_a_title_a_unit_and_a_session_only(cast: Cast, sign_in: Any) -> None:
    bare = typed(cast, badges=(), objectives="", outcomes="", rationale="", draft="1")
    sign_in(cast.olga).post(reverse("activities:create"), bare)
    assert list(Activity.objects.values_list("status", "max_badges")) == [("draft", 2)]


def test_a_third_badge_is_stopped_on_the_server_with_one_sentence(cast: Cast, sign_in: Any) -> None:
    response = sign_in(cast.olga).post(reverse("activities:create"), typed(cast, badges=("EC", "PF", "PS")))
    assert response.status_code == 422
    assert errors(response) == {"badges": ["2-day activity: up to 2 different badges. You chose 3: take away 1."]}
    assert Activity.objects.count() == 0


def test_a_repeat_is_stopped_on_the_server(cast: Cast, sign_in: Any) -> None:
    response = sign_in(cast.olga).post(reverse("activities:create"), typed(cast, badges=("EC", "EC")))
    assert errors(response) == {"badges": ["All badges of an activity are different; EC is chosen more than once."]}


def test_all_that_is_wrong_is_said_at_once(cast: Cast, sign_in: Any) -> None:
    sent = typed(cast, days=1, publish="1", objectives="")
    response = sign_in(cast.olga).post(reverse("activities:create"), sent)
    assert errors(response) == {
        "objectives": ["Say what the activity is for."],
        "badges": ["1-day activity: 1 badge. You chose 2: take away 1."],
    }
    assert b"error-summary" in response.content


def test_a_wrong_session_is_named_in_the_summary(cast: Cast, sign_in: Any) -> None:
    sent = typed(cast, publish="1") | {"sessions-1-ends": "08:00"}
    response = sign_in(cast.olga).post(reverse("activities:create"), sent)
    assert response.status_code == 422
    assert "Session 2: It ends before it begins." in response.content.decode()


def test_a_code_that_is_taken_is_said_at_the_code(cast: Cast, sign_in: Any) -> None:
    make_activity(cast, code="LIB-7")
    response = sign_in(cast.olga).post(reverse("activities:create"), typed(cast, draft="1", code="lib-7"))
    assert list(errors(response)) == ["code"]


def test_a_failed_publication_leaves_no_draft_behind(cast: Cast, sign_in: Any) -> None:
    sign_in(cast.olga).post(reverse("activities:create"), typed(cast, publish="1", rationale="\u200b"))
    assert Activity.objects.count() == 0


# --- Without JavaScript ---


def test_without_javascript_a_session_is_added_and_nothing_is_judged_or_lost(cast: Cast, sign_in: Any) -> None:
    sent = typed(cast, days=1, add_session="1", title_en="", why_EC="Talks")
    response = sign_in(cast.olga).post(reverse("activities:create"), sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'name="sessions-TOTAL_FORMS" value="2"' in page
    assert f'value="{YEAR}-03-07"' in page
    assert response.context["form"]["badges"].value() == ["EC", "PF"]
    assert response.context["form"]["why_EC"].value() == "Talks"
    assert "There is a problem" not in page
    assert Activity.objects.count() == 0


def test_without_javascript_the_badges_are_counted_again(cast: Cast, sign_in: Any) -> None:
    response = sign_in(cast.olga).post(reverse("activities:create"), typed(cast, days=3, recount="1"))
    assert "3-day activity: up to 3 different badges." in response.content.decode()


# --- With htmx ---


def test_htmx_gets_one_more_row_and_the_new_total(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.olga).get(reverse("activities:session-row"), {"sessions-TOTAL_FORMS": "2"}).content.decode()
    assert 'name="sessions-2-first_on"' in page
    assert 'name="sessions-TOTAL_FORMS" value="3"' in page
    assert "Session 3" in page


def test_htmx_gets_no_row_beyond_the_sixtieth_and_nonsense_counts_as_none(cast: Cast, sign_in: Any) -> None:
    client: Client = sign_in(cast.olga)
    row = reverse("activities:session-row")
    assert client.get(row, {"sessions-TOTAL_FORMS": "60"}).status_code == 404
    assert 'name="sessions-0-first_on"' in client.get(row, {"sessions-TOTAL_FORMS": "²"}).content.decode()


def test_htmx_recounts_as_typed_so_far(cast: Cast, sign_in: Any) -> None:
    client: Client = sign_in(cast.olga)
    recount = reverse("activities:recount")
    two = client.post(recount, typed(cast)).content.decode()
    assert 'data-max="2"' in two
    assert "2-day activity: up to 2 different badges." in two
    half = client.post(recount, typed(cast) | {"sessions-1-begins": ""}).content.decode()
    assert "1-day activity: 1 badge." in half
    none = client.post(recount, {}).content.decode()
    assert "data-max" not in none
    early = client.post(recount, typed(cast, days=1) | {"sessions-0-first_on": "1999-01-01"}).content.decode()
    assert "data-max" not in early


# --- Edit ---


def test_an_edit_replaces_sessions_badges_and_words_together(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast, badges=["PS"], days=1)
    sign_in(cast.olga).post(reverse("activities:edit", args=[activity.pk]), typed(cast))
    activity.refresh_from_db()
    assert (activity.title_en, activity.days, on_offer(activity)) == (
        "Mental health first aid",
        2,
        [("EC", 1, 2), ("PF", 2, 2)],
    )


def test_the_edit_page_shows_what_is_stored_and_sent_back_changes_nothing(cast: Cast, sign_in: Any) -> None:
    client: Client = sign_in(cast.olga)
    client.post(reverse("activities:create"), typed(cast, publish="1"))
    stored = Activity.objects.values().get()
    page = client.get(reverse("activities:edit", args=[stored["id"]]))
    form, rows = page.context["form"], page.context["sessions"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent |= {"sessions-TOTAL_FORMS": 2, "sessions-INITIAL_FORMS": 0}
    for row in rows:
        sent |= {row.add_prefix(name): row[name].value() or "" for name in ("first_on", "begins", "ends", "last_on")}
    assert client.post(reverse("activities:edit", args=[stored["id"]]), sent).status_code == 302
    assert Activity.objects.defer("updated_at").values().get() | {"updated_at": 0} == stored | {"updated_at": 0}


def test_shortening_after_awards_is_told_and_before_is_refused(cast: Cast, sign_in: Any) -> None:
    client: Client = sign_in(cast.olga)
    client.post(reverse("activities:create"), typed(cast, publish="1"))
    activity = Activity.objects.get()
    edit = reverse("activities:edit", args=[activity.pk])
    refused = client.post(edit, typed(cast, days=1))
    assert errors(refused) == {"badges": ["1-day activity: 1 badge. You chose 2: take away 1."]}
    make_award(cast.sam_participant, activity, BadgeType.objects.get(code="EC"), by=cast.olga)
    told = client.post(edit, typed(cast, days=1), follow=True)
    assert "The activity is shorter than its badges need." in told.content.decode()


def test_what_is_cancelled_or_archived_is_not_edited(cast: Cast, sign_in: Any) -> None:
    client: Client = sign_in(cast.olga)
    for status in ("cancelled", "archived"):
        activity = make_activity(cast, code=status, status=status)
        manage = reverse("activities:manage", args=[activity.pk])
        for name in ("activities:edit", "activities:offers"):
            assert client.post(reverse(name, args=[activity.pk]), typed(cast)).headers["Location"] == manage
    assert set(Activity.objects.values_list("title_en", flat=True)) == {"Team communication workshop"}


def test_the_badges_alone_can_be_changed(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast, days=2, badges=["EC"])
    client: Client = sign_in(cast.olga)
    offers = reverse("activities:offers", args=[activity.pk])
    assert "2-day activity: up to 2 different badges." in client.get(offers).content.decode()
    three = client.post(offers, {"badges": ["EC", "PF", "PS"], "rationale": "R"})
    assert errors(three) == {"badges": ["2-day activity: up to 2 different badges. You chose 3: take away 1."]}
    client.post(offers, {"badges": ["PS", "PF"], "rationale": "Puzzles.", "why_PS": "All day."})
    activity.refresh_from_db()
    assert (on_offer(activity), activity.rationale) == ([("PS", 1, 2), ("PF", 2, 2)], "Puzzles.")

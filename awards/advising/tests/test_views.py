"""The monitor, a choice under review, and the organiser's answer."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.advising.models import Advice, ChoiceReview
from badges_portal.testing import Cast, make_activity


def titles(response: Any) -> list[str]:
    return [activity.title_en for activity in response.context["page_obj"]]


def test_the_monitor_shows_new_choices_first_with_objectives_and_rationale(cast: Cast, sign_in: Any) -> None:
    make_activity(cast, title="Hackathon", objectives="Build a prototype.", rationale="It is all problem solving.")
    response = sign_in(cast.lydia).get(reverse("advising:monitor"))
    assert titles(response) == ["Hackathon"]
    assert response.context["new_count"] == 1
    for text in ("Build a prototype.", "It is all problem solving."):
        assert text in response.content.decode()


def test_a_seen_choice_leaves_the_list_of_new_ones(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast)
    client = sign_in(cast.lydia)
    client.post(reverse("advising:seen", args=[activity.pk]))
    assert titles(client.get(reverse("advising:monitor"))) == []
    assert titles(client.get(reverse("advising:monitor"), {"state": ""})) == [activity.title_en]


def test_seen_by_htmx_answers_with_the_fragment(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast)
    response = sign_in(cast.lydia).post(reverse("advising:seen", args=[activity.pk]), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert next(template.name for template in response.templates) == "advising/_choice_state.html"
    assert ChoiceReview.objects.get().advisor == cast.lydia


def test_filters_by_badge_unit_and_words(cast: Cast, sign_in: Any) -> None:
    make_activity(cast, code="A", title="Debate", badges=["EC"])
    make_activity(cast, code="B", title="Robotics", badges=["PS"], unit=cast.design)
    client = sign_in(cast.lydia)
    for query, expected in [
        ({"badge": "PS"}, ["Robotics"]),
        ({"unit": cast.learning_commons.pk}, ["Debate"]),
        ({"q": "robo"}, ["Robotics"]),
        ({"q": "nothing"}, []),
    ]:
        assert titles(client.get(reverse("advising:monitor"), query)) == expected, query


def test_advice_reaches_the_organiser_and_the_answer_comes_back(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast)
    client = sign_in(cast.lydia)
    client.post(reverse("advising:advise", args=[activity.pk]), {"text": "Consider PF.", "suggested": ["6"]})

    client = sign_in(cast.olga)
    page = client.get(reverse("advising:answer", args=[activity.pk]))
    assert "Consider PF." in page.content.decode()
    client.post(reverse("advising:answer", args=[activity.pk]), {"outcome": "kept", "text": "EC is what they train."})

    answers = sign_in(cast.lydia).get(reverse("advising:choice", args=[activity.pk]))
    assert "EC is what they train." in answers.content.decode()


def test_empty_advice_is_refused_with_a_sentence_and_nothing_is_written(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast)
    response = sign_in(cast.lydia).post(reverse("advising:advise", args=[activity.pk]), {"text": ""})
    assert response.status_code == 422
    assert not Advice.objects.exists()


def test_the_monitor_runs_the_same_queries_for_one_and_three_choices(cast: Cast, sign_in: Any) -> None:
    make_activity(cast, code="A")
    client = sign_in(cast.lydia)
    client.get(reverse("advising:monitor"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("advising:monitor"))
    make_activity(cast, code="B")
    make_activity(cast, code="C")
    with CaptureQueriesContext(connection) as three:
        client.get(reverse("advising:monitor"))
    assert len(three) == len(one)

"""The read API of one's own history: its shape, and that it is nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from awards.tests.record import make_award, make_withholding
from badges_portal.testing import Cast, make_activity, make_user

HISTORY = "/api/v1/history/"


def test_the_whole_answer(cast: Cast, sign_in: Any) -> None:
    course = make_activity(cast, title="First aid", title_zh="急救課程", days=2, badges=["PF", "EC"])
    award = make_award(course, cast.sam_participant, "EC")
    make_withholding(course, cast.sam_participant, "PF", reason="attendance")
    answer = sign_in(cast.sam).get(HISTORY).json()
    year = answer["results"][0].pop("academic_year")
    assert year.startswith("20")
    assert answer == {
        "count": 1,
        "page": 1,
        "pages": 1,
        "earned": 1,
        "profile": [{"code": code, "count": int(code == "EC")} for code in ["IPC", "IDL", "PS", "EC", "PSG", "PF"]],
        "results": [
            {
                "activity": course.pk,
                "title_en": "First aid",
                "title_zh": "急救課程",
                "unit_en": "Learning Commons",
                "unit_zh": "學習薈",
                "first_on": course.first_on.isoformat(),
                "last_on": course.last_on.isoformat(),
                "badges": [
                    {"code": "EC", "state": "active", "award": award.pk, "words": ""},
                    {
                        "code": "PF",
                        "state": "withheld",
                        "award": None,
                        "words": "You took part, but for less time than this badge asks for.",
                    },
                ],
            }
        ],
    }


def test_the_record_of_another_is_not_in_it(cast: Cast, sign_in: Any) -> None:
    make_award(make_activity(cast, title="Quixcanary"), cast.suki_participant, "EC")
    response = sign_in(cast.sam).get(HISTORY)
    assert response.json()["results"] == []
    assert "Quixcanary" not in response.content.decode()


def test_filters_and_pages(cast: Cast, sign_in: Any) -> None:
    for number in range(26):
        activity = make_activity(cast, code=f"X{number:02}", badges=["PF" if number else "EC"])
        make_award(activity, cast.sam_participant, "PF" if number else "EC")
    client = sign_in(cast.sam)
    first, second = (client.get(HISTORY, {"page": n}).json() for n in (1, 2))
    assert [(a["count"], a["page"], a["pages"], len(a["results"])) for a in (first, second)] == [
        (26, 1, 2, 25),
        (26, 2, 2, 1),
    ]
    assert client.get(HISTORY, {"badge": "EC"}).json()["count"] == 1
    assert client.get(HISTORY, {"q": "x03"}).json()["count"] == 1


@pytest.mark.parametrize("page", ["0", "2", "-1", "last", "01"])
def test_a_page_that_is_not_there_is_404(cast: Cast, sign_in: Any, page: str) -> None:
    assert sign_in(cast.sam).get(HISTORY, {"page": page}).status_code == 404


def test_who_has_no_history_is_refused_and_who_is_not_registered_has_none(
    cast: Cast, client: Client, sign_in: Any
) -> None:
    assert client.get(HISTORY).status_code == 403
    for name in ("olga", "adam", "lydia", "xenia"):
        assert sign_in(getattr(cast, name)).get(HISTORY).status_code == 403
    assert sign_in(make_user("240009999", "LAU Lena", Role.STUDENT)).get(HISTORY).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_same_queries_for_one_entry_and_for_three(cast: Cast, sign_in: Any, number: int) -> None:
    for n in range(number):
        make_award(make_activity(cast, code=f"X{n}"), cast.sam_participant, "EC")
    client = sign_in(cast.sam)
    with CaptureQueriesContext(connection) as queries:
        client.get(HISTORY)
    assert len(queries) == 7


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_history_is_only_read(cast: Cast, sign_in: Any, method: str) -> None:
    assert getattr(sign_in(cast.sam), method)(HISTORY).status_code == 405

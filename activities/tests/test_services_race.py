"""Two people at once: codes stay different, edits stand in line."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from activities.models import Activity
from activities.refusals import ActivityRefused
from activities.services import create_activity, publish_activity
from activities.tests.test_services import COMPLETE, choose, daily
from badges_portal.testing import Cast


def at_once(things: list[Callable[[], object]]) -> None:
    """Does all of them at the same moment, each with a connection of its own."""
    barrier = threading.Barrier(len(things))

    def do(thing: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            thing()
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[thing]) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


@pytest.mark.django_db(transaction=True)
def test_activities_created_at_once_get_different_codes(cast: Cast) -> None:
    def create(unit: object = cast.learning_commons) -> Activity:
        details = {**COMPLETE, "unit": unit}
        return create_activity(acting_user=cast.olga, details=details, sessions=daily(2), badges=choose("EC"))

    at_once([create] * 6)
    codes = sorted(Activity.objects.values_list("code", flat=True))
    assert codes == [f"DB2526-{n:04}" for n in range(1, 7)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_told(cast: Cast) -> None:
    details = {**COMPLETE, "unit": cast.learning_commons}
    draft = create_activity(acting_user=cast.olga, details=details, sessions=daily(2), badges=choose("EC"))
    told: list[str] = []

    def publish() -> None:
        try:
            publish_activity(acting_user=cast.olga, activity=draft)
        except ActivityRefused as refused:
            told.append(refused.code)

    at_once([publish] * 2)
    assert told == ["wrong_state"]
    assert Activity.objects.get().status == "published"

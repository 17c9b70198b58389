"""Who may call which address of this app."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from activities.models import Activity
from badges_portal.tests.access import Row, World


def of(name: str) -> Any:
    """The number of one of the world's activities."""

    def kwargs(world: World) -> dict[str, Any]:
        activity: Activity = getattr(world, name)
        return {"pk": activity.pk}

    return kwargs


ORGANISERS_ONLY: dict[str, Any] = {"student": 403, "other_student": 403, "advisor": 403, "operator": 403}
OWN: dict[str, Any] = {**ORGANISERS_ONLY, "stranger": 404}


def typed(world: World) -> dict[str, Any]:
    """A form that creates or edits an activity."""
    return {
        "title_en": "Debating evening",
        "unit": world.cast.learning_commons.pk,
        "kind": "workshop",
        "category": "academic",
        "language": "en",
        "mode": "in_person",
        "objectives": "Speak in public.",
        "outcomes": "Participants can hold a speech.",
        "rationale": "Everybody speaks.",
        "badges": ["EC"],
        "sessions-TOTAL_FORMS": 1,
        "sessions-INITIAL_FORMS": 0,
        "sessions-0-first_on": f"{timezone.localdate().year - 1}-03-07",
        "sessions-0-begins": "19:00",
        "sessions-0-ends": "21:00",
    }


ACCESS: list[Row] = [
    Row("activities:catalogue", anonymous=200),
    Row("activities:catalogue", anonymous=200, headers={"HX-Request": "true"}, label="htmx"),
    Row("activities:detail", kwargs=of("shared"), anonymous=200),
    Row(
        "activities:detail",
        kwargs=of("draft"),
        label="draft",
        everyone=404,
        anonymous=404,
        organiser=200,
        co_organiser=200,
        administrator=200,
        advisor=200,
    ),
    Row("activities:own-list", **ORGANISERS_ONLY),
    Row("activities:create", **ORGANISERS_ONLY),
    Row("activities:create", method="POST", data=typed, everyone=302, **ORGANISERS_ONLY),
    Row("activities:session-row", **ORGANISERS_ONLY),
    Row("activities:recount", method="POST", data=typed, **ORGANISERS_ONLY),
    Row("activities:manage", kwargs=of("shared"), **OWN),
    Row("activities:edit", kwargs=of("draft"), **OWN),
    Row("activities:edit", kwargs=of("draft"), method="POST", data=typed, everyone=302, **OWN),
    Row("activities:offers", kwargs=of("draft"), **OWN),
    Row(
        "activities:offers",
        kwargs=of("draft"),
        method="POST",
        data=lambda world: {"badges": ["PS"], "rationale": "Puzzles."},
        everyone=302,
        **OWN,
    ),
    Row("activities:publish", kwargs=of("draft"), method="POST", everyone=302, **OWN),
    Row("activities:publish", kwargs=of("draft"), everyone=405, label="GET"),
    Row("activities:cancel", kwargs=of("coming"), **OWN),
    Row(
        "activities:cancel",
        kwargs=of("coming"),
        method="POST",
        data=lambda world: {"reason": "The hall is closed."},
        everyone=302,
        **OWN,
    ),
    Row("activities:archive", kwargs=of("draft"), method="POST", everyone=302, **OWN),
    Row("activities:clone", kwargs=of("shared"), **OWN),
    Row(
        "activities:clone",
        kwargs=of("shared"),
        method="POST",
        data=lambda world: {"first_on": timezone.localdate().isoformat()},
        everyone=302,
        **OWN,
    ),
    Row("activities:organisers", kwargs=of("shared"), **OWN),
    Row(
        "activities:organisers",
        kwargs=of("shared"),
        method="POST",
        data=lambda world: {"keep": [world.cast.olga.pk, world.cast.oscar.pk], "add": ""},
        everyone=302,
        **OWN,
    ),
]

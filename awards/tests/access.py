"""Who may open the histories, and who may correct what was earned."""

from __future__ import annotations

from typing import Any

from badges_portal.tests.access import Row, World

OWN_ACTIVITY: dict[str, Any] = {
    "everyone": 403,
    "organiser": 200,
    "co_organiser": 200,
    "administrator": 200,
    "stranger": 404,
}
"""Pages of those who manage the activity."""
OWN_CORRECTION = {**OWN_ACTIVITY, "organiser": 302, "co_organiser": 302, "administrator": 302}
"""What they send, when it can be done."""
DECISION: dict[str, Any] = {"everyone": 403, "administrator": 302}
"""What the scheme administrator decides about a printed NAT."""
REASON = {"reason": "Entered for the wrong student"}


def of_shared(world: World) -> dict[str, Any]:
    return {"pk": world.shared.pk}


def sams_row(world: World) -> dict[str, Any]:
    """A badge that Sam has already: refused, and nothing is written."""
    return {"participant": world.cast.sam_participant.pk, "badge_type": world.award.badge_type_id}


def sam(world: World) -> dict[str, Any]:
    return {"pk": world.cast.sam_participant.pk}


def correction(world: World) -> dict[str, Any]:
    return {"pk": world.correction.pk}


def reason(_world: World) -> dict[str, Any]:
    return REASON


ACCESS: list[Row] = [
    Row("awards:history", everyone=403, student=200, other_student=200),
    Row("awards:history", label="htmx", headers={"HX-Request": "true"}, everyone=403, student=200, other_student=200),
    Row(
        "awards:history",
        label="filtered",
        query=lambda w: {"q": "Quix", "badge": "EC", "page": "99"},
        everyone=403,
        student=200,
        other_student=200,
    ),
    *(
        Row(
            "awards:why",
            kwargs=kwargs,
            label=label,
            everyone=403,
            student=200,
            other_student=404,
            organiser=200,
            co_organiser=200,
            stranger=404,
            administrator=200,
        )
        for label, kwargs in [
            ("standing", lambda w: {"award_pk": w.award.pk}),
            ("revoked", lambda w: {"award_pk": w.revoked.pk}),
        ]
    ),
    Row(
        "awards:participant-history",
        kwargs=lambda w: {"pk": w.cast.sam_participant.pk},
        everyone=403,
        administrator=200,
    ),
    Row("awards:participant-list-of-activity", kwargs=of_shared, **OWN_ACTIVITY),
    Row(
        "awards:participant-list-of-activity",
        kwargs=of_shared,
        query=lambda w: {"q": "a"},
        label="search",
        **OWN_ACTIVITY,
    ),
    Row("awards:give", kwargs=of_shared, **OWN_ACTIVITY),
    Row(
        "awards:give",
        method="POST",
        kwargs=of_shared,
        data=lambda w: {**sams_row(w), **REASON},
        **{**OWN_ACTIVITY, "organiser": 422, "co_organiser": 422, "administrator": 422},
    ),
    Row("awards:withhold", kwargs=of_shared, **OWN_ACTIVITY),
    Row(
        "awards:withhold",
        method="POST",
        kwargs=of_shared,
        data=lambda w: {**sams_row(w), "reason": "outcome"},
        **{**OWN_ACTIVITY, "organiser": 422, "co_organiser": 422, "administrator": 422},
    ),
    Row("awards:revoke", kwargs=lambda w: {"pk": w.award.pk}, **OWN_ACTIVITY),
    Row(
        "awards:revoke", method="POST", kwargs=lambda w: {"pk": w.award.pk}, data=reason, label="asks", **OWN_CORRECTION
    ),
    Row("awards:reinstate", kwargs=lambda w: {"pk": w.revoked.pk}, **OWN_ACTIVITY),
    Row(
        "awards:reinstate",
        method="POST",
        kwargs=lambda w: {"pk": w.revoked.pk},
        data=reason,
        **OWN_CORRECTION,
    ),
    Row("awards:lift", kwargs=lambda w: {"pk": w.withholding.pk}, **OWN_ACTIVITY),
    Row("awards:lift", method="POST", kwargs=lambda w: {"pk": w.withholding.pk}, data=reason, **OWN_CORRECTION),
    Row("awards:change-reason", kwargs=lambda w: {"pk": w.withholding.pk}, **OWN_ACTIVITY),
    Row(
        "awards:change-reason",
        method="POST",
        kwargs=lambda w: {"pk": w.withholding.pk},
        data=lambda w: {"reason": "withdrew"},
        **OWN_CORRECTION,
    ),
    Row("awards:corrections", everyone=403, organiser=200, co_organiser=200, stranger=200, administrator=200),
    Row(
        "awards:corrections",
        query=lambda w: {"show": "decided"},
        label="decided",
        everyone=403,
        organiser=200,
        co_organiser=200,
        stranger=200,
        administrator=200,
    ),
    Row("awards:correction", kwargs=correction, **OWN_ACTIVITY),
    Row("awards:correction-apply", method="POST", kwargs=correction, **DECISION),
    Row("awards:correction-decline", method="POST", kwargs=correction, data=reason, **DECISION),
    Row("awards:correction-withdraw", method="POST", kwargs=correction, **OWN_CORRECTION),
    Row("api:history", everyone=403, anonymous=403, student=200, other_student=200),
]

"""Who may call the addresses of attendance."""

from __future__ import annotations

from typing import Any

from badges_portal.tests.access import Row, World

TEAM_ONLY: dict[str, Any] = {"everyone": 403, "stranger": 404}
"""Function refused to those who organise nothing; to an organiser without a part in it the object does not exist."""
TEAM: dict[str, Any] = {**TEAM_ONLY, "organiser": 200, "co_organiser": 200, "administrator": 200}
SENT_ON: dict[str, Any] = {**TEAM_ONLY, "organiser": 302, "co_organiser": 302, "administrator": 302}
OTTOS: dict[str, Any] = {
    "everyone": 403,
    "organiser": 404,
    "co_organiser": 404,
    "stranger": 200,
    "administrator": 200,
}
FILES: dict[str, Any] = {"everyone": 403, "administrator": 302}


def shared(world: World) -> dict[str, Any]:
    return {"pk": world.shared.pk}


def others(world: World) -> dict[str, Any]:
    return {"pk": world.others.pk}


def upload(world: World) -> dict[str, Any]:
    return {"key": world.upload.key}


def staged(world: World) -> dict[str, Any]:
    return {"key": world.staged.key}


def first_row(world: World) -> dict[str, Any]:
    return {"key": world.staged.key, "place": 0}


def restore(world: World) -> dict[str, Any]:
    return {"restore": "yes"}


def others_upload(world: World) -> dict[str, Any]:
    return {"key": world.others_upload.key}


def parked_row(world: World) -> dict[str, Any]:
    return {"key": world.upload.key, "row": world.upload.rows.get(settlement="open").pk}


def not_found(row: dict[str, Any], status: int = 404) -> dict[str, Any]:
    """The same people, but there is nothing to see."""
    return {viewer: (status if code == 200 else code) for viewer, code in row.items()}


ACCESS: list[Row] = [
    Row("attendance:overview", kwargs=shared, **TEAM),
    Row("attendance:overview", kwargs=others, label="other's", **OTTOS),
    Row("attendance:overview", kwargs=lambda w: {"pk": w.draft.pk}, label="draft", **TEAM),
    Row("attendance:overview", kwargs=shared, method="POST", label="without a file", **not_found(TEAM, 422)),
    Row("attendance:overview", kwargs=others, method="POST", label="other's", **not_found(OTTOS, 422)),
    Row("attendance:sheet", kwargs=shared, **TEAM),
    Row("attendance:sheet", kwargs=others, label="other's", **OTTOS),
    Row("attendance:paste", kwargs=shared, **TEAM),
    Row("attendance:paste", kwargs=others, label="other's", **OTTOS),
    Row("attendance:paste", kwargs=lambda w: {"pk": w.draft.pk}, label="draft", **SENT_ON),
    Row("attendance:paste", kwargs=shared, method="POST", label="nothing", **not_found(TEAM, 422)),
    Row("attendance:paste", kwargs=others, method="POST", label="other's", **not_found(OTTOS, 422)),
    Row("attendance:tick", kwargs=shared, **TEAM),
    Row("attendance:tick", kwargs=others, label="other's", **OTTOS),
    Row("attendance:tick", kwargs=lambda w: {"pk": w.draft.pk}, label="draft", **SENT_ON),
    Row("attendance:tick", kwargs=shared, method="POST", **TEAM),
    Row("attendance:tick", kwargs=others, method="POST", label="other's", **OTTOS),
    Row("attendance:blank-sheet", anonymous=200),
    Row("attendance:review", kwargs=staged, **TEAM),
    Row("attendance:review", kwargs=upload, label="committed", **SENT_ON),
    Row("attendance:review", kwargs=staged, method="POST", **SENT_ON),
    Row(
        "attendance:review",
        kwargs=staged,
        method="POST",
        headers={"HX-Request": "true"},
        label="summary",
        **TEAM,
    ),
    Row("attendance:rows", kwargs=staged, method="POST", **SENT_ON),
    Row("attendance:rows", kwargs=others_upload, method="POST", label="other's", **not_found(OTTOS, 302)),
    Row("attendance:mend", kwargs=first_row, **TEAM),
    Row("attendance:mend", kwargs=lambda w: first_row(w) | {"place": 9999}, label="no such row", **not_found(TEAM)),
    Row("attendance:mend", kwargs=first_row, method="POST", label="without an ID", **not_found(TEAM, 422)),
    Row(
        "attendance:mend",
        kwargs=first_row,
        method="POST",
        data=lambda w: {"restore": "yes"},
        label="restore",
        **SENT_ON,
    ),
    Row("attendance:columns", kwargs=staged, label="of a file that is gone", **SENT_ON),
    Row("attendance:columns", kwargs=upload, label="committed", **SENT_ON),
    Row("attendance:columns", kwargs=others_upload, label="other's", **not_found(OTTOS, 302)),
    Row("attendance:columns", kwargs=staged, method="POST", **SENT_ON),
    Row("attendance:commit", kwargs=staged, method="POST", label="outdated", **not_found(TEAM, 409)),
    Row("attendance:commit", kwargs=upload, method="POST", label="committed", **SENT_ON),
    Row("attendance:discard", kwargs=staged, method="POST", **SENT_ON),
    Row("attendance:receipt", kwargs=upload, **TEAM),
    Row("attendance:receipt", kwargs=others_upload, label="other's", **OTTOS),
    Row("attendance:receipt", kwargs=staged, label="staged", **not_found(TEAM)),
    Row("attendance:receipt-pdf", kwargs=upload, **TEAM),
    Row("attendance:receipt-pdf", kwargs=others_upload, label="other's", **OTTOS),
    Row("attendance:confirm", kwargs=upload, method="POST", **SENT_ON),
    Row("attendance:undo", kwargs=upload, **TEAM),
    Row("attendance:undo", kwargs=others_upload, label="other's", **OTTOS),
    Row(
        "attendance:undo",
        kwargs=upload,
        method="POST",
        data=lambda w: {"reason": "slip"},
        label="with a badge on a NAT",
        **SENT_ON,
    ),
    Row("attendance:original", kwargs=upload, **TEAM),
    Row("attendance:original", kwargs=others_upload, label="other's", **OTTOS),
    Row("attendance:problem-sheet", kwargs=upload, **TEAM),
    Row("attendance:problem-sheet", kwargs=staged, label="staged", **TEAM),
    Row("attendance:problem-sheet", kwargs=others_upload, label="other's", **OTTOS),
    Row("attendance:answer", kwargs=parked_row, method="POST", data=lambda w: {"answer": "dismiss"}, **SENT_ON),
    Row("attendance:retype", kwargs=parked_row, method="POST", data=lambda w: {"student_id": "247000003"}, **SENT_ON),
    Row("attendance:dismiss-leftovers", kwargs=upload, method="POST", data=lambda w: {"reason": "Guests"}, **SENT_ON),
    Row("attendance:trail", kwargs=shared, **TEAM),
    Row("attendance:trail", kwargs=others, label="other's", **OTTOS),
    Row("attendance:trail", kwargs=shared, query=lambda w: {"record": str(w.upload.key)}, label="of a record", **TEAM),
    Row(
        "attendance:trail",
        kwargs=shared,
        query=lambda w: {"record": str(w.others_upload.key)},
        label="of another's record",
        **not_found(TEAM),
    ),
    Row("attendance:open-rows", everyone=403, organiser=200, co_organiser=200, stranger=200, administrator=200),
    Row(
        "attendance:open-rows",
        query=lambda w: {"activity": str(w.shared.pk), "reason": "unknown_id", "page": "9"},
        label="filtered",
        everyone=403,
        organiser=200,
        co_organiser=200,
        stranger=200,
        administrator=200,
    ),
    Row("attendance:file", kwargs=upload, method="POST", **FILES),
    Row("attendance:query", kwargs=upload, method="POST", data=lambda w: {"note": "Who signed?"}, **FILES),
    Row("attendance:filing", everyone=403, administrator=200),
    Row("attendance:filing-sheet", everyone=403, administrator=200),
    Row("attendance:evidence", everyone=403, administrator=200),
    Row("attendance:evidence", method="POST", label="without a reason", everyone=403, administrator=422),
    Row("attendance:evidence", method="POST", data=lambda w: {"reason": "audit"}, everyone=403, administrator=200),
    Row(
        "attendance:filing-sheet",
        query=lambda w: {"filing": "overdue"},
        label="overdue",
        everyone=403,
        administrator=200,
    ),
    Row(
        "attendance:filing",
        query=lambda w: {"filing": "overdue"},
        label="overdue",
        everyone=403,
        administrator=200,
    ),
    Row("attendance:words", everyone=403, administrator=200),
    Row("attendance:words", method="POST", label="without a word", everyone=403, administrator=422),
    Row("attendance:threshold", method="POST", everyone=403, administrator=302),
    Row("attendance:remove-word", method="POST", kwargs=lambda w: {"pk": 9999}, everyone=403, administrator=404),
]

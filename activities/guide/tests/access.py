"""Everybody reads the scheme page; the scheme administrator edits it."""

from badges_portal.tests.access import Row

TEXT = {"body_en": "Room 101", "body_zh": "101 室"}

ACCESS: list[Row] = [
    Row("activities:scheme", anonymous=200, everyone=200),
    Row("activities:scheme-edit", kwargs=lambda w: {"section": "faq"}, everyone=403, administrator=200),
    Row(
        "activities:scheme-edit",
        kwargs=lambda w: {"section": "nonsense"},
        label="no such section",
        everyone=403,
        administrator=404,
    ),
    Row(
        "activities:scheme-edit",
        method="POST",
        kwargs=lambda w: {"section": "faq"},
        data=lambda w: TEXT,
        everyone=403,
        administrator=302,
    ),
    Row(
        "activities:scheme-restore",
        method="POST",
        kwargs=lambda w: {"section": "faq"},
        everyone=403,
        administrator=302,
    ),
]

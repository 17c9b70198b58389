"""Who may call the sign-in pages."""

from __future__ import annotations

from badges_portal.tests.access import Row

ACCESS: list[Row] = [
    Row("signin:sign-in", everyone=302, anonymous=200),
    Row("signin:sign-in", method="POST", label="empty", everyone=302, anonymous=422),
    Row("signin:again"),
    Row("signin:again", method="POST", label="empty", everyone=422),
    Row("signin:link", kwargs=lambda world: {"token": "unknown"}, everyone=404, anonymous=404),
    Row("signin:link", method="POST", kwargs=lambda world: {"token": "unknown"}, everyone=404, anonymous=404),
    Row("signin:sign-out", everyone=405),
    Row("signin:sign-out", method="POST", everyone=302),
    Row("signin:password"),
    Row("signin:password", method="POST", label="empty", everyone=422),
]

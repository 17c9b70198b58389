"""How large a spreadsheet may be, by the settings."""

from __future__ import annotations

from django.conf import settings

from accounts.sheets.workbook import Limits, megabytes


def limits_in_force() -> Limits:
    """The caps of the settings, for the reader and its guarded child."""
    return Limits(max_bytes=settings.UPLOAD_MAX_BYTES, **settings.SHEET_LIMITS)


def most_megabytes() -> int | str:
    """How large an uploaded file may be, as people say it."""
    return megabytes(settings.UPLOAD_MAX_BYTES)

"""How large a spreadsheet may be, by the settings."""

from __future__ import annotations

from django.conf import settings

from accounts.sheets.workbook import Limits


def limits_in_force() -> Limits:
    """The caps of the settings, for the reader and its guarded child."""
    return Limits(max_bytes=settings.UPLOAD_MAX_BYTES)

"""What the organisers of an activity are told about its attendance, each of them in the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.messages.services import Draft, send_messages
from activities.models import Activity


def about(activity: Activity) -> dict[str, Any]:
    """What the words of every message about an activity may use: its `code` and `title`."""
    return {"code": activity.code, "title_en": activity.title_en, "title_zh": activity.title_zh}


def tell_organisers(*, activity: Activity, kind: str, key: str, context: Mapping[str, Any], url: str) -> None:
    """Tells every organiser and co-organiser whose account is open, once for each `kind` and `key`."""
    told = about(activity) | dict(context)
    organisers = activity.organisers.filter(is_active=True)
    send_messages([Draft(person, kind, key, told, url) for person in organisers])

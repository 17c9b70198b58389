"""What the organisers of an activity are told about its attendance, each of them in the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.messages.services import Draft, send_messages
from activities.models import Activity


def tell_organisers(*, activity: Activity, kind: str, key: str, context: Mapping[str, Any], url: str) -> None:
    """Tells every organiser and co-organiser whose account is open, once for each `kind` and `key`.

    The words may use the activity's `code` and `title` beside the context.
    """
    about = {"code": activity.code, "title_en": activity.title_en, "title_zh": activity.title_zh, **context}
    organisers = activity.organisers.filter(is_active=True)
    send_messages([Draft(person, kind, key, about, url) for person in organisers])

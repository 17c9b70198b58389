"""Who is behind a session, with what the head of every page shows of them, in one query."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.messages.querysets import unread_count
from accounts.models import User


class PortalBackend(ModelBackend):
    """Django's own, but the user comes with `unread_messages`: their number, or None."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.annotate(unread_messages=unread_count()).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

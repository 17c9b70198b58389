"""Whose messages are whose, and which of them wait to be mailed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, OuterRef, Subquery

if TYPE_CHECKING:
    from accounts.models import User


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> MessageQuerySet:
        """One's own, and nobody else's."""
        return self.filter(recipient=user)

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at=None)

    def to_mail(self, now: dt.datetime) -> MessageQuerySet:
        """Those whose next attempt is due, the longest waiting first."""
        return self.filter(mail="waiting", mail_due_at__lte=now).order_by("mail_due_at", "pk")


def unread_count(user_pk: str = "pk") -> Subquery:
    """How many unread messages a user has, for the query that fetches the user; NULL for none."""
    from accounts.messages.models import Message

    unread = Message.objects.unread().filter(recipient=OuterRef(user_pk)).order_by()
    return Subquery(unread.values("recipient").annotate(number=Count("pk")).values("number"))

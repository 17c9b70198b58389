"""Which participants a user may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.roles import Permission

if TYPE_CHECKING:
    from accounts.models import User


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ParticipantQuerySet:
        """Everyone for the scheme administrator, oneself for a student, nobody for others."""
        if user.may(Permission.VIEW_STUDENTS):
            return self
        if user.may(Permission.VIEW_OWN_HISTORY):
            return self.filter(user=user)
        return self.none()

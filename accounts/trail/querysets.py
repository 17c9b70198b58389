"""Which audit entries a user may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.roles import Permission

if TYPE_CHECKING:
    from accounts.models import User


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AuditEntryQuerySet:
        """Everything for the administrator; one's own acts, and what concerns one's own record, for others."""
        if user.may(Permission.VIEW_TRAIL):
            return self
        return self.filter(Q(actor=user) | Q(participant__user=user))

"""Which people a user may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.roles import STAFF_ROLES, Permission

if TYPE_CHECKING:
    from accounts.models import User


class UserQuerySet(models.QuerySet):
    def staff(self) -> UserQuerySet:
        """Everybody with a role other than student, closed accounts too."""
        return self.filter(roles__overlap=sorted(STAFF_ROLES))

    def visible_to(self, user: User) -> UserQuerySet:
        """Staff for those who manage people; oneself for others."""
        if user.may(Permission.MANAGE_PEOPLE) or user.may(Permission.GIVE_ADMINISTRATOR):
            return self.staff()
        return self.filter(pk=user.pk)

    def search(self, words: str) -> UserQuerySet:
        """Those in whose name or CNA every word occurs."""
        found = self
        for word in words.split():
            found = found.filter(Q(name_en__icontains=word) | Q(name_zh__icontains=word) | Q(cna__icontains=word))
        return found


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ParticipantQuerySet:
        """Everyone for the scheme administrator, oneself for a student, nobody for others."""
        if user.may(Permission.VIEW_STUDENTS):
            return self
        if user.may(Permission.VIEW_OWN_HISTORY):
            return self.filter(user=user)
        return self.none()

    def search(self, words: str) -> ParticipantQuerySet:
        """Those in whose name or student number every word occurs."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(name_en__icontains=word) | Q(name_zh__icontains=word) | Q(student_number__startswith=word)
            )
        return found


class RegisterImportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> RegisterImportQuerySet:
        """All of them for those who import the register."""
        return self if user.may(Permission.IMPORT_REGISTER) else self.none()

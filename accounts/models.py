"""Users, their units, and the participants whose record the portal keeps."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.querysets import ParticipantQuerySet, RegisterImportQuerySet, UserQuerySet
from accounts.roles import STAFF_ROLES, Permission, Role, permissions_of


def in_language(english: str, chinese: str) -> str:
    """The text in the language of the page, or the other one where that is empty."""
    if (get_language() or "").startswith("zh"):
        return chinese or english
    return english or chinese


class Unit(models.Model):
    """A faculty, school or office that organises activities or teaches students."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name_en = models.CharField(_("English name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name_en"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users for Django's own commands; people are made by `accounts.services`."""

    def create_user(self, cna: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(cna=cna.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(cna=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who can sign in, by campus network account (CNA): the student or staff number."""

    cna = models.CharField(_("campus network account (CNA)"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("unit"))
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, verbose_name=_("roles"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    closed_times = models.PositiveSmallIntegerField(default=0, editable=False)
    """How often the account was closed. Sessions are bound to it, so that reopening brings none of them back."""
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "cna"
    REQUIRED_FIELDS = ["name_en"]
    objects = UserManager()

    class Meta:
        ordering = ["name_en", "cna"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(condition=Q(cna=Lower("cna")), name="user_cna_lower_case"),
            models.CheckConstraint(condition=Q(roles__contained_by=Role.values), name="user_roles_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh)

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)

    def may(self, permission: Permission) -> bool:
        """Whether one of this user's roles allows the function."""
        return self.is_active and permission in self.permissions

    @property
    def role_names(self) -> list[str]:
        """The roles as people call them, in the order of the table of roles."""
        return [str(role.label) for role in Role if role in self.roles]

    @property
    def is_staff_member(self) -> bool:
        return not STAFF_ROLES.isdisjoint(self.roles)

    @property
    def is_staff(self) -> bool:
        """Django's word for: may open the data admin."""
        return self.may(Permission.VIEW_DATA_ADMIN)

    def get_session_auth_hash(self) -> str:
        """What a session must agree with: it ends with a new password and with the account's closing."""
        return f"{super().get_session_auth_hash()}{self.closed_times}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for by_password in super().get_session_auth_fallback_hash():
            yield f"{by_password}{self.closed_times}"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own groups mean nothing here: roles say who may do what."""
        return self.is_staff and ".view_" in perm and not perm.startswith("auth.")

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff and app_label != "auth"


class Participant(models.Model):
    """A student who takes part; exists and earns badges before the first sign-in."""

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("student status", "active")
        DEFERRED = "deferred", _("deferred")
        GRADUATED = "graduated", _("graduated")
        WITHDRAWN = "withdrawn", _("withdrawn")

    student_number = models.CharField(_("student number"), max_length=20, unique=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("unit"))
    year_of_study = models.PositiveSmallIntegerField(_("year of study"), null=True, blank=True)
    started_on = models.DateField(_("start of studies"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    status_on = models.DateField(_("status since"), null=True, blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, verbose_name=_("account"))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["name_en", "student_number"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(condition=~Q(name_en="", name_zh=""), name="participant_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh)

    @property
    def full_name(self) -> str:
        """English and Chinese name, as they stand side by side on lists and papers."""
        return " ".join(filter(None, (self.name_en, self.name_zh)))


class RegisterImport(models.Model):
    """A register file between its preview and its application; what is left afterwards is who, when, and the counts."""

    class Status(models.TextChoices):
        STAGED = "staged", _("waiting")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.STAGED)
    reading = models.JSONField(null=True)
    """The lines as read, until they are applied or discarded."""
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    left = models.PositiveIntegerField(_("not in the file"), default=0)
    same = models.PositiveIntegerField(_("unchanged"), default=0)
    bad_lines = models.PositiveIntegerField(_("lines left out"), default=0)
    applied_at = models.DateTimeField(_("applied at"), null=True)

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("register import")
        verbose_name_plural = _("register imports")

    def __str__(self) -> str:
        return self.file_name

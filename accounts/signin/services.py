"""One-time sign-in links, and what happens at a sign-in."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.contrib.auth import password_validation
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Participant, User
from accounts.refusals import Refusal
from accounts.roles import Permission, Role
from accounts.services import UNUSABLE, may_hold_keys
from accounts.signin.models import SignInLink
from accounts.trail.services import record

VALID_FOR = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A link as it is shown once: the token is kept nowhere."""

    user: User
    token: str
    expires_at: dt.datetime


def hash_of(token: str) -> str:
    """What is stored of a token. It is random and long, so a plain SHA-256 cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_link(*, acting_user: User | None, user: User) -> IssuedLink:
    """A new one-time link for somebody; earlier unused ones stop working. `acting_user` None is the command line."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if acting_user is not None and not may_hold_keys(acting_user, user):
        raise PermissionDenied
    if not user.is_active:
        raise Refusal("closed", _("This account is closed. Reopen it before you issue a sign-in link."))
    now = timezone.now()
    SignInLink.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    link = SignInLink.objects.create(
        user=user, token_hash=hash_of(token), created_by=acting_user, expires_at=now + VALID_FOR
    )
    record(
        acting_user=acting_user,
        action="sign_in_link.issued",
        target=user,
        participant=Participant.objects.filter(user=user).first(),
    )
    return IssuedLink(user=user, token=token, expires_at=link.expires_at)


@transaction.atomic
def issue_student_link(*, acting_user: User, participant: Participant) -> IssuedLink:
    """A one-time link for a student of the register, whose account is made now if there is none."""
    if not acting_user.may(Permission.MANAGE_PEOPLE):
        raise PermissionDenied
    participant = Participant.objects.select_for_update(of=("self",)).select_related("user").get(pk=participant.pk)
    return issue_link(acting_user=acting_user, user=participant.user or _account_of(acting_user, participant))


def usable_link(token: str) -> SignInLink | None:
    """The link with this token, if it may still be used: not used, not expired, account open."""
    return _usable_links(token).first()


@transaction.atomic
def use_link(*, token: str) -> User:
    """Burns the link and gives its user. Of two who use it at the same moment one is refused."""
    link = _usable_links(token).select_for_update(of=("self",)).first()
    if link is None:
        raise Refusal("link_spent", _("This link was used already, or is too old. Ask for a new one."))
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    user = link.user
    record(acting_user=user, action="sign_in_link.used", target=user)
    link_to_register(user=user)
    return user


@transaction.atomic
def link_to_register(*, user: User) -> None:
    """A student's account and the participant of the same student number become one person, if they are not yet."""
    if Role.STUDENT not in user.roles:
        return
    participant = Participant.objects.select_for_update(of=("self",)).filter(student_number=user.cna, user=None).first()
    if participant is None or Participant.objects.filter(user=user).exists():
        return
    participant.user = user
    participant.save(update_fields=["user"])
    record(acting_user=user, action="participant.linked", target=participant, participant=participant)


@transaction.atomic
def set_password(*, user: User, password: str) -> None:
    """A new password, chosen by its owner. Every other session of theirs ends."""
    password_validation.validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(acting_user=user, action="user.password_changed", target=user)


def keep_language(*, user: User, language: str) -> None:
    """Remembers in which language somebody reads; a comfort, not an act, so the trail does not mention it."""
    User.objects.filter(pk=user.pk).exclude(language=language).update(language=language)


def _usable_links(token: str) -> QuerySet[SignInLink]:
    open_links = SignInLink.objects.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
    return open_links.select_related("user").filter(token_hash=hash_of(token))


def _account_of(acting_user: User, participant: Participant) -> User:
    user = User.objects.filter(cna=participant.student_number).first()
    if user is None:
        user = User.objects.create(
            cna=participant.student_number,
            name_en=participant.name_en or participant.name_zh,
            name_zh=participant.name_zh,
            email=participant.email,
            unit_id=participant.unit_id,
            roles=[Role.STUDENT],
            password=UNUSABLE,
        )
        record(acting_user=acting_user, action="user.created", target=user, participant=participant)
    elif Role.STUDENT not in user.roles:
        raise Refusal("not_a_student_account", _("An account with this CNA exists, but it is not a student's."))
    participant.user = user
    participant.save(update_fields=["user"])
    record(acting_user=acting_user, action="participant.linked", target=participant, participant=participant)
    return user

"""Mailing what waits: each message once, as far as SMTP allows, and none lost while the server fails.

A message is claimed for `LEASE`, sent, and noted as sent, each in a transaction of its own, so that several of these
may run at once and one that is killed holds nothing up. Killed between the server's yes and our note, it sends again:
with the same Message-ID, by which mail programs know it for the same.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.messages.models import Message
from accounts.messages.wording import worded
from accounts.models import Participant, User, in_language

LEASE = dt.timedelta(minutes=10)
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=5), dt.timedelta(hours=6)
MOST_ATTEMPTS = 14
"""About two days; a server that cannot be reached at all counts no attempt, however long."""

log = logging.getLogger(__name__)


@dataclass
class Mailed:
    """What one run did. `trouble` says that the server could not be used and the rest waits."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    not_mailed: int = 0
    """Recipients without an address, or whose account is closed: they read it in the portal, or not at all."""
    trouble: str = ""


def mail_waiting(clock: Callable[[], dt.datetime]) -> Mailed:
    """Mails every message whose time has come, and returns what became of them."""
    done = Mailed()
    if not Message.objects.to_mail(clock()).exists():
        return done
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        done.trouble = type(error).__name__
        return done
    try:
        while not done.trouble and (message := _claim(clock())) is not None:
            _mail(connection, message, done, clock)
    finally:
        _close(connection)
    return done


def retry_failed(now: dt.datetime) -> int:
    """Lets everything that failed wait once more, and says how many that are."""
    return Message.objects.filter(mail=Message.Mail.FAILED).update(
        mail=Message.Mail.WAITING, mail_attempts=0, mail_due_at=now
    )


@transaction.atomic
def _claim(now: dt.datetime) -> Message | None:
    """The next message, which is nobody else's for the time of the lease."""
    waiting = Message.objects.to_mail(now).select_related("recipient")
    message = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if message is not None:
        message.mail_attempts += 1
        message.mail_due_at = now + LEASE
        message.save(update_fields=["mail_attempts", "mail_due_at"])
    return message


def _mail(connection: BaseEmailBackend, message: Message, done: Mailed, clock: Callable[[], dt.datetime]) -> None:
    """Sends one claimed message and notes how it went."""
    address = address_of(message.recipient)
    if not address:
        done.not_mailed += 1
        return _note(message, mail=Message.Mail.OFF)
    try:
        letter_of(message, address, connection).send()
    except OSError as error:
        # Not the server's answer: it quotes the address.
        log.warning("message %s was not mailed: %s", message.pk, type(error).__name__)
        if is_final(error) or message.mail_attempts >= MOST_ATTEMPTS:
            done.failed += 1
            return _note(message, mail=Message.Mail.FAILED)
        done.put_off += 1
        if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
            done.trouble = type(error).__name__
        return _note(message, mail_due_at=clock() + wait_after(message.mail_attempts))
    done.sent += 1
    return _note(message, mail=Message.Mail.SENT, mailed_at=clock())


def _note(message: Message, **changed: object) -> None:
    """One statement, which is its own transaction."""
    Message.objects.filter(pk=message.pk).update(**changed)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:
        log.warning("the mail server did not say goodbye: %s", type(error).__name__)


def wait_after(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: twice as long each time, a quarter of a day at most."""
    return min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)


def is_final(error: OSError) -> bool:
    """Whether the server refused this message for good (5xx), not for now and not all of them."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _answer in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def address_of(user: User) -> str:
    """Where to write to somebody: the account's address, or the register's; nowhere for a closed account."""
    if not user.is_active:
        return ""
    if user.email:
        return user.email
    participant = Participant.objects.filter(user=user).first()
    return participant.email if participant else ""


def letter_of(message: Message, address: str, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The message as plain text in the language of its recipient, with the way back to the portal."""
    with translation.override(message.recipient.language or settings.LANGUAGE_CODE):
        words = worded(message.kind, message.context)
        parts = [words.body]
        if message.url:
            parts.append(settings.PUBLIC_URL + message.url)
        inbox = settings.PUBLIC_URL + reverse("messages:inbox")
        office = in_language(
            f"{settings.SCHEME_OFFICE_EN} · {settings.SCHEME_NAME_EN}",
            f"{settings.SCHEME_OFFICE_ZH} · {settings.SCHEME_NAME_ZH}",
        )
        parts.append("-- \n" + office + "\n" + _("You find all your messages at %(url)s") % {"url": inbox})
    return EmailMessage(
        subject=words.subject,
        body="\n\n".join(parts) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={
            "Message-ID": f"<message-{message.pk}@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )

"""`manage.py send_messages`: mails what waits and ends. Run it every minute; two at once share the work."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.messages import mailing
from accounts.messages.models import Message


class Command(BaseCommand):
    help = "Mails the messages that wait for it, each once. Ends with an error while the mail server cannot be used."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry-failed", action="store_true", help="try those again that were given up")

    def handle(self, *_args: Any, retry_failed: bool = False, **_options: Any) -> None:
        if not settings.MAIL_IS_ON:
            self.stdout.write("E-mail is off: SMTP_URL is not set. Messages are read in the portal.")
            return
        if retry_failed:
            self.stdout.write(f"{mailing.retry_failed(timezone.now())} message(s) wait once more.")
        done = mailing.mail_waiting(timezone.now)
        sent = f"{done.sent} mailed, {done.put_off} put off, {done.failed} given up"
        self.stdout.write(
            f"{sent}, {done.not_mailed} without an address. "
            f"Altogether {counted('waiting')} wait, {counted('failed')} were given up."
        )
        if done.trouble:
            raise CommandError(f"The mail server of SMTP_URL cannot be used ({done.trouble}); the rest waits.")


def counted(state: str) -> int:
    return Message.objects.filter(mail=state).count()

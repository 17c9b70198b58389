"""Makes the first scheme administrator of a new installation and prints a one-time sign-in link."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from accounts.refusals import Refusal
from accounts.services import give_first_administrator
from accounts.signin.services import issue_link
from accounts.text import clean_line


class Command(BaseCommand):
    help = "Make somebody a scheme administrator and print a one-time sign-in link. Existing accounts get the role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cna", help="campus network account: the staff number")
        parser.add_argument("name", help='English name, for example "CHAN Tai Man"')
        parser.add_argument("--operator", action="store_true", help="give the role of operator too")

    def handle(self, *_args: Any, cna: str, name: str, operator: bool, **_options: Any) -> None:
        if not clean_line(cna) or not clean_line(name):
            raise CommandError("Give a CNA and a name that are not empty.")
        try:
            with transaction.atomic():
                user = give_first_administrator(cna=clean_line(cna), name_en=clean_line(name), is_operator=operator)
                link = issue_link(acting_user=None, user=user)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.name_en} ({user.cna}): {', '.join(user.role_names)}.")
        self.stdout.write(f"One-time sign-in link, valid until {link.expires_at:%Y-%m-%d %H:%M} UTC:")
        self.stdout.write(settings.PUBLIC_URL + reverse("signin:link", kwargs={"token": link.token}))

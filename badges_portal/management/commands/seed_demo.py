"""Loads the demo institution into an empty database."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from badges_portal.demo.story import tell


class Command(BaseCommand):
    help = "Loads the demo institution: people, two academic years of activities, awards, requests. Once."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo institution is not for production: unset PORTAL_MODE.")
        if User.objects.exists():
            self.stdout.write("There are people in the database already: the demo institution is not loaded again.")
            return
        self.stdout.write("Loading the demo institution …")
        begun = time.monotonic()
        counts = tell(timezone.now())
        numbers = ", ".join(f"{count} {things}" for things, count in counts.items())
        self.stdout.write(f"Loaded {numbers} in {time.monotonic() - begun:.0f} s.")

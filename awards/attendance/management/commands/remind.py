"""`manage.py remind`: reminds organisers of the attendance records that they owe. Run it once a day."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from awards.attendance.reminding import remind_organisers


class Command(BaseCommand):
    help = "Writes a reminder 7 days before an attendance record is due, on the day, and weekly after."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--on", type=dt.date.fromisoformat, help="the reminders as of this day (2026-05-12) instead of today's"
        )

    def handle(self, *_args: Any, on: dt.date | None = None, **_options: Any) -> None:
        count = remind_organisers(today=on or timezone.localdate())
        self.stdout.write(f"{count} reminder(s) written.")

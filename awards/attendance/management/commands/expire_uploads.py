"""`manage.py expire_uploads`: ends the wait of uploads that nobody committed within 7 days. Run it once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from awards.attendance.staging import expire_uploads


class Command(BaseCommand):
    help = "Expires uploads that were not committed within 7 days and removes their files."

    def handle(self, *args: Any, **options: Any) -> None:
        count = expire_uploads(now=timezone.now())
        self.stdout.write(f"{count} upload(s) expired.")

"""`manage.py wake_parked_rows`: settles parked rows whose students the register has now. Run it once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from awards.attendance.waking import expire_parked_rows, wake_parked_rows


class Command(BaseCommand):
    help = "Settles parked rows whose students the register has by now, and expires those parked for a year."

    def handle(self, *args: Any, **options: Any) -> None:
        woken = wake_parked_rows()
        expired = expire_parked_rows(now=timezone.now())
        self.stdout.write(
            f"{woken.awarded} row(s) awarded, {woken.without_badge} without a badge, {woken.asking} ask now, "
            f"{expired} expired; {woken.busy} activities busy."
        )

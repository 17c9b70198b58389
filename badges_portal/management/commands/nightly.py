"""`manage.py nightly`: everything that the portal does by itself once a day, in one command for the operator."""

from __future__ import annotations

import logging
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, connection

PARTS = ("expire_uploads", "wake_parked_rows", "remind", "send_messages", "clearsessions")
"""Commands in their order: what people are told is mailed after it is written."""

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Runs all that is to be done once a day. A part that fails stops no other; the exit code says if one did."

    def handle(self, *_args: Any, **_options: Any) -> None:
        failed = [name for name in PARTS if not self.runs(name)]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. The rest is done; what failed is tried again next time.")

    def runs(self, name: str) -> bool:
        """Runs one part; False when it failed, which is said and logged."""
        self.stdout.write(f"{name}:")
        try:
            call_command(name, stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            self.stderr.write(str(error))
            return False
        except Exception:
            log.exception("nightly: %s failed", name)
            return False
        finally:
            if not connection.in_atomic_block:
                close_old_connections()  # a line to the database that broke in one part is a new one in the next
        return True

"""How often one address may try a code: counted in the database, so that every worker of a server counts together."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from transcripts.models import VerificationWindow

KEPT = dt.timedelta(hours=1)


def address_of(request: HttpRequest) -> str:
    """The client's address: as the outermost of our own proxies saw it, since what comes before can be made up."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies = settings.REVERSE_PROXIES
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def may_try(address: str) -> bool:
    """Counts one try of the address; False once it had more than its share of this minute."""
    minute = timezone.now().replace(second=0, microsecond=0)
    key = salted_hmac("transcripts.throttle", f"{address} {minute.isoformat()}", algorithm="sha256").hexdigest()
    table = connection.ops.quote_name(VerificationWindow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS w (key, begins_at, count) VALUES (%s, %s, 1) "  # noqa: S608 – our own table's name
            "ON CONFLICT (key) DO UPDATE SET count = w.count + 1 RETURNING count",
            [key, minute],
        )
        count: int = cursor.fetchone()[0]
    if count == 1:
        VerificationWindow.objects.filter(begins_at__lt=minute - KEPT).delete()
    return count <= settings.VERIFICATIONS_PER_MINUTE

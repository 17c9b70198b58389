"""How often somebody may try to sign in. axes counts one name from one address; the two wider limits are ours."""

from __future__ import annotations

import datetime as dt

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, Sum
from django.http import HttpRequest
from django.utils import timezone

COOL_OFF = dt.timedelta(hours=settings.AXES_COOLOFF_TIME)


def client_address(request: HttpRequest) -> str:
    """The address that the outermost proxy of ours saw; what a client writes into the header itself is not believed."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.REVERSE_PROXIES and len(forwarded) >= settings.REVERSE_PROXIES:
        return forwarded[-settings.REVERSE_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


def minutes_to_wait(*, address: str, name: str) -> int:
    """Whole minutes until axes allows this name from this address again, at least 1."""
    return _minutes_after_newest(Q(ip_address=address, username=name))


def minutes_to_wait_of_wider_limits(*, address: str, name: str) -> int:
    """Minutes to wait after too many failures from this address, or with this name from anywhere; 0 is none."""
    here, this_name = Q(ip_address=address), Q(username=name)
    lately = AccessAttempt.objects.filter(here | this_name, attempt_time__gt=timezone.now() - COOL_OFF)
    failures = lately.aggregate(
        here=Sum("failures_since_start", filter=here, default=0),
        this_name=Sum("failures_since_start", filter=this_name, default=0),
    )
    if failures["here"] >= settings.SIGN_IN_FAILURES_PER_ADDRESS:
        return _minutes_after_newest(here)
    if failures["this_name"] >= settings.SIGN_IN_FAILURES_PER_NAME:
        return _minutes_after_newest(this_name)
    return 0


def _minutes_after_newest(attempts: Q) -> int:
    newest = AccessAttempt.objects.filter(attempts).aggregate(at=Max("attempt_time"))["at"]
    left = newest + COOL_OFF - timezone.now() if newest else dt.timedelta()
    return max(1, -(-int(left.total_seconds()) // 60))

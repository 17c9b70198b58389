"""Parked rows of unknown students wake when the register brings them, and expire when it does not for a year."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Participant
from accounts.trail.services import entry, record, record_many
from activities.models import Activity
from activities.rules import upload_gate
from awards.attendance.arriving import settle_arrivals
from awards.attendance.gathering import offered_codes
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.querysets import AttendanceRowQuerySet
from awards.attendance.refusals import AttendanceRefused, lock_wait_said
from awards.attendance.telling import tell_organisers

logger = logging.getLogger(__name__)

WAITS_FOR = dt.timedelta(days=365)
"""How long a row waits for its student: one academic year (product 4a)."""
WAKES_FROM = ("unknown_id", "bad_id")
"""A doubtful ID (a lost zero, an e-mail address) of an unknown student stands as bad_id."""


@dataclass(frozen=True, slots=True)
class Woken:
    """How many rows were settled, and how many ask now; in how many activities nothing could be done for the moment."""

    awarded: int = 0
    without_badge: int = 0
    asking: int = 0
    busy: int = 0

    def __add__(self, other: Woken) -> Woken:
        return Woken(
            self.awarded + other.awarded,
            self.without_badge + other.without_badge,
            self.asking + other.asking,
            self.busy + other.busy,
        )


def wake_parked_rows() -> Woken:
    """Settles the open rows whose students the register has by now, activity after activity.

    Each activity is one short transaction of its own, so that one may be killed in between and begun again: a row that
    was settled or asks is not found again. Called after each register import and every night.
    """
    sleeping = _sleeping().order_by("upload__activity_id").values_list("upload__activity_id", flat=True)
    woken = Woken()
    for activity_id in sleeping.distinct():
        try:
            woken += _wake(activity_id)
        except AttendanceRefused as refused:
            logger.warning("parked rows left for the next time: %s", refused.code)
            woken += Woken(busy=1)
    return woken


def wake_after_import() -> str:
    """What the settings name to be done after a register import: wakes the rows, and says so in one sentence."""
    woken = wake_parked_rows()
    if woken == Woken():
        return ""
    return _(
        "Open attendance rows of these students: %(awarded)d awarded, %(without_badge)d without a badge, %(asking)d "
        "ask the organiser now, activities to be tried again tonight: %(busy)d."
    ) % dataclasses.asdict(woken)


def _sleeping() -> AttendanceRowQuerySet:
    """Open rows about an unknown student whose number the register has now."""
    read = "read__rows__0__"
    rows = AttendanceRow.objects.parked().filter(
        Q(asks_because="", reason__in=WAKES_FROM) | Q(asks_because__in=WAKES_FROM)
    )
    rows = rows.annotate(number=KT(f"{read}student_number"), maybe=KT(f"{read}maybe_number"))
    written = Q(student_number=OuterRef("number")) | Q(student_number=OuterRef("maybe"))
    return rows.filter(Exists(Participant.objects.filter(written)))


def _wake(activity_id: int) -> Woken:
    with lock_wait_said(), transaction.atomic():
        activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity_id)
        is_open = upload_gate(activity.status, activity.ends_at, timezone.now()).refusal is None
        if not is_open or not offered_codes(activity):
            return Woken()
        rows = _sleeping().filter(upload__activity=activity).select_related("upload")
        found = list(rows.select_for_update(of=("self",)).order_by("upload__committed_at", "upload_id", "pk"))
        woken = Woken()
        for upload, of_upload in groupby(found, attrgetter("upload")):
            upload.activity = activity
            woken += _wake_record(upload, list(of_upload))
        if found:
            _tell_organisers(activity, woken)
        return woken


def _wake_record(upload: AttendanceUpload, rows: list[AttendanceRow]) -> Woken:
    arrivals = settle_arrivals(acting_user=None, upload=upload, rows=rows, how="woke", now=timezone.now())
    _tell_the_trail(upload, "attendance.row_woke", arrivals.settled)
    _tell_the_trail(upload, "attendance.row_asks", arrivals.asking)
    return Woken(len(arrivals.awarded), len(arrivals.refused), len(arrivals.asking))


def _tell_organisers(activity: Activity, woken: Woken) -> None:
    """One message for each time, with what was given and what is to be answered."""
    counts = {"awarded": woken.awarded, "without_badge": woken.without_badge, "asking": woken.asking}
    url = f"{reverse('attendance:open-rows')}?activity={activity.pk}" if woken.asking else _results(activity)
    key = f"{activity.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    tell_organisers(activity=activity, kind="rows_woke", key=key, context=counts, url=url)


def _results(activity: Activity) -> str:
    return reverse("awards:participant-list-of-activity", args=[activity.pk])


def _tell_the_trail(upload: AttendanceUpload, action: str, rows: Iterable[AttendanceRow]) -> None:
    record_many(
        entry(
            acting_user=None,
            action=action,
            target=upload,
            participant=Participant(pk=row.participant_id) if row.settled_at else None,
            changes={
                "line": row.line,
                "settlement": ["open", str(row.settlement)],
                "asks": row.asks_because,
                "activity": upload.activity.code,
            },
        )
        for row in rows
    )


def expire_parked_rows(*, now: dt.datetime) -> int:
    """Ends the wait of rows whose students the register did not bring within an academic year; returns how many."""
    unknown = Q(asks_because="", reason="unknown_id") | Q(asks_because="unknown_id")
    late = AttendanceRow.objects.parked().filter(unknown, upload__committed_at__lt=now - WAITS_FOR)
    expired = 0
    for upload in AttendanceUpload.objects.filter(pk__in=late.values("upload")).select_related("activity"):
        with transaction.atomic():
            rows = list(late.filter(upload=upload).select_for_update(of=("self",), skip_locked=True))
            AttendanceRow.objects.filter(pk__in=[row.pk for row in rows]).update(
                settlement=AttendanceRow.Settlement.EXPIRED, settled_at=now
            )
            if rows:
                record(
                    acting_user=None,
                    action="attendance.rows_expired",
                    target=upload,
                    changes={"activity": upload.activity.code, "lines": sorted(row.line for row in rows)},
                )
            expired += len(rows)
    return expired

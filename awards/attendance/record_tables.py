"""Attendance records and missing ones as tables that are given out: no student stands in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.sheets.tables import Value
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.reminding import Reminded


def record_headings() -> list[str]:
    return [
        _("Activity code"),
        _("English title"),
        _("Chinese title"),
        _("Unit"),
        _("First day"),
        _("Last day"),
        _("Due on"),
        _("Committed at"),
        _("Committed by"),
        _("Uploaded at"),
        _("Uploaded by"),
        _("On time"),
        _("Status"),
        _("Filing note"),
        _("Answer of the organiser"),
        _("Confirmed as correct"),
        _("Undone"),
        _("Why undone"),
        _("Rows"),
        _("Rows that earn badges"),
        _("Rows without a badge"),
        _("Rows parked"),
        _("Lines that are no participants"),
        _("Badges awarded"),
        _("Badges withheld"),
        _("Badges taken back"),
        _("File as it was named"),
        _("Bytes"),
        _("SHA-256"),
        _("Reference"),
    ]


def record_row(upload: AttendanceUpload) -> list[Value]:
    """A record under `record_headings`; needs its activity with the unit, and the people of `RECORD_PEOPLE`."""
    activity = upload.activity
    return [
        activity.code,
        activity.title_en,
        activity.title_zh,
        activity.unit.name,
        activity.first_on,
        activity.last_on,
        activity.due_on,
        moment(upload.committed_at),
        str(upload.committed_by or ""),
        moment(upload.uploaded_at),
        str(upload.uploaded_by),
        _("Late") if upload.is_late else _("On time"),
        where_it_stands(upload),
        upload.filing_note,
        upload.filing_answer,
        moment(upload.confirmed_at),
        moment(upload.undone_at),
        upload.undone_because,
        upload.row_count,
        upload.award_row_count,
        upload.no_award_row_count,
        upload.parked_row_count,
        upload.ignored_row_count,
        upload.award_count,
        upload.withholding_count,
        upload.revoked_count,
        upload.file_name,
        upload.file_size,
        upload.sha256,
        str(upload.key),
    ]


RECORD_PEOPLE = ("activity__unit", "uploaded_by", "committed_by", "confirmed_by", "undone_by")
"""What a query selects with the records."""


def where_it_stands(upload: AttendanceUpload) -> str:
    """Open, queried, filed, or undone."""
    if upload.status == AttendanceUpload.Status.UNDONE:
        return str(upload.get_status_display())
    return str(upload.get_filing_display())


def overdue_headings() -> list[str]:
    return [
        _("Unit"),
        _("Activity code"),
        _("English title"),
        _("Chinese title"),
        _("First day"),
        _("Last day"),
        _("Due on"),
        _("Days overdue"),
        _("Reminders"),
        _("Last reminder"),
        _("Organisers"),
        _("E-mail addresses"),
    ]


def overdue_rows(
    activities: Iterable[Activity], told: Mapping[int, Reminded], today: dt.date
) -> Iterable[Sequence[Value]]:
    """The activities under `overdue_headings`, with the reminders of each; needs unit and organisers."""
    for activity in activities:
        people = list(activity.organisers.all())
        yield [
            activity.unit.name,
            activity.code,
            activity.title_en,
            activity.title_zh,
            activity.first_on,
            activity.last_on,
            activity.due_on,
            (today - activity.due_on).days,
            told[activity.pk].times,
            moment(told[activity.pk].last_at),
            ", ".join(str(person) for person in people),
            ", ".join(person.email for person in people if person.email),
        ]


def moment(at: dt.datetime | None) -> dt.datetime | None:
    """The time on the institution's clock, as spreadsheets know it: without a zone, to the second."""
    return timezone.localtime(at).replace(tzinfo=None, microsecond=0) if at else None

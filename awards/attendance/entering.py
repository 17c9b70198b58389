"""Attendance without a file: what is pasted or ticked on a page becomes the original, and is staged like any sheet."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sheets.limits import limits_in_force
from accounts.sheets.workbook import megabytes
from activities.models import Activity
from awards.attendance.class_list import TickedLine, read_ticked, write_ticked
from awards.attendance.formats import Refusal, Workbook
from awards.attendance.gathering import offered_codes
from awards.attendance.models import AttendanceUpload
from awards.attendance.pasting import read_pasted
from awards.attendance.staging import stage_upload


def stage_pasted(*, acting_user: User, activity: Activity, text: str) -> AttendanceUpload:
    """Keeps what was pasted, exactly so, as the original (UTF-8), and returns the record to be checked.

    Raises what `stage_upload` raises; the text is read here, not in a child: nothing in it can hurt the reader.
    """
    data = text.encode()
    limits = limits_in_force()
    if len(data) > limits.max_bytes:
        raise Refusal("pasted_too_big", megabytes=megabytes(limits.max_bytes))
    return stage_upload(
        acting_user=acting_user, activity=activity, file_name=_("pasted list.txt"), data=data, read=_read
    )


def stage_ticked(*, acting_user: User, activity: Activity, lines: Sequence[TickedLine]) -> AttendanceUpload:
    """Writes what was ticked as a CSV under our own headings, which is the original; returns the record to be checked.

    Raises what `stage_upload` raises.
    """
    offered = offered_codes(activity)
    return stage_upload(
        acting_user=acting_user,
        activity=activity,
        file_name=_("class list.csv"),
        data=write_ticked(activity.code, offered, lines),
        read=lambda data, _offered: read_ticked(data, limits_in_force()),
    )


def _read(data: bytes, offered: Sequence[str]) -> Workbook:
    return read_pasted(
        data.decode(),
        offered=offered,
        student_number_digits=settings.STUDENT_NUMBER_DIGITS,
        limits=limits_in_force(),
    )

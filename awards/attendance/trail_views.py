"""The audit trail of one activity's attendance, and of one record: sheets, rows, badges, withholdings, corrections."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.trail.models import AuditEntry
from accounts.trail.showing import describe
from awards.attendance.models import AttendanceUpload
from awards.attendance.on_trail import of_activity, of_record
from awards.attendance.views import managed_activity

PER_PAGE = 25


@require_GET
@requires(Permission.ORGANISE)
def trail(request: PortalRequest, pk: int) -> HttpResponse:
    """What was done: everything for the administrator, one's own acts for an organiser (as on the audit trail)."""
    activity = managed_activity(request, pk)
    uploads = AttendanceUpload.objects.visible_to(request.user).filter(activity=activity)
    record = get_object_or_404(uploads, key=key) if (key := _key(request)) else None
    entries = AuditEntry.objects.visible_to(request.user).filter(of_record(record) if record else of_activity(activity))
    page = Paginator(entries.select_related("actor", "participant"), PER_PAGE).get_page(request.GET.get("page"))
    describe(page.object_list)
    context = {
        "activity": activity,
        "record": record,
        "uploads": uploads.exclude(status=AttendanceUpload.Status.DISCARDED).order_by("-uploaded_at"),
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "sees_all": request.user.may(Permission.VIEW_TRAIL),
    }
    return render(request, "attendance/trail_list.html", context)


def _key(request: PortalRequest) -> uuid.UUID | None:
    """The record that the address asks for; nonsense is as if it were not there."""
    try:
        return uuid.UUID(request.GET.get("record", ""))
    except ValueError:
        return None

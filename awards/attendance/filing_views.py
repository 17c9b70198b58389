"""The scheme administrator's filing list: every record, open, queried or filed, and what is overdue."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Unit
from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from activities.models import Activity
from awards.attendance.filing import file_upload, query_upload
from awards.attendance.forms import QueryForm
from awards.attendance.models import AttendanceUpload
from awards.attendance.record_views import kept_upload
from awards.attendance.refusals import AttendanceRefused

SHELVES = ("open", "queried", "filed", "overdue")
A_PAGE = 25


@require_GET
@requires(Permission.FILE_ATTENDANCE)
def filing(request: PortalRequest) -> HttpResponse:
    """One shelf at a time, newest first; the overdue activities by unit."""
    shelf = request.GET.get("filing", "open")
    shelf = shelf if shelf in SHELVES else "open"
    unit = Unit.objects.filter(pk=_number(request.GET.get("unit", ""))).first()
    records = AttendanceUpload.objects.visible_to(request.user).committed()
    overdue = Activity.objects.managed_by(request.user).overdue(timezone.localdate())
    counted = records.aggregate(
        **{name: Count("pk", filter=Q(filing=name)) for name in SHELVES[:3]},
        late=Count("pk", filter=Q(filing="open", is_late=True)),
    )
    if shelf == "overdue":
        found: Any = overdue.select_related("unit").prefetch_related("organisers").order_by("unit__name_en", "due_on")
        found = found.filter(unit=unit) if unit else found
    else:
        found = records.filter(filing=shelf).with_parked().select_related("activity__unit", "committed_by")
        found = found.order_by("-committed_at", "-pk")
        found = found.filter(activity__unit=unit) if unit else found
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "shelf": shelf,
        "counted": counted | {"overdue": overdue.count()},
        "units": Unit.objects.all(),
        "unit": unit,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "today": timezone.localdate(),
    }
    return render(request, "attendance/filing_list.html", context)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@require_POST
@requires(Permission.FILE_ATTENDANCE)
def file(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """Puts a record away."""
    upload = kept_upload(request, key)
    try:
        file_upload(acting_user=request.user, upload=upload)
    except AttendanceRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The record of %(activity)s is filed.") % {"activity": upload.activity.code})
    return redirect("attendance:filing")


@require_POST
@requires(Permission.FILE_ATTENDANCE)
def query(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """Asks the organisers something about a record."""
    upload = kept_upload(request, key)
    form = QueryForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        query_upload(acting_user=request.user, upload=upload, note=note)
    except AttendanceRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The organisers see your question on the page of their record."))
    return redirect("attendance:receipt", key=upload.key)

"""The scheme administrator's filing list: every record, where it stands, and what is overdue."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.sheets.tables import XLSX, Table, xlsx_of
from accounts.trail.services import record
from activities.models import Activity
from activities.querysets import ActivityQuerySet
from awards.attendance.filing import file_upload, query_upload
from awards.attendance.forms import QueryForm
from awards.attendance.models import AttendanceUpload
from awards.attendance.querysets import AttendanceUploadQuerySet
from awards.attendance.record_filter import ORDERS, OVERDUE, OVERDUE_ORDERS, SHELVES, RecordFilter, shelf_names
from awards.attendance.record_tables import RECORD_PEOPLE, overdue_headings, overdue_rows, record_headings, record_row
from awards.attendance.record_views import kept_upload
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.reminding import reminded

A_PAGE = 25


@require_GET
@requires(Permission.FILE_ATTENDANCE)
def filing(request: PortalRequest) -> HttpResponse:
    """One shelf at a time: the records on it, or the activities whose record is overdue."""
    shelf, form = _asked(request)
    today = timezone.localdate()
    records, overdue = _asked_for(request, form, today)
    counted = records.aggregate(**{f"in_{name}": Count("pk", filter=on_it) for name, on_it in SHELVES.items()})
    found = _shown_overdue(overdue, form) if shelf == OVERDUE else _shown_records(records, shelf, form).with_parked()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    if shelf == OVERDUE:
        told = reminded(list(page.object_list))
        for activity in page.object_list:
            activity.days_late = (today - activity.due_on).days
            activity.reminded = told[activity.pk]
    context = {
        "shelf": shelf,
        "form": form,
        "tabs": _tabs(counted, overdue.count()),
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "is_narrowed": bool(form.kept()),
        "asked": asked_of(request.GET).urlencode(),
    }
    return render(request, "attendance/filing_list.html", context)


@require_GET
@requires(Permission.FILE_ATTENDANCE)
def filing_sheet(request: PortalRequest) -> HttpResponse:
    """What the filing list shows, all pages of it, as a workbook; on the access log."""
    shelf, form = _asked(request)
    today = timezone.localdate()
    records, overdue = _asked_for(request, form, today)
    with transaction.atomic():
        if shelf == OVERDUE:
            title, headings = _("Overdue"), overdue_headings()
            found = list(_shown_overdue(overdue, form))
            rows = list(overdue_rows(found, reminded(found), today))
        else:
            title, headings = _("Attendance records"), record_headings()
            rows = [record_row(upload) for upload in _shown_records(records, shelf, form)]
        record(
            acting_user=request.user,
            action="filing.exported",
            target=request.user,
            changes=form.kept() | {"list": shelf, "rows": len(rows)},
        )
    about = [
        (_("Made by"), str(request.user)),
        (_("Made at"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        (_("List"), shelf_names()[shelf]),
        *form.said(),
    ]
    answer = HttpResponse(xlsx_of(Table(title, headings, rows, about), _("About")), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{shelf}-{today}.xlsx") or "attachment"
    return answer


def _asked(request: PortalRequest) -> tuple[str, RecordFilter]:
    """The shelf that is asked for (the open records when it is none of ours), and what of it."""
    shelf = request.GET.get("filing", "open")
    shelf = shelf if shelf in SHELVES or shelf == OVERDUE else "open"
    return shelf, RecordFilter(request.GET, order="unit" if shelf == OVERDUE else "newest")


def asked_of(given: QueryDict) -> QueryDict:
    """What a list was asked for, without the page."""
    asked = given.copy()
    asked.pop("page", None)
    return asked


def _asked_for(
    request: PortalRequest, form: RecordFilter, today: dt.date
) -> tuple[AttendanceUploadQuerySet, ActivityQuerySet]:
    records = AttendanceUpload.objects.visible_to(request.user)
    overdue = Activity.objects.managed_by(request.user).overdue(today)
    return form.records(records), form.activities(overdue)


def _shown_records(records: AttendanceUploadQuerySet, shelf: str, form: RecordFilter) -> AttendanceUploadQuerySet:
    found = records.filter(SHELVES[shelf]).select_related(*RECORD_PEOPLE).defer("reading", "answers")
    return found.order_by(*ORDERS[form.wanted["order"]])


def _shown_overdue(overdue: ActivityQuerySet, form: RecordFilter) -> ActivityQuerySet:
    found = overdue.select_related("unit").prefetch_related("organisers")
    return found.order_by(*OVERDUE_ORDERS[form.wanted["order"]])


def _tabs(counted: dict[str, int], overdue: int) -> list[tuple[str, str, int]]:
    """Name, words and number of each shelf."""
    numbers = {**{name: counted[f"in_{name}"] for name in SHELVES}, OVERDUE: overdue}
    return [(name, words, numbers[name]) for name, words in shelf_names().items()]


@require_POST
@requires(Permission.FILE_ATTENDANCE)
def file(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """Puts a record away, and goes back to the list as it was asked for."""
    upload = kept_upload(request, key)
    try:
        file_upload(acting_user=request.user, upload=upload)
    except AttendanceRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The record of %(activity)s is filed.") % {"activity": upload.activity.code})
    asked = QueryDict(request.POST.get("asked", "")[:1000]).urlencode()
    return redirect(reverse("attendance:filing") + (f"?{asked}" if asked else ""))


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
        messages.success(request, _("The organisers are told, and see your question on the page of their record."))
    return redirect("attendance:receipt", key=upload.key)

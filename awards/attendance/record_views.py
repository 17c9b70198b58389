"""What happens to a record after the commit: receipt, confirmation, undo, and the files."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.trail.services import record
from activities.dates import day_range
from activities.keeping import open_offers
from activities.models import Activity
from awards.attendance.filing import confirm_record
from awards.attendance.formats import Refusal
from awards.attendance.forms import ConfirmForm, QueryForm, UndoForm
from awards.attendance.handing_back import hand_back
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import path_of
from awards.attendance.receipt import draw_receipt, receipt_of
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.review import KeptRow
from awards.attendance.review_page import ROWS_A_PAGE
from awards.attendance.sheet import SheetFor, write_blank_sheet, write_sheet
from awards.attendance.undoing import awards_on_paper, undo_upload, what_undoing_does
from awards.attendance.views import managed_activity, managed_upload
from awards.models import WithholdingReason
from awards.requesting import RequestRefused, ask_for_undo

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SHOWN_WITH_RECORD = ("activity__unit", "uploaded_by", "committed_by", "confirmed_by", "undone_by")


def kept_upload(request: PortalRequest, key: uuid.UUID) -> AttendanceUpload:
    """A record that stands or stood; one that was never committed has no receipt."""
    upload = managed_upload(request, key, *SHOWN_WITH_RECORD)
    if upload.status not in {AttendanceUpload.Status.COMMITTED, AttendanceUpload.Status.UNDONE}:
        raise Http404
    return upload


@require_GET
@requires(Permission.ORGANISE)
def receipt(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """The numbers of a committed record, its hash, and all its rows."""
    return _receipt(request, kept_upload(request, key))


def _receipt(request: PortalRequest, upload: AttendanceUpload, *, status: int = 200, **forms: Any) -> HttpResponse:
    page = Paginator(upload.rows.with_results(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "upload": upload,
        "activity": upload.activity,
        "page_obj": page,
        "rows": [KeptRow(row) for row in page.object_list],
        "several_sheets": len({row.sheet for row in page.object_list}) > 1,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "open_rows": upload.rows.parked().count(),
        "asked_count": upload.correction_requests.open().count(),
        "confirm_form": ConfirmForm(),
        "query_form": QueryForm(),
        "may_file": request.user.may(Permission.FILE_ATTENDANCE),
        **forms,
    }
    return render(request, "attendance/upload_receipt.html", context, status=status)


@require_GET
@requires(Permission.ORGANISE)
def receipt_pdf(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """The receipt on one page of paper: numbers and hash, no names of students."""
    upload = kept_upload(request, key)
    answer = HttpResponse(draw_receipt(receipt_of(upload)), content_type="application/pdf")
    name = f"{upload.activity.code}-receipt-{upload.sha256[:8]}.pdf"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@require_POST
@requires(Permission.ORGANISE)
def confirm(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """ "The record appears correctly": one click."""
    upload = kept_upload(request, key)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _receipt(request, upload, status=422, confirm_form=form)
    try:
        confirm_record(acting_user=request.user, upload=upload, answer=form.cleaned_data["answer"])
    except AttendanceRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Thank you: it is on record that everything appears correctly."))
    return redirect("attendance:receipt", key=upload.key)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def undo(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """What undoing the record would do, and why it is undone."""
    upload = kept_upload(request, key)
    if upload.status == AttendanceUpload.Status.UNDONE:
        return redirect("attendance:receipt", key=upload.key)
    form = UndoForm(request.POST if request.method == "POST" else None)
    on_paper = awards_on_paper(upload)
    may_undo = not on_paper or request.user.may(Permission.MANAGE_ALL_ACTIVITIES)
    if request.method == "POST" and form.is_valid():
        given = {"acting_user": request.user, "upload": upload, "reason": form.cleaned_data["reason"]}
        try:
            said = _undone(given) if may_undo else _asked_to_undo(given)
        except (AttendanceRefused, RequestRefused) as refused:
            form.add_error(None, getattr(refused, "sentence", str(refused)))
        else:
            messages.success(request, said)
            return redirect("attendance:overview", pk=upload.activity_id)
    context = {
        "upload": upload,
        "activity": upload.activity,
        "form": form,
        "effects": what_undoing_does(upload),
        "on_paper": on_paper,
        "may_undo": may_undo,
        "asked": upload.correction_requests.open().filter(award=None).first(),
    }
    return render(request, "attendance/upload_undo.html", context, status=422 if form.errors else 200)


def _undone(given: dict[str, Any]) -> str:
    undo_upload(**given)
    return _("The record was undone. Everything is as it was before it.")


def _asked_to_undo(given: dict[str, Any]) -> str:
    ask_for_undo(**given)
    return _("The scheme administrator was asked to undo the record. You will be told what becomes of it.")


@require_GET
@requires(Permission.ORGANISE)
def original(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """The file as it was uploaded, byte for byte; whoever is not its organiser leaves a line on the access log."""
    upload = managed_upload(request, key)
    path = path_of(upload.stored_as)
    if not path.is_file():
        raise Http404
    if not Activity.objects.own(request.user).filter(pk=upload.activity_id).exists():
        with transaction.atomic():
            record(
                acting_user=request.user,
                action="original.downloaded",
                target=upload,
                changes={"activity": upload.activity.code, "sha256": upload.sha256},
            )
    answer = HttpResponse(path.read_bytes(), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, upload.file_name) or "attachment"
    return answer


@require_GET
@requires(Permission.ORGANISE)
def problem_sheet(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """The sheet with a comment in each problem cell, to be corrected and uploaded again."""
    upload = managed_upload(request, key)
    try:
        data = hand_back(acting_user=request.user, upload=upload)
    except (AttendanceRefused, Refusal):
        raise Http404 from None
    return _workbook(data, f"{upload.activity.code}-to-correct.xlsx")


@require_GET
@requires(Permission.ORGANISE)
def sheet(request: PortalRequest, pk: int) -> HttpResponse:
    """The attendance sheet made for this activity."""
    activity = managed_activity(request, pk)
    badges = [
        (offer.badge_type.code, f"{offer.badge_type.name_en} {offer.badge_type.name_zh}")
        for offer in open_offers(activity)
    ]
    made = SheetFor(
        code=activity.code,
        title=" ".join(filter(None, (activity.title_en, activity.title_zh))),
        dates=day_range(activity.first_on, activity.last_on),
        badges=badges,
        reasons=[(value, str(label)) for value, label in WithholdingReason.choices],
    )
    return _workbook(write_sheet(made), f"{activity.code}-attendance.xlsx")


@login_not_required
@require_GET
def blank_sheet(request: PortalRequest) -> HttpResponse:
    """The generic sheet of the scheme page, for everybody."""
    reasons = [(value, str(label)) for value, label in WithholdingReason.choices]
    return _workbook(write_blank_sheet(reasons), "attendance.xlsx")


def _workbook(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer

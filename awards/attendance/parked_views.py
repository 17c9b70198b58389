"""Rows that wait for a person: the list of all own activities, and what is done with a row."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from awards.attendance.forms import DismissForm, ParkedRowForm, RetypeForm
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.open_rows import open_list
from awards.attendance.parked import ParkedAnswer, answer_parked_row, dismiss_leftovers, retype_parked_row
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.sentences import row_sentence
from awards.attendance.views import managed_upload


@require_GET
@requires(Permission.ORGANISE)
def open_rows(request: PortalRequest) -> HttpResponse:
    """The open rows of all activities that the user manages, narrowed by activity and by question."""
    wanted = request.GET
    shown = open_list(request.user, wanted.get("activity", ""), wanted.get("reason", ""), wanted.get("page"))
    page = shown.page
    context = {
        "shown": shown,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "is_narrowed": bool(shown.activity or shown.reason),
    }
    return render(request, "attendance/open_row_list.html", context)


@require_POST
@requires(Permission.ORGANISE)
def answer(request: PortalRequest, key: uuid.UUID, row: int) -> HttpResponse:
    """Settles one parked row: award, no badge, or dismiss."""
    found = _parked_row(request, key, row)
    form = ParkedRowForm(request.POST)
    if not form.is_valid():
        return _back(request, found.upload, form)
    given = form.cleaned_data | {"answer": ParkedAnswer(form.cleaned_data["answer"])}
    try:
        settled = answer_parked_row(acting_user=request.user, row=found, **given)
    except AttendanceRefused as refused:
        messages.error(request, _("Row %(line)s: %(why)s") % {"line": found.line, "why": refused.sentence})
    else:
        done = {"line": settled.line, "what": settled.get_settlement_display()}
        messages.success(request, _("Row %(line)s: %(what)s.") % done)
    return _back(request, found.upload)


@require_POST
@requires(Permission.ORGANISE)
def retype(request: PortalRequest, key: uuid.UUID, row: int) -> HttpResponse:
    """Runs one parked row through the rules again with the ID that was typed."""
    found = _parked_row(request, key, row)
    form = RetypeForm(request.POST)
    if not form.is_valid():
        return _back(request, found.upload, form)
    try:
        again = retype_parked_row(acting_user=request.user, row=found, typed_id=form.cleaned_data["student_id"])
    except AttendanceRefused as refused:
        messages.error(request, _("Row %(line)s: %(why)s") % {"line": found.line, "why": refused.sentence})
    else:
        if again.settlement == AttendanceRow.Settlement.OPEN:
            said = {"line": again.line, "why": row_sentence(again.question)}
            messages.warning(request, _("Row %(line)s stays open: %(why)s") % said)
        else:
            done = {"line": again.line, "what": again.get_settlement_display()}
            messages.success(request, _("Row %(line)s: %(what)s.") % done)
    return _back(request, found.upload)


@require_POST
@requires(Permission.ORGANISE)
def dismiss_all(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """Dismisses what is left open of one record."""
    upload = managed_upload(request, key)
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _back(request, upload, form)
    try:
        count = dismiss_leftovers(acting_user=request.user, upload=upload, reason=form.cleaned_data["reason"])
    except AttendanceRefused as refused:
        messages.error(request, refused.sentence)
    else:
        done = ngettext("%(n)s row was dismissed.", "%(n)s rows were dismissed.", count) % {"n": count}
        messages.success(request, done)
    return _back(request, upload)


def _parked_row(request: PortalRequest, key: uuid.UUID, row: int) -> AttendanceRow:
    """The row of a record that the user manages, whatever became of it; 404 otherwise."""
    upload = managed_upload(request, key)
    rows = AttendanceRow.objects.visible_to(request.user).filter(upload=upload).select_related("upload__activity")
    return get_object_or_404(rows, pk=row)


def _back(request: PortalRequest, upload: AttendanceUpload, form: forms.Form | None = None) -> HttpResponse:
    """To the page where the row stood, with what is wrong with the form if anything is."""
    if form is not None:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    here = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(here, {request.get_host()}, require_https=request.is_secure()):
        here = reverse("attendance:overview", args=[upload.activity_id])
    return redirect(here)

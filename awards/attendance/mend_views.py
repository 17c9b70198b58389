"""Correcting one row of a record before the commit: in place, or on a page of its own without JavaScript."""

from __future__ import annotations

import re
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from awards.attendance.answering import Mending, mend_row, restore_row, row_as_written
from awards.attendance.formats import Refusal
from awards.attendance.forms import MendForm
from awards.attendance.gathering import offered_codes
from awards.attendance.mending import as_typed
from awards.attendance.models import AttendanceUpload
from awards.attendance.narrowing import Wanted
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.review import ShownRow
from awards.attendance.review_page import ReviewPage
from awards.attendance.sentences import refusal_sentence
from awards.attendance.staging import preview_upload
from awards.attendance.views import address_of_review, gone, managed_upload

QUESTION, TABLE = "q", "row"
"""The two parts of the review page in which a row stands; the id of its place there begins with it."""
SHOWN = re.compile("(?:q|row)-[0-9]{1,6}")


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def mend(request: PortalRequest, key: uuid.UUID, place: int) -> HttpResponse:
    """The form for one row; a POST keeps what was typed, or gives up what was mended (`restore`)."""
    upload = managed_upload(request, key)
    try:
        if request.method == "GET":
            return _show(request, upload, place)
        return _save(request, upload, place)
    except AttendanceRefused as refused:
        if refused.code == "no_such_row":
            raise Http404 from refused
        return gone(request, upload, refused.sentence)
    except Refusal as refusal:
        return gone(request, upload, refusal_sentence(refusal))


def _show(request: PortalRequest, upload: AttendanceUpload, place: int, form: MendForm | None = None) -> HttpResponse:
    preview = preview_upload(upload=upload)
    written = row_as_written(upload, place)
    page = ReviewPage(upload, preview, upload.answers, _back(request))
    row = page.rows[place]
    if request.GET.get("as") == "row" and form is None:
        return render(request, "attendance/_review_row.html", _context(request, page, row))
    offered = preview.circumstances.offered
    shown = form or MendForm.showing(written, as_typed(row.decided.row, offered), offered, _ids(request, place))
    if form is None and (number := _suggested(request, row)):
        shown.initial["number"] = number
    shown.focus()
    context = _context(request, page, row) | {"mend_form": shown, "written": written}
    template = "attendance/_row_mend.html" if request.htmx else "attendance/row_mend.html"
    return render(request, template, context, status=422 if form else 200)


def _suggested(request: HttpRequest, row: ShownRow) -> str:
    """The number of the suggestion that was taken, by its place: no address holds a student number."""
    taken = request.GET.get("take", "")
    numbers = [student.number for student in row.suggestions]
    return numbers[int(taken)] if taken.isdecimal() and len(taken) == 1 and int(taken) < len(numbers) else ""


def _save(request: PortalRequest, upload: AttendanceUpload, place: int) -> HttpResponse:
    if "restore" in request.POST:
        return _saved(request, restore_row(acting_user=request.user, upload=upload, place=place), place)
    offered = offered_codes(upload.activity)
    form = MendForm(request.POST, row=row_as_written(upload, place), offered=offered, auto_id=_ids(request, place))
    if not form.is_valid():
        return _show(request, upload, place, form)
    done = mend_row(acting_user=request.user, upload=upload, place=place, typed=form.typed())
    return _saved(request, done, place)


def _saved(request: PortalRequest, done: Mending, place: int) -> HttpResponse:
    """The row as it is understood now, and every other part of the page that it changed."""
    page = ReviewPage(done.upload, done.preview, done.upload.answers, _back(request))
    row = page.rows[place]
    if not request.htmx:
        messages.success(request, _("Row %(line)s is understood as you typed it.") % {"line": row.decided.row.line})
        return redirect(address_of_review(done.upload, page.wanted, f"{_part(request)}-{place}"))
    here = f"{_part(request)}-{place}"
    shown = {name for name in request.POST.get("shown", "").split() if SHOWN.fullmatch(name)} - {here}
    others = [
        {"part": part, "row": page.rows[touched]}
        for touched in sorted(done.touched)
        for part in (QUESTION, TABLE)
        if f"{part}-{touched}" in shown
    ]
    context = _context(request, page, row) | {"others": others, "is_saved": True}
    return render(request, "attendance/_row_saved.html", context)


def _context(request: HttpRequest, page: ReviewPage, row: ShownRow) -> dict[str, object]:
    return page.parts() | {"row": row, "part": _part(request)}


def _ids(request: HttpRequest, place: int) -> str:
    """The ids of a form's controls: several may be open at a time."""
    return f"mend-{_part(request)}-{place}-%s"


def _part(request: HttpRequest) -> str:
    asked = request.POST.get("part") or request.GET.get("part")
    return QUESTION if asked == QUESTION else TABLE


def _back(request: HttpRequest) -> Wanted:
    """Where on the review page the person came from."""
    return Wanted.of(QueryDict(request.POST.get("back") or request.GET.get("back", "")))

"""Attendance without a file: paste a list, or tick the class list."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from activities.keeping import open_offers
from activities.models import Activity
from activities.rules import upload_gate
from awards.attendance.entering import stage_pasted, stage_ticked
from awards.attendance.formats import Refusal
from awards.attendance.forms import PasteForm
from awards.attendance.known import LISTED_AT_MOST, students_known
from awards.attendance.models import AttendanceUpload
from awards.attendance.reading import REASONS
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.sentences import refusal_sentence
from awards.attendance.ticking import CHECK, NOBODY_TICKED, TICK_ALL, TICK_NONE, ClassList
from awards.attendance.views import managed_activity


def is_open(activity: Activity) -> bool:
    """Whether attendance can be entered now; the overview says why not."""
    return upload_gate(activity.status, activity.ends_at, timezone.now()).refusal is None


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def paste(request: PortalRequest, pk: int) -> HttpResponse:
    """One large field for a list from a spreadsheet or an e-mail."""
    activity = managed_activity(request, pk)
    if not is_open(activity):
        return redirect("attendance:overview", pk=activity.pk)
    form = PasteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = stage_pasted(acting_user=request.user, activity=activity, text=form.cleaned_data["text"])
        except AttendanceRefused as refused:
            if refused.upload is not None:
                return _receipt(request, refused.upload, refused.sentence)
            form.add_error("text", refused.sentence)
        except Refusal as refusal:
            form.add_error("text", refusal_sentence(refusal))
        else:
            return redirect("attendance:review", key=upload.key)
    context = {"activity": activity, "offers": open_offers(activity), "form": form}
    return render(request, "attendance/list_paste.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def tick(request: PortalRequest, pk: int) -> HttpResponse:
    """The class list: tick who attended and what they earned. Without a record until the list was sent for checking."""
    activity = managed_activity(request, pk)
    if not is_open(activity):
        return redirect("attendance:overview", pk=activity.pk)
    known = students_known(acting_user=request.user, activity=activity)
    offered = [offer.badge_type.code for offer in open_offers(activity)]
    if request.method == "GET":
        return _class_list(request, activity, ClassList.of_known(known, offered))
    listed = ClassList.sent(request.POST, known, offered)
    listed.add_typed(settings.STUDENT_NUMBER_DIGITS)
    wish = request.POST.get("do")
    if wish in (TICK_ALL, TICK_NONE):
        listed.tick(everybody=wish == TICK_ALL)
    if wish != CHECK or listed.problem:
        return _class_list(request, activity, listed)
    return _check(request, activity, listed)


def _check(request: PortalRequest, activity: Activity, listed: ClassList) -> HttpResponse:
    if not listed.ticked:
        listed.problem = str(NOBODY_TICKED)
        return _class_list(request, activity, listed)
    try:
        upload = stage_ticked(acting_user=request.user, activity=activity, lines=listed.to_write())
    except AttendanceRefused as refused:
        if refused.upload is not None:
            return _receipt(request, refused.upload, refused.sentence)
        listed.problem = refused.sentence
    except Refusal as refusal:
        listed.problem = refusal_sentence(refusal)
    else:
        return redirect("attendance:review", key=upload.key)
    return _class_list(request, activity, listed)


def _class_list(request: PortalRequest, activity: Activity, listed: ClassList) -> HttpResponse:
    context = {
        "activity": activity,
        "offers": open_offers(activity),
        "listed": listed,
        "reasons": [words for value, words in REASONS if value != "other"],
        "most_known": LISTED_AT_MOST if sum(line.known is not None for line in listed.lines) >= LISTED_AT_MOST else 0,
    }
    return render(request, "attendance/list_tick.html", context, status=422 if listed.problem else 200)


def _receipt(request: PortalRequest, upload: AttendanceUpload, sentence: str) -> HttpResponse:
    """The record that these bytes are already."""
    messages.info(request, sentence)
    return redirect("attendance:receipt", key=upload.key)

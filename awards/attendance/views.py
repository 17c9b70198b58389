"""From the downloaded sheet to the commit: overview of an activity's attendance, upload, review, commit, discard."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.sheets.limits import most_megabytes
from activities.keeping import open_offers
from activities.models import Activity
from activities.rules import upload_gate
from awards.attendance.answering import keep_answers, with_answers
from awards.attendance.committing import commit_upload
from awards.attendance.formats import Refusal
from awards.attendance.forms import ReviewForm, UploadForm, all_answered
from awards.attendance.mapping import keep_to_explain
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.narrowing import Wanted
from awards.attendance.open_rows import by_record
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.review_page import ReviewPage
from awards.attendance.sentences import refusal_sentence
from awards.attendance.staging import discard_upload, preview_upload, stage_upload

RECORDS_A_PAGE = 25
SEARCHED = "rows_searched"
"""Where the session keeps what the rows of a record are searched for."""
OPEN_AT_ONCE = 25


def managed_activity(request: PortalRequest, pk: int) -> Activity:
    """An activity whose attendance the user records; 404 otherwise."""
    return get_object_or_404(Activity.objects.managed_by(request.user), pk=pk)


def managed_upload(request: PortalRequest, key: uuid.UUID, *related: str) -> AttendanceUpload:
    """A record of such an activity, with what is `related` to it; 404 otherwise. What was read is fetched when used."""
    uploads = AttendanceUpload.objects.visible_to(request.user).select_related("activity", *related)
    return get_object_or_404(uploads.defer("reading"), key=key)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def overview(request: PortalRequest, pk: int) -> HttpResponse:
    """What to do now, the upload, all records and all rows that wait for an answer."""
    activity = managed_activity(request, pk)
    if request.method == "POST":
        return _upload(request, activity)
    return _overview(request, activity, UploadForm())


def _upload(request: PortalRequest, activity: Activity) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if getattr(request, "upload_too_large", False):
        form.errors.clear()
        form.add_error("file", AttendanceRefused("too_big", max_mb=most_megabytes()).sentence)
        return _overview(request, activity, form, status=413)
    if not form.is_valid():
        return _overview(request, activity, form, status=422)
    sent = {"acting_user": request.user, "activity": activity, "file_name": form.cleaned_data["file"].name}
    data = form.cleaned_data["file"].read()
    try:
        upload = stage_upload(**sent, data=data)
    except AttendanceRefused as refused:
        if refused.upload is not None:
            messages.info(request, refused.sentence)
            return _go(request, reverse("attendance:receipt", args=[refused.upload.key]))
        form.add_error("file", refused.sentence)
        if refused.code == "not_kept":
            return _overview(request, activity, form, status=503)
    except Refusal as refusal:
        if kept := keep_to_explain(**sent, data=data, refusal=refusal):
            return _go(request, reverse("attendance:columns", args=[kept.key]))
        form.add_error("file", refusal_sentence(refusal))
    else:
        return _go(request, reverse("attendance:review", args=[upload.key]))
    return _overview(request, activity, form, status=422)


def _go(request: PortalRequest, url: str) -> HttpResponse:
    """A redirect, also for a form that htmx sent for the sake of its progress bar."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _overview(request: PortalRequest, activity: Activity, form: UploadForm, status: int = 200) -> HttpResponse:
    gate = upload_gate(activity.status, activity.ends_at, timezone.now())
    context: dict[str, Any] = {"activity": activity, "form": form, "gate": gate, "most_megabytes": most_megabytes()}
    if request.htmx:
        return render(request, "attendance/_upload_form.html", context, status=422)
    uploads = AttendanceUpload.objects.visible_to(request.user).filter(activity=activity)
    kept = uploads.ever_committed().with_parked().select_related("committed_by").order_by("-committed_at", "-pk")
    page = Paginator(kept, RECORDS_A_PAGE).get_page(request.GET.get("page"))
    parked = AttendanceRow.objects.visible_to(request.user).parked().filter(upload__activity=activity)
    newest = parked.select_related("upload", "participant").order_by("-upload__committed_at", "-upload_id", "pk")
    days_left = (activity.due_on - timezone.localdate()).days
    context |= {
        "offers": open_offers(activity),
        "page_obj": page,
        "staged": uploads.waiting().select_related("uploaded_by"),
        "open_records": by_record(newest[:OPEN_AT_ONCE]),
        "open_row_count": parked.count(),
        "queried": [upload for upload in page if upload.filing == "queried" and upload.status == "committed"],
        "unconfirmed": [upload for upload in page if upload.status == "committed" and upload.confirmed_at is None],
        "has_record": any(upload.status == "committed" for upload in page),
        "days_left": days_left,
        "days_late": -days_left,
    }
    return render(request, "attendance/attendance_overview.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def review(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """What a commit would do, and every question; a POST keeps the answers given so far and shows what they change."""
    upload = managed_upload(request, key)
    if upload.status in {AttendanceUpload.Status.COMMITTED, AttendanceUpload.Status.UNDONE}:
        return _go(request, reverse("attendance:receipt", args=[upload.key]))
    if upload.status == AttendanceUpload.Status.UNREAD:
        return redirect("attendance:columns", key=upload.key)
    if request.method == "GET":
        return _review(request, upload)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _wrong(request, upload, form) if request.htmx else _review(request, upload, form=form, status=422)
    try:
        upload = keep_answers(
            acting_user=request.user,
            upload=upload,
            given=form.stored_answers(),
            all_asking=all_answered(request.POST),
        )
    except AttendanceRefused as refused:
        if refused.upload is not None and refused.upload.status == AttendanceUpload.Status.COMMITTED:
            return _go(request, reverse("attendance:receipt", args=[refused.upload.key]))
        return gone(request, upload, refused.sentence)
    if request.htmx:
        return _answered(request, upload)
    return redirect(address_of_review(upload, wanted_rows(request, upload)))


def wanted_rows(request: PortalRequest, upload: AttendanceUpload) -> Wanted:
    """What of the review page this address asks for, and the words that the session keeps for its rows."""
    kept = request.session.get(SEARCHED, {})
    return Wanted.of(request.GET, kept.get("words", "") if kept.get("upload") == str(upload.key) else "")


def address_of_review(upload: AttendanceUpload, wanted: Wanted, part: str = "") -> str:
    """The address of the review page as it is wanted, and of a part of it."""
    address = reverse("attendance:review", args=[upload.key])
    part = part or (f"question-{wanted.question}" if wanted.question else "")
    return address + (f"?{wanted.query}" if wanted.query else "") + (f"#{part}" if part else "")


def _review(
    request: PortalRequest,
    upload: AttendanceUpload,
    *,
    stored: Mapping[str, Any] | None = None,
    form: ReviewForm | None = None,
    problem: AttendanceRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = upload.answers if stored is None else stored
    try:
        preview = preview_upload(upload=upload, stored_answers=stored)
    except AttendanceRefused as refused:
        return gone(request, upload, refused.sentence)
    except Refusal as refusal:
        return gone(request, upload, refusal_sentence(refusal))
    page = ReviewPage(upload, preview, stored, wanted_rows(request, upload), form)
    if request.htmx and request.htmx.target == "rows-table":
        return render(request, "attendance/_review_rows.html", page.parts() | page.table())
    return render(request, "attendance/upload_review.html", page.whole() | {"problem": problem}, status=status)


def _wrong(request: PortalRequest, upload: AttendanceUpload, form: ReviewForm) -> HttpResponse:
    """What is asked once for the whole sheet, with what is wrong with an answer; nothing was kept."""
    try:
        preview = preview_upload(upload=upload)
    except (AttendanceRefused, Refusal) as refusal:
        raise BadRequest(refusal.code) from refusal
    page = ReviewPage(upload, preview, upload.answers, wanted_rows(request, upload), form)
    whole = render(request, "attendance/_review_whole.html", page.parts(), status=422)
    return reswap(retarget(whole, "#review-whole"), "outerHTML")


def _answered(request: PortalRequest, upload: AttendanceUpload) -> HttpResponse:
    """The parts of the page that an answer changes, and the question whose page was turned."""
    try:
        preview = preview_upload(upload=upload)
    except Refusal as refusal:
        raise BadRequest(refusal.code) from refusal
    page = ReviewPage(upload, preview, upload.answers, wanted_rows(request, upload))
    context = page.parts() | {
        "shown_sections": request.POST.getlist("section"),
        "asked": page.question() if page.wanted.question else None,
        "was_wrong": "was_wrong" in request.POST,
        "summary_is_beside": request.htmx.target != "review-summary",
    }
    return render(request, "attendance/_review_answered.html", context)


@require_POST
@requires(Permission.ORGANISE)
def rows(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """Searches the rows of a record. The words stay in the session: no address holds a student number or a name."""
    upload = managed_upload(request, key)
    wanted = Wanted.of(request.POST, request.POST.get("words", ""))
    request.session[SEARCHED] = {"upload": str(upload.key), "words": wanted.words}
    return redirect(address_of_review(upload, wanted, "rows"))


def gone(request: PortalRequest, upload: AttendanceUpload, sentence: str) -> HttpResponse:
    """Back to the overview, with the sentence that says why the record cannot be reviewed."""
    messages.error(request, sentence)
    return _go(request, reverse("attendance:overview", args=[upload.activity_id]))


@require_POST
@requires(Permission.ORGANISE)
def commit(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """Commits the record as it was previewed; whatever stands in the way is said on the review page again."""
    uploads = AttendanceUpload.objects.visible_to(request.user)
    upload = get_object_or_404(uploads.only("activity"), key=key)  # the service reads the rest under its lock
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _review(request, managed_upload(request, key), form=form, status=422)
    stored = form.stored_answers()
    try:
        done = commit_upload(
            acting_user=request.user,
            upload=upload,
            request_key=form.key,
            fingerprint=form.cleaned_data["fingerprint"],
            stored_answers=stored,
        )
    except AttendanceRefused as refused:
        return _not_committed(request, managed_upload(request, key), stored, refused)
    except Refusal as refusal:
        return gone(request, upload, refusal_sentence(refusal))
    return redirect("attendance:receipt", key=done.upload.key)


def _not_committed(
    request: PortalRequest, upload: AttendanceUpload, stored: Mapping[str, Any], refused: AttendanceRefused
) -> HttpResponse:
    if refused.code == "already_committed" and refused.upload is not None:
        messages.info(request, refused.sentence)
        return redirect("attendance:receipt", key=refused.upload.key)
    if refused.code in {"not_staged", "not_published", "cancelled", "too_early"}:
        return gone(request, upload, refused.sentence)
    status = 409 if refused.code in {"changed_since_preview", "busy"} else 422
    return _review(request, upload, stored=with_answers(upload.answers, stored), problem=refused, status=status)


@require_POST
@requires(Permission.ORGANISE)
def discard(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """Gives up a record that was not committed."""
    upload = managed_upload(request, key)
    try:
        discard_upload(acting_user=request.user, upload=upload)
    except AttendanceRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("attendance:overview", pk=upload.activity_id)

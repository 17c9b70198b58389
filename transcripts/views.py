"""The student's NAT page, the administrator's queue, requests and papers, and the public check of a paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Participant
from accounts.permissions import recent_sign_in, requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.signin.sessions import signed_in_recently
from transcripts import codes, services
from transcripts.forms import CodeForm, DecisionForm, RecordForm, RequestForm, VoidForm
from transcripts.gather import gather, unprintable
from transcripts.models import Transcript, TranscriptRequest
from transcripts.refusals import TranscriptRefused
from transcripts.throttle import address_of, may_try
from transcripts.verification import compare
from transcripts.verification import verify as verify_code

PAGE_SIZE = 25
TABS = {
    "waiting": (gettext_lazy("Waiting"), ("requested", "accepted"), "requested_at"),
    "issued": (gettext_lazy("Issued, not collected"), ("issued",), "-requested_at"),
    "closed": (pgettext_lazy("request", "Closed"), ("collected", "declined", "cancelled"), "-requested_at"),
}
"""Tabs of the queue: title, states, order."""

# --- The student ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_TRANSCRIPT)
def own(request: PortalRequest) -> HttpResponse:
    """The student's requests, the form for a new one, and what a NAT would say today."""
    participant = Participant.objects.visible_to(request.user).filter(user=request.user).select_related("unit").first()
    form = RequestForm(request.POST or None)
    if request.method == "POST" and participant and form.is_valid():
        try:
            services.request_transcript(acting_user=request.user, participant=participant, **form.cleaned_data)
        except TranscriptRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Your request was sent. You can follow it here."))
        return redirect("transcripts:own")
    requests = list(TranscriptRequest.objects.own(request.user).with_papers().order_by("-requested_at"))
    context = {
        "participant": participant,
        "content": gather(participant, timezone.localdate()) if participant else None,
        "form": form,
        "pending": next((one for one in requests if one.status in services.PENDING), None),
        "earlier": [one for one in requests if one.status not in services.PENDING],
    }
    return render(request, "transcripts/request_make.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.REQUEST_TRANSCRIPT)
def cancel(request: PortalRequest, pk: int) -> HttpResponse:
    """The student takes a request back."""
    one = get_object_or_404(TranscriptRequest.objects.own(request.user), pk=pk)
    try:
        services.cancel_request(acting_user=request.user, request=one)
    except TranscriptRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your request was cancelled."))
    return redirect("transcripts:own")


# --- The administrator: requests -------------------------------------------------------------------------------------


@require_GET
@requires(Permission.ISSUE_TRANSCRIPTS)
def queue(request: PortalRequest) -> HttpResponse:
    """Every request, the oldest waiting one first."""
    visible = TranscriptRequest.objects.visible_to(request.user)
    shown = request.GET.get("show", "")
    shown = shown if shown in TABS else "waiting"
    counts = visible.aggregate(**{name: Count("pk", filter=Q(status__in=tab[1])) for name, tab in TABS.items()})
    _title, states, order = TABS[shown]
    listed = visible.filter(status__in=states).select_related("participant").with_papers().order_by(order, "pk")
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": [(name, tab[0], counts[name]) for name, tab in TABS.items()],
        "shown": shown,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "transcripts/request_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.ISSUE_TRANSCRIPTS)
def request_record(request: PortalRequest) -> HttpResponse:
    """Writes down a request that came by letter or e-mail."""
    form = RecordForm(request.POST or None, acting_user=request.user)
    if request.method == "POST" and form.is_valid():
        asked = {key: value for key, value in form.cleaned_data.items() if key != "student_number"}
        try:
            one = services.record_request(acting_user=request.user, participant=form.participant, **asked)
        except TranscriptRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("transcripts:request", pk=one.pk)
    return render(request, "transcripts/request_record.html", {"form": form}, status=422 if form.errors else 200)


def get_request_for(request: PortalRequest, pk: int) -> TranscriptRequest:
    visible = TranscriptRequest.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("participant__unit", "decided_by").with_papers(),
        pk=pk,
    )


@require_GET
@requires(Permission.ISSUE_TRANSCRIPTS)
def request_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One request beside what the NAT would say now."""
    return render_request(request, get_request_for(request, pk), DecisionForm())


def render_request(
    request: PortalRequest, one: TranscriptRequest, form: DecisionForm, status: int = 200
) -> HttpResponse:
    services.log_view(acting_user=request.user, viewed=one)
    context: dict[str, Any] = {"one": one, "form": form, "is_pending": one.status in services.PENDING}
    if context["is_pending"]:
        context["content"] = gather(one.participant, timezone.localdate())
        context["unprintable"] = unprintable(context["content"])
    return render(request, "transcripts/request_detail.html", context, status=status)


@require_POST
@requires(Permission.ISSUE_TRANSCRIPTS)
def decide(request: PortalRequest, pk: int) -> HttpResponse:
    """Accepts or declines, by the button that was pressed."""
    one = get_request_for(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return render_request(request, one, form, status=422)
    declined = request.POST.get("decision") == "decline"
    act = services.decline_request if declined else services.accept_request
    try:
        act(acting_user=request.user, request=one, note=form.cleaned_data["note"])
    except TranscriptRefused as refused:
        if refused.code == "note_missing":
            form.add_error("note", str(refused))
            return render_request(request, one, form, status=422)
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The request was declined.") if declined else _("The request was accepted."))
    return redirect("transcripts:request", pk=pk)


@require_POST
@requires(Permission.ISSUE_TRANSCRIPTS)
def issue(request: PortalRequest, pk: int) -> HttpResponse:
    """Freezes the record and numbers it; the paper is printed from its own page."""
    one = get_request_for(request, pk)
    try:
        transcript = services.issue_transcript(acting_user=request.user, request=one)
    except TranscriptRefused as refused:
        messages.error(request, str(refused))
        return redirect("transcripts:request", pk=pk)
    messages.success(request, _("%(serial)s was issued. You can print it now.") % {"serial": transcript.serial})
    return redirect("transcripts:detail", pk=transcript.pk)


@require_POST
@requires(Permission.ISSUE_TRANSCRIPTS)
def collected(request: PortalRequest, pk: int) -> HttpResponse:
    """The paper was handed over, or the file was sent."""
    one = get_request_for(request, pk)
    try:
        services.collect_transcript(acting_user=request.user, request=one)
    except TranscriptRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted: the NAT reached the student."))
    return redirect("transcripts:request", pk=pk)


# --- The administrator: papers ---------------------------------------------------------------------------------------


def get_transcript_for(request: PortalRequest, pk: int) -> Transcript:
    visible = Transcript.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("participant", "request", "issued_by"), pk=pk)


@require_GET
@requires(Permission.ISSUE_TRANSCRIPTS)
def detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One paper: its state, its prints, what it says, and what has changed since."""
    return render_transcript(request, get_transcript_for(request, pk), VoidForm())


def render_transcript(
    request: PortalRequest, transcript: Transcript, form: VoidForm, status: int = 200
) -> HttpResponse:
    services.log_view(acting_user=request.user, viewed=transcript)
    context = {
        "transcript": transcript,
        "verification": compare(transcript),
        "prints": transcript.prints.select_related("printed_by"),
        "verify_url": services.numbering_of(transcript).verify_url,
        "form": form,
        "may_void": signed_in_recently(request.session),
    }
    return render(request, "transcripts/transcript_detail.html", context, status=status)


@require_POST
@requires(Permission.ISSUE_TRANSCRIPTS)
def print_paper(request: PortalRequest, pk: int) -> HttpResponse:
    """The paper as PDF; every time is a print of its own, and later ones say so."""
    transcript = get_transcript_for(request, pk)
    try:
        job, pdf = services.print_transcript(acting_user=request.user, transcript=transcript)
    except TranscriptRefused as refused:
        messages.error(request, str(refused))
        return redirect("transcripts:detail", pk=pk)
    name = transcript.serial if job.number == 1 else f"{transcript.serial}-reprint-{job.number}"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


@require_POST
@requires(Permission.ISSUE_TRANSCRIPTS)
@recent_sign_in
def void(request: PortalRequest, pk: int) -> HttpResponse:
    """Declares the paper void, with a reason. For good: so, unlike issuing and printing, after a recent sign-in."""
    transcript = get_transcript_for(request, pk)
    form = VoidForm(request.POST)
    if not form.is_valid():
        return render_transcript(request, transcript, form, status=422)
    try:
        services.void_transcript(acting_user=request.user, transcript=transcript, reason=form.cleaned_data["reason"])
    except TranscriptRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(serial)s is void now.") % {"serial": transcript.serial})
    return redirect("transcripts:detail", pk=pk)


# --- Anybody --------------------------------------------------------------------------------------------------------


def unlisted(response: HttpResponse) -> HttpResponse:
    """No search engine lists the answer, and nothing on the way keeps it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_GET
def verify_form(request: HttpRequest) -> HttpResponse:
    """Asks for a code, and leads to its page."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        code = codes.read_code(form.cleaned_data["code"])
        if code:
            return unlisted(redirect("transcripts:verify", code=code))
        form.add_error(
            "code",
            _("This is not a verification code: it has 28 letters and digits, at least the first 12 are needed."),
        )
    return unlisted(render(request, "transcripts/code_enter.html", {"form": form}, status=422 if form.errors else 200))


@login_not_required
@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper behind the code says, as printed and as of now; one neutral answer for every other code."""
    if not may_try(address_of(request)):
        response = render(request, "transcripts/paper_verify.html", {"too_many": True}, status=429)
        response.headers["Retry-After"] = "60"
        return unlisted(response)
    found = verify_code(code)
    context = {"verification": found}
    return unlisted(render(request, "transcripts/paper_verify.html", context, status=200 if found else 404))

"""The pages on which an organiser writes: everything about an activity on one page, or its badges alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from activities import rules, services
from activities.forms import (
    MOST_SESSIONS,
    ActivityForm,
    BadgePickerForm,
    BaseSessionFormSet,
    add_refusal,
    as_typed,
    one_more_row,
    session_rows,
)
from activities.keeping import in_sessions, spans_of
from activities.models import Activity, AwardingRules
from activities.refusals import ActivityRefused, up_to_badges, wrong_offer
from activities.views import UNPROCESSABLE, get_activity_for, posted


def badge_limit(sessions: BaseSessionFormSet) -> dict[str, Any]:
    """What the picker says about these sessions: how many days, how many badges."""
    try:
        follows = in_sessions(sessions.spans)
    except ActivityRefused as refused:
        return {"limit_text": refused.message if refused.code == "no_rules" else "", "max_badges": None}
    return limit_of(follows["days"], follows["max_badges"])


def limit_of(days: int, maximum: int) -> dict[str, Any]:
    return {"limit_text": up_to_badges(days, maximum), "max_badges": maximum}


def tiers_today() -> Any:
    """The duration tiers of the rules in force today, to be told before any session is given."""
    in_force = rules.in_force(timezone.localdate(), AwardingRules.objects.prefetch_related("tiers"))
    return in_force.tiers.all() if in_force else []


def show_form(
    request: PortalRequest, form: ActivityForm, sessions: BaseSessionFormSet, activity: Activity | None
) -> HttpResponse:
    has_errors = form.is_bound and bool(form.errors or sessions.total_error_count())
    limit = badge_limit(sessions) if sessions.is_bound else {}
    if activity and not sessions.is_bound:
        limit = limit_of(activity.days, activity.max_badges)
    context = {
        "form": form,
        "sessions": sessions,
        "has_errors": has_errors,
        "activity": activity,
        "tiers": tiers_today(),
        "has_awards": activity is not None and activity.awards.exists(),
        **limit,
    }
    return render(request, "activities/activity_edit.html", context, status=UNPROCESSABLE if has_errors else 200)


def judge_badges(form: ActivityForm, sessions: BaseSessionFormSet) -> None:
    """Where something else is wrong already: says what is wrong with the badges too, so that all is said at once."""
    codes = form.cleaned_data.get("badges", [])
    try:
        follows = in_sessions(sessions.spans)
    except ActivityRefused:
        return
    wrong = rules.check_offer(codes, follows["max_badges"], codes)
    if codes and wrong:
        add_refusal(form, wrong_offer(wrong, follows["days"], follows["max_badges"]))


def show_again(
    request: PortalRequest, form: ActivityForm, sessions: BaseSessionFormSet, activity: Activity | None
) -> HttpResponse:
    """Without JavaScript: the form as typed, not judged, with one more session or the badges recounted."""
    limit = badge_limit(sessions)
    context = {
        "form": ActivityForm(initial=as_typed(form), instance=activity, user=request.user),
        "sessions": one_more_row(sessions) if "add_session" in request.POST else sessions,
        "activity": activity,
        "tiers": tiers_today(),
        "has_awards": activity is not None and activity.awards.exists(),
        **limit,
    }
    return render(request, "activities/activity_edit.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def create(request: PortalRequest) -> HttpResponse:
    """One page for everything: what it is, when, which badges; saved as a draft or published at once."""
    if request.method == "GET":
        return show_form(request, ActivityForm(user=request.user), session_rows(), None)
    publishes = "publish" in request.POST
    form = ActivityForm(request.POST, user=request.user, is_complete=publishes)
    sessions = session_rows(request.POST)
    if not {"add_session", "recount"}.isdisjoint(request.POST):
        return show_again(request, form, sessions, None)
    if all([form.is_valid(), sessions.is_valid()]):
        try:
            with transaction.atomic():
                activity = services.create_activity(
                    acting_user=request.user,
                    details=form.details,
                    sessions=sessions.spans,
                    badges=form.chosen,
                    code=form.cleaned_data["code"],
                )
                if publishes:
                    services.publish_activity(acting_user=request.user, activity=activity)
        except ActivityRefused as refused:
            add_refusal(form, refused)
        else:
            said = _("The activity is published.") if publishes else _("The draft is saved.")
            messages.success(request, said)
            return redirect("activities:manage", pk=activity.pk)
    else:
        judge_badges(form, sessions)
    return show_form(request, form, sessions, None)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def edit(request: PortalRequest, pk: int) -> HttpResponse:
    activity = get_activity_for(request, pk)
    if activity.status not in rules.OPEN_STATES:
        messages.error(request, _("A cancelled or archived activity stays as it is. Clone it to hold it again."))
        return redirect("activities:manage", pk=pk)
    if request.method == "GET":
        form = ActivityForm(instance=activity, user=request.user)
        return show_form(request, form, session_rows(spans=spans_of(activity)), activity)
    is_complete = activity.status == Activity.Status.PUBLISHED
    form = ActivityForm(
        request.POST, instance=get_activity_for(request, pk), user=request.user, is_complete=is_complete
    )
    sessions = session_rows(request.POST)
    if not {"add_session", "recount"}.isdisjoint(request.POST):
        return show_again(request, form, sessions, activity)
    if all([form.is_valid(), sessions.is_valid()]):
        try:
            edited = services.edit_activity(
                acting_user=request.user,
                activity=activity,
                details=form.details,
                sessions=sessions.spans,
                badges=form.chosen,
            )
        except ActivityRefused as refused:
            add_refusal(form, refused)
        else:
            tell_edited(request, edited)
            return redirect("activities:manage", pk=pk)
    return show_form(request, form, sessions, activity)


def tell_edited(request: PortalRequest, activity: Activity) -> None:
    messages.success(request, _("Your changes are saved."))
    if activity.is_shortened:
        messages.warning(
            request,
            _("The activity is shorter than its badges need. Awards given stand; the learning advisor sees it."),
        )


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def offers(request: PortalRequest, pk: int) -> HttpResponse:
    """The choice of badges alone."""
    activity = get_activity_for(request, pk)
    if activity.status not in rules.OPEN_STATES:
        messages.error(request, _("A cancelled or archived activity stays as it is. Clone it to hold it again."))
        return redirect("activities:manage", pk=pk)
    form = BadgePickerForm(posted(request), instance=get_activity_for(request, pk))
    if request.method == "POST" and form.is_valid():
        try:
            services.offer_badges(
                acting_user=request.user,
                activity=activity,
                badges=form.chosen,
                rationale=form.cleaned_data["rationale"],
            )
        except ActivityRefused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The choice of badges is saved."))
            return redirect("activities:manage", pk=pk)
    context = {
        "activity": activity,
        "form": form,
        "has_awards": activity.awards.exists(),
        **limit_of(activity.days, activity.max_badges),
    }
    return render(request, "activities/offer_edit.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@requires(Permission.ORGANISE)
def session_row(request: PortalRequest) -> HttpResponse:
    """For htmx: one more empty row, below those that the page has."""
    sent = request.GET.get("sessions-TOTAL_FORMS", "")
    count = int(sent) if sent.isdecimal() and len(sent) < 4 else 0
    if count >= MOST_SESSIONS:
        raise Http404
    row = session_rows().empty_form
    row.prefix = f"sessions-{count}"
    context = {"row": row, "number": count + 1, "total": count + 1}
    return render(request, "activities/_session_added.html", context)


@require_POST
@requires(Permission.ORGANISE)
def recount(request: PortalRequest) -> HttpResponse:
    """For htmx: how many badges the sessions allow, as typed so far. Nothing is written."""
    return render(request, "activities/_badge_limit.html", badge_limit(session_rows(request.POST)))

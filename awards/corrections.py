"""Pages of those who manage an activity: who earned what, and corrections by hand, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.fields import LineField
from accounts.permissions import View, recent_sign_in, requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from activities.models import Activity
from awards.forms import GiveForm, LiftForm, ReasonForm, WithheldReasonForm, WithholdForm
from awards.history import LONGEST_SEARCH
from awards.models import Award, Withholding
from awards.requesting import RequestRefused, ask_for_revocation
from awards.results import people_on_record, results_of, totals_of
from awards.services import (
    AwardRefused,
    award_by_hand,
    change_withholding_reason,
    lift_withholding,
    reinstate_award,
    revoke_award,
    stands_on_nat,
    withhold_by_hand,
)


def administrator_again(view: View) -> View:
    """A decorator: who corrects what is not necessarily their own has typed the password within the last half hour."""
    after_sign_in = recent_sign_in(view)

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        needed = request.user.may(Permission.MANAGE_ALL_ACTIVITIES)
        return (after_sign_in if needed else view)(request, *args, **kwargs)

    return guarded


@require_GET
@requires(Permission.ORGANISE)
def results(request: PortalRequest, pk: int) -> HttpResponse:
    """Everybody on record at the activity: who has a badge, had one, is withheld one, or has none."""
    activity = get_object_or_404(Activity.objects.managed_by(request.user), pk=pk)
    search = LineField(required=False).to_python(request.GET.get("q", ""))[:LONGEST_SEARCH]
    page = results_of(activity, search, request.GET.get("page"))
    context = {
        "activity": activity,
        "search": search,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "awards/_result_list.html", context)
    return render(request, "awards/result_list.html", {**context, "totals": totals_of(activity)})


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
@administrator_again
def revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Takes a badge back."""
    award = get_object_or_404(_correctable_awards(request), pk=pk)
    form = ReasonForm(_posted(request))
    on_nat = stands_on_nat(award)
    may_revoke = not on_nat or request.user.may(Permission.MANAGE_ALL_ACTIVITIES)
    act = revoke_award if may_revoke else ask_for_revocation
    return _correct(
        request,
        form,
        "awards/award_revoke.html",
        award.activity,
        lambda: act(acting_user=request.user, award=award, reason=form.cleaned_data["reason"]),
        _("The badge was revoked. The reason is kept with it.")
        if may_revoke
        else _("The scheme administrator was asked to revoke the badge. You will be told what becomes of it."),
        award=award,
        on_nat=on_nat,
        may_revoke=may_revoke,
        asked=award.correction_requests.open().first(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
@administrator_again
def reinstate(request: PortalRequest, pk: int) -> HttpResponse:
    """Gives a revoked badge back."""
    award = get_object_or_404(_correctable_awards(request), pk=pk)
    form = ReasonForm(_posted(request))
    return _correct(
        request,
        form,
        "awards/award_reinstate.html",
        award.activity,
        lambda: reinstate_award(acting_user=request.user, award=award, reason=form.cleaned_data["reason"]),
        _("The badge was reinstated. The reason is kept with it."),
        award=award,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
@administrator_again
def lift(request: PortalRequest, pk: int) -> HttpResponse:
    """Ends a withholding and, unless the person says no, gives the badge."""
    managed = Withholding.objects.managed_by(request.user).select_related("participant", "activity", "badge_type")
    withholding = get_object_or_404(managed, pk=pk)
    form = LiftForm(_posted(request))
    return _correct(
        request,
        form,
        "awards/withholding_lift.html",
        withholding.activity,
        lambda: lift_withholding(acting_user=request.user, withholding=withholding, **form.cleaned_data),
        _("The badge is no longer withheld."),
        withholding=withholding,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
@administrator_again
def change_reason(request: PortalRequest, pk: int) -> HttpResponse:
    """Withholds the badge for another reason."""
    managed = Withholding.objects.managed_by(request.user).active()
    withholding = get_object_or_404(managed.select_related("participant", "activity", "badge_type"), pk=pk)
    given = {"reason": withholding.reason, "reason_text": withholding.reason_text}
    form = WithheldReasonForm(_posted(request), initial=given)
    return _correct(
        request,
        form,
        "awards/withholding_reword.html",
        withholding.activity,
        lambda: change_withholding_reason(acting_user=request.user, withholding=withholding, **form.cleaned_data),
        _("The reason was changed. The student sees the new one."),
        withholding=withholding,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
@administrator_again
def give(request: PortalRequest, pk: int) -> HttpResponse:
    """Gives a badge by hand to somebody on the attendance record."""
    activity = get_object_or_404(Activity.objects.managed_by(request.user), pk=pk)
    form = GiveForm(_posted(request), activity=activity, on_record=people_on_record(activity), initial=_chosen(request))
    return _correct(
        request,
        form,
        "awards/award_give.html",
        activity,
        lambda: award_by_hand(acting_user=request.user, activity=activity, **form.cleaned_data),
        _("The badge was given."),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
@administrator_again
def withhold(request: PortalRequest, pk: int) -> HttpResponse:
    """Records that somebody on the attendance record does not get a badge, and why."""
    activity = get_object_or_404(Activity.objects.managed_by(request.user), pk=pk)
    form = WithholdForm(
        _posted(request), activity=activity, on_record=people_on_record(activity), initial=_chosen(request)
    )
    return _correct(
        request,
        form,
        "awards/withholding_make.html",
        activity,
        lambda: withhold_by_hand(acting_user=request.user, activity=activity, **form.cleaned_data),
        _("The badge is withheld. The student sees the reason."),
    )


def _posted(request: PortalRequest) -> QueryDict | None:
    """What was sent, also when nothing was filled in; None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def _correctable_awards(request: PortalRequest) -> Any:
    managed = Award.objects.managed_by(request.user).exclude(status=Award.Status.UNDONE)
    return managed.select_related("participant", "activity", "badge_type")


def _chosen(request: PortalRequest) -> dict[str, str]:
    """Whom the person clicked on the list, to begin with."""
    return {name: request.GET[name] for name in ("participant", "badge_type") if request.GET.get(name, "").isdigit()}


def _correct(
    request: PortalRequest,
    form: forms.Form,
    template: str,
    activity: Activity,
    correction: Callable[[], object],
    success: Promise,
    **context: Any,
) -> HttpResponse:
    """The form; sent and in order, the correction and back to the list; refused, the form with the sentence."""
    if request.method == "POST" and form.is_valid():
        try:
            correction()
        except (AwardRefused, RequestRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(success))
            return redirect("awards:participant-list-of-activity", activity.pk)
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, "activity": activity, **context}, status=status)

"""The organisers' pages: their activities, and what they do with one as a whole."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.text import clean_line
from activities import rules, services
from activities.forms import CancelForm, CloneForm, OrganisersForm, add_refusal
from activities.keeping import is_recorded, missing_for_publication
from activities.models import Activity
from activities.refusals import ActivityRefused, up_to_badges

PER_PAGE = 25
UNPROCESSABLE = 422

STATES = {
    "": gettext_lazy("All"),
    "due": gettext_lazy("To record"),
    "overdue": gettext_lazy("Overdue"),
    "coming": gettext_lazy("Coming"),
    "draft": gettext_lazy("Drafts"),
    "recorded": gettext_lazy("Recorded"),
    "closed": gettext_lazy("Cancelled or archived"),
}
"""The tabs of the list, in their order."""


def posted(request: PortalRequest) -> QueryDict | None:
    """What was sent, also when it is empty; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def get_activity_for(request: PortalRequest, pk: int) -> Activity:
    """The activity, if the signed-in user may manage it; 404 otherwise."""
    return get_object_or_404(Activity.objects.managed_by(request.user).select_related("unit", "rules"), pk=pk)


# --- My activities --------------------------------------------------------------------------------------------------


def conditions_of_tabs() -> dict[str, Q]:
    now = timezone.now()
    due = Q(status="published", ends_at__lte=now, is_recorded=False)
    return {
        "": Q(),
        "due": due,
        "overdue": due & Q(due_on__lt=timezone.localdate(now)),
        "coming": Q(status="published", ends_at__gt=now),
        "draft": Q(status="draft"),
        "recorded": Q(status="published", is_recorded=True),
        "closed": Q(status__in=["cancelled", "archived"]),
    }


@require_GET
@requires(Permission.ORGANISE)
def own_list(request: PortalRequest) -> HttpResponse:
    """The user's own activities, or all of them for the administrator, with what needs doing."""
    sees_all = request.user.may(Permission.MANAGE_ALL_ACTIVITIES)
    scope = "all" if sees_all and request.GET.get("scope") != "own" else "own"
    reach = Activity.objects.managed_by(request.user) if scope == "all" else Activity.objects.own(request.user)
    words, state = clean_line(request.GET.get("q", ""))[:100], request.GET.get("state", "")
    state = state if state in STATES else ""
    found = reach.search(words).with_record()
    tabs = conditions_of_tabs()
    today = timezone.localdate()
    counts = found.aggregate(**{f"in_{name}": Count("pk", filter=condition) for name, condition in tabs.items()})
    mine = Activity.organisers.through.objects.filter(activity=OuterRef("pk"), user=request.user)
    activities = (
        found.filter(tabs[state])
        .with_offers()
        .annotate(is_own=Exists(mine))
        .order_by(*(["due_on", "pk"] if state in {"due", "overdue"} else ["-starts_at", "-pk"]))
    )
    page = Paginator(activities, PER_PAGE).get_page(request.GET.get("page"))
    for activity in page:
        activity.days_left = (activity.due_on - today).days
        activity.days_late = -activity.days_left
        activity.is_over = activity.has_ended(timezone.now())
    context = {
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "tabs": [{"state": name, "label": label, "count": counts[f"in_{name}"]} for name, label in STATES.items()],
        "state": state,
        "words": words,
        "scope": scope,
        "sees_all": sees_all,
        "due": counts["in_due"],
        "overdue": counts["in_overdue"],
    }
    return render(request, "activities/activity_list.html", context)


# --- One activity ---------------------------------------------------------------------------------------------------


@require_GET
@requires(Permission.ORGANISE)
def manage(request: PortalRequest, pk: int) -> HttpResponse:
    """Everything about one activity, and what its state allows next."""
    activity = get_object_or_404(Activity.objects.managed_by(request.user).with_offers(), pk=pk)
    now = timezone.now()
    recorded = is_recorded(activity)
    gate = rules.upload_gate(activity.status, activity.ends_at, now)
    awards = activity.awards.filter(status="active").aggregate(
        badges=Count("pk"), people=Count("participant", distinct=True)
    )
    context = {
        "activity": activity,
        "sessions": activity.sessions.all(),
        "organisers": activity.organisers.select_related("unit"),
        "closed_offers": activity.offers.exclude(closed_at=None).select_related("badge_type"),
        "has_ended": activity.has_ended(now),
        "is_recorded": recorded,
        "gate": gate,
        "days_left": (activity.due_on - timezone.localdate(now)).days,
        "days_late": (timezone.localdate(now) - activity.due_on).days,
        "missing": missing_for_publication(activity) if activity.status == Activity.Status.DRAFT else [],
        "is_open": activity.status in rules.OPEN_STATES,
        "may_cancel": activity.status == Activity.Status.PUBLISHED and not recorded,
        "may_archive": activity.status == Activity.Status.DRAFT
        or (activity.status == Activity.Status.PUBLISHED and activity.has_ended(now) and recorded),
        "limit_text": up_to_badges(activity.days, activity.max_badges),
        **awards,
    }
    return render(request, "activities/activity_manage.html", context)


@require_POST
@requires(Permission.ORGANISE)
def publish(request: PortalRequest, pk: int) -> HttpResponse:
    activity = get_activity_for(request, pk)
    try:
        services.publish_activity(acting_user=request.user, activity=activity)
    except ActivityRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The activity is published."))
    return redirect("activities:manage", pk=pk)


@require_POST
@requires(Permission.ORGANISE)
def archive(request: PortalRequest, pk: int) -> HttpResponse:
    activity = get_activity_for(request, pk)
    try:
        services.archive_activity(acting_user=request.user, activity=activity)
    except ActivityRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The activity is archived."))
    return redirect("activities:manage", pk=pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def cancel(request: PortalRequest, pk: int) -> HttpResponse:
    activity = get_activity_for(request, pk)
    form = CancelForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_activity(acting_user=request.user, activity=activity, reason=form.cleaned_data["reason"])
        except ActivityRefused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The activity is cancelled. Its page says so, with your reason."))
            return redirect("activities:manage", pk=pk)
    context = {"activity": activity, "form": form}
    return render(request, "activities/activity_cancel.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def clone(request: PortalRequest, pk: int) -> HttpResponse:
    activity = get_activity_for(request, pk)
    form = CloneForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            copy = services.clone_activity(
                acting_user=request.user, activity=activity, first_on=form.cleaned_data["first_on"]
            )
        except ActivityRefused as refused:
            add_refusal(form, refused)
        else:
            tell_cloned(request, activity, copy)
            return redirect("activities:manage", pk=copy.pk)
    context = {"activity": activity, "form": form}
    return render(request, "activities/activity_clone.html", context, status=UNPROCESSABLE if form.errors else 200)


def tell_cloned(request: PortalRequest, activity: Activity, copy: Activity) -> None:
    messages.success(request, _("This is the new draft. Check its sessions, then publish it."))
    left = activity.offers.filter(closed_at=None).count() - copy.offers.count()
    if left:
        messages.warning(
            request,
            ngettext(
                "%(left)d badge was not taken over: the scheme does not allow it on the new days.",
                "%(left)d badges were not taken over: the scheme does not allow them on the new days.",
                left,
            )
            % {"left": left},
        )


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def organisers(request: PortalRequest, pk: int) -> HttpResponse:
    """Co-organisers and hand-over."""
    activity = get_activity_for(request, pk)
    form = OrganisersForm(posted(request), activity=activity)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_organisers(acting_user=request.user, activity=activity, organisers=form.organisers)
        except ActivityRefused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The organisers are saved."))
            still = Activity.objects.managed_by(request.user).filter(pk=pk).exists()
            return redirect("activities:manage", pk=pk) if still else redirect("activities:own-list")
    context = {"activity": activity, "form": form}
    return render(request, "activities/activity_organisers.html", context, status=UNPROCESSABLE if form.errors else 200)

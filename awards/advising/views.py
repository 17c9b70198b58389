"""The learning advisor's room, and the page on which an organiser answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from activities.models import Activity
from activities.querysets import ActivityQuerySet
from awards.advising.forms import AdviceForm, AnswerForm, MonitorFilter
from awards.advising.models import Advice
from awards.advising.querysets import choices_for, coming_offers
from awards.advising.services import answer_advice, give_advice, mark_choice_seen

PAGE_SIZE = 25
EARLIER_CHOICES = 5


@require_GET
@requires(Permission.ADVISE)
def monitor(request: PortalRequest) -> HttpResponse:
    """Every organiser's choice of badges with its objectives and rationale; new ones first in mind."""
    form = MonitorFilter(request.GET or {"state": "new"})
    choices = choices_for(request.user)
    shown = narrow(choices, form.cleaned_data) if form.is_valid() else choices
    now = timezone.now()
    page = Paginator(shown.with_offers().prefetch_related("organisers"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "new_count": choices.filter(is_new=True).count(),
        "waiting_count": choices.filter(waits_for_answer=True).count(),
        "overdue_count": Activity.objects.overdue(timezone.localdate(now)).count(),
        "badges": coming_offers(now),
    }
    return render(request, "advising/choice_list.html", context)


def narrow(choices: ActivityQuerySet, wanted: dict[str, Any]) -> ActivityQuerySet:
    """The choices that the filter asks for."""
    match wanted["state"]:
        case "new":
            choices = choices.filter(is_new=True)
        case "waiting":
            choices = choices.filter(waits_for_answer=True)
        case "answered":
            choices = choices.filter(last_is_answer=True)
    if wanted["unit"]:
        choices = choices.filter(unit=wanted["unit"])
    if wanted["badge"]:
        choices = choices.filter(offers__badge_type=wanted["badge"], offers__closed_at=None)
    if wanted["q"]:
        text = wanted["q"]
        choices = choices.filter(Q(title_en__icontains=text) | Q(title_zh__icontains=text) | Q(code__icontains=text))
    return choices


def thread_of(activity: Activity) -> QuerySet[Advice]:
    return activity.advice.select_related("author").prefetch_related("suggested")


@require_GET
@requires(Permission.ADVISE)
def choice(request: PortalRequest, pk: int) -> HttpResponse:
    """One choice: the badges beside the activity's objectives, the organisers' earlier choices, the thread."""
    return render_choice(request, get_choice_for(request, pk), AdviceForm())


def get_choice_for(request: PortalRequest, pk: int) -> Activity:
    choices = choices_for(request.user).with_offers().prefetch_related("organisers")
    return get_object_or_404(choices, pk=pk)


def render_choice(request: PortalRequest, activity: Activity, form: AdviceForm, status: int = 200) -> HttpResponse:
    earlier = (
        choices_for(request.user)
        .filter(organisers__in=activity.organisers.all())
        .exclude(pk=activity.pk)
        .distinct()
        .with_offers()[:EARLIER_CHOICES]
    )
    context = {"activity": activity, "thread": thread_of(activity), "earlier": earlier, "form": form}
    return render(request, "advising/choice_review.html", context, status=status)


@require_POST
@requires(Permission.ADVISE)
def seen(request: PortalRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(choices_for(request.user).with_offers(), pk=pk)
    mark_choice_seen(acting_user=request.user, activity=activity)
    if request.htmx:
        activity.is_new = False
        return render(request, "advising/_choice_state.html", {"activity": activity})
    messages.success(request, _("“%(activity)s” is marked as seen.") % {"activity": activity.title})
    return redirect("advising:monitor")


@require_POST
@requires(Permission.ADVISE)
def advise(request: PortalRequest, pk: int) -> HttpResponse:
    activity = get_choice_for(request, pk)
    form = AdviceForm(request.POST)
    if not form.is_valid():
        return render_choice(request, activity, form, status=422)
    give_advice(acting_user=request.user, activity=activity, **form.cleaned_data)
    messages.success(request, _("Your advice is with the organisers of “%(activity)s”.") % {"activity": activity.title})
    return redirect("advising:monitor")


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def answer(request: PortalRequest, pk: int) -> HttpResponse:
    """The organiser's side: the thread about one own activity, and an answer."""
    activities = Activity.objects.managed_by(request.user).with_offers()
    activity = get_object_or_404(activities, pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer_advice(acting_user=request.user, activity=activity, **form.cleaned_data)
        messages.success(request, _("Your answer is with the learning advisor."))
        return redirect("advising:answer", pk=activity.pk)
    context = {"activity": activity, "thread": thread_of(activity), "form": form}
    return render(request, "advising/advice_answer.html", context, status=422 if form.errors else 200)

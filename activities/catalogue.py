"""The public pages: coming activities with the badges that can be earned, and the page of one activity."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from activities.filters import CatalogueFilter
from activities.models import Activity

PER_PAGE = 25


@require_GET
@login_not_required
@vary_on_headers("HX-Request")
def catalogue(request: HttpRequest) -> HttpResponse:
    """Coming activities, soonest first; htmx gets the list alone."""
    coming = Activity.objects.coming(timezone.now()).with_offers()
    filters = CatalogueFilter(request.GET, queryset=coming)
    page = Paginator(filters.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
    }
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    is_partial = htmx and not htmx.history_restore_request
    template = "activities/_catalogue_results.html" if is_partial else "activities/catalogue_list.html"
    return render(request, template, context)


@require_GET
@login_not_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What an activity is, when it is held and what can be earned. No person is named."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user).with_offers(), pk=pk)
    user = request.user
    context = {
        "activity": activity,
        "sessions": activity.sessions.all(),
        "has_ended": activity.has_ended(timezone.now()),
        "may_manage": isinstance(user, User) and Activity.objects.managed_by(user).filter(pk=pk).exists(),
    }
    return render(request, "activities/activity_detail.html", context)

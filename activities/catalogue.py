"""The public pages: coming activities with the badges that can be earned, and the page of one activity."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from accounts.models import Unit, User, in_language
from activities.cards import page_of
from activities.filters import fixed_choices, read_filters
from activities.models import Activity, BadgeType
from activities.templatetags.catalogue import CardPainter


@require_GET
@login_not_required
@vary_on_headers("HX-Request")
def catalogue(request: HttpRequest) -> HttpResponse:
    """Coming activities, soonest first; htmx gets the list alone."""
    badges = list(BadgeType.objects.only("code", "name_en", "name_zh", "artwork", "is_active"))
    badge_choices = [(badge.code, str(badge)) for badge in badges if badge.is_active]
    units = Unit.objects.filter(is_active=True).values_list("code", "name_en", "name_zh")
    unit_choices = [(code, in_language(name_en, name_zh)) for code, name_en, name_zh in units]
    filters = read_filters(request.GET, dict(badge_choices), dict(unit_choices))
    page = page_of(filters.applied_to(Activity.objects.coming(timezone.now())), request.GET.get("page"))
    context = {
        "filters": filters,
        "painter": CardPainter(badges),
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
    }
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    if htmx and not htmx.history_restore_request:
        return render(request, "activities/_catalogue_results.html", context)
    context |= {"badge_choices": badge_choices, "unit_choices": unit_choices, **fixed_choices(get_language())}
    return render(request, "activities/catalogue_list.html", context)


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

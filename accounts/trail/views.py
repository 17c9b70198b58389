"""Reading the audit trail."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.roles import Permission
from accounts.trail.forms import TrailFilter
from accounts.trail.models import AuditEntry
from accounts.trail.querysets import AuditEntryQuerySet
from accounts.trail.showing import describe

PER_PAGE = 25


@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """Everything for the administrator; one's own acts, and what concerns one's own record, for everybody else."""
    user = cast(User, request.user)
    form = TrailFilter(request.GET or None, user=user)
    shown = AuditEntry.objects.visible_to(user).select_related("actor", "participant")
    if form.is_valid():
        shown = _filtered(shown, form.cleaned_data)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    describe(page.object_list)
    context = {
        "form": form,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "sees_all": user.may(Permission.VIEW_TRAIL),
    }
    return render(request, "trail/entry_list.html", context)


def _filtered(shown: AuditEntryQuerySet, wanted: dict[str, Any]) -> AuditEntryQuerySet:
    if wanted["action"]:
        shown = shown.filter(action=wanted["action"])
    if wanted.get("actor"):
        shown = shown.filter(actor=wanted["actor"])
    if wanted["since"]:
        shown = shown.filter(at__gte=_midnight(wanted["since"]))
    if wanted["until"]:
        shown = shown.filter(at__lt=_midnight(wanted["until"] + dt.timedelta(days=1)))
    return shown


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))

"""Activity History: a student's own, a student's for the administrator, and why a badge was given."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.models import Participant
from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from activities.rules import academic_year_label
from awards.explaining import explain_award, with_what_explains
from awards.forms import read_filters
from awards.history import badges_of_scheme, by_year, page_of, tally_of
from awards.models import Award
from awards.profile import radar
from awards.services import record_view_of_history
from awards.templatetags.history import EntryPainter


@require_GET
@requires(Permission.VIEW_OWN_HISTORY)
def history(request: PortalRequest) -> HttpResponse:
    """The signed-in student's own Activity History."""
    try:
        participant = Participant.objects.visible_to(request.user).get(user=request.user)
    except Participant.DoesNotExist:
        return render(request, "awards/history_unlinked.html")
    return _show_history(request, participant, is_own=True)


@require_GET
@requires(Permission.VIEW_STUDENTS)
def participant_history(request: PortalRequest, pk: int) -> HttpResponse:
    """The history of a student, for the administrator; every look is on the trail."""
    participant = get_object_or_404(Participant.objects.visible_to(request.user), pk=pk)
    record_view_of_history(acting_user=request.user, participant=participant)
    return _show_history(request, participant, is_own=False)


@require_GET
@requires(Permission.VIEW_OWN_HISTORY, Permission.ORGANISE)
def why(request: PortalRequest, award_pk: int) -> HttpResponse:
    """Why this badge was given; the administrator's look at it is on the trail."""
    visible = with_what_explains(Award.objects.visible_to(request.user)).exclude(status=Award.Status.UNDONE)
    award = get_object_or_404(visible, pk=award_pk)
    is_own = award.participant.user_id == request.user.pk
    if not is_own and request.user.may(Permission.VIEW_STUDENTS):
        record_view_of_history(acting_user=request.user, participant=award.participant)
    context = {"explanation": explain_award(award), "is_own": is_own}
    return render(request, "awards/award_why.html", context)


def _show_history(request: PortalRequest, participant: Participant, *, is_own: bool) -> HttpResponse:
    """The page, or with htmx only the list that the filters change."""
    badges = badges_of_scheme()
    tally = tally_of(participant, badges)
    filters = read_filters(request.GET, tally.years, [badge.code for badge in badges.values()])
    page = page_of(participant, filters, request.GET.get("page"))
    context: dict[str, Any] = {
        "participant": participant,
        "is_own": is_own,
        "painter": EntryPainter(badges.values()),
        "filters": filters,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "entries_by_year": by_year(page.object_list),
        "is_empty": tally.is_empty,
    }
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "awards/_history_list.html", context)
    profile = tally.profile
    coming = {badge.code: badge.coming for badge in badges.values()}
    context |= {
        "year_choices": [(str(year), academic_year_label(year)) for year in tally.years],
        "badge_choices": [(badge.code, badge.name) for badge in badges.values()],
        "profile": profile,
        "radar": radar(profile.wall),
        "missing": [(slot, coming[slot.code]) for slot in profile.missing],
    }
    return render(request, "awards/history_show.html", context)

"""Who earned what at one activity, for those who manage it: awards, revoked ones, and badges withheld."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from accounts.models import Participant
from activities.models import Activity
from awards.attendance.models import AttendanceRow
from awards.models import Award, CorrectionRequest, Withholding

PAGE_SIZE = 25


@dataclass(slots=True)
class Result:
    """One participant on record at the activity with what stands, what was taken back and what is withheld."""

    participant: Participant
    active: list[Award] = field(default_factory=list)
    revoked: list[Award] = field(default_factory=list)
    withheld: list[Withholding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the whole activity adds up to."""

    participants: int
    awards: int
    withheld: int


def results_of(activity: Activity, search: str, number: str | None) -> Page:
    """One page of results by name: six queries, whatever is on it. A search is part of a name or a full number."""
    people = _with_results(activity)
    for word in search.split():
        people = people.filter(Q(name_en__icontains=word) | Q(name_zh__icontains=word) | Q(student_number=word))
    page = Paginator(people, PAGE_SIZE).get_page(number)
    results = {person.pk: Result(person) for person in page.object_list}
    for award in _awards(activity).filter(participant__in=results):
        result = results[award.participant_id]
        (result.active if award.status == Award.Status.ACTIVE else result.revoked).append(award)
    for withholding in _withholdings(activity).filter(participant__in=results):
        results[withholding.participant_id].withheld.append(withholding)
    _mark_on_nat(list(results.values()))
    page.object_list = list(results.values())  # type: ignore[arg-type]
    return page


def totals_of(activity: Activity) -> Totals:
    """Counted over the whole activity."""
    return Totals(
        participants=_with_results(activity).count(),
        awards=Award.objects.active().filter(activity=activity).count(),
        withheld=Withholding.objects.active().filter(activity=activity).count(),
    )


def people_on_record(activity: Activity) -> QuerySet[Participant]:
    """Those on a settled row of a committed attendance record, by name: who may get a badge by hand."""
    return Participant.objects.filter(pk__in=_on_record(activity))


def _on_record(activity: Activity) -> QuerySet:
    rows = AttendanceRow.objects.filter(
        upload__activity=activity, upload__status="committed", participant__isnull=False
    )
    return rows.exclude(settlement__in=AttendanceRow.COUNTS_FOR_NOBODY).order_by().values("participant")


def _with_results(activity: Activity) -> QuerySet[Participant]:
    """Those with a badge, now or once, those withheld one, and those on record with neither."""
    awards = _awards(activity).order_by().values("participant")
    withholdings = _withholdings(activity).order_by().values("participant")
    anything = Q(pk__in=awards) | Q(pk__in=withholdings) | Q(pk__in=_on_record(activity))
    return Participant.objects.filter(anything).order_by("name_en", "name_zh", "student_number")


def _awards(activity: Activity) -> QuerySet[Award]:
    return (
        Award.objects.filter(activity=activity)
        .exclude(status=Award.Status.UNDONE)
        .select_related("badge_type")
        .order_by("badge_type__position", "pk")
    )


def _withholdings(activity: Activity) -> QuerySet[Withholding]:
    return (
        Withholding.objects.active()
        .filter(activity=activity)
        .select_related("badge_type")
        .order_by("badge_type__position", "pk")
    )


def _mark_on_nat(results: list[Result]) -> None:
    """Sets `on_nat`, and the open request to correct it as `asked`, on every active award of the page."""
    shown = [award for result in results for award in result.active]
    printed = set(
        Award.objects.filter(pk__in=[award.pk for award in shown]).on_issued_nat().values_list("pk", flat=True)
    )
    asked = dict(CorrectionRequest.objects.open().filter(award__in=printed).values_list("award", "pk"))
    for award in shown:
        award.on_nat = award.pk in printed  # type: ignore[attr-defined]
        award.asked = asked.get(award.pk)  # type: ignore[attr-defined]

"""Whom an organiser can tick: students on the records of this activity, and of the same series among the own ones."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Participant, User
from activities.models import Activity
from awards.attendance.models import AttendanceRow
from awards.models import Award

LISTED_AT_MOST = 1_000
"""Of a long series the rest is typed or pasted: a page has its limits."""


@dataclass(frozen=True, slots=True)
class Known:
    """A student on the list. `earned` are the badges of this activity that stand; `is_here`: on one of its records."""

    number: str
    name: str
    is_here: bool
    earned: tuple[str, ...]


def students_known(*, acting_user: User, activity: Activity) -> list[Known]:
    """Those on standing records of this activity first, then those of its series; by student number; two statements.

    Only activities that the user manages count, and only rows that were settled: nobody learns a name by typing a
    number into a sheet.
    """
    series = Activity.objects.managed_by(acting_user).filter(_same_series(activity))
    here = _on_records(Activity.objects.filter(pk=activity.pk))
    known = Participant.objects.annotate(is_here=here).filter(here | _on_records(series))
    people = list(known.order_by("-is_here", "student_number")[:LISTED_AT_MOST])
    earned: dict[int, list[str]] = {}
    standing = Award.objects.active().filter(activity=activity).order_by("badge_type__position")
    for student, code in standing.values_list("participant_id", "badge_type__code"):
        earned.setdefault(student, []).append(code)
    return [
        Known(
            number=person.student_number,
            name=person.full_name,
            is_here=person.is_here,  # type: ignore[attr-defined]
            earned=tuple(earned.get(person.pk, ())),
        )
        for person in people
    ]


def _same_series(activity: Activity) -> Q:
    name = activity.programme.strip()
    return Q(pk=activity.pk) | Q(programme__iexact=name) if name else Q(pk=activity.pk)


def _on_records(activities: QuerySet) -> Q:
    """The condition that a participant has a badge of one of these, or stands on a settled row of their records."""
    rows = AttendanceRow.objects.filter(
        participant=OuterRef("pk"), upload__activity__in=activities, upload__status="committed"
    ).filter(settlement__in=["", "awarded"])
    awards = Award.objects.active().filter(participant=OuterRef("pk"), activity__in=activities)
    return Q(Exists(rows)) | Q(Exists(awards))

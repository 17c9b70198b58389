"""What needs doing now, for each role of whoever signed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.roles import Permission
from activities.models import Activity, BadgeType
from activities.querysets import ActivityQuerySet
from awards.advising.models import Advice
from awards.advising.querysets import choices_for
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.models import Award, CorrectionRequest
from transcripts.models import TranscriptRequest

WAITING_SHOWN = 5
"""Activities without an attendance record that the start page lists; the rest are behind the link."""


@dataclass(frozen=True)
class Task:
    """One tile of the start page: a number that matters, what it counts, and where to go."""

    number: str
    text: str
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Waiting:
    """An ended activity of one's own without an attendance record."""

    activity: Activity
    url: str
    days_left: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    @property
    def clock(self) -> str:
        """`5 days left`, `due today`, `3 days overdue`."""
        if self.days_left == 0:
            return _("due today")
        if self.is_overdue:
            return ngettext("%(days)d day overdue", "%(days)d days overdue", -self.days_left) % {
                "days": -self.days_left
            }
        return ngettext("%(days)d day left", "%(days)d days left", self.days_left) % {"days": self.days_left}


@dataclass(frozen=True)
class Desk:
    """What one role finds on its desk."""

    title: str | Promise
    tasks: tuple[Task, ...]
    waiting: tuple[Waiting, ...] = ()


class StartPage:
    """The desks of one person at one moment, in the order of the menu."""

    def __init__(self, user: User, now: dt.datetime) -> None:
        self.user = user
        self.now = now
        self.today = timezone.localdate(now)

    @cached_property
    def desks(self) -> list[Desk]:
        may = self.user.may
        makers = (
            (may(Permission.VIEW_OWN_HISTORY), self.student),
            (may(Permission.ORGANISE), self.organiser),
            (may(Permission.FILE_ATTENDANCE), self.administrator),
            (may(Permission.ADVISE), self.advisor),
        )
        desks = [make() for allowed, make in makers if allowed]
        return [desk for desk in desks if desk.tasks]

    def student(self) -> Desk:
        awards = Award.objects.active().filter(participant__user=self.user)
        earned = awards.aggregate(
            all=Count("pk"),
            attributes=Count("badge_type", distinct=True, filter=Q(badge_type__is_graduate_attribute=True)),
        )
        attributes = BadgeType.objects.active().graduate_attributes().count()
        coming = Activity.objects.public().coming(self.now).count()
        request = TranscriptRequest.objects.filter(participant__user=self.user).order_by("-requested_at").first()
        return Desk(
            gettext_lazy("My badges"),
            present(
                task(
                    f"{earned['attributes']}/{attributes}",
                    _("attributes earned"),
                    "awards:history",
                    "success" if earned["attributes"] == attributes else "info",
                ),
                task(earned["all"], _("badges in my Activity History"), "awards:history"),
                task(coming, _("coming activities that award badges"), "activities:catalogue"),
                task(request.get_status_display(), _("my latest NAT request"), "transcripts:own")
                if request
                else task("–", _("no NAT requested so far"), "transcripts:own"),
            ),
        )

    def organiser(self) -> Desk:
        own = Activity.objects.own(self.user)
        waiting = self.without_record(own)
        late = waiting.filter(due_on__lt=self.today).count()
        uploads = AttendanceUpload.objects.filter(activity__in=own)
        staged = uploads.waiting().filter(activity__status="published").count()
        parked = AttendanceRow.objects.parked().filter(upload__activity__in=own).count()
        last_word = Advice.objects.filter(activity=OuterRef("pk")).order_by("-created_at", "-pk").values("is_answer")
        advice = own.annotate(last_is_answer=Subquery(last_word[:1])).filter(last_is_answer=False).count()
        drafts = own.filter(status=Activity.Status.DRAFT).count()
        coming = own.coming(self.now).count()
        if not own.exists() and self.user.may(Permission.MANAGE_ALL_ACTIVITIES):
            return Desk(gettext_lazy("My activities"), ())
        return Desk(
            gettext_lazy("My activities"),
            present(
                due(
                    waiting.count(),
                    _("wait for their attendance record"),
                    "activities:own-list",
                    "warning",
                    "state=due",
                ),
                due(late, _("attendance records overdue"), "activities:own-list", "danger", "state=overdue"),
                some(staged, _("sheets uploaded but not committed"), "activities:own-list", "warning"),
                some(parked, _("rows parked with an unanswered question"), "attendance:open-rows", "warning"),
                some(advice, _("wait for an answer to advice"), "activities:own-list", "info"),
                task(coming, _("to come"), "activities:own-list"),
                some(drafts, _("drafts to publish"), "activities:own-list"),
            ),
            tuple(
                Waiting(
                    activity, reverse("attendance:overview", args=[activity.pk]), (activity.due_on - self.today).days
                )
                for activity in waiting.select_related("unit")[:WAITING_SHOWN]
            ),
        )

    def without_record(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """Published and ended, without a committed attendance record; the most urgent first."""
        ended = activities.filter(status=Activity.Status.PUBLISHED, ends_at__lte=self.now)
        return ended.exclude(uploads__status=AttendanceUpload.Status.COMMITTED).order_by("due_on", "pk")

    def administrator(self) -> Desk:
        records = AttendanceUpload.objects.committed().aggregate(
            open=Count("pk", filter=Q(filing=AttendanceUpload.Filing.OPEN)),
            queried=Count("pk", filter=Q(filing=AttendanceUpload.Filing.QUERIED)),
        )
        requests = TranscriptRequest.objects.aggregate(
            requested=Count("pk", filter=Q(status=TranscriptRequest.Status.REQUESTED)),
            accepted=Count("pk", filter=Q(status=TranscriptRequest.Status.ACCEPTED)),
        )
        overdue = Activity.objects.overdue(self.today).count()
        asked = CorrectionRequest.objects.open().count()
        return Desk(
            gettext_lazy("Scheme administration"),
            present(
                due(records["open"], _("attendance records to file"), "attendance:filing", "warning"),
                some(records["queried"], _("records queried with the organiser"), "attendance:filing"),
                due(requests["requested"], _("NAT requests to decide"), "transcripts:queue", "warning"),
                due(requests["accepted"], _("NATs to issue and print"), "transcripts:queue", "info"),
                some(asked, _("corrections of printed NATs to decide"), "awards:corrections", "warning"),
                due(
                    overdue,
                    _("attendance records overdue in all units"),
                    "attendance:filing",
                    "danger",
                    "filing=overdue",
                ),
            ),
        )

    def advisor(self) -> Desk:
        choices = choices_for(self.user).aggregate(
            new=Count("pk", filter=Q(is_new=True)), waiting=Count("pk", filter=Q(waits_for_answer=True))
        )
        return Desk(
            gettext_lazy("Choices of badges"),
            present(
                due(choices["new"], _("choices new to me"), "advising:monitor", "warning"),
                task(choices["waiting"], _("waiting for the organiser's answer"), "advising:monitor"),
            ),
        )


def task(number: object, text: str, url_name: str, tone: str = "", query: str = "") -> Task:
    """A tile that is always there; `query` picks the part of the page that it is about."""
    return Task(str(number), text, reverse(url_name) + (f"?{query}" if query else ""), tone)


def due(number: int, text: str, url_name: str, tone: str, query: str = "") -> Task:
    """A tile for something to do: in its tone while there is some, calm when all is done."""
    return task(number, text, url_name, tone if number else "success", query)


def some(number: int, text: str, url_name: str, tone: str = "") -> Task | None:
    """A tile that is there only while there is some."""
    return task(number, text, url_name, tone) if number else None


def present(*tasks: Task | None) -> tuple[Task, ...]:
    """The tiles that are there."""
    return tuple(one for one in tasks if one)

"""What the pages show of rows that wait for a person: in the list of all own activities, and on the activity's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activities.models import Activity
from awards.attendance.deciding import Answer
from awards.attendance.forms import ParkedRowForm
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.parked import ABOUT_NOBODY, RETYPABLE
from awards.attendance.querysets import AttendanceRowQuerySet
from awards.attendance.reading import ATTENDED, AWARD
from awards.attendance.review import LABELS, PLAIN
from awards.attendance.sentences import row_sentence, short_reason

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One row that waits, with the form to answer it."""

    kept: AttendanceRow
    form: ParkedRowForm

    @property
    def sentence(self) -> str:
        return row_sentence(self.kept.question)

    @property
    def said_id(self) -> str:
        """The ID as it was typed last, on a page of the portal or in the sheet."""
        read = self.kept.read["rows"][0] if self.kept.read else {}
        return str((read.get("mended") or {}).get("id", self.kept.raw_id))

    @property
    def typed_id(self) -> str:
        """That ID where it is not the one in the sheet."""
        return self.said_id if self.said_id != self.kept.raw_id else ""

    @property
    def marks(self) -> list[tuple[str | Promise, str]]:
        """Column and what was written in it; attendance first."""
        names = {ATTENDED: _("Attended"), AWARD: _("Award badge")}
        written = sorted(self.kept.marks.items(), key=lambda pair: (pair[0] not in names, pair[0] == AWARD))
        return [(names.get(code, code), mark) for code, mark in written]

    @property
    def can_be_retyped(self) -> bool:
        return self.kept.read is not None and self.kept.question in RETYPABLE

    @property
    def is_about_nobody(self) -> bool:
        """Whether no student is known, so that no badge can be given or withheld yet."""
        return self.kept.question in ABOUT_NOBODY

    @property
    def takes_back(self) -> bool:
        return self.kept.question == "awarded_before"

    @property
    def award_label(self) -> str | Promise:
        return LABELS.get(self.kept.question, PLAIN)[Answer.AWARD]

    @property
    def no_award_label(self) -> str | Promise:
        return LABELS.get(self.kept.question, PLAIN)[Answer.NO_AWARD]


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """The open rows of one record that stand on a page, and how many it has in all."""

    upload: AttendanceUpload
    rows: list[OpenRow]
    count: int


@dataclass(frozen=True, slots=True)
class OpenList:
    """One page of the list, and what it can be narrowed to."""

    page: Page
    records: list[OpenRecord]
    activities: list[Activity]
    reasons: list[tuple[str, str]]
    activity: str
    reason: str


def open_list(user: User, activity: str, reason: str, number: str | None) -> OpenList:
    """The open rows of everything that the user manages, newest record first; seven queries, whatever is on the page.

    `activity` is an id and `reason` a code, as they stand in the address; what fits nothing is as if it were not there.
    """
    mine = AttendanceRow.objects.visible_to(user).parked().with_question()
    activities = list(Activity.objects.filter(uploads__rows__in=mine).distinct().order_by("code"))
    codes = sorted(set(mine.order_by().values_list("asks", flat=True).distinct()))
    rows = mine
    activity = activity if activity in {str(one.pk) for one in activities} else ""
    reason = reason if reason in codes else ""
    if activity:
        rows = rows.filter(upload__activity=activity)
    if reason:
        rows = rows.filter(asks=reason)
    newest = rows.select_related("upload__activity", "upload__committed_by", "participant").order_by(
        "-upload__committed_at", "-upload_id", "pk"
    )
    page = Paginator(newest, PAGE_SIZE).get_page(number)
    return OpenList(
        page=page,
        records=by_record(page.object_list),
        activities=activities,
        reasons=sorted(((code, short_reason(code)) for code in codes), key=lambda pair: pair[1]),
        activity=activity,
        reason=reason,
    )


def by_record(rows: Iterable[AttendanceRow]) -> list[OpenRecord]:
    """The rows under their records, in the order given."""
    groups = [(upload, list(group)) for upload, group in groupby(rows, lambda row: row.upload)]
    counts = _counts([upload.pk for upload, _rows in groups])
    return [OpenRecord(upload, [shown(row) for row in group], counts[upload.pk]) for upload, group in groups]


def shown(row: AttendanceRow) -> OpenRow:
    return OpenRow(row, ParkedRowForm.showing(row))


def _counts(uploads: list[int]) -> dict[int, int]:
    open_rows: AttendanceRowQuerySet = AttendanceRow.objects.parked().filter(upload__in=uploads)
    return dict(open_rows.order_by().values_list("upload").annotate(Count("pk")))

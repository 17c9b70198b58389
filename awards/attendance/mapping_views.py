"""The page on which an organiser says what the columns of a sheet mean."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from activities.keeping import open_offers
from awards.attendance.cells import text_of
from awards.attendance.formats import Refusal, Worksheet
from awards.attendance.headings import HEADING_WITHIN
from awards.attendance.layouts import CODE, NAME, Layout, letter_of, line_of, wrong_in
from awards.attendance.mapping import Explained, explain_columns, explained
from awards.attendance.models import AttendanceUpload
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.sentences import refusal_sentence
from awards.attendance.views import managed_upload
from awards.attendance.words import ATTENDED, AWARD, MINUTES, PERCENT, REASON, REMARKS, SESSION, STUDENT_ID

SHOWN_LINES = 15
SHOWN_LETTERS = 60
"""Of one cell on the page."""
ABOVE_HEADING = 2
"""Lines shown above a heading that stands far down."""

MEANINGS: Sequence[tuple[str, str | Promise]] = (
    ("", _("not needed")),
    (STUDENT_ID, _("Student ID")),
    (NAME, _("Name")),
    (ATTENDED, _("Attended")),
    (AWARD, _("Award badge")),
    (SESSION, _("One session")),
    (PERCENT, _("Attendance rate")),
    (MINUTES, _("Minutes attended")),
    (REASON, _("Reason for no badge")),
    (REMARKS, _("Remarks")),
)
WRONG: Mapping[str, str | Promise] = {
    "one_id": _("Say which one column holds the student IDs."),
    "meaning_twice": _("Two columns mean the same. Only names, sessions and remarks may stand in several columns."),
    "too_many_names": _("A name can stand in five columns at most."),
}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the sheet on the page."""

    number: int
    cells: list[str]
    is_heading: bool


@dataclass(frozen=True, slots=True)
class HeadingChoice:
    """One line that may be the heading; 0 for none."""

    line: int
    words: str
    is_chosen: bool


class ColumnsForm(forms.Form):
    """What each column of a worksheet means: one choice for each, and whether it is remembered."""

    is_remembered = forms.BooleanField(
        label=_("Remember this for my next sheets with the same headings"), required=False, initial=True
    )

    def __init__(self, data: Mapping[str, Any] | None, state: Explained) -> None:
        super().__init__(data)
        codes = [(f"{CODE}{code}", code) for code in state.offered]
        self.columns = filled_columns(state.worksheet)
        for column in self.columns:
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=letter_of(column),
                choices=[*MEANINGS[:5], *codes, *MEANINGS[5:]],
                required=False,
                initial=state.layout.columns.get(column, ""),
            )

    @property
    def choices(self) -> list[forms.BoundField]:
        return [self[f"column-{column}"] for column in self.columns]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and (wrong := wrong_in(self.meanings)):
            self.add_error(None, str(WRONG[wrong]))
        return data

    @property
    def meanings(self) -> dict[int, str]:
        """Column → meaning, of those that are needed."""
        said = {column: self.cleaned_data[f"column-{column}"] for column in self.columns}
        return {column: meaning for column, meaning in said.items() if meaning}


def filled_columns(worksheet: Worksheet) -> list[int]:
    """The columns in which anything stands."""
    filled: set[int] = set()
    for row in worksheet.rows:
        filled.update(column for column, cell in enumerate(row) if cell is not None)
    return sorted(filled)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANISE)
def columns(request: PortalRequest, key: uuid.UUID) -> HttpResponse:
    """The first lines of a waiting sheet with a choice above each column; a POST reads the sheet so."""
    upload = managed_upload(request, key)
    asked = request.POST if request.method == "POST" else request.GET
    try:
        state = explained(
            acting_user=request.user,
            upload=upload,
            place=_number(asked.get("sheet")),
            heading_line=_number(asked.get("heading")),
        )
        form = ColumnsForm(request.POST if request.method == "POST" else None, state)
        if request.method == "GET" or not form.is_valid():
            return _page(request, upload, state, form)
        layout = Layout(state.worksheet.name, state.layout.heading_line, form.meanings)
        try:
            upload = explain_columns(
                acting_user=request.user,
                upload=upload,
                layout=layout,
                is_remembered=form.cleaned_data["is_remembered"],
            )
        except Refusal as refusal:
            form.add_error(None, refusal_sentence(refusal))
            return _page(request, upload, state, form)
    except AttendanceRefused as refused:
        return _back(request, upload, refused.sentence)
    except Refusal as refusal:
        return _back(request, upload, refusal_sentence(refusal))
    return redirect("attendance:review", key=upload.key)


def _back(request: PortalRequest, upload: AttendanceUpload, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("attendance:overview", pk=upload.activity_id)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 4 else None


def _page(request: PortalRequest, upload: AttendanceUpload, state: Explained, form: ColumnsForm) -> HttpResponse:
    context = {
        "upload": upload,
        "activity": upload.activity,
        "offers": open_offers(upload.activity),
        "form": form,
        "why": refusal_sentence(state.why) if state.why else "",
        "is_read": upload.status == AttendanceUpload.Status.STAGED,
        "sheets": [(place, sheet.name[:SHOWN_LETTERS]) for place, sheet in enumerate(state.worksheets)],
        "place": state.place,
        "heading_line": state.layout.heading_line,
        "headings": _headings(state),
        "lines": _lines(state, form.columns),
    }
    return render(request, "attendance/columns_explain.html", context, status=422 if form.errors else 200)


def _headings(state: Explained) -> list[HeadingChoice]:
    """The filled lines within which the heading is looked for, each by its first words."""
    chosen = state.layout.heading_line
    found = [HeadingChoice(0, "", chosen == 0)]
    for line in range(state.worksheet.first_line, HEADING_WITHIN + 1):
        words = [text_of(cell, 20) for cell in line_of(state.worksheet, line)]
        if any(words):
            found.append(HeadingChoice(line, " · ".join(list(filter(None, words))[:4]), chosen == line))
    return found


def _lines(state: Explained, shown: Sequence[int]) -> list[ShownLine]:
    worksheet, heading = state.worksheet, state.layout.heading_line
    first = worksheet.first_line
    if heading > first + SHOWN_LINES - 5:
        first = heading - ABOVE_HEADING
    last = min(first + SHOWN_LINES, worksheet.first_line + len(worksheet.rows))
    return [
        ShownLine(
            line,
            [text_of(row[column], SHOWN_LETTERS) if column < len(row) else "" for column in shown],
            line == heading,
        )
        for line in range(first, last)
        for row in [line_of(worksheet, line)]
    ]

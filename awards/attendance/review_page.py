"""What the review page is drawn from, whole or in the parts that one answer or one mended row changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from awards.attendance.asking import how_much, list_choices, yes_or_no
from awards.attendance.difference import Difference, difference_of
from awards.attendance.formats import ENTERED
from awards.attendance.forms import ReviewForm
from awards.attendance.models import AttendanceUpload
from awards.attendance.narrowing import Wanted, found, reasons_of
from awards.attendance.review import Question, ShownRow, narrowed, numbers_of, questions, shown_rows
from awards.attendance.sentences import file_sentence
from awards.attendance.staging import Preview

ROWS_A_PAGE = 50
"""A sheet is checked against the list in one's hand: more rows on a page than in other lists."""
ROWS_OF_A_QUESTION = 10
"""Of each question at a time: hundreds of answers at once are too many for a phone, and for a person."""


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Some of the rows with one question."""

    question: Question
    page: Page[ShownRow]


class ReviewPage:
    """The page about one preview; `stored` are the answers that it shows."""

    def __init__(
        self,
        upload: AttendanceUpload,
        preview: Preview,
        stored: Mapping[str, Any],
        wanted: Wanted,
        form: ReviewForm | None = None,
    ) -> None:
        self.upload = upload
        self.preview = preview
        self.stored = stored
        self.wanted = wanted
        self.decision = preview.decision
        self.form = form or ReviewForm.showing(stored, preview.decision.fingerprint, preview.decision.needed)

    @cached_property
    def rows(self) -> list[ShownRow]:
        circumstances = self.preview.circumstances
        return shown_rows(self.decision, circumstances.on_paper, circumstances.students)

    def whole(self) -> dict[str, Any]:
        """Everything."""
        return {
            **self.parts(),
            **self.table(),
            "questions": self.questions(),
            "why_rejected": file_sentence(self.decision.file_reason) if self.decision.file_outcome == "reject" else "",
            "not_read": self.preview.reading.not_read,
            "may_explain": self.upload.file_format not in ENTERED,
            "notes": [
                file_sentence(code) for code in self.preview.reading.notes if code not in self.decision.file_questions
            ],
            "dropped_columns": self.preview.reading.dropped_columns,
            "offers": self.preview.circumstances.offers.values(),
        }

    def parts(self) -> dict[str, Any]:
        """The numbers, what is asked once, and the bar with the commit button: what any change may touch."""
        left_out = {student.id for student in self.decision.left_out}
        badges_left_out = sum(student in left_out for student, _code in self.preview.circumstances.awards)
        return {
            "upload": self.upload,
            "activity": self.upload.activity,
            "decision": self.decision,
            "counts": self.decision.counts,
            "warned": len(narrowed(self.rows, "warned")),
            "corrected": sum(bool(row.decided.row.mended) for row in self.rows),
            "numbers": numbers_of(self.decision, badges_left_out if self.stored.get("replaces") else 0),
            "badges_left_out": badges_left_out,
            "difference": self.difference,
            "form": self.form,
            "file_questions": [file_sentence(code) for code in yes_or_no(self.decision)],
            "list_choices": list_choices(self.preview.reading, self.stored),
            "how_much": how_much(self.decision, self.preview.circumstances.needed),
            "sections": self.sections,
            "several_sheets": len({row.sheet for row in self.preview.reading.rows}) > 1,
            "mend_address": reverse("attendance:mend", args=[self.upload.key, 0]).removesuffix("0/"),
            "back": self.wanted.query,
        }

    @property
    def difference(self) -> Difference | None:
        """What it changes of the record so far."""
        circumstances = self.preview.circumstances
        return difference_of(
            self.decision,
            before=circumstances.before,
            on_paper=circumstances.on_paper,
            replaces=bool(self.stored.get("replaces")),
        )

    @property
    def sections(self) -> list[str]:
        """Which of the sections below the questions are needed."""
        rows = self.decision.rows
        may_withhold = any(row.withholds for row in rows) or bool(self.decision.file_questions)
        may_take_back = any(row.reason == "awarded_before" for row in rows) or bool(self.decision.left_out)
        return [name for name, needed in (("withheld", may_withhold), ("take-back", may_take_back)) if needed]

    def table(self) -> dict[str, Any]:
        """The table of all rows, as it is narrowed now."""
        page = Paginator(found(self.rows, self.wanted), ROWS_A_PAGE).get_page(self.wanted.page)
        return {
            "page_obj": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "wanted": self.wanted,
            "reasons": reasons_of(self.rows),
        }

    def questions(self) -> list[QuestionPage]:
        """Every question with some of its rows."""
        return [self._page_of(question) for question in questions(self.rows)]

    def question(self) -> QuestionPage | None:
        """The one question whose page was turned or whose rows were all answered."""
        return next((page for page in self.questions() if page.question.reason == self.wanted.question), None)

    def _page_of(self, question: Question) -> QuestionPage:
        at = self.wanted.at if self.wanted.question == question.reason else "1"
        return QuestionPage(question, Paginator(question.rows, ROWS_OF_A_QUESTION).get_page(at))

"""Workbook → Reading: every line as written and as understood, with all that can be said without the database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from awards.attendance.cells import (
    MOST_LETTERS_OF_ID,
    Mark,
    NumberRead,
    Words,
    number_in_name,
    read_mark,
    read_number,
    text_of,
)
from awards.attendance.codes import CodeFit, codes_of, compare_codes
from awards.attendance.finding import FoundList, find_lists
from awards.attendance.formats import ENTERED, Cell, Refusal, Workbook, Worksheet
from awards.attendance.headings import MarkColumns, meaning_of
from awards.attendance.layouts import NO_LAYOUTS, Layouts
from awards.attendance.measuring import Stay
from awards.attendance.presence import AGAIN, NOTHING, Presence, about_nobody, measures_of, presence_of, united
from awards.attendance.rows import Reading, ReadRow
from awards.attendance.words import ATTENDED, AWARD, STUDENT_ID

__all__ = ["ATTENDED", "AWARD", "REASONS", "Mark", "ReadRow", "Reading", "read_attendance"]

NOTE = re.compile(
    r"[*#※注註]|(grand |sub-?)?totals?\b|count\b|sum\b|no\. of|number of|checked|prepared|verified|approved|signed"
    r"|signature|remarks?\b|notes?\b|page\b|end\b|printed|organi[sz]er|date\b|(總|总|合|小|共)(計|计|數|数)?|備註|备注|日期|簽",
    re.IGNORECASE,
)
"""How the lines begin that stand below or between a list and are about nobody."""
ID_LIKE = re.compile(r"[0-9]{5}|[0-9](\.[0-9]+)?e\+?[0-9]", re.IGNORECASE)
NOBODY = "not_a_student_line"
CLASS_LIST = re.compile(
    r"class ?list|roster|regist|enrol|master|all students|名單|名单|名冊|名册|報名|报名|登記|登记",
    re.IGNORECASE,
)
"""How worksheets are called that say who could come, not who came."""
TOTAL = re.compile(r"(grand |sub[- ]?)?totals?([ :].*)?|(總|总|合|小|共)(計|计|數|数|人數|人数).*", re.IGNORECASE)
"""In place of a name, and without an ID: a total, whatever number stands under the marks."""
HOST = re.compile("organi[sz]er|host|主辦|主持|組織者|召集人|组织者|主持人", re.IGNORECASE)
REASONS = (
    ("attendance", "Attendance 出席率不足"),
    ("assessment", "Assessment 未達評核要求"),
    ("outcome", "Outcome not met 未達學習成果"),
    ("withdrew", "Withdrew 中途退出"),
    ("other", "Other 其他"),
)
"""WithholdingReason and its words in the drop-down list of our sheets; anything else in that column is "other"."""


def read_attendance(
    workbook: Workbook,
    *,
    offered: Sequence[str],
    activity_code: str,
    student_number_digits: int,
    layouts: Layouts = NO_LAYOUTS,
) -> Reading:
    """Every line of the visible worksheets as understood.

    `offered` are the badge codes on offer, in their order; `layouts` what people said of the columns.
    Raises Refusal: wrong_activity, no_header, no_id_column, header_twice.
    """
    fit = compare_codes(codes_of(workbook), activity_code)
    if fit is CodeFit.WRONG:
        raise Refusal("wrong_activity", expected=activity_code)
    found = find_lists(workbook, offered, layouts)
    read = [_read_list(one, student_number_digits, layouts.words) for one in found.lists]
    rows_of = {place: rows for place, (rows, _) in enumerate(read)}
    used = {place for place, rows in rows_of.items() if any(row.problem not in (NOBODY, AGAIN) for row in rows)}
    if not used and found.refusal:
        raise found.refusal
    aside = _class_lists(found.lists, rows_of, used)
    kept = [place for place in rows_of if place not in aside]
    notes = [*workbook.notes, *_doubt_about_code(fit, workbook.format)]
    notes += [note for place in kept for note in (*found.lists[place].columns.notes, *read[place][1])]
    if found.is_explained:
        notes.append("columns_chosen" if layouts.chosen else "columns_remembered")
    notes += ["two_lists"] * (len(used - aside) > 1) + ["encoding_guessed"] * workbook.encoding_is_guessed
    return Reading(
        format=workbook.format,
        activity_code=activity_code if fit is CodeFit.SAME else "",
        columns=tuple(dict.fromkeys(key for place in kept for key in found.lists[place].columns.read)),
        dropped_columns=tuple(dict.fromkeys(name for place in kept for name in found.lists[place].columns.dropped)),
        rows=tuple(row for place in kept for row in rows_of[place]),
        notes=tuple(dict.fromkeys(filter(None, notes))),
        lists=tuple(found.lists[place].label for place in kept if place in used),
        not_read=(*found.not_read, *(found.lists[place].label for place in sorted(aside))),
    )


def _doubt_about_code(fit: CodeFit, file_format: str) -> Sequence[str]:
    """What is entered on the activity's own page needs no code."""
    return [] if fit is CodeFit.SAME or (fit is CodeFit.NONE and file_format in ENTERED) else [fit.note]


def _class_lists(lists: Sequence[FoundList], rows_of: Mapping[int, Sequence[ReadRow]], used: set[int]) -> set[int]:
    """The lists without any mark that only name everybody who stands on a list with marks: not the attendance."""
    marked = {place for place in used if lists[place].columns.marks or lists[place].columns.measures}
    listed = {row.student_number for place in marked for row in rows_of[place]} - {""}
    return {
        place
        for place in used - marked
        if listed
        and (listed <= {row.student_number for row in rows_of[place]} or CLASS_LIST.search(lists[place].label))
    }


def _read_list(found: FoundList, digits: int, words: Words) -> tuple[list[ReadRow], tuple[str, ...]]:
    """The lines of one list, and notes about it."""
    worksheet, columns = found.worksheet, found.columns
    measures = measures_of(worksheet, columns, words)
    marks = columns.marks
    said = [*marks.values(), *columns.measures.values()]
    rows: list[ReadRow] = []
    stays: list[Stay | None] = []
    for line, cells in enumerate(worksheet.rows, worksheet.first_line):
        if line > columns.heading_line and not _is_empty(worksheet, line, cells):
            view = _Line(worksheet, columns, marks, said, line, cells)
            seen = presence_of(measures, view.cell) if measures else NOTHING
            if row := _read_row(view, seen, found.label, digits, words):
                rows.append(row if line not in found.repeats else about_nobody(row, NOBODY))
                stays.append(seen.stay)
    if found.is_detail:
        rows = [about_nobody(row, AGAIN) if row.problem != NOBODY else row for row in rows]
    elif (columns.minutes, columns.joined) != (None, None) and not columns.marks:
        rows = united(rows, stays)
    return rows, measures.notes if measures else ()


def _is_empty(worksheet: Worksheet, line: int, cells: Sequence[Cell]) -> bool:
    return not any(cell is not None for cell in cells) and not any(
        (line, column) in worksheet.valueless_formulas for column in range(len(cells) + 1)
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One physical line, seen through the columns of its list."""

    worksheet: Worksheet
    columns: MarkColumns
    marks: Mapping[str, int]
    said: Sequence[int]
    """The columns of marks and of measures."""
    line: int
    cells: Sequence[Cell]

    def cell(self, column: int | None) -> Cell:
        return self.cells[column] if column is not None and column < len(self.cells) else None

    def text(self, column: int | None) -> str:
        return text_of(self.cell(column))

    def any_in(self, places: frozenset[tuple[int, int]], columns: Sequence[int]) -> bool:
        return bool(places) and any((self.line, column) in places for column in columns)

    @property
    def name(self) -> str:
        """The name as written; an error such as #N/A is no name."""
        errors = self.worksheet.error_cells
        columns = [column for column in self.columns.names if (self.line, column) not in errors]
        return text_of(" ".join(filter(None, map(self.text, columns))))

    @property
    def raw_id(self) -> str:
        return text_of(self.cell(self.columns.student_id), MOST_LETTERS_OF_ID)

    @property
    def is_alone(self) -> bool:
        """Whether there is one cell only: the title of a part of a report."""
        return sum(cell is not None for cell in self.cells) == 1


def _read_row(line: _Line, seen: Presence, label: str, digits: int, words: Words) -> ReadRow | None:
    """The line as understood; None when it has nothing in our columns and no words elsewhere."""
    columns, worksheet = line.columns, line.worksheet
    mark_places = line.said
    badges = {key: read_mark(line.cell(c), words=words) for key, c in line.marks.items() if key != ATTENDED}
    attended = Mark.MISSING
    if columns.attended is not None:
        attended = read_mark(line.cell(columns.attended), takes_times=True, words=words)
    elif seen.attended is not None:
        attended = seen.attended
    number = read_number(line.cell(columns.student_id), digits)
    name = line.name
    if columns.is_meeting and not (number.number or number.maybe):
        number = number_in_name(name, digits)
    is_measured = seen.share is not None or seen.minutes is not None
    kind = _kind(line, name, number, [attended, *badges.values(), *[Mark.YES] * is_measured])
    if kind is None:
        return None
    doubts = []
    if line.any_in(worksheet.struck_cells, [columns.student_id, *columns.names, *mark_places]):
        doubts.append("struck_out")
    if line.line in worksheet.hidden_lines:
        doubts.append("hidden_line")
    if line.any_in(worksheet.merged_cells, mark_places):
        doubts.append("merged_mark")
    reason, reason_text = _reason(line.text(columns.reason))
    return ReadRow(
        sheet=label,
        line=line.line,
        raw_id=line.raw_id or (name if kind == "id_in_name" else ""),
        student_number="" if kind in ("not_a_student_line", "error_cell") else number.number,
        raw_name=name,
        marks={**{key: line.text(column) for key, column in line.marks.items()}, **seen.marks},
        attended=attended,
        badges=badges,
        reason=reason,
        reason_text=reason_text,
        remarks=line.text(columns.remarks),
        problem=kind,
        maybe_number=number.maybe if kind == number.doubt else "",
        doubts=tuple(doubts) if kind != "not_a_student_line" else (),
        warnings=("id_cleaned",) if number.is_cleaned and not kind else (),
        share=seen.share,
        minutes=seen.minutes,
    )


def _kind(line: _Line, name: str, number: NumberRead, marks: Sequence[Mark]) -> str | None:
    """The problem of a line, "" for none; None when the line says nothing at all."""
    worksheet = line.worksheet
    places = [line.columns.student_id, *line.said]
    has_name = _is_name(name)
    has_mark = any(mark in (Mark.YES, Mark.NO) for mark in marks)
    is_about_somebody = has_name or has_mark or bool(number.number)
    if line.columns.is_meeting and (line.is_alone or _is_host(line, number)):
        return NOBODY
    if line.any_in(worksheet.error_cells, places):
        return "error_cell" if is_about_somebody else "not_a_student_line"
    if line.any_in(worksheet.valueless_formulas, places):
        is_about_somebody = is_about_somebody or line.any_in(worksheet.valueless_formulas, [line.columns.student_id])
        return "formula_no_value" if is_about_somebody or number.maybe else "not_a_student_line"
    if number.number:
        return ""
    if number.doubt:
        return number.doubt
    if not line.raw_id:
        return _kind_without_id(line, has_name=has_name, has_mark=has_mark)
    is_like_id = _looks_like_id(line.raw_id)
    if not (is_like_id and has_mark) and (NOTE.match(line.raw_id) or not (has_name or has_mark or is_like_id)):
        return "not_a_student_line"
    is_heading = meaning_of(line.raw_id, ())[0] == STUDENT_ID
    return "not_a_student_line" if is_heading else "bad_id"


def _is_host(line: _Line, number: NumberRead) -> bool:
    """Whether this is who held the online meeting, by an address without a student number."""
    return bool(HOST.match(line.text(line.columns.role))) and not (number.number or number.maybe)


def _kind_without_id(line: _Line, *, has_name: bool, has_mark: bool) -> str | None:
    if TOTAL.fullmatch(line.name):
        return NOBODY
    if has_mark or (has_name and not NOTE.match(line.name)):
        return "missing_id"
    texts = [text_of(cell) for cell in line.cells]
    return "not_a_student_line" if line.name or any(_is_name(text) for text in texts) else None


def _is_name(text: str) -> bool:
    """Whether there are letters in it: a total under the names is none."""
    return any(map(str.isalpha, text))


def _looks_like_id(text: str) -> bool:
    return " " not in text and bool(ID_LIKE.search(text))


def _reason(text: str) -> tuple[str, str]:
    """The reason for withholding and its words: one of ours in either language, or "other" with what is written."""
    if not text:
        return "", ""
    for value, words in REASONS:
        if text.casefold() in {words.casefold(), *words.casefold().rsplit(" ", 1), value}:
            return value, ""
    return "other", text

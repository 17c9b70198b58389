"""A register file as a grid of cells → one row for each student, and everything that is wrong, line by line. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from accounts.sheets.workbook import Cell, Refusal, Workbook, Worksheet
from accounts.text import clean_line

HEADING_LINES = 30
"""The headings stand within the first so many lines."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "student_number": (
        "student id", "student no", "student number", "student", "id", "cna", "學號", "学号", "學生編號", "学生编号",
        "學生號碼", "學生證號碼", "學生號",
    ),
    "name_en": (
        "name en", "english name", "name english", "name in english", "name", "student name", "full name", "英文姓名",
        "英文名", "英文名稱",
    ),
    "name_zh": ("name zh", "chinese name", "name chinese", "name in chinese", "中文姓名", "中文名", "姓名", "學生姓名"),
    "email": ("email", "email address", "電郵", "電郵地址", "電子郵件", "邮箱"),
    "programme": ("programme", "program", "programme title", "course", "課程", "課程名稱", "课程", "專業"),
    "unit": ("unit", "faculty", "school", "department", "學院", "学院", "學系", "部門", "單位"),
    "year_of_study": ("year", "year of study", "study year", "年級", "年级", "修讀年級"),
    "started_on": ("started on", "start date", "start of studies", "admission date", "入學日期", "入学日期"),
    "status": ("status", "student status", "狀態", "状态", "學籍狀態", "學籍"),
    "status_on": (
        "status on", "status date", "status since", "effective date", "狀態日期", "生效日期", "状态日期",
    ),
}  # fmt: skip
"""Field → headings, as people write them; capitals, spaces, underscores and punctuation do not count."""

STATUS_WORDS: dict[str, tuple[str, ...]] = {
    "active": ("active", "current", "enrolled", "studying", "在學", "在学", "在讀", "在读"),
    "deferred": ("deferred", "deferral", "suspended", "on leave", "休學", "休学", "延期"),
    "graduated": ("graduated", "graduate", "completed", "畢業", "毕业", "已畢業", "已毕业"),
    "withdrawn": ("withdrawn", "withdrew", "withdraw", "quit", "退學", "退学", "已退學"),
}
LONGEST = {"name_en": 200, "name_zh": 100, "email": 254, "programme": 200}
FIRST_YEAR, LAST_YEAR = 1950, 2100
E_MAIL = re.compile(r"[^@\s,;<>\"']+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
NUMERIC_DATE = re.compile(r"(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?(?:[ T]00:00(?::00)?)?")
YEAR_WORDS = re.compile(r"(?:year|yr|y|第)?\s*([1-9])\s*(?:年級|年级|年)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell: the line as the spreadsheet program counts it, the heading, the value as written.

    `expected` completes the sentence: a number of digits, the other line, the longest length.
    """

    line: int
    column: str
    value: str
    code: str
    expected: str = ""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One student as the file has them. None: the file does not say, so the register keeps what it has."""

    line: int
    student_number: str
    name_en: str | None = None
    name_zh: str | None = None
    email: str | None = None
    programme: str | None = None
    unit: str | None = None
    """The code of one of our units."""
    year_of_study: int | None = None
    started_on: dt.date | None = None
    status: str | None = None
    status_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RegisterReading:
    """A whole file. `problems` are about lines that are left out of `rows`, but for repeated ones, which count once."""

    rows: tuple[RegisterRow, ...]
    problems: tuple[Problem, ...]
    columns: tuple[str, ...]
    """Fields that were recognised, in the order of the file."""
    dropped_columns: tuple[str, ...]
    """Headings that mean nothing to us; their cells are not kept."""
    encoding_is_guessed: bool = False

    def to_json(self) -> dict[str, Any]:
        rows = [{name: _plain(getattr(row, name)) for name in _names(RegisterRow)} for row in self.rows]
        problems = [{name: getattr(problem, name) for name in _names(Problem)} for problem in self.problems]
        return {
            "rows": rows,
            "problems": problems,
            "columns": list(self.columns),
            "dropped_columns": list(self.dropped_columns),
            "encoding_is_guessed": self.encoding_is_guessed,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> RegisterReading:
        dates = ("started_on", "status_on")
        rows = [{**row, **{n: row[n] and dt.date.fromisoformat(row[n]) for n in dates}} for row in kept["rows"]]
        return cls(
            rows=tuple(RegisterRow(**row) for row in rows),
            problems=tuple(Problem(**problem) for problem in kept["problems"]),
            columns=tuple(kept["columns"]),
            dropped_columns=tuple(kept["dropped_columns"]),
            encoding_is_guessed=kept["encoding_is_guessed"],
        )


def read_register(workbook: Workbook, *, units: Mapping[str, str], student_number_digits: int) -> RegisterReading:
    """All students of the first visible sheet that has the headings.

    `units` maps every code and name of a unit, as `folded`, to its code. Raises Refusal: no_number_column,
    header_twice, no_rows.
    """
    for sheet in workbook.sheets:
        found = _find_headings(sheet) if sheet.is_visible else None
        if found is not None:
            break
    else:
        raise Refusal("no_number_column")
    heading_line, columns, dropped = found
    reader = _LineReader(columns, units, student_number_digits)
    rows, problems = [], []
    for line, cells in _lines(sheet):
        if line <= heading_line or not any(_text(cell) for cell in cells):
            continue
        broken = frozenset(place for at, place in sheet.error_cells if at == line)
        row, wrong = reader.read(line, cells, broken)
        problems += wrong
        if row is not None:
            rows.append(row)
    if not rows and not problems:
        raise Refusal("no_rows")
    unique, repeated = _once_each(rows, columns["student_number"][1])
    return RegisterReading(
        rows=tuple(unique),
        problems=tuple(sorted([*problems, *repeated], key=lambda problem: problem.line)),
        columns=tuple(columns),
        dropped_columns=tuple(dropped),
        encoding_is_guessed=workbook.encoding_is_guessed,
    )


def folded(text: str) -> str:
    """A heading or name for comparing: full-width forms narrowed, small letters, nothing but letters and digits."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", text).casefold() if ch.isalnum())


FIELD_OF_HEADING = {folded(word): field for field, words in HEADINGS.items() for word in words}
STATUS_OF_WORD = {folded(word): status for status, words in STATUS_WORDS.items() for word in words}


class _Wrong(Exception):
    """A cell that cannot be understood."""

    def __init__(self, code: str, expected: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected


class _LineReader:
    """Reads one line after the other with the same columns."""

    def __init__(self, columns: Mapping[str, tuple[int, str]], units: Mapping[str, str], digits: int) -> None:
        self.columns = columns
        self.units = units
        self.digits = digits
        self.readers: dict[str, Callable[[Cell], Any]] = {
            "student_number": self._number,
            "unit": self._unit,
            "year_of_study": _year,
            "started_on": _date,
            "status": _status,
            "status_on": _date,
            "email": _email,
        }

    def read(
        self, line: int, cells: tuple[Cell, ...], broken: frozenset[int]
    ) -> tuple[RegisterRow | None, list[Problem]]:
        """The row, or None and what is wrong with it. `broken` are the places of cells that hold an error."""
        values, problems = {}, []
        for field, (place, heading) in self.columns.items():
            cell = cells[place] if place < len(cells) else None
            try:
                if place in broken:
                    raise _Wrong("error_cell")
                values[field] = self._value(field, cell)
            except _Wrong as wrong:
                problems.append(Problem(line, heading, _text(cell)[:60], wrong.code, wrong.expected))
        return (None if problems else RegisterRow(line=line, **values)), problems

    def _value(self, field: str, cell: Cell) -> Any:
        text = _text(cell)
        if not text and field != "student_number":
            return None
        if field in LONGEST and len(text) > LONGEST[field]:
            raise _Wrong("too_long", str(LONGEST[field]))
        return self.readers[field](cell) if field in self.readers else text

    def _number(self, cell: Cell) -> str:
        text = unicodedata.normalize("NFKC", _text(cell)).replace(" ", "")
        text = re.sub(r'^="(.*)"$', r"\1", text).lstrip("'")
        if not text:
            raise _Wrong("missing_number")
        if not re.fullmatch(r"[0-9]+", text) or len(text) != self.digits:
            raise _Wrong("bad_number", str(self.digits))
        return text

    def _unit(self, cell: Cell) -> str:
        code = self.units.get(folded(_text(cell)))
        if code is None:
            raise _Wrong("unknown_unit")
        return code


def _find_headings(sheet: Worksheet) -> tuple[int, dict[str, tuple[int, str]], list[str]] | None:
    """The line of the headings, field → (place, heading as written), and the headings that mean nothing to us."""
    for line, cells in _lines(sheet):
        if line >= sheet.first_line + HEADING_LINES:
            return None
        headings = [_text(cell) for cell in cells]
        understood = [FIELD_OF_HEADING.get(folded(heading)) for heading in headings]
        if "student_number" not in understood:
            continue
        columns: dict[str, tuple[int, str]] = {}
        for place, field in enumerate(understood):
            if field in columns:
                raise Refusal("header_twice", first=columns[field][1], second=headings[place])
            if field is not None:
                columns[field] = (place, headings[place])
        dropped = [name for name, field in zip(headings, understood, strict=True) if name and field is None]
        return line, columns, dropped
    return None


def _once_each(rows: list[RegisterRow], heading: str) -> tuple[list[RegisterRow], list[Problem]]:
    """Every student once. The same line again is said and skipped; two lines that differ are both left out."""
    by_number: dict[str, list[RegisterRow]] = {}
    for row in rows:
        by_number.setdefault(row.student_number, []).append(row)
    unique, problems = [], []
    for number, lines in by_number.items():
        first, others = lines[0], lines[1:]
        if all(replace(other, line=first.line) == first for other in others):
            unique.append(first)
            problems += [Problem(o.line, heading, number, "repeated", str(first.line)) for o in others]
        else:
            problems += [Problem(first.line, heading, number, "conflict", str(others[0].line))]
            problems += [Problem(o.line, heading, number, "conflict", str(first.line)) for o in others]
    return unique, problems


def _lines(sheet: Worksheet) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    return enumerate(sheet.rows, start=sheet.first_line)


def _text(cell: Cell) -> str:
    """A cell as one clean line; a whole number without a decimal point, a day as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return clean_line(str(cell))


def _date(cell: Cell) -> dt.date:
    """A day: a date cell, 2026-09-01, or day first as in 1/9/2026."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    match = NUMERIC_DATE.fullmatch(unicodedata.normalize("NFKC", _text(cell)))
    if match is None:
        raise _Wrong("bad_date")
    first, month, last = (int(part) for part in match.groups())
    year, day = (first, last) if len(match[1]) == 4 else (last, first)
    try:
        day_ = dt.date(year, month, day)
    except ValueError:
        raise _Wrong("bad_date") from None
    if not FIRST_YEAR <= day_.year <= LAST_YEAR:
        raise _Wrong("bad_date")
    return day_


def _status(cell: Cell) -> str:
    status = STATUS_OF_WORD.get(folded(_text(cell)))
    if status is None:
        raise _Wrong("bad_status")
    return status


def _year(cell: Cell) -> int:
    match = YEAR_WORDS.fullmatch(unicodedata.normalize("NFKC", _text(cell)))
    if match is None:
        raise _Wrong("bad_year")
    return int(match[1])


def _email(cell: Cell) -> str:
    text = _text(cell)
    if not E_MAIL.fullmatch(text):
        raise _Wrong("bad_email")
    return text


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))

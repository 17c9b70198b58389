"""Text that somebody pasted → Workbook: lines copied from a spreadsheet or an e-mail, or student IDs alone.

With headings it is read like a file. Without them the columns are guessed, and the page asks whether rightly; a list
of IDs means that these people attended, and the page says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from accounts.sheets.formats import UNSTORABLE
from accounts.sheets.refused import Refused
from accounts.sheets.text import read_lines
from awards.attendance.cells import Mark, read_mark, read_number
from awards.attendance.formats import PASTED, Limits, Refusal, Workbook, Worksheet
from awards.attendance.headings import find_headings

ID_HEADING, NAME_HEADING, NAME_ZH_HEADING = "Student ID", "Student Name", "Chinese Name"
ATTENDED_HEADING, AWARD_HEADING = "Attended", "Award badge"

BETWEEN = re.compile(r"[\s,;、，；|]+")
BETWEEN_PEOPLE = re.compile(r"[,;、，；|]+")
LINE_BREAK = re.compile("\r\n|\r|\n")
AROUND_ID = "()<>[]{}:\"“”"  # fmt: skip
AROUND_NAME = " \t,;:|<>•*·–—-、，；"
LIST_NUMBER = re.compile(r"^\s*\(?[0-9]{1,3}[.)]\s*")
END_OF_SENTENCE = (",", ".", ":", "!", "?", "，", "。", "：", "！", "？")
NOTHING_BETWEEN = re.compile(r"\(\s*\)|<\s*>|\[\s*\]")
DATE = re.compile(r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}")
LETTERS = 26
LONGEST_ID = 120
FIVE_DIGITS = 5
"""From so many digits on, a word is meant to be a student ID."""

Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One person of a list: ID and name as written."""

    line: int
    student_id: str
    name: str


def read_pasted(text: str, *, offered: Sequence[str], student_number_digits: int, limits: Limits) -> Workbook:
    """What was pasted, as the workbook that a file of it would be, with headings put in where there are none.

    Raises Refusal: nothing_pasted, pasted_without_ids, pasted_columns, and those of text files (too_many_rows,
    too_many_columns, too_many_cells, csv_broken, no_id_column, header_twice).
    """
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise Refusal("nothing_pasted")
    if len(LINE_BREAK.findall(text.rstrip())) >= limits.max_row:
        raise Refusal("too_many_rows", limit=limits.max_row)
    if len(BETWEEN.findall(text)) > limits.max_cells:
        raise Refusal("too_many_cells", limit=limits.max_cells)
    is_all_ids = all(_is_id(word, student_number_digits) for word in BETWEEN.split(text) if word)
    table = None if is_all_ids else _table(text, limits, offered, student_number_digits)
    if table is None:
        return _list(text, student_number_digits, limits)
    lists = find_headings(Worksheet("", table), offered)
    if lists:
        notes = () if any(columns.marks for columns in lists) else ("listed_attended",)
        return Workbook(PASTED, (Worksheet("", table),), notes=notes)
    headings = _guessed_headings(table, offered, student_number_digits)
    note = "columns_guessed" if ATTENDED_HEADING in headings else "listed_attended"
    return Workbook(PASTED, (Worksheet("", (headings, *table), first_line=0),), notes=(note,))


def _table(text: str, limits: Limits, offered: Sequence[str], digits: int) -> tuple[Row, ...] | None:
    """The cells, where the text is a table: with tabs, with headings, or with an ID and marks on every line."""
    has_tabs = "\t" in text.strip()
    try:
        rows = read_lines(text, asdict(limits), delimiter="\t" if has_tabs else "")
    except Refused as refused:
        if refused.code == "csv_broken" and not has_tabs:
            return None
        raise Refusal(refused.code, **refused.details) from None
    table = tuple(tuple(UNSTORABLE.sub("", cell).strip() or None for cell in row) for row in rows)
    filled = [[cell for cell in row if cell] for row in table if any(row)]
    if max(map(len, filled), default=0) < 2:
        return None
    if has_tabs or find_headings(Worksheet("", table), offered):
        return table
    has_one_id = all(sum(_is_id(cell, digits) for cell in row) == 1 for row in filled)
    is_even = len({len(row) for row in table if row}) == 1
    return table if is_even and has_one_id and _holds_marks([row[-1] for row in filled]) else None


def _is_id(text: str, digits: int) -> bool:
    """Whether a word is meant to be a student ID: one, nearly one, or many digits in a row that are no date."""
    if len(text) == digits and text.isascii() and text.isdigit():
        return True
    word = text.strip().strip(AROUND_ID)
    if len(word) > LONGEST_ID or DATE.fullmatch(word):
        return False
    number = read_number(word, digits)
    if number.number or number.doubt:
        return True
    return " " not in word and "@" not in word and sum(map(str.isdigit, word)) >= FIVE_DIGITS


def _guessed_headings(table: Sequence[Row], offered: Sequence[str], digits: int) -> Row:
    """A heading for every column: the IDs, the names beside them, and behind these the marks in the order of ours."""
    width = max(map(len, table))
    columns = [[cell for row in table if n < len(row) and (cell := row[n])] for n in range(width)]
    counts = [sum(_is_id(cell, digits) for cell in column) for column in columns]
    if not max(counts):
        raise Refusal("pasted_without_ids", digits=digits)
    if counts.count(max(counts)) > 1:
        raise Refusal("pasted_columns")
    student_id = counts.index(max(counts))
    marks = [n for n in range(student_id + 1, width) if _holds_marks(columns[n])]
    names = [n for n in range(width) if n not in (student_id, *marks) and _holds_names(columns[n])]
    headings = {student_id: ID_HEADING, **dict(zip(marks, _mark_headings(len(marks), offered), strict=True))}
    headings |= _name_headings(names, [_has_latin(columns[n]) for n in names])
    named = len(headings) > 1  # the ID alone is a heading only where nothing stands beside it
    return tuple(headings.get(n) or (_letter(n) if column and named else None) for n, column in enumerate(columns))


def _name_headings(columns: Sequence[int], is_latin: Sequence[bool]) -> dict[int, str]:
    """One column of names, or an English and a Chinese one; of more nobody can tell which is the name."""
    if len(columns) > 2 or (len(columns) == 2 and is_latin[0] == is_latin[1]):
        raise Refusal("pasted_columns")
    if len(columns) < 2:
        return dict.fromkeys(columns, NAME_HEADING)
    return {n: NAME_HEADING if latin else NAME_ZH_HEADING for n, latin in zip(columns, is_latin, strict=True)}


def _mark_headings(count: int, offered: Sequence[str]) -> Sequence[str]:
    """What so many columns of marks are, in the order of our own sheet."""
    if count <= 1:
        return [ATTENDED_HEADING][:count]
    if count == 1 + len(offered):
        return [ATTENDED_HEADING, *offered]
    if count == 2:
        return [ATTENDED_HEADING, AWARD_HEADING]
    raise Refusal("pasted_columns")


def _holds_marks(cells: Sequence[str]) -> bool:
    """Whether at least half of the cells are marks of attendance."""
    marks = [read_mark(cell, takes_times=True) in (Mark.YES, Mark.NO) for cell in cells]
    return bool(marks) and 2 * sum(marks) >= len(marks)


def _holds_names(cells: Sequence[str]) -> bool:
    """Whether most of the cells have letters and are no addresses."""
    return 2 * sum("@" not in cell and any(map(str.isalpha, cell)) for cell in cells) > len(cells)


def _has_latin(cells: Sequence[str]) -> bool:
    return any("LATIN" in unicodedata.name(letter, "") for cell in cells for letter in cell)


def _letter(column: int) -> str:
    """A column that is not read, by the letter that spreadsheet programs give it."""
    return f"({chr(65 + column)})" if column < LETTERS else f"({column + 1})"


def _list(text: str, digits: int, limits: Limits) -> Workbook:
    """A list of people: each line names one, or several IDs stand on a line."""
    written = LINE_BREAK.split(UNSTORABLE.sub("", text))
    lines = [_entries(words, number, digits) for number, words in enumerate(written, 1)]
    entries = [entry for line in lines for entry in line]
    if not any(entry.student_id for entry in entries):
        raise Refusal("pasted_without_ids", digits=digits)
    if len(entries) > limits.max_row:
        raise Refusal("too_many_rows", limit=limits.max_row)
    has_names = any(entry.name and entry.student_id for entry in entries)
    is_counted = any(len(line) > 1 for line in lines)
    cells = [_cells(entry, has_names=has_names) for entry in entries]
    if not is_counted:
        by_line = {entry.line: row for entry, row in zip(entries, cells, strict=True)}
        cells = [by_line.get(number, ()) for number in range(1, max(by_line) + 1)]
    headings = (ID_HEADING, NAME_HEADING) if has_names else (ID_HEADING,)
    notes = ("listed_attended", "places_counted") if is_counted else ("listed_attended",)
    return Workbook(PASTED, (Worksheet("", (headings, *cells), first_line=0),), notes=notes)


def people_in(text: str, digits: int) -> list[tuple[str, str]]:
    """The IDs as written, with the names beside them, of a few lines that somebody typed; words without an ID fall."""
    lines = (_entries(words, 0, digits) for words in LINE_BREAK.split(UNSTORABLE.sub("", text)))
    return [(entry.student_id, entry.name) for line in lines for entry in line if entry.student_id]


def _cells(entry: _Entry, *, has_names: bool) -> Row:
    """Words without an ID are somebody's name in a list with names, unless they end like a sentence; else a remark."""
    is_remark = not entry.student_id and entry.name.endswith(END_OF_SENTENCE)
    if is_remark or not has_names:
        return (entry.student_id or entry.name,)
    return (entry.student_id or None, entry.name or None)


def _entries(words: str, line: int, digits: int) -> list[_Entry]:
    """The people that one line names."""
    words = words.strip()
    if not words:
        return []
    number = read_number(words, digits)
    if "@" not in words and (number.number or number.doubt):
        return [_Entry(line, words, "")]
    people = [part for part in BETWEEN_PEOPLE.split(words) if part.strip()]
    if len(people) > 1 and all(_names_one(part, digits) for part in people):
        return [entry for part in people for entry in _entries(part, line, digits)]
    tokens = [token for token in BETWEEN.split(words) if token]
    ids = [token.strip(AROUND_ID) for token in tokens if _is_id(token, digits)]
    if not ids:
        return [_Entry(line, "", words)]
    without_number = tokens[1:] if LIST_NUMBER.fullmatch(tokens[0]) else tokens
    if not any(map(str.isalpha, "".join(token for token in tokens if token.strip(AROUND_ID) not in ids))):
        return [_Entry(line, token.strip(AROUND_ID), "") for token in without_number if any(map(str.isdigit, token))]
    if len(ids) == 1:
        return [_Entry(line, ids[0], _name_beside(words, ids[0]))]
    return [_Entry(line, words, words)]  # several IDs and words between them: not for us to say who is meant


def _names_one(words: str, digits: int) -> bool:
    """Whether there is exactly one ID in it."""
    return _is_id(words, digits) or sum(_is_id(token, digits) for token in BETWEEN.split(words)) == 1


def _name_beside(words: str, student_id: str) -> str:
    rest = LIST_NUMBER.sub("", words.replace(student_id, " ", 1))
    return " ".join(NOTHING_BETWEEN.sub(" ", rest).split()).strip(AROUND_NAME)

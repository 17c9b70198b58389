"""Which line of a worksheet is the heading, and which of its columns means what, in English and Chinese."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from awards.attendance.cells import text_of
from awards.attendance.formats import Cell, Refusal, Worksheet
from awards.attendance.names import HAN
from awards.attendance.words import (
    ACCOUNT,
    ATTENDED,
    AWARD,
    EMAIL,
    JOINED,
    LEFT,
    MEANINGS,
    MINUTES,
    NAMES,
    PERCENT,
    REASON,
    REMARKS,
    ROLE,
    SESSION,
    STUDENT_ID,
    WEAK_ID,
    names_session,
    names_share,
)

HEADING_WITHIN = 30
"""The heading stands in one of the first lines."""

SLIP = ("EF", "EC")
"""The institution's own papers write EF for EC."""
IN_ID = re.compile("id|stu|cna|學|学", re.IGNORECASE)
"""One of these is in every heading of the student ID."""
BEGINS = re.compile(f"{IN_ID.pattern}|join|加入|進入", re.IGNORECASE)
"""And one of these in the heading of every list, also of those of an online meeting."""
OF_A_LIST = frozenset({STUDENT_ID, *NAMES, ATTENDED, AWARD, REASON, REMARKS})
"""What, without a column of IDs, looks as if it were a list all the same."""
MAY_REPEAT = frozenset({REMARKS, SESSION, EMAIL, ACCOUNT, JOINED, LEFT, ROLE})
HINT = re.compile(r"\(.*\)|(?:y|yes|是|有|✓|✔)? ?/ ?(?:n|no|否|沒有|✗|✘|x)|dd/mm/yyyy|\d+ digits")
"""What stands below headings to say how they are to be filled in."""
LOOKS_LIKE_NUMBER = re.compile(r"\d{7,}")
CODE = re.compile(r"(?:(?:award|badge|徽章)s?[\s:]+)?([a-z0-9]+)(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class MarkColumns:
    """One list on a worksheet: where its heading stands and its columns, from 0 for A. `codes` by badge code.

    `sessions` are (heading, column). `is_meeting`: the report of an online meeting, with an address in place of the ID.
    """

    heading_line: int
    student_id: int
    names: tuple[int, ...] = ()
    attended: int | None = None
    award: int | None = None
    codes: Mapping[str, int] = field(default_factory=dict)
    sessions: tuple[tuple[str, int], ...] = ()
    percent: int | None = None
    minutes: int | None = None
    joined: int | None = None
    left: int | None = None
    role: int | None = None
    reason: int | None = None
    remarks: int | None = None
    is_meeting: bool = False
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def marks(self) -> dict[str, int]:
        """The mark columns: attended, award, and the badge codes."""
        own = {ATTENDED: self.attended, AWARD: self.award}
        return {key: column for key, column in own.items() if column is not None} | dict(self.codes)

    @property
    def measures(self) -> dict[str, int]:
        """The columns that say how much was attended, as `marks` does."""
        own = {PERCENT: self.percent, MINUTES: self.minutes, JOINED: self.joined, LEFT: self.left}
        sessions = {f"{SESSION}:{place:02}:{name}": column for place, (name, column) in enumerate(self.sessions, 1)}
        return sessions | {key: column for key, column in own.items() if column is not None}

    @property
    def read(self) -> tuple[str, ...]:
        """What was recognised, in the order of the sheet."""
        places = {STUDENT_ID: self.student_id, **self.marks, **self.measures}
        places |= {f"name:{column}": column for column in self.names}
        places |= {k: c for k, c in ((REASON, self.reason), (REMARKS, self.remarks)) if c is not None}
        ordered = [key.partition(":")[0] for key in sorted(places, key=lambda key: places[key])]
        return tuple(dict.fromkeys(ordered))

    def is_same_as(self, other: MarkColumns) -> bool:
        """Whether a heading further down only repeats this one."""
        return (self.student_id, self.names, self.marks, self.measures) == (
            other.student_id,
            other.names,
            other.marks,
            other.measures,
        )


def find_headings(worksheet: Worksheet, offered: Sequence[str]) -> list[MarkColumns]:
    """The lists that begin at the worksheet's heading: one, or several side by side; none when there is no heading.

    Raises Refusal: no_id_column when a line looks like a heading but lacks the ID, header_twice when two columns mean
    the same.
    """
    fallback: list[MarkColumns] = []
    lacks_id = False
    for line, row in enumerate(worksheet.rows, worksheet.first_line):
        if line > HEADING_WITHIN:
            break
        meanings = meanings_of(row, offered)
        known = {meaning for meaning in meanings.values() if meaning}
        if begins_list(known):
            return lists_of(*_with_second_line(worksheet, line, row, meanings, offered), worksheet)
        if STUDENT_ID in known and len(meanings) == 1 and not fallback:
            fallback = lists_of(line, row, meanings)
        known &= OF_A_LIST
        lacks_id = lacks_id or (len(known) > 1 and not known.isdisjoint({*NAMES, ATTENDED}))
    if lacks_id and not fallback:
        raise Refusal("no_id_column")
    return fallback


def begins_list(known: Set[str]) -> bool:
    """Whether these meanings are those of a heading: the ID and something more, or the report of an online meeting."""
    return (STUDENT_ID in known and len(known) > 1) or _is_meeting(known)


def _is_meeting(known: Set[str]) -> bool:
    return (
        STUDENT_ID not in known and not known.isdisjoint(NAMES) and (MINUTES in known or {JOINED, LEFT} <= known)
    )  # the address may be missing: the number can stand in the name


def _with_second_line(
    worksheet: Worksheet, line: int, row: Sequence[Cell], meanings: dict[int, str], offered: Sequence[str]
) -> tuple[int, Sequence[Cell], dict[int, str]]:
    """The heading with the line below it, where the two are one heading of merged cells ("Day 1" above "AM", "PM")."""
    place = line + 1 - worksheet.first_line
    below = worksheet.rows[place] if place < len(worksheet.rows) else ()
    under = meanings_of(below, offered)
    known = {meaning for meaning in under.values() if meaning}
    if not under:
        return line, row, meanings
    if all(HINT.fullmatch(_plain(heading_text(below[column]))) for column in under):
        return line + 1, row, meanings
    above = _filled(row)
    if not begins_list(known):
        ids = {column for column, meaning in meanings.items() if meaning in (STUDENT_ID, *NAMES)}
        if not ids.isdisjoint(under) or not all(map(_is_text, (below[column] for column in under))):
            return line, row, meanings
        under = {c: _joint(below[c], above.get(c), offered) if c in above else under[c] for c in under}
        if not all(under.values()) or any(under[c] == meanings.get(c, "") != SESSION for c in under):
            return line, row, meanings
        merged = {c: m for c, m in meanings.items() if c not in under} | under
    else:
        merged = {c: _joint(below[c], above.get(c), offered) for c in under}
        merged |= {c: m for c, m in meanings.items() if c not in under and m not in merged.values()}
    counted = Counter(merged.values())
    if any(meanings.get(c, m) != m and counted[m] > 1 and m not in MAY_REPEAT for c, m in merged.items()):
        return line, row, meanings  # a column that was understood would mean the same as another: a mark in words
    width = max(len(row), len(below))
    texts = [_text_at(below, c) or _text_at(row, c) for c in range(width)]
    again = Counter(texts[c] for c in merged if merged[c] == SESSION)
    for column in merged:
        if again[texts[column]] > 1 or (merged[column] == SESSION and not names_session(_plain(texts[column]))):
            texts[column] = f"{above.get(column, '')} {texts[column]}".strip()
    return line + 1, texts, dict(sorted(merged.items()))


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str | dt.date)


def _text_at(row: Sequence[Cell], column: int) -> str:
    return heading_text(row[column]) if column < len(row) else ""


def _filled(row: Sequence[Cell]) -> dict[int, str]:
    """The text above each column, where a merged cell has its text in its first column only."""
    texts, last = {}, ""
    for column in range(len(row) + 20):
        last = _text_at(row, column) or last
        if last:
            texts[column] = last
    return texts


def _joint(below: Cell, above: str | None, offered: Sequence[str]) -> str:
    """What a heading means that stands below another one."""
    own = meaning_of(heading_text(below), tuple(offered))[0]
    group = meaning_of(above or "", tuple(offered))[0]
    if group == SESSION and own in ("", ATTENDED, SESSION):
        return SESSION
    return own or meaning_of(f"{above} {heading_text(below)}", tuple(offered))[0]


def repeated_heading(line: int, row: Sequence[Cell], offered: Sequence[str]) -> list[MarkColumns]:
    """The lists that a heading below the first one begins; none when the line is no heading."""
    if not any(isinstance(cell, str) and len(cell) < LONGEST and _may_begin(cell) for cell in row):
        return []
    meanings = meanings_of(row, offered)
    known = {meaning for meaning in meanings.values() if meaning}
    return lists_of(line, row, meanings) if begins_list(known) else []


def _may_begin(text: str) -> bool:
    """A quick look before a slow one: no other text can mean the student ID, or when somebody joined a meeting."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).replace("\u200b", "")
    return bool(BEGINS.search(plain))


LONGEST = 120
"""Letters of a heading."""


def heading_text(cell: Cell) -> str:
    """A heading as a person reads it; a date cell as a date."""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time(0):
        cell = cell.date()
    return text_of(cell)


def meanings_of(row: Sequence[Cell], offered: Sequence[str]) -> dict[int, str]:
    """Column → meaning, "" for a heading that says nothing to us; empty cells are left out. A date is a session."""
    codes = tuple(offered)
    found = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            if cell.strip():
                found[column] = meaning_of(cell, codes)[0]
        elif cell is not None:
            found[column] = SESSION if isinstance(cell, dt.date) else ""
    return found


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u200b", "")
    return " ".join(plain.replace("'", "").replace("’", "").split())


@lru_cache(maxsize=4_000)
def meaning_of(text: str, offered: tuple[str, ...]) -> tuple[str, str]:
    """What a heading means ("" for nothing) and a note: ("EC", "ef_taken_as_ec") for "EF – Effective communicators"."""
    if len(text) > LONGEST:
        return "", ""
    plain = _plain(text)
    if "%" in plain and names_share(_latin(plain), "".join(HAN.findall(plain))):
        return PERCENT, ""
    if word := _in_vocabulary(plain):
        return word, ""
    code = CODE.match(plain)
    codes = {offer.casefold(): offer for offer in offered}
    if code and code[1] in codes:
        return f"code {codes[code[1]]}", ""
    if code and code[1] == SLIP[0].casefold() and SLIP[1].casefold() in codes:
        return f"code {codes[SLIP[1].casefold()]}", "ef_taken_as_ec"
    if names_session(plain):
        return SESSION, ""
    return _in_vocabulary(re.sub(r"\([^)]*\)", " ", plain)), ""


def _in_vocabulary(plain: str) -> str:
    for part in (_latin(plain), "".join(HAN.findall(plain))):
        if part in MEANINGS:
            return MEANINGS[part]
    return ""


def _latin(plain: str) -> str:
    return " ".join(re.findall(r"[a-z0-9#]+", HAN.sub(" ", plain)))


def lists_of(
    line: int, row: Sequence[Cell], meanings: Mapping[int, str], worksheet: Worksheet | None = None
) -> list[MarkColumns]:
    """The lists that a heading line begins. Two ID columns are two lists when all their columns come in pairs."""
    if worksheet is not None:
        meanings = _without_serials(worksheet, line, row, meanings)
    columns = list(meanings)
    count = sum(meaning == STUDENT_ID for meaning in meanings.values()) or 1
    size, rest = divmod(len(columns), count)
    parts = [columns[at : at + size] for at in range(0, len(columns), size)]
    if count > 1 and (rest or len({tuple(meanings[column] for column in part) for part in parts}) > 1):
        raise Refusal("header_twice", heading=STUDENT_ID)
    return [columns_of(line, row, {column: meanings[column] for column in part}) for part in parts]


def _without_serials(
    worksheet: Worksheet, line: int, row: Sequence[Cell], meanings: Mapping[int, str]
) -> Mapping[int, str]:
    """A form's "ID" beside a "Student ID" counts the answers: 1, 2, 3 … Known by what stands below."""
    ids = [column for column, meaning in meanings.items() if meaning == STUDENT_ID]
    weak = [column for column in ids if _latin(_plain(heading_text(row[column]))) in WEAK_ID]
    if len(ids) != 2 or len(weak) != 1:
        return meanings
    below = [
        text_of(cells[weak[0]]) for cells in worksheet.rows[line + 1 - worksheet.first_line :] if len(cells) > weak[0]
    ]
    below = [text for text in below if text]
    if not below or any(LOOKS_LIKE_NUMBER.search(text) for text in below):
        return meanings
    return {column: "" if column == weak[0] else meaning for column, meaning in meanings.items()}


def columns_of(line: int, row: Sequence[Cell], meanings: Mapping[int, str]) -> MarkColumns:
    """The columns of one list whose meanings are known. Raises Refusal: header_twice, no_id_column."""
    counted = Counter(meaning for meaning in meanings.values() if meaning)
    for meaning, count in counted.items():
        if count > 1 and meaning not in MAY_REPEAT:
            raise Refusal("header_twice", heading=meaning.removeprefix("code "))
    at: dict[str, int] = {}
    for column, meaning in meanings.items():
        at.setdefault(meaning, column)
    is_meeting = STUDENT_ID not in at and _is_meeting(at.keys())
    names = tuple(column for column, meaning in meanings.items() if meaning in NAMES)
    student_id = at.get(STUDENT_ID, at.get(ACCOUNT, at.get(EMAIL, names[0] if names else None)) if is_meeting else None)
    if student_id is None:
        raise Refusal("no_id_column")
    sessions = _sessions(row, [column for column, meaning in meanings.items() if meaning == SESSION])
    attended = at.get(ATTENDED)
    if attended is None and len(sessions) == 1:
        attended, sessions = sessions[0][1], ()
    slip = any(meaning_of(str(row[c]), (SLIP[1],))[1] for c, m in meanings.items() if m == f"code {SLIP[1]}")
    unread = [c for c, meaning in meanings.items() if meaning in ("", EMAIL, ACCOUNT) and c != student_id]
    return MarkColumns(
        heading_line=line,
        student_id=student_id,
        names=names,
        attended=attended,
        award=at.get(AWARD),
        codes={m.removeprefix("code "): column for m, column in at.items() if m.startswith("code ")},
        sessions=sessions,
        percent=at.get(PERCENT),
        minutes=at.get(MINUTES),
        joined=at.get(JOINED),
        left=at.get(LEFT),
        role=at.get(ROLE),
        reason=at.get(REASON),
        remarks=at.get(REMARKS),
        is_meeting=is_meeting,
        dropped=tuple(heading_text(row[column])[:60] for column in unread),
        notes=("ef_taken_as_ec",) if slip else (),
    )


def _sessions(row: Sequence[Cell], columns: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """The columns of sessions, each with a name of its own."""
    names: dict[str, int] = {}
    for column in columns:
        name = heading_text(row[column])[:30]
        names[name if name not in names else f"{name} [{column + 1}]"] = column
    return tuple(names.items())

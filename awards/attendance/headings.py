"""Which line of a worksheet is the heading, and which of its columns means what, in English and Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from awards.attendance.formats import Cell, Refusal, Worksheet
from awards.attendance.names import HAN

HEADING_WITHIN = 30
"""The heading stands in one of the first lines."""

STUDENT_ID, ATTENDED, AWARD, REASON, REMARKS = "student_id", "attended", "award", "reason", "remarks"
SIGNATURE = "signature"
"""Known and not read: it is for the paper."""
NAMES = ("name", "name_en", "name_zh", "surname", "given_name")

ENGLISH: Mapping[str, tuple[str, ...]] = {
    STUDENT_ID: (
        "student id", "student no", "student number", "student num", "student id no", "student id number", "id",
        "id no", "id number", "stud id", "stud no", "sid", "student", "student #", "cna",
    ),
    "name": (
        "name", "student name", "name of student", "full name", "participant", "participant name",
        "name of participant", "student full name",
    ),
    "name_en": ("english name", "name in english", "name english", "student name english", "name eng", "eng name"),
    "name_zh": ("chinese name", "name in chinese", "name chinese", "student name chinese", "name chi", "chi name"),
    "surname": ("surname", "last name", "family name"),
    "given_name": ("given name", "given names", "first name", "other name", "other names", "forename"),
    ATTENDED: (
        "attended", "attendance", "attend", "present", "presence", "attended y n", "present y n", "attendance y n",
        "sign in", "signed in", "check in", "checked in",
    ),
    AWARD: (
        "award badge", "award badges", "award", "awarded", "badge", "badges", "badge awarded", "badges awarded",
        "digital badge", "award badge y n", "badge y n", "award digital badge",
    ),
    REASON: ("reason", "reasons", "reason for withholding", "reason if withheld", "reason if no badge", "why no badge"),
    REMARKS: ("remarks", "remark", "note", "notes", "comment", "comments"),
    SIGNATURE: ("signature", "sign", "signed"),
}  # fmt: skip
CHINESE: Mapping[str, tuple[str, ...]] = {
    STUDENT_ID: (
        "學生編號", "學號", "學生證號碼", "學生號碼", "學生證編號", "學員編號", "學生証號碼",
        "学生编号", "学号", "学生号码",
    ),
    "name": ("學生姓名", "姓名", "學員姓名", "參加者姓名", "參加者", "名字", "学生姓名", "参加者姓名"),
    "name_en": ("英文姓名", "英文名", "英文名字", "學生英文姓名"),
    "name_zh": ("中文姓名", "中文名", "中文名字", "學生中文姓名"),
    "surname": ("姓", "姓氏"),
    "given_name": ("名",),
    ATTENDED: (
        "出席", "出席情況", "出席紀錄", "出席記錄", "已出席", "是否出席", "有否出席", "簽到", "出席与否", "签到",
    ),
    AWARD: (
        "頒發徽章", "徽章", "頒發", "獲發徽章", "獲頒徽章", "電子徽章", "頒授徽章", "頒發電子徽章",
        "颁发徽章", "电子徽章",
    ),
    REASON: ("原因", "不頒發原因", "未獲徽章原因", "未頒發原因", "理由"),
    REMARKS: ("備註", "備考", "附註", "备注", "備注"),
    SIGNATURE: ("簽名", "簽署", "签名"),
}  # fmt: skip
MEANINGS = {words: key for table in (ENGLISH, CHINESE) for key, ways in table.items() for words in ways}
SLIP = ("EF", "EC")
"""The institution's own papers write EF for EC."""
IN_ID = re.compile("id|stud|cna|學|学", re.IGNORECASE)
"""One of these is in every heading of the student ID."""
CODE = re.compile(r"(?:(?:award|badge|徽章)s?[\s:]+)?([a-z0-9]+)(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class MarkColumns:
    """One list on a worksheet: where its heading stands and its columns, from 0 for A. `codes` by badge code."""

    heading_line: int
    student_id: int
    names: tuple[int, ...] = ()
    attended: int | None = None
    award: int | None = None
    codes: Mapping[str, int] = field(default_factory=dict)
    reason: int | None = None
    remarks: int | None = None
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def marks(self) -> dict[str, int]:
        """The mark columns: attended, award, and the badge codes."""
        own = {ATTENDED: self.attended, AWARD: self.award}
        return {key: column for key, column in own.items() if column is not None} | dict(self.codes)

    @property
    def read(self) -> tuple[str, ...]:
        """What was recognised, in the order of the sheet."""
        places = {STUDENT_ID: self.student_id, **self.marks}
        places |= {f"name {column}": column for column in self.names}
        places |= {k: c for k, c in ((REASON, self.reason), (REMARKS, self.remarks)) if c is not None}
        ordered = [key.partition(" ")[0] for key in sorted(places, key=lambda key: places[key])]
        return tuple(dict.fromkeys(ordered))

    def is_same_as(self, other: MarkColumns) -> bool:
        """Whether a heading further down only repeats this one."""
        return (self.student_id, self.names, self.marks) == (other.student_id, other.names, other.marks)


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
        if STUDENT_ID in known and len(known) > 1:
            return lists_of(line, row, meanings)
        if STUDENT_ID in known and len(meanings) == 1 and not fallback:
            fallback = lists_of(line, row, meanings)
        lacks_id = lacks_id or (len(known) > 1 and not known.isdisjoint({*NAMES, ATTENDED}))
    if lacks_id and not fallback:
        raise Refusal("no_id_column")
    return fallback


def repeated_heading(line: int, row: Sequence[Cell], offered: Sequence[str]) -> list[MarkColumns]:
    """The lists that a heading below the first one begins; none when the line is no heading."""
    codes = tuple(offered)
    if not any(isinstance(cell, str) and _may_be_id(cell) and meaning_of(cell, codes)[0] == STUDENT_ID for cell in row):
        return []
    meanings = meanings_of(row, offered)
    known = {meaning for meaning in meanings.values() if meaning}
    return lists_of(line, row, meanings) if len(known) > 1 else []


def _may_be_id(text: str) -> bool:
    """A quick look before a slow one: no other text can mean the student ID."""
    return bool(IN_ID.search(unicodedata.normalize("NFKC", text).replace("\u200b", "")))


def meanings_of(row: Sequence[Cell], offered: Sequence[str]) -> dict[int, str]:
    """Column → meaning, "" for a heading that says nothing to us; empty cells are left out."""
    return {
        column: meaning_of(cell, tuple(offered))[0] if isinstance(cell, str) else ""
        for column, cell in enumerate(row)
        if cell is not None and not (isinstance(cell, str) and not cell.strip())
    }


@lru_cache(maxsize=4_000)
def meaning_of(text: str, offered: tuple[str, ...]) -> tuple[str, str]:
    """What a heading means ("" for nothing) and a note: ("EC", "ef_taken_as_ec") for "EF – Effective communicators"."""
    if len(text) > 120:
        return "", ""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u200b", "").strip()
    for way in (plain, re.sub(r"\([^)]*\)", " ", plain)):
        for part in (" ".join(re.findall(r"[a-z0-9#]+", HAN.sub(" ", way))), "".join(HAN.findall(way))):
            if part in MEANINGS:
                return MEANINGS[part], ""
    code = CODE.match(plain)
    codes = {offer.casefold(): offer for offer in offered}
    if code and code[1] in codes:
        return f"code {codes[code[1]]}", ""
    if code and code[1] == SLIP[0].casefold() and SLIP[1].casefold() in codes:
        return f"code {codes[SLIP[1].casefold()]}", "ef_taken_as_ec"
    return "", ""


def lists_of(line: int, row: Sequence[Cell], meanings: Mapping[int, str]) -> list[MarkColumns]:
    """The lists that a heading line begins. Two ID columns are two lists when all their columns come in pairs."""
    columns = list(meanings)
    count = sum(meaning == STUDENT_ID for meaning in meanings.values())
    size, rest = divmod(len(columns), count)
    parts = [columns[at : at + size] for at in range(0, len(columns), size)]
    if count > 1 and (rest or len({tuple(meanings[column] for column in part) for part in parts}) > 1):
        raise Refusal("header_twice", heading=STUDENT_ID)
    return [_columns(line, row, {column: meanings[column] for column in part}) for part in parts]


def _columns(line: int, row: Sequence[Cell], meanings: Mapping[int, str]) -> MarkColumns:
    counted = Counter(meaning for meaning in meanings.values() if meaning)
    for meaning, count in counted.items():
        if count > 1 and meaning != REMARKS:
            raise Refusal("header_twice", heading=meaning.removeprefix("code "))
    at: dict[str, int] = {}
    for column, meaning in meanings.items():
        at.setdefault(meaning, column)
    slip = any(meaning_of(str(row[c]), (SLIP[1],))[1] for c, m in meanings.items() if m == f"code {SLIP[1]}")
    return MarkColumns(
        heading_line=line,
        student_id=at[STUDENT_ID],
        names=tuple(column for column, meaning in meanings.items() if meaning in NAMES),
        attended=at.get(ATTENDED),
        award=at.get(AWARD),
        codes={m.removeprefix("code "): column for m, column in at.items() if m.startswith("code ")},
        reason=at.get(REASON),
        remarks=at.get(REMARKS),
        dropped=tuple(str(row[column]).strip()[:60] for column, meaning in meanings.items() if not meaning),
        notes=("ef_taken_as_ec",) if slip else (),
    )

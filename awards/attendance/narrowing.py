"""Which rows of a sheet the review page shows: in which state, for which reason, with which words, on which page."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from awards.attendance.review import SHOW, ShownRow, narrowed
from awards.attendance.sentences import row_sentence, warning_sentence

CODE = re.compile("[a-z_]{1,24}")
NUMBER = re.compile("[0-9]{1,5}")
MOST_LETTERS = 100
SENTENCE_ENDS = re.compile(r"[.:?](?=\s|$)|[。：？]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the page is asked for. `words` are never in an address: they may be a student number or a name.

    `page` is that of the rows; `question` the reason whose rows are turned to the page `at`.
    """

    show: str = "all"
    reason: str = ""
    words: str = ""
    page: str = "1"
    question: str = ""
    at: str = "1"

    @classmethod
    def of(cls, query: Mapping[str, str], words: str = "") -> Wanted:
        """From the query of an address; whatever is none of ours is left out."""
        show = query.get("show", "")
        return cls(
            show=show if show in SHOW else "all",
            reason=_fitting(CODE, query.get("reason", ""), ""),
            words=" ".join(words.split())[:MOST_LETTERS],
            page=_fitting(NUMBER, query.get("page", ""), "1"),
            question=_fitting(CODE, query.get("question", ""), ""),
            at=_fitting(NUMBER, query.get("at", ""), "1"),
        )

    @property
    def query(self) -> str:
        """The query that leads back here, without the words."""
        plain = Wanted()
        fields = ("show", "reason", "page", "question", "at")
        return urlencode({name: value for name in fields if (value := getattr(self, name)) != getattr(plain, name)})


def _fitting(pattern: re.Pattern[str], value: str, otherwise: str) -> str:
    return value if pattern.fullmatch(value) else otherwise


def found(rows: Sequence[ShownRow], wanted: Wanted) -> list[ShownRow]:
    """The rows in that state, with that reason or remark, and with all of the words; a short number is also a line."""
    left = narrowed(rows, wanted.show)
    if wanted.reason:
        left = [row for row in left if wanted.reason in (row.decided.reason, *row.decided.warnings)]
    if wanted.words:
        words = _plain(wanted.words).split()
        left = [row for row in left if _is_about(row, words)]
    return left


def _is_about(row: ShownRow, words: Sequence[str]) -> bool:
    if words == [str(row.decided.row.line)]:
        return True
    read, student = row.decided.row, row.decided.student
    texts = [read.raw_id, read.said_id, read.student_number, read.raw_name]
    if student:
        texts += [student.number, student.name_en, student.name_zh]
    text = _plain(" ".join(texts))
    return all(word in text for word in words)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def reasons_of(rows: Iterable[ShownRow]) -> list[tuple[str, str, int]]:
    """Every reason and remark that a row has: its code, what it says in short, and how many rows have it."""
    reasons: Counter[str] = Counter()
    remarks: Counter[str] = Counter()
    for row in rows:
        if row.decided.reason:
            reasons[row.decided.reason] += 1
        remarks.update(row.decided.warnings)
    return [
        *((code, in_short(row_sentence(code)), number) for code, number in reasons.most_common()),
        *((code, in_short(warning_sentence(code)), number) for code, number in remarks.most_common()),
    ]


def in_short(sentences: str) -> str:
    """The first sentence, without its full stop."""
    return SENTENCE_ENDS.split(sentences, maxsplit=1)[0].strip()

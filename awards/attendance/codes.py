"""Is this sheet made for this activity? The code in the head block and on the hidden sheet of our own templates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum

from awards.attendance.cells import text_of
from awards.attendance.formats import Cell, Workbook, Worksheet
from awards.attendance.headings import HAN, HEADING_WITHIN

HIDDEN_SHEET = "_portal"
LABELS = frozenset(
    {
        "activitycode",
        "activityno",
        "activityid",
        "eventcode",
        "活動編號",
        "活動代碼",
        "活動代號",
        "活动编号",
        "活动代码",
    }
)


class CodeFit(Enum):
    """How the codes of a file agree with the activity that was chosen."""

    SAME = "same"
    NONE = "none"
    UNCLEAR = "unclear"
    WRONG = "wrong"

    @property
    def note(self) -> str:
        """The file's question that follows, or ""."""
        return {CodeFit.NONE: "no_activity_code", CodeFit.UNCLEAR: "activity_code_unclear"}.get(self, "")


def codes_of(workbook: Workbook) -> list[str]:
    """Every activity code that the file carries: on visible sheets, and on our own hidden one."""
    codes = []
    for worksheet in workbook.sheets:
        if worksheet.is_visible:
            codes += [code for row in _head(worksheet) if (code := _code_in(row))]
        elif worksheet.name == HIDDEN_SHEET:
            codes += [text_of(row[1]) for row in worksheet.rows if len(row) > 1 and text_of(row[0]) == "code"]
    return [code for code in codes if code]


def _head(worksheet: Worksheet) -> Sequence[Sequence[Cell]]:
    return worksheet.rows[: max(0, HEADING_WITHIN - worksheet.first_line + 1)]


def _code_in(row: Sequence[Cell]) -> str:
    """The code that a line names: in the cell behind its label, or in the same cell behind a colon."""
    texts = [text_of(cell) for cell in row]
    for column, text in enumerate(texts):
        label, _, value = unicodedata.normalize("NFKC", text).partition(":")
        if is_code_label(label):
            return value.strip() or next(filter(None, texts[column + 1 :]), "")
    return ""


def is_code_label(text: str) -> bool:
    """Whether a text says that the code of an activity stands beside or below it."""
    latin = "".join(re.findall("[a-z]+", HAN.sub("", text).casefold()))
    return latin in LABELS or (not latin and "".join(HAN.findall(text)) in LABELS)


def compare_codes(codes: Sequence[str], activity_code: str) -> CodeFit:
    """A code that is only written differently (O for 0, a space for a hyphen) is asked; any other is another activity.

    One figure of difference is another activity too: the next one.
    """
    if not codes:
        return CodeFit.NONE
    if all(_plain(code) == _plain(activity_code) for code in codes):
        return CodeFit.SAME
    if all(_bare(code) & _bare(activity_code) for code in codes):
        return CodeFit.UNCLEAR
    return CodeFit.WRONG


def _plain(code: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", code)).casefold()


def _bare(code: str) -> frozenset[str]:
    """Letters and figures alone, look-alikes as one; and the same with the leading zeros of each part gone."""
    text = unicodedata.normalize("NFKC", code).casefold().translate(str.maketrans("oil", "011"))
    parts = re.findall(r"[^\W_]+", text)
    return frozenset({"".join(parts), "-".join(part.lstrip("0") for part in parts)})

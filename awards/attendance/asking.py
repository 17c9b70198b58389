"""What the review page asks once for a whole sheet, beside the yes or no: which of several lists are meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from awards.attendance.deciding import Decision
from awards.attendance.reading import NOBODY, Reading


@dataclass(frozen=True, slots=True)
class ListChoice:
    """One answer to "which list": `value` goes with the form, `rows` are its lines about somebody."""

    value: str
    name: str
    rows: int
    is_chosen: bool


def list_choices(reading: Reading, stored: Mapping[str, Any]) -> list[ListChoice]:
    """All lists together (without a name), then each alone; nothing where the file has only one."""
    if "two_lists" not in reading.notes:
        return []
    counts = Counter(row.sheet for row in reading.rows if row.problem != NOBODY)
    chosen = stored.get("lists")
    alone = [
        ListChoice(str(place), name, counts[name], chosen == str(place)) for place, name in enumerate(reading.lists)
    ]
    return [ListChoice("all", "", sum(choice.rows for choice in alone), chosen == "all"), *alone]


def yes_or_no(decision: Decision) -> list[str]:
    """The file's questions that a yes or a no answers."""
    return [question for question in decision.file_questions if question != "two_lists"]

"""What the review page asks once for a whole sheet, beside the yes or no: which list, how much attendance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from awards.attendance.deciding import Decision
from awards.attendance.measuring import Needed
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


@dataclass(frozen=True, slots=True)
class HowMuch:
    """How much attendance the badges need: whether it is asked in per cent, in minutes or both, and what the rules say.

    `below` are the lines that do not reach what is needed, `waiting` those that cannot be judged before it is said.
    """

    asks_share: bool
    asks_minutes: bool
    by_rules: Needed
    below: int
    waiting: int


def how_much(decision: Decision, by_rules: Needed) -> HowMuch | None:
    """The question of a sheet with sessions, percentages or minutes; None for any other."""
    if not decision.measured:
        return None
    reasons = Counter(row.reason for row in decision.rows)
    return HowMuch(
        asks_share="share" in decision.measured,
        asks_minutes="minutes" in decision.measured,
        by_rules=by_rules,
        below=reasons["below_needed"],
        waiting=reasons["how_much_needed"],
    )

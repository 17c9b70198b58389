"""The attendance sheet that an organiser downloads, prints as a sign-in sheet, and fills in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetFor:
    """What a sheet is made for. `badges` are (code, name in both languages), `participants` (number, name).

    `reasons` are (value, words) of the reasons for withholding, for the drop-down list.
    """

    code: str
    title: str
    dates: str
    badges: Sequence[tuple[str, str]]
    participants: Sequence[tuple[str, str]] = ()
    reasons: Sequence[tuple[str, str]] = ()


def write_sheet(sheet: SheetFor) -> bytes:
    """The XLSX file for one activity."""
    raise NotImplementedError


def write_blank_sheet(reasons: Sequence[tuple[str, str]] = ()) -> bytes:
    """The generic XLSX file, whose single "Award badge" column means all badges on offer."""
    raise NotImplementedError

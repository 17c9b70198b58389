"""Text of an unknown encoding gives several readings: the one whose names fit the register best is taken, and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from awards.attendance.formats import Refusal, Workbook
from awards.attendance.layouts import NO_LAYOUTS, Layouts
from awards.attendance.names import NameFit, compare
from awards.attendance.outcomes import Student
from awards.attendance.reading import Reading, read_attendance

WORTH = {NameFit.FITS: 2, NameFit.VARIANT: 1, NameFit.BLANK: 0, NameFit.MISFIT: -1}


def read_all(
    workbook: Workbook,
    *,
    offered: Sequence[str],
    activity_code: str,
    student_number_digits: int,
    layouts: Layouts = NO_LAYOUTS,
) -> list[Reading]:
    """The attendance in every encoding that the file may have, the likeliest first; at least one.

    Raises the Refusal of the likeliest where none can be used (a heading may make sense in one encoding only).
    """
    readings: list[Reading] = []
    refusals: list[Refusal] = []
    for candidate in workbook.readings:
        try:
            readings.append(
                read_attendance(
                    candidate,
                    offered=offered,
                    activity_code=activity_code,
                    student_number_digits=student_number_digits,
                    layouts=layouts,
                )
            )
        except Refusal as refusal:
            refusals.append(refusal)
    if not readings:
        raise refusals[0]
    return readings


def best_reading(readings: Sequence[Reading], students: Mapping[str, Student]) -> Reading:
    """The reading in which most names belong to the students beside them; the first of those that fit as well."""
    return max(readings, key=lambda reading: _fit(reading, students))


def _fit(reading: Reading, students: Mapping[str, Student]) -> int:
    known = [(row, student) for row in reading.rows if (student := students.get(row.student_number))]
    return sum(WORTH[compare(row.raw_name, student.name_en, student.name_zh)] for row, student in known)

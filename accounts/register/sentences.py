"""Every code of the register's reader as one sentence: what is wrong, and what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.register.reading import Problem
from accounts.sheets.workbook import Refusal

PROBLEMS: dict[str, Promise] = {
    "missing_number": gettext_lazy("There is no student number. Fill it in or delete the line."),
    "bad_number": gettext_lazy(
        "A student number has %(expected)s digits and nothing else. If a zero at the beginning was lost, format the "
        "column as text."
    ),
    "repeated": gettext_lazy("The same line as line %(expected)s; it counts once."),
    "conflict": gettext_lazy("Line %(expected)s has the same student with other data. Keep the right line only."),
    "bad_date": gettext_lazy("This is not a day we can read. Write it as 2026-09-01 or 1/9/2026 (day first)."),
    "bad_status": gettext_lazy("Write active, deferred, graduated or withdrawn."),
    "unknown_unit": gettext_lazy("No unit has this code or name. Correct it, or add the unit first."),
    "bad_year": gettext_lazy("Write the year of study as a number from 1 to 9."),
    "bad_email": gettext_lazy("This is not an e-mail address. Correct it or leave the cell empty."),
    "too_long": gettext_lazy("This is longer than %(expected)s characters. Shorten it."),
    "error_cell": gettext_lazy("The cell holds an error of the spreadsheet program. Correct it there."),
    "no_name": gettext_lazy("A new student needs an English or a Chinese name."),
}

TOO_LARGE = gettext_lazy("The file is too large. Split it by faculty or year, or ask the operator to load it.")
REFUSALS: dict[str, Promise] = {
    "empty_file": gettext_lazy("The file is empty. Choose another one."),
    "not_a_spreadsheet": gettext_lazy(
        "This is neither a spreadsheet nor text that we can read. Save it as .xlsx or as CSV UTF-8."
    ),
    "csv_broken": gettext_lazy(
        "From line %(line)s on the file cannot be told apart into cells: a quotation mark was probably never closed."
    ),
    "no_number_column": gettext_lazy(
        "No column is headed “student_id” or 學號 within the first 30 lines. Name the column so and try again."
    ),
    "header_twice": gettext_lazy(
        "Two columns mean the same: “%(first)s” and “%(second)s”. Delete one of them and upload the file again."
    ),
    "no_rows": gettext_lazy("There are headings but no students below them. Choose another file."),
    **dict.fromkeys(
        (
            "too_big",
            "too_big_inside",
            "too_complex",
            "too_many_cells",
            "too_many_parts",
            "too_many_elements",
            "too_many_strings",
            "too_much_memory",
        ),
        TOO_LARGE,
    ),
    "too_many_rows": gettext_lazy("The file has too many lines. Split it by faculty or year."),
    "timeout": gettext_lazy("Reading the file took too long. Save it as CSV UTF-8 and upload that."),
    "password": gettext_lazy("The file is protected by a password. Save it without one and upload it again."),
    "damaged": gettext_lazy("The file is damaged. Open it, save it again as .xlsx, and upload that."),
}
OTHER_REFUSAL = gettext_lazy("This file cannot be read as a list of students. Save it as .xlsx or as CSV UTF-8.")


def sentence_of(problem: Problem) -> str:
    """What is wrong in a cell and what to do, in the language of the page."""
    return str(PROBLEMS[problem.code]) % {"expected": problem.expected}


def refusal_sentence(refusal: Refusal) -> str:
    """Why a whole file is refused; unknown codes of the reader get the general answer."""
    return str(REFUSALS.get(refusal.code, OTHER_REFUSAL)) % refusal.details


def field_names() -> dict[str, str]:
    """What people call the fields of the register."""
    return {
        "student_number": _("student number"),
        "name_en": _("English name"),
        "name_zh": _("Chinese name"),
        "email": _("e-mail address"),
        "programme": _("programme"),
        "unit": _("unit"),
        "year_of_study": _("year of study"),
        "started_on": _("start of studies"),
        "status": _("status"),
        "status_on": _("status since"),
    }

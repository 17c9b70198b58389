"""Every code of a file, a line or a warning → one sentence that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from awards.attendance.formats import Refusal

SAVE_AS_XLSX = _("Open it in your spreadsheet program, save it as an Excel workbook (.xlsx) and upload that.")

FILE: Mapping[str, Any] = {
    # the file cannot be read
    "empty_file": _("This file is empty. Check that you chose the right one and upload it again."),
    "not_a_spreadsheet": _(
        "This file is neither a spreadsheet nor text that can be read. Please upload an Excel workbook (.xlsx)."
    ),
    "other_format": _("This kind of file cannot be read. Save the sheet as an Excel workbook (.xlsx) and upload that."),
    "password": _("This file is protected by a password. Save a copy without the password and upload that."),
    "damaged": _(
        "This file is damaged or was changed by a program that we do not know. Open it in Excel, save it under a new "
        "name and upload that."
    ),
    "too_big": _("This file is larger than %(megabytes)s MB. Remove pictures and sheets that are not needed."),
    "too_big_inside": _(
        "Unpacked, this file is larger than %(megabytes)s MB. Copy the list into a new workbook and upload that."
    ),
    "too_many_parts": _(
        "This file consists of more than %(limit)s parts. Copy the list into a new workbook and upload that."
    ),
    "too_many_elements": _(
        "There are more than %(limit)s settings and cells in this file, most of them blank. Copy the list into a new "
        "workbook and upload that."
    ),
    "too_many_strings": _(
        "There are more than %(limit)s different texts in this file. Copy the list into a new workbook and upload that."
    ),
    "too_much_memory": _(
        "Reading this file takes more than %(megabytes)s MB of memory. Copy the list into a new workbook and upload "
        "that."
    ),
    "too_complex": _(
        "This file holds far more than an attendance sheet. Copy the list into a new workbook and upload that."
    ),
    "too_many_sheets": _("This file has more than %(limit)s worksheets. Keep the one with the list."),
    "too_many_rows": _("There is something below row %(limit)s of this sheet. Delete what is not part of the list."),
    "too_many_columns": _("This sheet has more than %(limit)s columns. Delete those that are not part of the list."),
    "too_many_cells": _("This file has more than %(limit)s cells. Delete what is not part of the list."),
    "timeout": _(
        "Reading this file took longer than %(seconds)s seconds. Copy the list into a new workbook and upload that."
    ),
    "csv_broken": _(
        "A quotation mark on line %(line)s of this file is never closed, so the lines below it run into each other. "
        "Save the sheet as .xlsx and upload that."
    ),
    # what was pasted cannot be used
    "nothing_pasted": _("Nothing was pasted. Copy the list, click into the large field and paste it there."),
    "pasted_too_big": _("This is more than %(megabytes)s MB of text. Paste the list only, or upload it as a file."),
    "pasted_without_ids": _(
        "There is no student ID in what you pasted. An ID has %(digits)s digits; nobody is found by name."
    ),
    "pasted_columns": _(
        "It cannot be told what the columns mean. Copy the line with the headings too, then paste again."
    ),
    # the file is not this activity's record
    "wrong_activity": _(
        "This sheet was made for another activity. Choose the right sheet, or upload this one at its own activity."
    ),
    "no_header": _(
        "No line with headings was found within the first 30 rows. Put headings such as Student ID, Student Name, "
        "Attended and Award badge above the list."
    ),
    "no_id_column": _("There is no column for the student ID. Name the column with the numbers “Student ID”."),
    "header_twice": _("Two columns have the heading “%(heading)s”. Delete or rename one of them."),
    "names_do_not_fit": _(
        "Most names do not belong to the student IDs beside them. Perhaps one column was sorted alone: sort the whole "
        "list, or start from a fresh sheet."
    ),
    "no_usable_lines": _("No line of this sheet has a student ID that can be used. Check the column of student IDs."),
    # asked once for the file
    "award_column_blank": _(
        "People attended, but a badge column is blank or missing for all of them. Shall everybody who attended get it?"
    ),
    "no_marks": _("Every mark on this sheet is blank. Shall it be recorded with nobody present?"),
    "no_awards": _("Nobody on this sheet gets a badge. Is that right?"),
    "two_lists": _("There is more than one list in this file. Which of them shall be used?"),
    "no_activity_code": _("This sheet does not say which activity it belongs to. Use it for this one?"),
    "activity_code_unclear": _("The activity code on this sheet is written differently. Is it for this activity?"),
    "encoding_guessed": _(
        "This text file does not say how its characters are encoded, so they were guessed. Are the names below right?"
    ),
    "columns_guessed": _(
        "The pasted lines have no headings, so the columns were taken in the order of our own sheet. Do the names and "
        "marks below stand under the right headings?"
    ),
    # said
    "listed_attended": _(
        "This list has no marks, so everybody on it is taken to have attended. Whether they earn the badges is asked "
        "below, once for all."
    ),
    "places_counted": _("Several people stood on one line: a row below is the place in the list."),
    "session_unmarked": _("A session in which nobody is marked is not counted."),
    "columns_chosen": _("The columns are read as you said."),
    "columns_remembered": _("The columns are read as you said for an earlier sheet with the same headings."),
    "ef_taken_as_ec": _("The column EF was read as EC, Effective communicators."),
}
"""File codes: refusals, questions and notes."""

KINDS: Mapping[str, Any] = {
    "pdf": _("This is a PDF, not a spreadsheet. Please upload the spreadsheet from which it was made."),
    "picture": _("This is a picture. Please upload the list as a spreadsheet (.xlsx)."),
    "html": _("This is a web page that is only named like a spreadsheet. %(save)s"),
    "xml": _("This is an old XML spreadsheet. %(save)s"),
    "fods": _("This is a flat OpenDocument file. %(save)s"),
    "sylk": _("This is a spreadsheet in the old SYLK format. %(save)s"),
    "lotus": _("This is a Lotus 1-2-3 spreadsheet. %(save)s"),
    "old_xls": _("This is a workbook of an Excel from before 1995. %(save)s"),
    "xlsb": _("This is a binary Excel workbook (.xlsb). %(save)s"),
    "numbers": _("This is a Numbers document. Export it as an Excel workbook (.xlsx) and upload that."),
    "markup": _("This is an XML file, not a spreadsheet. Please upload the list as an Excel workbook (.xlsx)."),
    "link": _(
        "This is only a link to a file on the web. Open it, download the sheet as an Excel workbook (.xlsx) and upload "
        "that."
    ),
    "mail": _("This is an e-mail message. Save the spreadsheet that is attached to it and upload that."),
    "office": _("This is a text document or a presentation. Please upload the list as a spreadsheet (.xlsx)."),
    "zip": _("This is a compressed archive. Unpack it and upload the spreadsheet that is inside."),
}
"""What a file is instead of a spreadsheet that can be read."""

ROW: Mapping[str, Any] = {
    "absent": _("Marked as not attended: no badge."),
    "withheld": _("Attended, badge marked no: recorded, no badge."),
    "blank": _("No mark: nothing is recorded as attended."),
    "name_mismatch": _("The name does not fit the student with this ID. Is this the right student?"),
    "name_not_compared": _(
        "The register has a student with this ID now, but there is no name that could be compared. Is this the right "
        "student?"
    ),
    "withheld_without_reason": _(
        "The register has this student now, and the sheet withholds a badge without saying why. Say why, or award."
    ),
    "unclear_mark": _("The mark cannot be read as yes or no. Does this student get the badge?"),
    "how_much_needed": _("It is not said yet how much attendance is needed. Does this student get the badge?"),
    "below_needed": _("Attended less than is needed: no badge is proposed."),
    "contradiction": _("Not marked as attended, but the badge is marked yes. Which is right?"),
    "award_blank": _("Attended, but the badge is not marked. Does this student get it?"),
    "duplicate_conflict": _("This student is on several lines with different marks. Which line is right?"),
    "not_active": _("This student was not active on the day, or the date is not known. Award all the same?"),
    "hidden_line": _("This row is hidden in the file. Does it count?"),
    "merged_mark": _("The mark is part of a merged cell. Does it hold for this student too?"),
    "struck_out": _("This line is struck through. Does it count?"),
    "formula_no_value": _("A formula on this line has no value in the file. Type the value in, or answer here."),
    "id_lost_zero": _("The student ID seems to have lost its leading zero. Is this the right student?"),
    "id_in_email": _("There is an e-mail address in place of the student ID. Is this the right student?"),
    "id_in_name": _("The student ID was found in the name only. Is this the right student?"),
    "awarded_before": _(
        "This sheet says no, but the student has the badge from an earlier one. Keep the badge, or take it back?"
    ),
    "withheld_before": _("This badge was withheld from the student before. Award it now?"),
    "revoked_before": _("This badge was taken back from the student before. Award it again?"),
    "over_maximum": _("The student would have more badges of this activity than the rules allow. Take one back first."),
    "unknown_id": _("No student with this ID is in the register. Check the number; a new student is awarded later."),
    "bad_id": _("This is not a student ID. Compare it with the student card."),
    "missing_id": _("There is no student ID on this line. Fill it in; nobody is found by name."),
    "error_cell": _("There is an error such as #N/A on this line. Type the value in its place."),
    "joined_again": _("Joined again: the minutes are counted on this participant’s first line."),
    "other_list": _("On a list that you chose not to use."),
    "not_a_student_line": _("Not a participant: a heading, a total or a note."),
}
"""Reasons of a line."""

TO_DO: Mapping[str, Any] = {
    "name_mismatch": _("Compare ID and name with the student card and correct the one that is wrong."),
    "unclear_mark": _("Write Y or N."),
    "contradiction": _("Write Y under Attended, or N under the badge."),
    "award_blank": _("Write Y or N."),
    "duplicate_conflict": _("Keep the line that is right and delete the others."),
    "hidden_line": _("Show this row again if it counts; delete it if it does not."),
    "merged_mark": _("Write Y or N on this line too."),
    "struck_out": _("Take the line through it away if it counts; delete the row if it does not."),
    "formula_no_value": _("Type the value in place of the formula."),
    "error_cell": _("Type the value in place of the error."),
    "id_lost_zero": _("Write the whole student ID, with its leading zero."),
    "id_in_email": _("Write the student ID in place of the e-mail address."),
    "unknown_id": _(
        "Correct the number by the student card. If it is right, leave it: a new student is awarded later."
    ),
    "bad_id": _("Write the student ID as on the student card."),
    "missing_id": _("Write the student ID."),
}
"""What to do about a line in the spreadsheet itself."""
ANSWER_HERE = _("Leave the line as it is and answer it in the portal.")
SHORT: Mapping[str, Any] = {
    "unknown_id": _("not in the register"),
    "bad_id": _("not a student ID"),
    "missing_id": _("no student ID"),
    "error_cell": _("error in a cell"),
    "formula_no_value": _("formula without a value"),
    "name_mismatch": _("name does not agree"),
    "name_not_compared": _("no name to compare"),
    "withheld_without_reason": _("withheld without a reason"),
    "unclear_mark": _("unclear mark"),
    "contradiction": _("absent, but badge marked yes"),
    "award_blank": _("badge not marked"),
    "duplicate_conflict": _("on several lines"),
    "not_active": _("not active on the day"),
    "hidden_line": _("hidden row"),
    "merged_mark": _("merged cell"),
    "struck_out": _("struck through"),
    "id_lost_zero": _("leading zero lost"),
    "id_in_email": _("e-mail address for an ID"),
    "id_in_name": _("ID beside the name"),
    "how_much_needed": _("how much attendance is needed"),
    "below_needed": _("attended less than needed"),
    "awarded_before": _("has the badge, sheet says no"),
    "withheld_before": _("withheld before"),
    "revoked_before": _("taken back before"),
    "over_maximum": _("more badges than allowed"),
}
"""Questions of open rows in a few words, for a list to choose from."""

WARNING: Mapping[str, Any] = {
    "duplicate_line": _("The same student and marks stand on a line above: counted once."),
    "id_cleaned": _("The student ID was tidied up: spaces, hyphens and the like were removed."),
    "name_variant": _("The name is written in simplified characters, or in a variant of them."),
    "name_blank": _("There is no name to compare with the register."),
    "mended": _("Corrected on the review page; what the sheet says is kept with it."),
    "overlap": _("On record at another activity at the same time."),
}
"""Warnings that do not stop a line."""


def refusal_sentence(refusal: Refusal) -> str:
    """Why a file cannot be used, and what to do."""
    kind = KINDS.get(str(refusal.details.get("kind", "")))
    sentence = str(kind or FILE[refusal.code])
    if "%(" not in sentence:
        return sentence
    return sentence % {"save": SAVE_AS_XLSX, **refusal.details, "heading": _heading(refusal)}


def _heading(refusal: Refusal) -> str:
    heading = str(refusal.details.get("heading", ""))
    return heading.replace("_", " ").capitalize() if heading.islower() else heading


def file_sentence(code: str) -> str:
    """A file's reason or question (README's file codes), or a note of the reading; "" for no code."""
    return str(FILE[code]) if code else ""


def row_sentence(code: str) -> str:
    """A line's reason; "" for a plain award."""
    return str(ROW[code]) if code else ""


def to_do_sentence(code: str) -> str:
    """What to do about a line that asks or cannot be used, for somebody who corrects the sheet."""
    return str(TO_DO.get(code, ANSWER_HERE))


def short_reason(code: str) -> str:
    """The question of an open row in a few words."""
    return str(SHORT.get(code) or ROW.get(code, code))


def warning_sentence(code: str) -> str:
    """A warning that does not stop a line."""
    return str(WARNING[code])

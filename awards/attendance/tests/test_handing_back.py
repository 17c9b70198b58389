"""A record with problems → the sheet with comments → corrected in a spreadsheet program → uploaded again."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Participant
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.entering import stage_pasted
from awards.attendance.handing_back import hand_back
from awards.attendance.models import AttendanceUpload
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.sentences import ROW, TO_DO
from awards.attendance.staging import discard_upload, preview_upload, stage_upload
from awards.attendance.tests.made import commit, line, record, sheet, stage, standing
from badges_portal.testing import Cast

pytestmark = pytest.mark.thorough

HEADING_LINE = 4
"""Of `made.sheet`; its lists begin on the next line."""


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def comments(page: Any) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}


def saved(page: Any) -> bytes:
    out = io.BytesIO()
    page.parent.save(out)
    return out.getvalue()


def problems(students: list[Participant]) -> list[list[str]]:
    """One line that is right and three that are not, from line 5."""
    return [
        line(students[2]),
        line(students[3], "Y", "late", "Y"),
        ["249999999", "HO New", "Y", "Y", "Y"],
        [students[4].student_number, "Somebody Else", "Y", "N", "Y"],
    ]


def test_each_problem_has_its_comment_in_the_cell_it_is_about(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    upload = stage(course, problems(students), cast.olga)
    page = opened(hand_back(acting_user=cast.olga, upload=upload))
    assert comments(page) == {
        "D6": str(ROW["unclear_mark"]),
        "A7": str(ROW["unknown_id"]),
        "B8": str(ROW["name_mismatch"]),
    }
    what_to_do = {row[0].row: row[-1].value for row in page.iter_rows(min_row=HEADING_LINE + 1)}
    assert what_to_do == {
        5: None,
        6: str(TO_DO["unclear_mark"]),
        7: str(TO_DO["unknown_id"]),
        8: str(TO_DO["name_mismatch"]),
    }
    entry = AuditEntry.objects.get(action="problem_sheet.downloaded")
    assert (entry.actor, entry.changes) == (cast.olga, {"activity": course.code, "rows": 4, "problems": 3})


def test_the_comments_are_in_the_language_of_the_page(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    upload = stage(course, problems(students), cast.olga)
    with translation.override("zh-hant"):
        page = opened(hand_back(acting_user=cast.olga, upload=upload))
        assert comments(page)["D6"] == str(ROW["unclear_mark"])
    assert comments(page)["D6"] != str(ROW["unclear_mark"])


def test_corrected_it_uploads_straight_again_with_the_same_rows(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    first = stage(course, problems(students), cast.olga)
    page = opened(hand_back(acting_user=cast.olga, upload=first))
    page["D6"], page["A7"], page["B7"], page["B8"] = "Y", students[5].student_number, "LAU Dan", "KWOK Cleo"
    again = stage_upload(acting_user=cast.olga, activity=course, file_name="corrected.xlsx", data=saved(page))
    preview = preview_upload(upload=again)
    assert [(row.row.line, row.outcome, row.reason, row.warnings) for row in preview.decision.rows] == [
        (number, "award", "", ()) for number in (5, 6, 7, 8)
    ]
    assert (preview.decision.file_outcome, preview.reading.dropped_columns) == ("accept", ())
    commit(again, cast.olga, {"withheld_reason": "outcome"})
    assert {number for number, _ in standing(course)} == {s.student_number for s in students[2:6]}


def test_left_as_it_is_it_asks_the_same_again(cast: Cast, course: Activity, students: list[Participant]) -> None:
    first = stage(course, problems(students), cast.olga)
    data = hand_back(acting_user=cast.olga, upload=first)
    again = stage_upload(acting_user=cast.olga, activity=course, file_name="same.xlsx", data=data)
    before, after = (preview_upload(upload=upload).decision.rows for upload in (first, again))
    assert [(r.key[1], r.outcome, r.reason, r.awards) for r in before] == [
        (r.key[1], r.outcome, r.reason, r.awards) for r in after
    ]


def test_what_was_answered_is_no_problem_any_more(cast: Cast, course: Activity, students: list[Participant]) -> None:
    upload = stage(course, problems(students), cast.olga)
    AttendanceUpload.objects.filter(pk=upload.pk).update(answers={"rows": {"3": "award"}})
    upload.refresh_from_db()
    assert set(comments(opened(hand_back(acting_user=cast.olga, upload=upload)))) == {"D6", "A7"}


def test_what_was_mended_stands_in_its_cell_and_what_was_written_in_the_comment(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    upload = stage(course, problems(students), cast.olga)
    mends = {"1": {"badges": {"PF": "N"}, "reason": "outcome", "reason_text": ""}}
    AttendanceUpload.objects.filter(pk=upload.pk).update(answers={"mends": mends})
    upload.refresh_from_db()
    page = opened(hand_back(acting_user=cast.olga, upload=upload))
    assert (page["D6"].value, comments(page)["D6"]) == ("N", "Corrected. The sheet said: “late”")
    assert page["F6"].value == "Outcome not met 未達學習成果"


def test_after_the_commit_the_parked_rows_are_the_problems(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    lines = [*problems(students)[:3], line(students[5], "Y", "Y", "N")]
    upload = record(course, lines, cast.olga, withheld_reason="other", withheld_reason_text="left at noon")
    page = opened(hand_back(acting_user=cast.olga, upload=upload))
    assert set(comments(page)) == {"D6", "A7"}
    assert [cell.value for cell in page[8]] == [
        students[5].student_number,
        "LAU Dan 劉丹" if students[5].name_zh else "LAU Dan",
        "Y",
        "Y",
        "N",
        "left at noon",
        None,
    ]


def test_a_pasted_list_says_that_everybody_attended(cast: Cast, course: Activity, students: list[Participant]) -> None:
    text = f"{students[2].student_number}\n249999999"
    for given in ({}, {"file": True}):
        upload = stage_pasted(acting_user=cast.olga, activity=course, text=text)
        upload = commit(upload, cast.olga, given).upload if given else upload
        page = opened(hand_back(acting_user=cast.olga, upload=upload))
        assert [[cell.value for cell in row[:3]] for row in page.iter_rows(min_row=2)] == [
            [students[2].student_number, None, "Y"],
            ["249999999", None, "Y"],
        ]
        assert list(comments(page)) == ["A3"]


def test_hidden_lines_are_asked_again_and_not_slipped_in(
    cast: Cast, course: Activity, students: list[Participant]
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet(course, [line(students[2]), line(students[3])])))
    book.worksheets[0].row_dimensions[6].hidden = True
    upload = stage(course, [], cast.olga, data=saved(book.worksheets[0]))
    data = hand_back(acting_user=cast.olga, upload=upload)
    again = stage_upload(acting_user=cast.olga, activity=course, file_name="same.xlsx", data=data)
    assert [row.reason for row in preview_upload(upload=again).decision.rows] == ["", "hidden_line"]


def test_one_that_was_given_up_has_none(
    cast: Cast, course: Activity, students: list[Participant], sign_in: Any
) -> None:
    upload = stage(course, problems(students), cast.olga)
    url = reverse("attendance:problem-sheet", args=[upload.key])
    answer = sign_in(cast.olga).get(url)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="DB2526-0001-to-correct.xlsx"'
    discard_upload(acting_user=cast.olga, upload=upload)
    upload.refresh_from_db()
    with pytest.raises(AttendanceRefused):
        hand_back(acting_user=cast.olga, upload=upload)
    assert sign_in(cast.olga).get(url).status_code == 404


def test_the_pages_offer_it_where_there_is_a_problem(
    cast: Cast, course: Activity, students: list[Participant], sign_in: Any
) -> None:
    client = sign_in(cast.olga)
    for lines, offered in ((problems(students), True), ([line(students[2])], False)):
        upload = stage(course, lines, cast.olga)
        url = reverse("attendance:problem-sheet", args=[upload.key])
        assert (url in client.get(reverse("attendance:review", args=[upload.key])).content.decode()) is offered
        stored = {"rows": {}, "withheld_reason": "outcome"}
        commit(upload, cast.olga, stored)
        assert (url in client.get(reverse("attendance:receipt", args=[upload.key])).content.decode()) is offered

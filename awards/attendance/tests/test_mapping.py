"""A sheet whose headings are not clear waits for its organiser; nothing is awarded, nothing is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.formats import Refusal
from awards.attendance.layouts import Layout
from awards.attendance.mapping import EXPLAINABLE, explain_columns, explained, keep_to_explain
from awards.attendance.models import AttendanceUpload, SheetLayout
from awards.attendance.originals import path_of
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.staging import discard_upload, expire_uploads, preview_upload, stage_upload
from awards.attendance.tests.made import commit, line, sheet, stage, standing
from awards.attendance.tests.test_layout_journeys import workbook
from awards.attendance.tests.test_views import form_of, upload_to
from badges_portal.testing import Cast

pytestmark = pytest.mark.thorough
ODD = ("Matr", "Wer", "Da?")
MEANINGS = {0: "student_id", 1: "name", 2: "attended"}


def odd(cast: Cast, heading: tuple[str, ...] = ODD, mark: str = "Y") -> bytes:
    sam = cast.sam_participant
    return workbook(List=[("Some title",), heading, (sam.student_number, sam.name_en, mark)])


def keep(cast: Cast, activity: Activity, data: bytes) -> AttendanceUpload:
    with pytest.raises(Refusal) as refused:
        stage_upload(acting_user=cast.olga, activity=activity, file_name="odd.xlsx", data=data)
    kept = keep_to_explain(
        acting_user=cast.olga, activity=activity, file_name="odd.xlsx", data=data, refusal=refused.value
    )
    assert kept
    return kept


def explain(cast: Cast, upload: AttendanceUpload, *, is_remembered: bool = True) -> AttendanceUpload:
    layout = Layout("List", 2, MEANINGS)
    return explain_columns(acting_user=cast.olga, upload=upload, layout=layout, is_remembered=is_remembered)


def test_only_unclear_headings_are_kept(cast: Cast, course: Activity) -> None:
    for code in ("damaged", "wrong_activity", "password", "names_do_not_fit", "no_usable_lines"):
        refusal = Refusal(code)
        kept = keep_to_explain(acting_user=cast.olga, activity=course, file_name="x", data=b"x", refusal=refusal)
        assert kept is None
    assert not AttendanceUpload.objects.exists()
    assert {"no_header", "no_id_column", "header_twice"} == EXPLAINABLE


def test_a_sheet_without_any_student_number_is_not_kept(cast: Cast, course: Activity) -> None:
    refusal = Refusal("no_header")
    for cell, is_kept in (("12345", False), ("240000001", True), ("CHAN Sam 240000001", True), (40000001, True)):
        data = workbook(List=[("a", "b"), ("hello", cell)])
        kept = keep_to_explain(acting_user=cast.olga, activity=course, file_name="x", data=data, refusal=refusal)
        assert (kept is not None) is is_kept


def test_a_kept_sheet_waits_once_and_can_be_neither_previewed_nor_committed(cast: Cast, course: Activity) -> None:
    data = odd(cast)
    upload = keep(cast, course, data)
    assert (upload.status, upload.reading, keep(cast, course, data)) == ("unread", None, upload)
    assert path_of(upload.stored_as).exists()
    with pytest.raises(AttendanceRefused, match="not_staged"):
        preview_upload(upload=upload)


def test_discarded_and_expired_like_any_other(cast: Cast, course: Activity) -> None:
    first, second = keep(cast, course, odd(cast)), keep(cast, course, odd(cast, mark="N"))
    discard_upload(acting_user=cast.olga, upload=first)
    AttendanceUpload.objects.filter(pk=second.pk).update(uploaded_at=timezone.now() - dt.timedelta(days=8))
    assert expire_uploads(now=timezone.now()) == 1
    statuses = AttendanceUpload.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["discarded", "expired"]
    changes = AuditEntry.objects.filter(action__in=["attendance.discarded", "attendance.expired"]).order_by("pk")
    assert [entry.changes["status"] for entry in changes] == [["unread", "discarded"], ["unread", "expired"]]


def test_once_explained_it_is_checked_and_committed_like_any_other(cast: Cast, course: Activity) -> None:
    upload = explain(cast, keep(cast, course, odd(cast)))
    assert (upload.status, upload.file_format) == ("staged", "xlsx")
    assert upload.layout == Layout("List", 2, MEANINGS).to_json()
    commit(upload, cast.olga, {"file": True})
    assert standing(course) == {(cast.sam_participant.student_number, code) for code in ("PF", "EC")}
    entry = AuditEntry.objects.get(action="attendance.columns_explained")
    assert (entry.changes["status"], entry.changes["columns"]) == (
        ["unread", "staged"],
        ["attended", "name", "student_id"],
    )


def test_the_same_headings_are_read_at_once_the_next_time(cast: Cast, course: Activity) -> None:
    explain(cast, keep(cast, course, odd(cast)))
    sam = cast.sam_participant
    later = workbook(Other=[("WER", "Da?", "Matr"), (sam.name_en, "N", sam.student_number)])
    upload = stage_upload(acting_user=cast.olga, activity=course, file_name="b.xlsx", data=later)
    assert upload.reading
    assert "columns_remembered" in upload.reading["notes"]
    assert preview_upload(upload=upload).decision.rows[0].reason == "absent"
    with pytest.raises(Refusal, match="no_header"):
        stage_upload(acting_user=cast.oscar, activity=course, file_name="b.xlsx", data=later + b" ")


def test_what_is_remembered_can_be_changed_and_forgotten(cast: Cast, course: Activity) -> None:
    upload = explain(cast, keep(cast, course, odd(cast)))
    changed = Layout("List", 2, {0: "student_id", 2: "award"})
    explain_columns(acting_user=cast.olga, upload=upload, layout=changed, is_remembered=True)
    assert SheetLayout.objects.get().meanings == {"matr": "student_id", "wer": "", "da": "award"}
    explain(cast, upload, is_remembered=False)
    assert not SheetLayout.objects.exists()


def test_explaining_again_gives_up_what_was_answered(cast: Cast, course: Activity) -> None:
    upload = explain(cast, keep(cast, course, odd(cast)))
    AttendanceUpload.objects.filter(pk=upload.pk).update(answers={"file": True})
    assert explain(cast, upload).answers == {}


def test_a_layout_that_cannot_be_read_changes_nothing(cast: Cast, course: Activity) -> None:
    upload = keep(cast, course, odd(cast))
    with pytest.raises(Refusal, match="no_id_column"):
        explain_columns(acting_user=cast.olga, upload=upload, layout=Layout("List", 2, {1: "name"}), is_remembered=True)
    upload.refresh_from_db()
    assert (upload.status, SheetLayout.objects.count()) == ("unread", 0)


def test_a_committed_record_is_not_read_anew(cast: Cast, course: Activity) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    commit(upload, cast.olga)
    upload.refresh_from_db()
    with pytest.raises(AttendanceRefused, match="not_staged"):
        explain(cast, upload)


def test_a_file_that_is_gone_is_said(cast: Cast, course: Activity) -> None:
    upload = keep(cast, course, odd(cast))
    path_of(upload.stored_as).unlink()
    with pytest.raises(AttendanceRefused, match="original_gone"):
        explain(cast, upload)


def test_the_guess_is_shown_for_the_likeliest_worksheet(cast: Cast, course: Activity) -> None:
    sam = cast.sam_participant
    data = workbook(
        Notes=[("bring cables",)],
        Data=[
            ("No.", "Matr", "Participant", "Attended"),
            *[(n, sam.student_number, sam.name_en, "Y") for n in range(9)],
        ],
    )
    state = explained(acting_user=cast.olga, upload=keep(cast, course, data))
    assert (state.worksheet.name, state.layout) == (
        "Data",
        Layout("Data", 1, {1: "student_id", 2: "name", 3: "attended"}),
    )
    assert state.why
    assert state.why.code == "no_id_column"
    other = explained(acting_user=cast.olga, upload=AttendanceUpload.objects.get(), place=0, heading_line=0)
    assert (other.worksheet.name, other.layout.heading_line) == ("Notes", 0)


# --- The page -------------------------------------------------------------------------------------------------------


def test_from_unclear_headings_to_the_commit(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    url = upload_to(client, course, odd(cast)).url
    upload = AttendanceUpload.objects.get()
    assert url == reverse("attendance:columns", args=[upload.key])
    assert client.get(reverse("attendance:review", args=[upload.key])).url == url
    page = client.get(url).content.decode()
    assert "The headings of this sheet are not clear" in page
    assert url in client.get(reverse("attendance:overview", args=[course.pk])).content.decode()
    assert '<option value="student_id" selected>' in page
    said = {"sheet": "0", "heading": "2", "column-0": "student_id", "column-1": "name", "column-2": "attended"}
    wrong = client.post(url, said | {"column-0": "name"})
    assert (wrong.status_code, "Say which one column holds the student IDs." in wrong.content.decode()) == (422, True)
    review = client.post(url, said | {"is_remembered": "on"}).url
    assert review == reverse("attendance:review", args=[upload.key])
    page = client.get(review).content.decode()
    assert "The columns are read as you said." in page
    assert url in page
    client.post(reverse("attendance:commit", args=[upload.key]), form_of(client, upload) | {"file": "yes"})
    assert len(standing(course)) == 2
    assert SheetLayout.objects.get().user == cast.olga


def test_another_worksheet_and_another_heading_can_be_shown(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = keep(
        cast, course, workbook(Liste=[("標題 " * 40,), *[("x", n) for n in range(40)]], 名單=[("甲", "240000001")])
    )
    client, url = sign_in(cast.olga), reverse("attendance:columns", args=[upload.key])
    page = client.get(url, {"sheet": "1", "heading": "0"}).content.decode()
    assert '<option value="1" selected>名單</option>' in page
    page = client.get(url, {"sheet": "0", "heading": "30"}).content.decode()
    assert '<option value="30" selected>' in page
    assert client.get(url, {"sheet": "x", "heading": "9999"}).status_code == 200


def test_no_columns_to_explain_of_what_was_entered_here(cast: Cast, course: Activity, sign_in: Any) -> None:
    upload = stage(course, [line(cast.sam_participant)], cast.olga)
    AttendanceUpload.objects.filter(pk=upload.pk).update(file_format="pasted")
    url = reverse("attendance:columns", args=[upload.key])
    assert sign_in(cast.olga).get(url).url == reverse("attendance:overview", args=[course.pk])


def test_a_recognised_sheet_can_be_explained_too(cast: Cast, course: Activity, sign_in: Any) -> None:
    data = sheet(course, [line(cast.sam_participant)])
    upload = stage(course, [], cast.olga, data=data)
    page = sign_in(cast.olga).get(reverse("attendance:columns", args=[upload.key])).content.decode()
    assert "The sheet is read anew with what you say here." in page
    assert page.count('<option value="student_id" selected>') == 1
    assert '<option value="code EC" selected>' in page

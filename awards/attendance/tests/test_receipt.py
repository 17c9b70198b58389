"""The receipt on paper: its numbers and hash, on one page, in both languages, with any text."""

from __future__ import annotations

import io

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.receipt import Receipt, draw_receipt, receipt_of
from awards.attendance.undoing import undo_upload
from badges_portal.testing import Cast, make_upload

pytestmark = pytest.mark.thorough


@pytest.fixture
def upload(cast: Cast, course: Activity) -> AttendanceUpload:
    course.title_zh = "精神健康急救課程"
    course.save()
    return make_upload(course, [cast.sam_participant], by=cast.olga, unknown=[("249999999", "Nobody")])


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def test_the_paper_says_which_file_by_its_hash_and_who_committed_it(cast: Cast, upload: AttendanceUpload) -> None:
    (text,) = pages(draw_receipt(receipt_of(upload)))
    for expected in (
        upload.sha256,
        str(upload.key),
        "LEE Olga",
        "attendance.xlsx",
        "精神健康急救課程",
        upload.activity.code,
    ):
        assert expected in text
    assert "CHAN Sam" not in text


def test_the_numbers_add_up_on_paper(upload: AttendanceUpload) -> None:
    lines = dict(receipt_of(upload).sections)["Rows of the sheet"]
    *parts, total = [int(value) for _label, value in lines]
    assert (sum(parts), total) == (total, 2)


def test_an_undone_record_is_stamped(cast: Cast, upload: AttendanceUpload) -> None:
    assert receipt_of(upload).stamp == ""
    undone = undo_upload(acting_user=cast.olga, upload=upload, reason="Wrong file <b>")
    (text,) = pages(draw_receipt(receipt_of(undone)))
    assert "UNDONE" in text
    assert "Wrong file <b>" in text


def test_the_same_record_gives_the_same_bytes(upload: AttendanceUpload) -> None:
    assert draw_receipt(receipt_of(upload)) == draw_receipt(receipt_of(upload))


def test_long_and_hostile_text_stays_on_one_page(upload: AttendanceUpload) -> None:
    long = "A & B <C " * 400
    receipt = Receipt("", "T", long, "", [(long, [(long, long)] * 12)], long)
    assert len(pages(draw_receipt(receipt))) == 1


def test_it_speaks_chinese_on_a_chinese_page(upload: AttendanceUpload) -> None:
    with override("zh-hant"):
        assert "精神健康急救課程" in receipt_of(upload).subtitle

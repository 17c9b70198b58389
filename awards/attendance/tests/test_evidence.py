"""The pack unzips and every file in it is what the manifest says; what is missing or changed is said, not a crash."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pypdf import PdfReader

from activities.models import Activity
from awards.attendance.evidence import Archive, evidence_pack, lies_there
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import keep_original, path_of
from awards.attendance.undoing import undo_upload
from badges_portal.testing import Cast, make_activity, make_upload

pytestmark = pytest.mark.thorough

ABOUT = [("Made by", "LAM Adam"), ("Why", "=Audit\n2026")]
NOW = dt.datetime(2026, 5, 12, 4, tzinfo=dt.UTC)


def pack(uploads: Sequence[AttendanceUpload], about: Sequence[tuple[str, str]] = ABOUT) -> zipfile.ZipFile:
    data = b"".join(evidence_pack(pks=[upload.pk for upload in uploads], about=about, now=NOW))
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return archive


def sums_of(archive: zipfile.ZipFile) -> dict[str, str]:
    lines = archive.read("SHA256SUMS").decode().splitlines()
    pairs = (line.split("  ", 1) for line in lines if not line.startswith("#"))
    return {name: digest for digest, name in pairs}


def index_of(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))


@pytest.fixture
def records(cast: Cast, course: Activity) -> list[AttendanceUpload]:
    """Two records: Olga's of the course, and Otto's of another unit whose code and file are named wickedly."""
    other = make_activity(cast, code="../藝術 1", title="Tea <b>&</b> ethics", unit=cast.design)
    made = [
        make_upload(course, [cast.sam_participant], by=cast.olga),
        make_upload(other, [cast.suki_participant], by=cast.otto),
    ]
    AttendanceUpload.objects.filter(pk=made[1].pk).update(
        file_name="=../../etc/passwd|x.exe", file_format="csv", is_late=True
    )
    return list(AttendanceUpload.objects.order_by("pk"))


def test_every_file_has_the_hash_that_the_manifest_says(records: list[AttendanceUpload]) -> None:
    archive = pack(records)
    sums = sums_of(archive)
    names = archive.namelist()
    assert sorted(sums) == sorted(name for name in names if name != "SHA256SUMS")
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums} == sums
    assert len(names) == len(set(names)) == 2 * 2 + 5


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum (coreutils) is not installed")
def test_sha256sum_checks_the_unpacked_folder_and_finds_a_changed_file(
    records: list[AttendanceUpload], tmp_path: Path
) -> None:
    pack(records).extractall(tmp_path)

    def check() -> int:
        command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert check() == 0
    (tmp_path / "index.csv").write_bytes(b"another")
    assert check() == 1


def test_originals_are_byte_for_byte_under_safe_names(records: list[AttendanceUpload]) -> None:
    archive = pack(records)
    for upload, folder, ending in zip(records, ["DB2526-0001", "1"], ["xlsx", "csv"], strict=True):
        data = archive.read(f"{folder}/{upload.key}-original.{ending}")
        assert hashlib.sha256(data).hexdigest() == upload.sha256
    assert [name for name in archive.namelist() if not re.fullmatch(r"[\w./-]+", name, re.ASCII)] == []
    assert [name for name in archive.namelist() if ".." in name or name.startswith("/")] == []


def test_an_activity_whose_code_has_no_safe_letter_gets_a_folder_all_the_same(cast: Cast) -> None:
    upload = make_upload(make_activity(cast, code="藝術"), [cast.sam_participant], by=cast.olga)
    assert f"activity-{upload.activity_id}/{upload.key}-original.xlsx" in pack([upload]).namelist()


def test_each_record_has_its_receipt(records: list[AttendanceUpload]) -> None:
    archive = pack(records)
    for upload in records:
        (name,) = (name for name in archive.namelist() if name.endswith(f"{upload.key}-receipt.pdf"))
        text = PdfReader(io.BytesIO(archive.read(name))).pages[0].extract_text()
        assert upload.sha256 in text.replace("\n", "")


def test_the_index_says_the_same_three_times_without_a_formula(records: list[AttendanceUpload]) -> None:
    archive = pack(records)
    first, second = index_of(archive)
    assert (first["Activity code"], first["On time"], first["State of the original"]) == (
        "DB2526-0001",
        "On time",
        "as uploaded",
    )
    assert (second["File as it was named"], second["On time"]) == ("'=../../etc/passwd|x.exe", "Late")
    assert archive.read(second["Original in this pack"]) == path_of(records[1].stored_as).read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx")))
    assert [row[0].value for row in book.worksheets[0]] == ["Activity code", "DB2526-0001", "../藝術 1"]
    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}
    page = archive.read("index.html").decode()
    assert "Tea &lt;b&gt;&amp;&lt;/b&gt; ethics" in page
    for upload in records:
        assert upload.sha256 in page
    links = re.findall(r'(?:href)="([^"]+)"', page)
    assert set(links) <= set(archive.namelist())


def test_no_student_stands_in_the_index(cast: Cast, records: list[AttendanceUpload]) -> None:
    archive = pack(records)
    for name in ("index.html", "index.csv", "SHA256SUMS"):
        text = archive.read(name).decode()
        assert cast.sam_participant.student_number not in text
        assert cast.sam_participant.name_en not in text


def test_it_says_who_made_it_and_why(records: list[AttendanceUpload]) -> None:
    archive = pack(records)
    comments = [line for line in archive.read("SHA256SUMS").decode().splitlines() if line.startswith("#")]
    assert comments[:2] == ["# Made by: LAM Adam", "# Why: =Audit 2026"]
    about = openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx")))["About"]
    assert [tuple(cell.value for cell in row) for row in about][:1] == [("Made by", "LAM Adam")]
    assert "<dt>Why</dt>" in archive.read("index.html").decode()


def test_an_original_in_its_place_is_seen(records: list[AttendanceUpload]) -> None:
    assert [lies_there(r.stored_as, r.file_size) for r in records] == [True, True]


def test_a_missing_and_a_changed_original_are_said(records: list[AttendanceUpload]) -> None:
    gone, changed = records
    path_of(gone.stored_as).unlink()
    path_of(changed.stored_as).write_bytes(b"something else")
    assert [lies_there(r.stored_as, r.file_size) for r in records] == [False, False]
    archive = pack(records)
    first, second = index_of(archive)
    assert first["State of the original"].startswith("MISSING")
    assert first["Original in this pack"] == ""
    assert second["State of the original"].startswith("CHANGED")
    assert archive.read(second["Original in this pack"]) == b"something else"
    assert second["Original in this pack"].endswith("-original-CHANGED.csv")
    manifest, page = archive.read("SHA256SUMS").decode(), archive.read("index.html").decode()
    assert f"recorded {gone.sha256}\n" in manifest
    assert f"recorded {changed.sha256}, found {hashlib.sha256(b'something else').hexdigest()}" in manifest
    assert "# Originals missing: 1\n# Originals changed: 1\n" in manifest
    assert (page.count("MISSING"), page.count("CHANGED:")) == (1, 1)
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums_of(archive)} == sums_of(archive)


def test_what_was_undone_is_there_too(cast: Cast, records: list[AttendanceUpload]) -> None:
    undo_upload(acting_user=cast.olga, upload=records[0], reason="Wrong file")
    row = index_of(pack(records[:1]))[0]
    assert (row["Status"], row["Why undone"]) == ("undone", "Wrong file")


def test_it_is_in_the_language_in_which_it_was_asked_for(records: list[AttendanceUpload]) -> None:
    with translation.override("zh-hant"):
        parts = evidence_pack(pks=[records[0].pk], about=[], now=NOW)
        first = next(parts)
    data = first + b"".join(parts)
    page = zipfile.ZipFile(io.BytesIO(data)).read("index.html").decode()
    assert ('<html lang="zh-hant">' in page, translation.get_language()) == (True, "en-gb")


def many(cast: Cast, number: int, size: int) -> list[AttendanceUpload]:
    """Records of one activity with originals that cannot be packed smaller."""
    activity = make_activity(cast, code=f"DB2526-9{number:03}")
    made = []
    for place in range(number):
        data = hashlib.shake_256(bytes([place])).digest(size)
        made.append(
            AttendanceUpload(
                activity=activity,
                status="committed",
                file_name="a.xlsx",
                file_size=size,
                sha256=hashlib.sha256(data).hexdigest(),
                stored_as=keep_original(data),
                file_format="xlsx",
                uploaded_by=cast.olga,
                committed_by=cast.olga,
                committed_at=timezone.now(),
                filing="open",
            )
        )
    return AttendanceUpload.objects.bulk_create(made)


def test_the_memory_does_not_grow_with_the_records(cast: Cast) -> None:
    """Ten megabytes of originals pass through less than three."""
    pks = [upload.pk for upload in many(cast, 20, 500_000)]
    b"".join(evidence_pack(pks=pks[:1], about=[], now=NOW))
    tracemalloc.start()
    passed = sum(len(part) for part in evidence_pack(pks=pks, about=[], now=NOW))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert passed > 10_000_000
    assert most < 3_000_000


def test_one_record_and_three_take_the_same_number_of_queries(cast: Cast) -> None:
    used = []
    for number in (1, 3):
        uploads = many(cast, number, 10)
        with CaptureQueriesContext(connection) as queries:
            pack(uploads)
        used.append(len(queries))
    assert used == [1, 1]


def test_an_archive_keeps_the_time_and_the_right_to_read() -> None:
    archive = Archive()
    data = archive.add("a.txt", b"a" * 1000, dt.datetime(1970, 1, 1)) + archive.close()
    (info,) = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert (info.date_time, info.external_attr >> 16, info.compress_size < 100) == ((1980, 1, 1, 0, 0, 0), 0o644, True)

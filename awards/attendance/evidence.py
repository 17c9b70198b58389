"""The evidence pack: originals, receipts and an index of many attendance records, as one ZIP that needs no portal.

It is made while it is given out, one record at a time, so that two hundred records take no more memory than one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.sheets.tables import Table, Value, csv_of, xlsx_of
from accounts.text import clean_line
from awards.attendance.formats import PASTED, TICKED
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import path_of
from awards.attendance.receipt import draw_receipt, receipt_of
from awards.attendance.record_tables import RECORD_PEOPLE, record_headings, record_row, where_it_stands

AT_ONCE = 50
"""Records fetched in one statement."""
ENDINGS = {name: name for name in ("xlsx", "xlsm", "xls", "ods", "csv")} | {PASTED: "txt", TICKED: "csv"}
"""What an original is, by its bytes → the ending of its name in the pack."""
PACKED_ALREADY = (".xlsx", ".xlsm", ".ods")
SUMS = "SHA256SUMS"

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One record in the pack: what the index says about it."""

    upload: AttendanceUpload
    row: Sequence[Value]
    receipt: str
    original: str
    """Its name in the pack; empty where the file is gone."""
    found_sha256: str

    @property
    def is_missing(self) -> bool:
        return not self.original

    @property
    def is_changed(self) -> bool:
        return bool(self.original) and self.found_sha256 != self.upload.sha256

    @property
    def state(self) -> str:
        """Whether the original is as it was uploaded, in words."""
        if self.is_missing:
            return _("MISSING: the file is not where it was kept")
        return _("CHANGED: the file is not the one that was uploaded") if self.is_changed else _("as uploaded")

    @property
    def where_it_stands(self) -> str:
        return where_it_stands(self.upload)


@dataclass
class Archive:
    """A ZIP archive that is handed out while it is written, and the SHA-256 of everything in it."""

    sums: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w")

    def add(self, name: str, data: bytes, at: dt.datetime) -> bytes:
        """Puts a file in, dated `at` (on the clock of the institution); returns what of the archive is ready."""
        info = zipfile.ZipInfo(name, max(at, dt.datetime(1980, 1, 1)).timetuple()[:6])
        info.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED_ALREADY) else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, data)
        self.sums.append((hashlib.sha256(data).hexdigest(), name))
        return self._outlet.take()

    def close(self) -> bytes:
        """The end of the archive."""
        self._zip.close()
        return self._outlet.take()


class _Outlet(io.RawIOBase):
    """Takes what a ZIP writer writes, until somebody takes it away; cannot go back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def evidence_pack(*, pks: Sequence[int], about: Sequence[Line], now: dt.datetime) -> Iterator[bytes]:
    """The ZIP of these records, in this order, in the language that is on now. `about` says who made it, when and why.

    In it: a folder for each activity with the original and the receipt of each of its records, an index as HTML, XLSX
    and CSV, and SHA256SUMS, which `sha256sum -c` reads. An original that is gone or was changed is said in the index
    and in SHA256SUMS.
    """
    language = translation.get_language()
    parts = _parts(pks, about, timezone.localtime(now).replace(tzinfo=None))
    while True:
        with translation.override(language):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _parts(pks: Sequence[int], about: Sequence[Line], now: dt.datetime) -> Iterator[bytes]:
    archive = Archive()
    items = []
    for upload in _fetched(pks):
        name, data = original_of(upload)
        at = timezone.localtime(upload.committed_at).replace(tzinfo=None)
        if data is not None:
            yield archive.add(name, data, at)
        receipt = f"{_folder(upload)}/{upload.key}-receipt.pdf"
        yield archive.add(receipt, draw_receipt(receipt_of(upload)), at)
        found = hashlib.sha256(data).hexdigest() if data is not None else ""
        items.append(Item(upload, record_row(upload), receipt, name if data is not None else "", found))
    for name, data in _index(items, [*about, *counts_of(items)]):
        yield archive.add(name, data, now)
    yield archive.add(SUMS, _sums(archive, items, about), now)
    yield archive.close()


def _fetched(pks: Sequence[int]) -> Iterator[AttendanceUpload]:
    """The records in their order, a few at a time."""
    records = AttendanceUpload.objects.select_related(*RECORD_PEOPLE).defer("reading", "answers")
    for start in range(0, len(pks), AT_ONCE):
        some = pks[start : start + AT_ONCE]
        by_pk = records.in_bulk(some)
        yield from (by_pk[pk] for pk in some)


def original_of(upload: AttendanceUpload) -> tuple[str, bytes | None]:
    """The name of the original in the pack, never as it was typed, and its bytes; None when the file is gone."""
    try:
        data = path_of(upload.stored_as).read_bytes()
    except OSError:
        return "", None
    changed = "" if hashlib.sha256(data).hexdigest() == upload.sha256 else "-CHANGED"
    ending = ENDINGS.get(upload.file_format, "bin")
    return f"{_folder(upload)}/{upload.key}-original{changed}.{ending}", data


def _folder(upload: AttendanceUpload) -> str:
    """The activity's code as the name of a folder on every system."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", upload.activity.code).strip("_")
    return plain or f"activity-{upload.activity_id}"


def counts_of(items: Sequence[Item]) -> list[Line]:
    """How many records there are, and how many originals are not as they should be."""
    return [
        (_("Records"), str(len(items))),
        (_("Originals missing"), str(sum(item.is_missing for item in items))),
        (_("Originals changed"), str(sum(item.is_changed for item in items))),
    ]


def _index(items: Sequence[Item], about: Sequence[Line]) -> Iterator[tuple[str, bytes]]:
    """The index in three forms."""
    table = Table(
        _("Attendance records"),
        [*record_headings(), _("Original in this pack"), _("Receipt in this pack"), _("State of the original")],
        [[*item.row, item.original, item.receipt, item.state] for item in items],
        about,
    )
    yield "index.xlsx", xlsx_of(table, _("About"))
    yield "index.csv", csv_of(table)
    page = render_to_string("attendance/evidence_index.html", {"items": items, "about": about, "sums": SUMS})
    yield "index.html", page.encode()
    yield "index.css", _stylesheet()


def _stylesheet() -> bytes:
    found = finders.find("css/evidence.css")
    assert isinstance(found, str)
    return Path(found).read_bytes()


def _sums(archive: Archive, items: Sequence[Item], about: Sequence[Line]) -> bytes:
    """What `sha256sum -c` reads: comments, and a line for each file."""
    said = [f"{label}: {value}" for label, value in [*about, *counts_of(items)]]
    for item in items:
        if item.is_missing or item.is_changed:
            found = f", found {item.found_sha256}" if item.is_changed else ""
            said.append(
                f"{item.upload.activity.code} {item.upload.key} {item.state}: recorded {item.upload.sha256}{found}"
            )
    comments = [f"# {clean_line(line)}\n" for line in said]
    return "".join([*comments, *(f"{digest}  {name}\n" for digest, name in archive.sums)]).encode()


def lies_there(stored_as: str, file_size: int) -> bool:
    """Whether an original is where it was kept, in its size; a look at the disk, nothing is read."""
    try:
        return path_of(stored_as).stat().st_size == file_size
    except OSError:
        return False

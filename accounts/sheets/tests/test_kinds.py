"""What a file is, is told by its bytes."""

from __future__ import annotations

import pytest

from accounts.sheets.kinds import ARCHIVE, OLE, TEXT, kind_of
from accounts.sheets.refused import Refused

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\3\4rest", ARCHIVE),
        (COMPOUND, OLE),
        (b"student_id,name\n", TEXT),
        (b"x", TEXT),
        (b"\xef\xbb\xbfstudent_id", TEXT),
        (b"\xff\xfes\0t\0", TEXT),
        (b"\xfe\xff\0s\0t", TEXT),
        ("學號,姓名".encode("big5"), TEXT),
        (b"BM Club,list\n", TEXT),
        (b"ID;Points;Name\n1;2;x\n", TEXT),
        (b"<3 workshop list,,\n", TEXT),
        (b"{notes},a\n", TEXT),
    ],
)
def test_what_may_be_read(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "code", "kind"),
    [
        (b"%PDF-1.7", "not_a_spreadsheet", "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.7", "not_a_spreadsheet", "pdf"),
        (b"\x89PNG\r\n", "not_a_spreadsheet", "picture"),
        (b"\xff\xd8\xff\xe0", "not_a_spreadsheet", "picture"),
        (b"BM\x36\x10\x0e\0\0\0\0\0\x36", "not_a_spreadsheet", "picture"),
        (b"\0\0\0\x18ftypheic", "not_a_spreadsheet", "picture"),
        (b"<html><table>", "not_a_spreadsheet", "html"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE HTML>", "not_a_spreadsheet", "html"),
        ("<html>".encode("utf-16"), "not_a_spreadsheet", "html"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "not_a_spreadsheet", "html"),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook", "not_a_spreadsheet", "html"),
        (b"<?xml version='1.0'?><office:document x='1'>", "other_format", "fods"),
        (
            b"<?xml version='1'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
            "other_format",
            "xml",
        ),
        (b"<?xml version='1.0'?><students/>", "not_a_spreadsheet", "markup"),
        (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "other_format", "sylk"),
        (b"\x09\x08\x08\x00\x00\x05", "other_format", "old_xls"),
        (b"\x00\x00\x02\x00\x06\x04", "other_format", "lotus"),
        (b"Rar!\x1a\x07\x00", "not_a_spreadsheet", "zip"),
        (b"PK\5\6" + b"\0" * 18, "not_a_spreadsheet", "zip"),
        (b"{\\rtf1", "not_a_spreadsheet", "office"),
        (b"[InternetShortcut]\r\nURL=https://x", "not_a_spreadsheet", "link"),
        (b'{"url": "https://docs.google.com/x"}', "not_a_spreadsheet", "link"),
        (b"\0" * 4096, "not_a_spreadsheet", "unknown"),
        (b"a,b\0c", "not_a_spreadsheet", "unknown"),
    ],
)
def test_what_else_a_file_may_be_is_named(data: bytes, code: str, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        kind_of(data)
    assert (refused.value.code, refused.value.details) == (code, {"kind": kind})

"""What a file is, by its bytes: an archive, an old Excel workbook, text, or something else that is named for a person.

The name of a file does not count. Runs in the parent, before a child is started, so it looks at little.
"""

from __future__ import annotations

import re

from accounts.sheets.refused import Refused

ARCHIVE, OLE, TEXT = "archive", "ole", "text"
LOOKED_AT = 4_096
MARK_UTF8, MARKS_UTF16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")

BEGINS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"PK\3\4", ARCHIVE),
    (b"PK\5\6", "zip"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"RIFF", "picture"),
    (b"7z\xbc\xaf", "zip"),
    (b"Rar!\x1a", "zip"),
    (b"\x1f\x8b", "zip"),
    (b"{\\rtf", "office"),
    (b"\x09\x00\x04\x00", "old_xls"),
    (b"\x09\x02\x06\x00", "old_xls"),
    (b"\x09\x04\x06\x00", "old_xls"),
    (b"\x09\x08\x08\x00", "old_xls"),
    (b"\x09\x08\x10\x00", "old_xls"),
    (b"\x00\x00\x02\x00", "lotus"),
    (b"\x00\x00\x1a\x00", "lotus"),
)
"""Magic numbers → kind. The last seven are spreadsheets from before 1995."""
OTHER_FORMATS = ("fods", "lotus", "old_xls", "sylk", "xml")
"""Spreadsheets that are not read; every other kind is no spreadsheet at all."""
PICTURES_INSIDE = re.compile(rb"BM.{4}\0\0\0\0|....ftyp(heic|heix|mif1|avif)", re.DOTALL)
WEB_PAGE = re.compile(rb"<(!doctype html|html|table|meta|head|style|body|div)\b|mime-version:", re.IGNORECASE)
SYLK = re.compile(rb"ID;P\w*(;[A-Z]\w*)*\r?\n[A-Z];")
SHORTCUT = re.compile(rb"\[InternetShortcut\]|\{\s*\"(url|doc_id|resource_key)\"", re.IGNORECASE)


def kind_of(data: bytes) -> str:
    """ARCHIVE, OLE or TEXT: what may be read. Raises Refused with what the file is instead."""
    head = data[:LOOKED_AT]
    kind = next((kind for magic, kind in BEGINS if head.startswith(magic)), "") or _kind_of_others(head)
    if kind in (ARCHIVE, OLE, TEXT):
        return kind
    raise Refused("other_format" if kind in OTHER_FORMATS else "not_a_spreadsheet", kind=kind)


def _kind_of_others(head: bytes) -> str:
    if PICTURES_INSIDE.match(head):
        return "picture"
    text = _as_bytes_of_letters(head)
    if text.startswith(b"%PDF"):
        return "pdf"
    if WEB_PAGE.match(text):
        return "html"
    if text.startswith(b"<"):
        return _kind_of_markup(text)
    if SYLK.match(text):
        return "sylk"
    if SHORTCUT.match(text):
        return "link"
    return TEXT if head.startswith(MARKS_UTF16) or b"\0" not in head else "unknown"


def _as_bytes_of_letters(head: bytes) -> bytes:
    """The text at the beginning, without its byte order mark and one byte for each plain letter."""
    if head.startswith(MARKS_UTF16):
        return head[2:].replace(b"\0", b"").lstrip()
    return head.removeprefix(MARK_UTF8).lstrip()


def _kind_of_markup(text: bytes) -> str:
    lower = text.lower()
    if b"office:document" in lower:
        return "fods"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in lower:
        return "xml"
    if b"<html" in lower or b"<table" in lower:
        return "html"
    return "markup" if lower.startswith(b"<?xml") or re.match(rb"<[a-z!?]", lower) else TEXT

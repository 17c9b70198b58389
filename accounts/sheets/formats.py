"""Bytes of an upload → Workbook: what the file is, by its bytes, and the guarded child process that reads it."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from accounts.sheets import child
from accounts.sheets.workbook import Cell, Limits, Refusal, Workbook, Worksheet

DEFAULT_LIMITS = Limits()
PROJECT = Path(__file__).resolve().parents[2]
START = f"import sys; sys.path[:0] = sys.argv[1:3]; from {child.__name__} import main; main()"
"""The child is imported here too, so that Python keeps it compiled; it may write no file of its own."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
WEB_PAGE = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style")
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of pairs: no database, page or paper takes them."""


def read_workbook(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """The cells of an uploaded spreadsheet. Raises Refusal; nothing that the bytes do can hurt this process.

    Hidden worksheets are read too and marked `is_visible=False`; what they hold is not for anybody's record.
    """
    check_kind(data, limits)
    answer = _ask_child(data, limits)
    if "refused" in answer:
        raise Refusal(answer["refused"], **answer["details"])
    return Workbook(format=answer["format"], sheets=tuple(_worksheet(sheet) for sheet in answer["sheets"]))


def check_kind(data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuses by the first bytes what is no ZIP archive, with what it is instead; the name of a file does not count."""
    if not data:
        raise Refusal("empty_file")
    if len(data) > limits.max_bytes:
        raise Refusal("too_big", megabytes=limits.max_bytes // 2**20)
    if data.startswith(b"PK\3\4"):
        return
    if data.startswith(OLE):
        raise Refusal("password") if ENCRYPTED_OFFICE in data else Refusal("other_format", kind="xls")
    raise _refusal_of_text(data[:4096])


def _refusal_of_text(head: bytes) -> Refusal:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"%pdf"):
        return Refusal("not_a_spreadsheet", kind="pdf")
    if head.startswith(PICTURES):
        return Refusal("not_a_spreadsheet", kind="picture")
    if start.startswith(WEB_PAGE) or (start.startswith(b"<") and b"<html" in start):
        return Refusal("not_a_spreadsheet", kind="html")
    if b"office:document" in start:
        return Refusal("other_format", kind="fods")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return Refusal("other_format", kind="xml")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" not in head and re.search(rb"[,;\t]", head)):
        return Refusal("other_format", kind="csv")
    return Refusal("not_a_spreadsheet", kind="unknown")


@cache
def _command() -> list[str]:
    reader = find_spec("python_calamine")
    assert reader is not None
    assert reader.origin is not None
    return [sys.executable, "-I", "-S", "-B", "-c", START, str(PROJECT), str(Path(reader.origin).parents[1])]


def _ask_child(data: bytes, limits: Limits) -> dict[str, Any]:
    """The child's answer. It gets the bytes and nothing else: no environment, no directory, no open file of ours."""
    process = subprocess.Popen(  # noqa: S603 (our own program, our own arguments)
        [*_command(), json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LANG": "C.UTF-8"},
    )
    try:
        output, _ = process.communicate(data, timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        raise Refusal("timeout") from None
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe and not pipe.closed:
                pipe.close()
    if process.returncode != 0:
        raise Refusal("damaged")
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError:
        raise Refusal("damaged") from None
    return answer


def _worksheet(sheet: dict[str, Any]) -> Worksheet:
    return Worksheet(
        name=UNSTORABLE.sub("", sheet["name"]),
        rows=tuple(tuple(_cell(cell) for cell in row) for row in sheet["rows"]),
        is_visible=sheet["is_visible"],
        hidden_lines=frozenset(sheet["hidden_lines"]),
        **{
            name: frozenset((line, column) for line, column in sheet[name])
            for name in ("error_cells", "valueless_formulas", "struck_cells", "merged_cells")
        },
    )


def _cell(value: Any) -> Cell:
    if value == "":
        return None
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return _moment(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value  # type: ignore[no-any-return]


def _moment(value: dict[str, Any]) -> Cell:
    ((kind, content),) = value.items()
    match kind:
        case "timedelta":
            return dt.timedelta(seconds=content)
        case "datetime":
            return dt.datetime.fromisoformat(content)
        case "date":
            return dt.date.fromisoformat(content)
        case _:
            return dt.time.fromisoformat(content)

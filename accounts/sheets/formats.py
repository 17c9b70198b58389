"""Bytes of an upload → Workbook: what the file is, by its bytes, and the guarded child process that reads it."""

from __future__ import annotations

import datetime as dt
import json
import re
import signal
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from accounts.sheets import child
from accounts.sheets.kinds import kind_of
from accounts.sheets.refused import Refused
from accounts.sheets.workbook import Cell, Limits, Refusal, Workbook, Worksheet, megabytes

DEFAULT_LIMITS = Limits()
PROJECT = Path(__file__).resolve().parents[2]
START = f"import sys; sys.path[:0] = sys.argv[1:3]; from {child.__name__} import main; main()"
"""The child is imported here too, so that Python keeps it compiled; it may write no file of its own."""

UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of pairs: no database, page or paper takes them."""


def read_workbook(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """The cells of an uploaded spreadsheet. Raises Refusal; nothing that the bytes do can hurt this process.

    Hidden worksheets are read too and marked `is_visible=False`; what they hold is not for anybody's record.
    """
    if not data:
        raise Refusal("empty_file")
    if len(data) > limits.max_bytes:
        raise Refusal("too_big", megabytes=megabytes(limits.max_bytes))
    try:
        kind = kind_of(data)
    except Refused as refused:
        raise Refusal(refused.code, **refused.details) from None
    answer = _ask_child(data, kind, limits)
    if "refused" in answer:
        raise Refusal(answer["refused"], **answer["details"], **_what_was_allowed(answer["refused"], limits))
    return _workbook(answer)


def _what_was_allowed(code: str, limits: Limits) -> dict[str, str | int]:
    """What fills the sentence of a refusal about size."""
    sizes = {"too_big_inside": limits.max_inflated, "too_much_memory": limits.address_space}
    return {"megabytes": megabytes(sizes[code])} if code in sizes else {}


@cache
def _command() -> list[str]:
    reader = find_spec("python_calamine")
    assert reader is not None
    assert reader.origin is not None
    return [sys.executable, "-I", "-S", "-B", "-c", START, str(PROJECT), str(Path(reader.origin).parents[1])]


def _ask_child(data: bytes, kind: str, limits: Limits) -> dict[str, Any]:
    """The child's answer. It gets the bytes and nothing else: no environment, no directory, no open file of ours."""
    process = subprocess.Popen(  # noqa: S603 (our own program, our own arguments)
        [*_command(), kind, json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LANG": "C.UTF-8"},
    )
    try:
        output, _ = process.communicate(data, timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        raise Refusal("timeout", seconds=limits.wall_seconds) from None
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe and not pipe.closed:
                pipe.close()
    if process.returncode == -signal.SIGXCPU:
        raise Refusal("timeout", seconds=limits.cpu_seconds)
    if process.returncode != 0:
        raise Refusal("damaged")
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError:
        raise Refusal("damaged") from None
    return answer


def _workbook(answer: dict[str, Any]) -> Workbook:
    return Workbook(
        format=answer["format"],
        sheets=tuple(_worksheet(sheet) for sheet in answer["sheets"]),
        encoding=answer.get("encoding", ""),
        encoding_is_guessed=answer.get("encoding_is_guessed", False),
        others=tuple(_workbook(other) for other in answer.get("others", ())),
    )


def _worksheet(sheet: dict[str, Any]) -> Worksheet:
    places: dict[str, Any] = {
        name: frozenset((line, column) for line, column in sheet[name])
        for name in ("error_cells", "valueless_formulas", "struck_cells", "merged_cells")
    }
    return Worksheet(
        name=UNSTORABLE.sub("", sheet["name"]),
        rows=tuple(tuple(_cell(cell) for cell in row) for row in sheet["rows"]),
        is_visible=sheet["is_visible"],
        hidden_lines=frozenset(sheet["hidden_lines"]),
        **places,
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

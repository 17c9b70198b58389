"""Bytes of an upload → Workbook: what the file is, by its bytes, and the guarded child process that reads it."""

from __future__ import annotations

from accounts.sheets.workbook import Limits, Refusal, Workbook

DEFAULT_LIMITS = Limits()


def read_workbook(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """The cells of an uploaded spreadsheet. Raises Refusal; nothing that the bytes do can hurt this process."""
    if not data:
        raise Refusal("empty_file")
    raise Refusal("not_a_spreadsheet", kind="unknown")

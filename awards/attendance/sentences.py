"""Every code of a file, a line or a warning → one sentence that says what is wrong and what to do."""

from __future__ import annotations

from awards.attendance.formats import Refusal


def refusal_sentence(refusal: Refusal) -> str:
    """Why a file cannot be used, and what to do."""
    return refusal.code


def file_sentence(code: str) -> str:
    """A file's reason or question (README's file codes), or a note of the reading."""
    return code


def row_sentence(code: str) -> str:
    """A line's reason."""
    return code


def warning_sentence(code: str) -> str:
    """A warning that does not stop a line."""
    return code

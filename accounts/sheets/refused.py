"""The child's word for a file that it will not read. Kept apart so that the child starts without dataclasses."""

from __future__ import annotations


class Refused(Exception):
    """`code` picks the sentence that a person reads; `details` fill it."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

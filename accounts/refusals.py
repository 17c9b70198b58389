"""What the portal says when it refuses something that a person asked for."""

from __future__ import annotations

from django.utils.functional import Promise


class Refusal(Exception):
    """A code for programs and one translatable sentence for people: what is wrong, and what to do."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)

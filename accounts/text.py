"""What is taken out of text at the door: characters that cannot be seen, or that turn the line around. Pure."""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: control, format (zero-width, bidi), lone surrogate, line and paragraph separator.

Unassigned and private-use characters stay: some of them are Chinese characters in names that are newer than our tables.
"""


def clean_line(text: str) -> str:
    """One line, composed (NFC), without unseen characters; every run of white space becomes one space."""
    return " ".join(_without_unseen("".join(" " if ch.isspace() else ch for ch in text)).split())


def clean_text(text: str) -> str:
    """Several lines, composed (NFC), without unseen characters and without white space at the end of a line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_without_unseen(line.replace("\t", " ")).rstrip() for line in lines).strip()


def _without_unseen(text: str) -> str:
    seen = "".join(ch for ch in text if unicodedata.category(ch) not in UNSEEN)
    return unicodedata.normalize("NFC", seen)

"""Verification codes: made at random, written in groups, and read however somebody types them. Pure."""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O and U, which are mistaken for other characters."""
LENGTH = 28
"""28 characters of 5 bits: 140 bits."""
SHORTEST = 12
"""What must be typed at least: 60 bits, which 60 tries a minute do not find in a million years."""
MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_SEPARATORS = re.compile(r"[\s\-–—_.·]+")


def make_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """The code as it is printed, in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """What somebody meant who typed this: upper case, no separators, 0 for O, 1 for I and L, V for U.

    Empty when it cannot be a code: too short, too long, or with a character that no code has.
    """
    code = _SEPARATORS.sub("", typed[:200]).upper().translate(MISTAKEN)
    if SHORTEST <= len(code) <= LENGTH and set(code) <= set(ALPHABET):
        return code
    return ""

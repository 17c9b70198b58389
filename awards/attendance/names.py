"""Does the name on the sheet belong to the student whose ID stands beside it? Names never decide, they raise doubt."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

VARIANTS = Path(__file__).with_name("han_variants.txt")
HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
MOST_LETTERS = 200
WORD = re.compile(r"[^\W_]+")
INSIDE_WORDS = re.compile("['’‘`-]")


class NameFit(StrEnum):
    """FITS: no doubt. VARIANT: simplified for traditional characters. BLANK: nothing to compare. MISFIT: ask."""

    FITS = "fits"
    VARIANT = "variant"
    BLANK = "blank"
    MISFIT = "misfit"


def compare(raw_name: str, name_en: str, name_zh: str) -> NameFit:
    """How the name as written fits the register's English and Chinese name.

    Capitals, order, accents, spaces and a missing English or Chinese part are no difference; any other is.
    """
    latin, han = split_name(raw_name)
    fits = []
    if latin and name_en:
        is_fit = _is_in_full(latin, name_en) or latin in english_spellings(name_en)
        fits.append(NameFit.FITS if is_fit else NameFit.MISFIT)
    if han and name_zh:
        fits.append(_compare_han(han, split_name(name_zh)[1]))
    for worst in (NameFit.MISFIT, NameFit.VARIANT, NameFit.FITS):
        if worst in fits:
            return worst
    return NameFit.BLANK


def _is_in_full(latin: str, name_en: str) -> bool:
    """Whether all the words of the registered name were written: the one way that most sheets have, found quickly."""
    return " " in latin and latin == _spelling(_words(name_en))


def _compare_han(written: str, registered: str) -> NameFit:
    if written == registered:
        return NameFit.FITS
    return NameFit.VARIANT if simplify(written) == simplify(registered) else NameFit.MISFIT


@lru_cache(maxsize=20_000)
def split_name(name: str) -> tuple[str, str]:
    """The Latin words, plain, sorted and joined, and the Chinese characters of a name."""
    name = unicodedata.normalize("NFKC", name[: 2 * MOST_LETTERS])
    return _spelling(_words(HAN.sub(" ", name))), "".join(HAN.findall(name))


def _words(text: str) -> tuple[str, ...]:
    """Words without accents, capitals and punctuation: "O'BRIEN-LEE Ka" → obrienlee, ka."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return tuple(WORD.findall(INSIDE_WORDS.sub("", text.casefold())))


def _spelling(words: tuple[str, ...]) -> str:
    """One key for the words in any order, however often each is written (two columns may repeat a surname)."""
    return " ".join(sorted(set(words)))


@lru_cache(maxsize=20_000)
def english_spellings(name_en: str) -> frozenset[str]:
    """The ways in which a registered name may honestly be written.

    "LAM Hoi Ching, Peter" may stand as LAM Hoi Ching, Peter LAM or LAM Hoi Ching Peter; "Hoi Ching" as Hoiching or
    Hoi-ching.
    """
    main, _, extra = name_en.partition(",")
    surname = [word for word in main.split() if word.isupper() and len(word) > 1] or main.split()[:1]
    family = _words(" ".join(surname))
    given = _words(" ".join(word for word in main.split() if word not in surname))
    english = _words(extra)
    families = {family, ("".join(family),)} - {()}
    givens = {given, ("".join(given),)} if given else {()}
    ways = [(*f, *g, *english) for f, g in product(families, givens)]
    ways += [(*f, *g) for f, g in product(families, givens)]
    ways += [(*f, *english) for f in families if english]
    return frozenset(_spelling(way) for way in ways if len(way) > 1 or way == (*family, *given))


@cache
def _simplified() -> dict[int, str]:
    traditional, simplified = VARIANTS.read_text(encoding="utf-8").split("\n")[1:3]
    return dict(zip(map(ord, traditional), simplified, strict=True))


def simplify(text: str) -> str:
    """The text in simplified characters, so that both ways of writing a name compare as equal."""
    return text.translate(_simplified())

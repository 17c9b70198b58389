"""Every code that the chain can give has a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accounts.sheets.kinds import ARCHIVE, BEGINS, OLE, OTHER_FORMATS, TEXT
from awards.attendance import sentences
from awards.attendance.formats import Refusal
from awards.attendance.sentences import (
    FILE,
    KINDS,
    ROW,
    TO_DO,
    WARNING,
    file_sentence,
    refusal_sentence,
    row_sentence,
    to_do_sentence,
)

HERE = Path(sentences.__file__).parent
READER = HERE.parents[1] / "accounts" / "sheets"


def test_every_refusal_of_the_reader_has_a_sentence() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*READER.glob("*.py"), *HERE.glob("*.py"))]
    found = [match for text in texts for match in re.findall(r'\bRefus(?:ed|al)\("(\w+)"(?:, kind="(\w+)")?', text)]
    assert len(found) > 20
    assert {code for code, _ in found} <= FILE.keys()
    kinds = {kind for _, kind in found} | {kind for _, kind in BEGINS} | {"link", "html", "markup", *OTHER_FORMATS}
    assert kinds - {"", "unknown", ARCHIVE, OLE, TEXT} <= KINDS.keys()


def test_every_reason_of_a_line_has_a_sentence() -> None:
    text = "".join((HERE / name).read_text(encoding="utf-8") for name in ("reading.py", "lines.py", "cells.py"))
    for code in ROW:
        assert f'"{code}"' in text
    assert row_sentence("") == file_sentence("") == ""


@pytest.mark.parametrize("code", FILE)
def test_a_refusal_is_one_whole_sentence_or_more(code: str) -> None:
    sentence = refusal_sentence(
        Refusal(code, megabytes=5, limit=50, line=7, heading="student_id", digits=9, seconds=15)
    )
    assert sentence.endswith((".", "?"))
    assert "%" not in sentence


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_file_is_instead_says_what_to_do(kind: str) -> None:
    sentence = refusal_sentence(Refusal("other_format", kind=kind))
    assert ".xlsx" in sentence or "spreadsheet" in sentence
    assert "%" not in sentence


def test_two_columns_are_named_as_on_the_sheet() -> None:
    assert "“Student id”" in refusal_sentence(Refusal("header_twice", heading="student_id"))
    assert "“EC”" in refusal_sentence(Refusal("header_twice", heading="EC"))


def test_warnings_end_with_a_full_stop() -> None:
    assert all(str(sentence).endswith(".") for sentence in WARNING.values())


def test_each_limit_has_a_sentence_of_its_own() -> None:
    limits = [code for code in FILE if code.startswith("too_")] + ["timeout"]
    assert len({str(FILE[code]) for code in limits}) == len(limits) == 12


def test_what_to_do_about_a_line_is_said_for_what_can_be_corrected_in_the_sheet() -> None:
    assert TO_DO.keys() <= ROW.keys()
    assert to_do_sentence("withheld_before") == "Leave the line as it is and answer it in the portal."
    assert all(to_do_sentence(code).endswith(".") for code in ROW)

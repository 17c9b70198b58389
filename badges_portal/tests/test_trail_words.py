"""Every action that the code writes to the audit trail has a name that people can read."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from accounts.trail.words import ACTIONS

WINGS = ("accounts", "activities", "awards", "transcripts")


def written_actions(source: str) -> Iterator[str]:
    """The literal `action=` words of calls in a source file; those of `add_argument` are none."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "action" and isinstance(node.value, ast.Constant):
            word = str(node.value.value)
            if "." in word:
                yield word


def test_no_code_reaches_the_page_of_the_trail() -> None:
    root = Path(settings.BASE_DIR)
    files = [path for wing in WINGS for path in (root / wing).rglob("*.py")]
    written = {
        word
        for path in files
        if not {"tests", "migrations"} & set(path.relative_to(root).parts)
        for word in written_actions(path.read_text(encoding="utf-8"))
    }
    assert len(written) > 30
    assert sorted(written - set(ACTIONS)) == []

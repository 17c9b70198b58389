"""The house rules that a tool can check: who imports whom, what is pure, what a view may fetch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[2]
WINGS = ["accounts", "activities", "awards", "transcripts"]
"""From the ground up: each may import itself and those before it. `badges_portal` imports all, nobody imports it."""

SHOWN = {"views", "forms", "api", "serializers", "admin", "urls"}
KEPT = {"models", "querysets", "services", "permissions"}
PURE = {
    "accounts/register/comparing.py",
    "accounts/register/reading.py",
    "accounts/roles.py",
    "accounts/sheets/kinds.py",
    "accounts/sheets/open_document.py",
    "accounts/sheets/old.py",
    "accounts/sheets/tables.py",
    "accounts/sheets/text.py",
    "accounts/text.py",
    "activities/rules.py",
    "awards/attendance/choosing.py",
    "awards/attendance/class_list.py",
    "awards/attendance/clock.py",
    "awards/attendance/deciding.py",
    "awards/attendance/difference.py",
    "awards/attendance/formats.py",
    "awards/attendance/headings.py",
    "awards/attendance/names.py",
    "awards/attendance/pasting.py",
    "awards/attendance/problem_sheet.py",
    "awards/attendance/reading.py",
    "awards/attendance/sheet.py",
    "transcripts/nat.py",
}
IMPURE_IMPORTS = {"django.conf", "django.http", "django.shortcuts", "django.utils.timezone", "time"}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
}
DUSTBINS = {"utils", "helpers", "common", "mixins", "managers"}
PERSONAL = {
    "Award",
    "AwardEvent",
    "AttendanceRow",
    "AttendanceUpload",
    "AuditEntry",
    "Message",
    "Participant",
    "PrintJob",
    "Transcript",
    "TranscriptEntry",
    "TranscriptRequest",
    "Withholding",
}
GUARDS = {"visible_to", "managed_by", "own"}


def files_of(*folders: str, tests: bool = False) -> list[Path]:
    """Our Python files below these folders, as paths from the root, without migrations."""
    found = (path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(p for p in found if "migrations" not in p.parts and tests == ("tests" in p.parts))


ALL_FILES = [*files_of("badges_portal", *WINGS), *files_of("badges_portal", *WINGS, tests=True)]
WING_FILES = files_of(*WINGS)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Every module that a file imports, and for `from a import b` also `a.b`."""
    return tuple(_imports_in(path))


def _imports_in(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", WING_FILES, ids=str)
def test_a_wing_imports_itself_and_what_is_below_it(path: Path) -> None:
    allowed = WINGS[: WINGS.index(path.parts[0]) + 1]
    ours = {name.split(".")[0] for name in imports_of(path)} & {"badges_portal", *WINGS}
    assert sorted(ours - set(allowed)) == []


@pytest.mark.parametrize("path", WING_FILES, ids=str)
def test_what_is_kept_knows_nothing_of_what_is_shown(path: Path) -> None:
    if path.stem not in KEPT and str(path) not in PURE:
        return
    shown = {name for name in imports_of(path) if name.split(".")[0] in WINGS and SHOWN & set(name.split("."))}
    web = {name for name in imports_of(path) if name in {"django.http.HttpResponse", "django.shortcuts"}}
    assert (sorted(shown), sorted(web) if path.stem != "permissions" else []) == ([], [])


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_module_takes_plain_values_and_gives_plain_values(name: str) -> None:
    path = Path(name)
    imported = set(imports_of(path))
    of_ours = {m for m in imported if m.split(".")[0] in WINGS and (KEPT | SHOWN) & set(m.split("."))}
    of_database = {m for m in imported if m.startswith("django.db")} if name != "accounts/roles.py" else set()
    calls = {
        (node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", ""), node.attr)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
    }
    assert (of_ours, of_database, imported & IMPURE_IMPORTS, calls & CLOCKS) == (set(), set(), set(), set())


@pytest.mark.parametrize("path", [p for p in WING_FILES if p.stem in SHOWN], ids=str)
def test_a_page_fetches_personal_data_through_a_guard_only(path: Path) -> None:
    bare = []
    tree = tree_of(path)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
            model = getattr(node.value, "id", "")
            then = parents[node]
            if model in PERSONAL and not (isinstance(then, ast.Attribute) and then.attr in GUARDS):
                bare.append(f"{path}:{node.lineno} {model}.objects")
    assert bare == []


@pytest.mark.parametrize("path", ALL_FILES, ids=str)
def test_a_file_has_a_name_a_sentence_and_a_readable_length(path: Path) -> None:
    source = (ROOT / path).read_text()
    assert path.stem not in DUSTBINS
    assert len(source.splitlines()) <= (600 if "tests" in path.parts else 400)
    assert not source.strip() or ast.get_docstring(ast.parse(source)) or path.name == "__init__.py"


@pytest.mark.parametrize("path", WING_FILES, ids=str)
def test_nothing_happens_behind_ones_back(path: Path) -> None:
    """No signals between wings, no save() or delete() of our own, no environment outside the settings."""
    imported = set(imports_of(path))
    signals = {name for name in imported if "signals" in name.split(".") or name.startswith("django.dispatch")}
    hidden = {
        node.name
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"} and path.stem == "models"
    }
    environment = {name for name in imported if name in {"os.environ", "os.getenv"}}
    expected_signals = {"activities/apps.py", "accounts/signin/apps.py"}
    assert (set() if str(path) in expected_signals else signals, hidden, environment) == (set(), set(), set())


@pytest.mark.parametrize("path", files_of(*WINGS, "badges_portal", tests=True), ids=str)
def test_tests_do_not_replace_our_own_code(path: Path) -> None:
    assert {name for name in imports_of(path) if name.startswith("unittest.mock")} == set()

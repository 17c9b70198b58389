"""The commands of whoever runs the server."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import resolve

from accounts.models import Participant, RegisterImport, User
from accounts.signin.services import usable_link
from accounts.trail.models import AuditEntry
from badges_portal.testing import Cast

FILE = """student_id,name_en,status
240000001,CHAN Sam,active
200135791,CHAN Tai Man,active
99,BAD Number,gone
"""


def run(*args: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*args, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(FILE)
    return path


def test_import_register_prints_the_counts_and_every_bad_line(cast: Cast, file: Path) -> None:
    out, err = run("import_register", str(file))
    assert out == "1 added, 0 changed, 1 unchanged, 1 in the register but not in the file, 1 lines left out.\n"
    assert err.splitlines() == [
        "line 4, student_id, '99': A student number has 9 digits and nothing else. If a zero at the beginning was "
        "lost, format the column as text.",
        "line 4, status, 'gone': Write active, deferred, graduated or withdrawn.",
    ]
    assert Participant.objects.get(student_number="200135791").name_en == "CHAN Tai Man"
    assert list(AuditEntry.objects.values_list("action", "actor").order_by("id")) == [
        ("participant.added", None),
        ("register.imported", None),
    ]
    kept = RegisterImport.objects.get()
    assert (kept.file_name, kept.status, kept.added, kept.uploaded_by) == ("register.csv", "applied", 1, None)


def test_a_dry_run_writes_nothing(cast: Cast, file: Path) -> None:
    out, _ = run("import_register", str(file), "--dry-run")
    assert out.startswith("Dry run, nothing written: 1 added,")
    assert (Participant.objects.count(), RegisterImport.objects.count(), AuditEntry.objects.count()) == (2, 0, 0)


def test_a_file_that_is_not_there_or_not_a_register_is_said_in_one_sentence(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        run("import_register", str(tmp_path / "none.csv"))
    (tmp_path / "other.csv").write_text("name\nCHAN\n")
    with pytest.raises(CommandError, match="No column is headed"):
        run("import_register", str(tmp_path / "other.csv"))


def test_create_administrator_prints_a_link_that_works(db: None) -> None:
    out, _ = run("create_administrator", "S1", "CHAN Tai Man", "--operator")
    first, _second, url = out.splitlines()
    assert first == "CHAN Tai Man (s1): Scheme administrator, Operator."
    link = usable_link(resolve("/" + url.split("/", 3)[3]).kwargs["token"])
    assert link is not None
    assert link.user == User.objects.get(cna="s1")
    assert list(AuditEntry.objects.values_list("action", "actor").order_by("id")) == [
        ("user.created", None),
        ("sign_in_link.issued", None),
    ]


def test_create_administrator_wants_a_name(db: None) -> None:
    with pytest.raises(CommandError):
        run("create_administrator", "s1", " ")

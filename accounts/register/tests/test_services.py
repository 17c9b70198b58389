"""Applying a register file."""

from __future__ import annotations

import datetime as dt
import io
import threading
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Participant, RegisterImport
from accounts.refusals import Refusal
from accounts.register import services
from accounts.register.sentences import PROBLEMS, REFUSALS, refusal_sentence, sentence_of
from accounts.sheets.workbook import Refusal as FileRefusal
from accounts.trail.models import AuditEntry
from badges_portal.testing import Cast, make_cast, make_participant

FILE = """student_id,name_en,name_zh,programme,unit,year,email,status,status_on,started_on
240000001,CHAN Sam,陳三,BA Design,FDE,2,sam@example.edu.hk,active,,2024-09-01
012345678,HO Yan,何欣,BSc Food,Learning Commons,1,,withdrawn,31/10/2026,2026-09-01
24000000,TOO Short,,,,,,active,,
""".encode()


def stage(cast: Cast, data: bytes = FILE) -> RegisterImport:
    reading = services.read_file(data)
    return services.stage_import(acting_user=cast.adam, file_name="register.csv", data=data, reading=reading)


def apply(cast: Cast, data: bytes = FILE) -> RegisterImport:
    staged = stage(cast, data)
    fingerprint = services.difference_of(services.read_file(data)).fingerprint
    return services.apply_import(acting_user=cast.adam, staged=staged, fingerprint=fingerprint)


def test_a_file_adds_and_changes_and_removes_nobody(cast: Cast) -> None:
    applied = apply(cast)
    assert (applied.added, applied.changed, applied.left, applied.same, applied.bad_lines) == (1, 1, 1, 0, 1)
    yan = Participant.objects.get(student_number="012345678")
    assert (yan.name_en, yan.name_zh, yan.programme, yan.unit, yan.year_of_study) == (
        "HO Yan",
        "何欣",
        "BSc Food",
        cast.learning_commons,
        1,
    )
    assert (yan.status, yan.status_on, yan.started_on) == ("withdrawn", dt.date(2026, 10, 31), dt.date(2026, 9, 1))
    sam = Participant.objects.get(student_number="240000001")
    assert (sam.pk, sam.user, sam.programme, sam.email) == (
        cast.sam_participant.pk,
        cast.sam,
        "BA Design",
        "sam@example.edu.hk",
    )
    assert Participant.objects.filter(student_number="240000002").exists()


def test_everything_is_on_the_trail(cast: Cast) -> None:
    applied = apply(cast)
    entries = list(AuditEntry.objects.order_by("id").values_list("action", "participant__student_number", "changes"))
    assert entries == [
        ("register.uploaded", None, {"sha256": applied.sha256}),
        ("participant.added", "012345678", {}),
        (
            "participant.changed",
            "240000001",
            {
                "email": ["", "sam@example.edu.hk"],
                "programme": ["", "BA Design"],
                "year_of_study": [None, 2],
                "started_on": [None, "2024-09-01"],
            },
        ),
        ("register.imported", None, {"added": 1, "changed": 1, "left": 1, "same": 0, "bad_lines": 1}),
    ]
    assert set(AuditEntry.objects.values_list("actor__cna", flat=True)) == {"s2001"}


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    apply(cast)
    again = apply(cast)
    assert (again.added, again.changed, again.same) == (0, 0, 2)


def test_a_preview_is_applied_once_and_its_lines_are_forgotten(cast: Cast) -> None:
    staged = stage(cast)
    fingerprint = services.difference_of(services.read_file(FILE)).fingerprint
    for _twice in range(2):
        applied = services.apply_import(acting_user=cast.adam, staged=staged, fingerprint=fingerprint)
    assert (applied.status, applied.reading, applied.added) == ("applied", None, 1)
    assert AuditEntry.objects.filter(action="register.imported").count() == 1


def test_a_register_that_moved_on_since_the_preview_is_not_written(cast: Cast) -> None:
    staged = stage(cast)
    seen = services.difference_of(services.read_file(FILE)).fingerprint
    make_participant("012345678", "HO Yan")
    with pytest.raises(Refusal) as refused:
        services.apply_import(acting_user=cast.adam, staged=staged, fingerprint=seen)
    assert refused.value.code == "changed_since"
    staged.refresh_from_db()
    assert staged.status == "staged"
    assert Participant.objects.get(student_number="012345678").programme == ""


def test_a_discarded_or_old_preview_is_emptied(cast: Cast) -> None:
    discarded = services.discard_import(acting_user=cast.adam, staged=stage(cast))
    assert (discarded.status, discarded.reading) == ("discarded", None)
    with pytest.raises(Refusal) as refused:
        services.apply_import(acting_user=cast.adam, staged=discarded, fingerprint="")
    assert refused.value.code == "discarded"
    old = stage(cast)
    RegisterImport.objects.filter(pk=old.pk).update(uploaded_at=old.uploaded_at - dt.timedelta(days=8))
    stage(cast)
    old.refresh_from_db()
    assert (old.status, old.reading) == ("discarded", None)


@pytest.mark.parametrize("name", ["olga", "lydia", "xenia", "sam"])
def test_only_the_administrator_imports(cast: Cast, name: str) -> None:
    staged, by = stage(cast), getattr(cast, name)
    reading = services.read_file(FILE)
    for act in (
        lambda: services.stage_import(acting_user=by, file_name="x", data=FILE, reading=reading),
        lambda: services.apply_import(acting_user=by, staged=staged, fingerprint=""),
        lambda: services.discard_import(acting_user=by, staged=staged),
        lambda: services.apply_register(acting_user=by, reading=reading, target=staged),
    ):
        with pytest.raises(PermissionDenied):
            act()


def big_file(students: int, programme: str) -> bytes:
    lines = [f"2100{n:05},STUDENT Number {n},學生,{programme},FDE,active\n" for n in range(students)]
    return ("student_id,name_en,name_zh,programme,unit,status\n" + "".join(lines)).encode()


def statements(cast: Cast, students: int, programme: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        apply(cast, big_file(students, programme))
    return len(queries)


@pytest.mark.thorough
def test_the_number_of_statements_does_not_depend_on_the_lines(cast: Cast) -> None:
    few = statements(cast, 2, "BA")
    many = statements(cast, 2_000, "BA")  # 1,998 new
    assert statements(cast, 2_000, "BSc") == many == few  # 2,000 changed
    assert Participant.objects.filter(programme="BSc", unit=cast.design).count() == 2_000
    assert AuditEntry.objects.filter(action="participant.changed").count() == 2_000


def test_xlsx_is_read_by_the_guarded_reader(cast: Cast) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Student register"])
    sheet.append(["學號", "英文姓名", "狀態", "狀態日期"])
    sheet.append([200135791, "CHAN Tai Man", "休學", dt.datetime(2026, 3, 1)])
    sheet.append(["012345678", "HO Yan", "", None])
    sheet.append([12345678, "LOST Zero", "", None])
    out = io.BytesIO()
    book.save(out)
    reading = services.read_file(out.getvalue())
    assert [(r.line, r.student_number, r.status, r.status_on) for r in reading.rows] == [
        (3, "200135791", "deferred", dt.date(2026, 3, 1)),
        (4, "012345678", None, None),
    ]
    assert [(p.line, p.column, p.value, p.code) for p in reading.problems] == [(5, "學號", "12345678", "bad_number")]


TRADITIONAL = "student_id,name_zh\r\n200135791,陳大文\r\n200135792,司徒樂瑤\r\n200135793,黃詠詩\r\n"
SIMPLIFIED = "student_id,name_zh\r\n200135791,陈大文\r\n200135792,司徒乐瑶\r\n200135793,黄咏诗\r\n"
WESTERN = "student_id,name_en\r\n200135791,GARCÍA José\r\n"


@pytest.mark.parametrize(
    ("text", "encoding", "is_guess"),
    [
        (TRADITIONAL, "utf-8", False),
        (TRADITIONAL, "utf-8-sig", False),
        (TRADITIONAL, "utf-16", False),
        (TRADITIONAL, "big5", True),
        (SIMPLIFIED, "gb18030", True),
        (WESTERN, "cp1252", True),
        ("sep=;\n" + TRADITIONAL.replace(",", ";"), "utf-8", False),
    ],
)
def test_text_is_read_by_the_guarded_reader_in_each_encoding(
    db: None, text: str, encoding: str, is_guess: bool
) -> None:
    reading = services.read_file(text.encode(encoding))
    names = [line.rpartition(";" if ";" in text else ",")[2] for line in text.split("\r\n")[1:-1]]
    assert [row.name_zh or row.name_en for row in reading.rows] == names
    first_line = 3 if text.startswith("sep=") else 2
    assert [row.line for row in reading.rows] == list(range(first_line, first_line + len(names)))
    assert (reading.encoding_is_guessed, reading.problems) == (is_guess, ())


@pytest.mark.thorough
def test_a_register_of_fifty_thousand_students_is_read(db: None) -> None:
    lines = "".join(f"{number:09},Student {number},BA Design,active\n" for number in range(50_000))
    reading = services.read_file(("student_id,name,programme,status\n" + lines).encode())
    assert (len(reading.rows), reading.problems) == (50_000, ())


def test_more_than_a_page_takes_is_for_the_operator(db: None, settings: Any) -> None:
    data, settings.UPLOAD_MAX_BYTES = b"student_id,name\n200135791,CHAN Sam\n", 30
    with pytest.raises(FileRefusal) as refused:
        services.read_file(data)
    assert refusal_sentence(refused.value) == (
        "The file is too large. Split it by faculty or year, or ask the operator to load it."
    )
    assert len(services.read_file(data, services.OPERATOR_LIMITS).rows) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a\0b",
        b"\xff\xff\xff",
        b'a,b\n"never closed,1\n',
        b"<table><tr><td>",
        b"PK\x03\x04 no zip",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"a,b\n1,2\n",
    ],
)
def test_a_file_that_cannot_be_used_gets_a_sentence(db: None, data: bytes) -> None:
    with pytest.raises(FileRefusal) as refused:
        services.read_file(data)
    assert refusal_sentence(refused.value).endswith((".", "?"))
    assert "%(" not in refusal_sentence(refused.value)


def test_every_problem_has_a_sentence(cast: Cast) -> None:
    reading = services.read_file(FILE)
    assert [sentence_of(problem) for problem in reading.problems] == [
        "A student number has 9 digits and nothing else. If a zero at the beginning was lost, format the column "
        "as text."
    ]
    for sentence in (*PROBLEMS.values(), *REFUSALS.values()):
        assert str(sentence).endswith(".")


def test_a_retired_unit_is_still_understood_and_an_unknown_one_is_not(cast: Cast) -> None:
    cast.design.is_active = False
    cast.design.save()
    lines = "student_id,name_en,unit\n200135791,A,設計及環境學院\n200135792,B,Hogwarts\n"
    reading = services.read_file(lines.encode())
    assert [row.unit for row in reading.rows] == ["FDE"]
    assert [problem.code for problem in reading.problems] == ["unknown_unit"]


def test_the_database_refuses_a_student_without_a_name_and_a_number_twice(cast: Cast) -> None:
    for fields in ({"student_number": "200135791"}, {"student_number": "240000001", "name_en": "X"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Participant.objects.create(**fields)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_come_one_after_the_other() -> None:
    cast = make_cast()
    staged = [stage(cast), stage(cast)]
    fingerprint = services.difference_of(services.read_file(FILE)).fingerprint
    start, outcomes = threading.Barrier(2), []

    def run(one: RegisterImport) -> None:
        start.wait()
        try:
            outcomes.append(services.apply_import(acting_user=cast.adam, staged=one, fingerprint=fingerprint).status)
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads: list[Any] = [threading.Thread(target=run, args=(one,)) for one in staged]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["applied", "changed_since"]
    assert Participant.objects.filter(student_number="012345678").count() == 1

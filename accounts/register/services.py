"""Reading a register file, keeping it for the preview, and applying it in one transaction of few statements."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Participant, RegisterImport, Unit, User
from accounts.refusals import Refusal
from accounts.register.comparing import FIELDS, Change, Difference, RegisterEntry, compare
from accounts.register.reading import Problem, RegisterReading, RegisterRow, folded, read_register
from accounts.roles import Permission
from accounts.sheets.formats import read_workbook
from accounts.sheets.limits import limits_in_force
from accounts.sheets.workbook import Limits
from accounts.text import clean_line
from accounts.trail.services import entry, record, record_many

KEPT_FOR = dt.timedelta(days=7)
"""A preview that nobody applied is emptied after a week."""
OPERATOR_LIMITS = Limits(
    max_bytes=50 * 2**20,
    max_inflated=512 * 2**20,
    max_row=500_000,
    max_cells=5_000_000,
    max_elements=15_000_000,
    cpu_seconds=120,
    wall_seconds=180,
    address_space=4 * 2**30,
)
"""What an operator loads at the command line; nobody waits for a page meanwhile."""
COLUMNS = {name: "unit_id" if name == "unit" else name for name in FIELDS}


def limits_of_page() -> Limits:
    """What the page takes: a register has more lines than an attendance sheet."""
    return replace(limits_in_force(), max_row=100_000, max_cells=1_000_000)


def read_file(data: bytes, limits: Limits | None = None) -> RegisterReading:
    """What a register file says, within those of the page unless other limits are given.

    Of a text file in an unknown encoding, the likeliest reading. Raises `accounts.sheets.workbook.Refusal` for a file
    that cannot be used at all.
    """
    workbook = read_workbook(data, limits or limits_of_page())
    return read_register(workbook, units=unit_codes(), student_number_digits=settings.STUDENT_NUMBER_DIGITS)


def unit_codes() -> dict[str, str]:
    """Every way to write a unit (code, English name, Chinese name), folded → its code."""
    written: dict[str, str] = {}
    for code, name_en, name_zh in Unit.objects.order_by("-is_active", "pk").values_list("code", "name_en", "name_zh"):
        for text in filter(None, (code, name_en, name_zh)):
            written.setdefault(folded(text), code)
    return written


def difference_of(reading: RegisterReading) -> Difference:
    """What applying the reading would do to the register as it is now."""
    return compare(reading.rows, register())


def register() -> dict[str, RegisterEntry]:
    """The whole register by student number."""
    names = ["id", "student_number", *(name if name != "unit" else "unit_code" for name in FIELDS)]
    rows = Participant.objects.order_by("student_number").annotate(unit_code=Coalesce("unit__code", Value("")))
    return {row[1]: RegisterEntry(*row) for row in rows.values_list(*names)}


@transaction.atomic
def stage_import(*, acting_user: User, file_name: str, data: bytes, reading: RegisterReading) -> RegisterImport:
    """Keeps what a file says until it is applied or discarded. Previews older than a week are emptied on the way."""
    if not acting_user.may(Permission.IMPORT_REGISTER):
        raise PermissionDenied
    stale = RegisterImport.objects.filter(status="staged", uploaded_at__lt=timezone.now() - KEPT_FOR)
    stale.update(status=RegisterImport.Status.DISCARDED, reading=None)
    staged = RegisterImport.objects.create(
        file_name=clean_line(file_name)[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=acting_user,
        reading=reading.to_json(),
    )
    record(acting_user=acting_user, action="register.uploaded", target=staged, changes={"sha256": staged.sha256})
    return staged


@transaction.atomic
def apply_import(*, acting_user: User, staged: RegisterImport, fingerprint: str) -> RegisterImport:
    """Applies a staged file, once. `fingerprint` is that of the difference that the person saw."""
    staged = RegisterImport.objects.select_for_update().get(pk=staged.pk)
    if staged.status == RegisterImport.Status.APPLIED:
        return staged
    if staged.reading is None:
        raise Refusal("discarded", _("This preview was discarded. Upload the file again."))
    reading = RegisterReading.from_json(staged.reading)
    difference = apply_register(acting_user=acting_user, reading=reading, target=staged, seen_fingerprint=fingerprint)
    staged.status = RegisterImport.Status.APPLIED
    staged.applied_at = timezone.now()
    staged.reading = None
    counts = counts_of(reading, difference)
    for name, count in counts.items():
        setattr(staged, name, count)
    staged.save(update_fields=["status", "applied_at", "reading", *counts])
    return staged


@transaction.atomic
def discard_import(*, acting_user: User, staged: RegisterImport) -> RegisterImport:
    """Forgets a preview that was not applied."""
    if not acting_user.may(Permission.IMPORT_REGISTER):
        raise PermissionDenied
    staged = RegisterImport.objects.select_for_update().get(pk=staged.pk)
    if staged.status == RegisterImport.Status.STAGED:
        staged.status = RegisterImport.Status.DISCARDED
        staged.reading = None
        staged.save(update_fields=["status", "reading"])
        record(acting_user=acting_user, action="register.discarded", target=staged)
    return staged


@transaction.atomic
def import_from_server(*, file_name: str, data: bytes, reading: RegisterReading) -> RegisterImport:
    """Applies a file from the command line, by whoever runs the server."""
    applied = RegisterImport.objects.create(
        file_name=clean_line(file_name)[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        status=RegisterImport.Status.APPLIED,
        applied_at=timezone.now(),
    )
    difference = apply_register(acting_user=None, reading=reading, target=applied)
    counts = counts_of(reading, difference)
    RegisterImport.objects.filter(pk=applied.pk).update(**counts)
    for name, count in counts.items():
        setattr(applied, name, count)
    return applied


def counts_of(reading: RegisterReading, difference: Difference) -> dict[str, int]:
    """The numbers that people are shown; a bad line counts once, however much is wrong with it."""
    bad = {problem.line for problem in (*reading.problems, *difference.problems) if problem.code != "repeated"}
    return {
        "added": len(difference.added),
        "changed": len(difference.changed),
        "left": len(difference.left),
        "same": difference.same,
        "bad_lines": len(bad),
    }


@transaction.atomic
def apply_register(
    *,
    acting_user: User | None,
    reading: RegisterReading,
    target: RegisterImport,
    seen_fingerprint: str | None = None,
) -> Difference:
    """Adds and changes students as the file says; removes nobody. Other writers of the register wait meanwhile.

    `acting_user` None is the command line. Raises Refusal("changed_since") when the person saw another difference.
    """
    if acting_user is not None and not acting_user.may(Permission.IMPORT_REGISTER):
        raise PermissionDenied
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_participant IN SHARE ROW EXCLUSIVE MODE")
    difference = difference_of(reading)
    if seen_fingerprint is not None and seen_fingerprint != difference.fingerprint:
        raise Refusal("changed_since", _("The register has changed since this preview. Look at the new preview below."))
    units = dict(Unit.objects.values_list("code", "pk"))
    added = [_participant(row, units) for row in difference.added]
    changed = [_changed_participant(change, units) for change in difference.changed]
    if added or changed:
        Participant.objects.bulk_create(
            [*added, *changed],
            update_conflicts=True,
            unique_fields=["student_number"],
            update_fields=[*COLUMNS.values(), "updated_at"],
        )
    record_many(_entries(acting_user, added, zip(changed, difference.changed, strict=True)))
    record(acting_user=acting_user, action="register.imported", target=target, changes=counts_of(reading, difference))
    return difference


def _participant(row: RegisterRow, units: dict[str, int]) -> Participant:
    given = {name: getattr(row, name) for name in FIELDS if getattr(row, name) is not None}
    return Participant(student_number=row.student_number, **_as_columns(given, units))


def _changed_participant(change: Change, units: dict[str, int]) -> Participant:
    """The whole participant as it will be: the statement writes every column of every row."""
    kept = {name: getattr(change.entry, name) for name in FIELDS}
    new = {name: new for name, (_old, new) in change.fields.items()}
    return Participant(student_number=change.entry.student_number, **_as_columns({**kept, **new}, units))


def _as_columns(fields: dict[str, Any], units: dict[str, int]) -> dict[str, Any]:
    return {COLUMNS[name]: units.get(value) if name == "unit" else value for name, value in fields.items()}


def _entries(
    acting_user: User | None, added: Iterable[Participant], changed: Iterable[tuple[Participant, Change]]
) -> Iterable[Any]:
    for participant in added:
        yield entry(acting_user=acting_user, action="participant.added", target=participant, participant=participant)
    for participant, change in changed:
        yield entry(
            acting_user=acting_user,
            action="participant.changed",
            target=participant,
            participant=participant,
            changes={name: [_plain(old), _plain(new)] for name, (old, new) in change.fields.items()},
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def all_problems(reading: RegisterReading, difference: Difference) -> list[Problem]:
    """Everything that is wrong in the file, in the order of its lines."""
    return sorted((*reading.problems, *difference.problems), key=lambda problem: problem.line)

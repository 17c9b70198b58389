"""What each page would cost if it did nothing but the least: hand-written SQL, joined strings, COPY."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe

from awards.attendance.formats import read_workbook
from awards.attendance.originals import keep_original
from awards.attendance.review_page import ROWS_A_PAGE

HISTORY = """
    WITH marks AS (
        SELECT activity_id, badge_type_id, status FROM awards_award WHERE participant_id = %s AND status <> 'undone'
        UNION ALL
        SELECT activity_id, badge_type_id, 'withheld' FROM awards_withholding
        WHERE participant_id = %s AND status = 'active'
    ), shown AS (
        SELECT DISTINCT a.id, a.title_en, a.unit_id, a.first_on, a.last_on
        FROM activities_activity a JOIN marks ON marks.activity_id = a.id ORDER BY a.first_on DESC LIMIT 25
    )
    SELECT shown.id, shown.title_en, u.name_en, shown.first_on, shown.last_on, b.code, marks.status
    FROM shown
    JOIN marks ON marks.activity_id = shown.id
    JOIN accounts_unit u ON u.id = shown.unit_id
    JOIN activities_badgetype b ON b.id = marks.badge_type_id
    ORDER BY shown.first_on DESC, b.position
"""
CATALOGUE = """
    SELECT a.id, a.title_en, u.name_en, a.first_on, a.last_on, b.code, a.venue
    FROM (
        SELECT * FROM activities_activity WHERE status = 'published' AND ends_at > now() ORDER BY starts_at LIMIT 25
    ) a
    JOIN accounts_unit u ON u.id = a.unit_id
    JOIN activities_badgeoffer o ON o.activity_id = a.id AND o.closed_at IS NULL
    JOIN activities_badgetype b ON b.id = o.badge_type_id
    ORDER BY a.starts_at, o.position
"""


def count_statements(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware: says in a header how many SQL statements the answer took."""

    def middleware(request: HttpRequest) -> HttpResponse:
        count = 0

        def counted(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counted):
            response = get_response(request)
        response["X-Statements"] = str(count)
        return response

    return middleware


def joined(rows: Iterable[Sequence[Any]]) -> str:
    """A table of the rows, by string joins."""
    lines = ("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return mark_safe("<table class='table'>" + "".join(lines) + "</table>")  # noqa: S308  (escaped cell by cell)


def page(request: HttpRequest, heading: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    return render(request, "bench/floor.html", {"heading": heading, "body": joined(rows)})


def history(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_participant WHERE user_id = %s", [request.user.pk])
        cursor.execute(HISTORY, [cursor.fetchone()[0]] * 2)
        rows = cursor.fetchall()
    return page(request, "Activity History", rows)


def catalogue(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE)
        rows = cursor.fetchall()
    return page(request, "Coming activities", rows)


# --- Upload -----------------------------------------------------------------------------------------------------------


def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads the file in the guarded child, keeps it, stores what was read, and sends on to the preview."""
    file = request.FILES["file"]
    assert isinstance(file, UploadedFile)
    data = file.read()
    book = read_workbook(data)
    rows = [[str(cell or "") for cell in row] for row in book.sheets[0].rows if len(row) > 2][1:]
    sha256 = hashlib.sha256(data).hexdigest()
    stored_as = keep_original(data)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT_UPLOAD, [pk, len(data), sha256, stored_as, request.user.pk, json.dumps(rows)])
        (key,) = cursor.fetchone()
        changes = json.dumps({"activity": "DB9900-0001", "sha256": sha256, "bytes": len(data), "rows": len(rows)})
        cursor.execute(ONE_ENTRY, [request.user.pk, "attendance.uploaded", key, changes])
    return redirect("bench-preview", pk=key)


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows as they were read, as many as a page of ours shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reading FROM attendance_attendanceupload WHERE id = %s", [pk])
        return page(request, "Preview", json.loads(cursor.fetchone()[0])[:ROWS_A_PAGE])


def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Stores the rows as they were read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT reading FROM attendance_attendanceupload WHERE id = %s FOR UPDATE", [pk])
        store(cursor, request.user.pk, pk, json.loads(cursor.fetchone()[0]))
    return redirect("bench-receipt", pk=pk)


def store(cursor: Any, user: Any, pk: int, rows: Sequence[Sequence[str]]) -> None:
    """COPYs as many rows into the same tables as a commit writes: rows, awards, their events, the trail."""
    cursor.execute(
        "SELECT a.id, a.code, a.rules_id, a.days, a.max_badges, u.key "
        "FROM attendance_attendanceupload u JOIN activities_activity a ON a.id = u.activity_id WHERE u.id = %s",
        [pk],
    )
    activity, code, rules, days, most, key = cursor.fetchone()
    cursor.execute(
        "SELECT b.id, v.id, b.code FROM activities_badgeoffer o JOIN activities_badgetype b ON b.id = "
        "o.badge_type_id JOIN activities_badgeversion v ON v.badge_type_id = b.id AND v.version = b.version "
        "WHERE o.activity_id = %s",
        [activity],
    )
    badges = cursor.fetchall()
    numbers = [row[0] for row in rows]
    cursor.execute("SELECT student_number, id FROM accounts_participant WHERE student_number = ANY(%s)", [numbers])
    people = dict(cursor.fetchall())
    row_ids = take_ids(cursor, "attendance_attendancerow", len(people))
    award_ids = take_ids(cursor, "awards_award", len(people) * len(badges))
    known = [(id, people[row[0]], row) for id, row in zip(row_ids, (r for r in rows if r[0] in people), strict=True)]
    copy(cursor, ROWS, ([id, pk, "Attendance", line, row[0], row[1], json.dumps({"attended": row[2], "EC": row[3]}),
                         who, "award", "", "{}", ""]
                        for line, (id, who, row) in enumerate(known, start=9)))  # fmt: skip
    pairs = [(row, who, badge) for row, who, _read in known for badge in badges]
    awards = list(zip(award_ids, pairs, strict=True))
    copy(cursor, AWARDS, ([id, who, activity, badge, version, rules, days, most, row, user, "", "active"]
                          for id, (row, who, (badge, version, _code)) in awards))  # fmt: skip
    copy(cursor, EVENTS, ([id, "awarded", user, ""] for id, _pair in awards))
    copy(cursor, TRAIL, ([user, "award.given", "award", id, who, json.dumps(
                            {"status": [None, "active"], "badge": badge[2], "activity": code, "record": str(key)}),
                          ""] for id, (_row, who, badge) in awards))  # fmt: skip
    cursor.execute(FINISH_UPLOAD, [user, timezone.now(), len(people), len(people), len(awards), pk])
    changes = json.dumps({"activity": code, "status": ["staged", "committed"], "rows": len(people)})
    cursor.execute(ONE_ENTRY, [user, "attendance.committed", pk, changes])


def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows as they were kept, with what they gave, as many as a page of ours shows."""
    with connection.cursor() as cursor:
        cursor.execute(RECEIPT, [pk, ROWS_A_PAGE])
        return page(request, "Receipt", cursor.fetchall())


INSERT_UPLOAD = """
    INSERT INTO attendance_attendanceupload
    SELECT (jsonb_populate_record(NULL::attendance_attendanceupload, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('attendance_attendanceupload', 'id')), 'key', gen_random_uuid(),
        'activity_id', %s, 'status', 'staged', 'mode', 'adds', 'file_name', 'x.xlsx', 'file_size', %s, 'sha256', %s,
        'stored_as', %s, 'file_format', 'xlsx', 'uploaded_by_id', %s, 'uploaded_at', now(), 'reading', %s::jsonb,
        'is_late', false, 'row_count', 0, 'award_row_count', 0, 'no_award_row_count', 0, 'parked_row_count', 0,
        'ignored_row_count', 0, 'award_count', 0, 'unchanged_count', 0, 'withholding_count', 0, 'undone_because', '',
        'filing', '', 'filing_note', '', 'answers', '{}'::jsonb, 'revoked_count', 0, 'lifted_count', 0,
        'left_out_count', 0, 'mended_row_count', 0, 'file_question', '', 'taken_back_because', '', 'filing_answer', ''
    ))).* RETURNING id
"""
ONE_ENTRY = """
    INSERT INTO trail_auditentry (actor_id, action, target_type, target_id, changes, reason)
    VALUES (%s, %s, 'attendanceupload', %s, %s, '')
"""
RECEIPT = """
    SELECT r.line, r.raw_id, p.name_en, p.name_zh, b.code
    FROM (SELECT * FROM attendance_attendancerow WHERE upload_id = %s ORDER BY id LIMIT %s) r
    JOIN accounts_participant p ON p.id = r.participant_id
    JOIN awards_award a ON a.row_id = r.id
    JOIN activities_badgetype b ON b.id = a.badge_type_id
    ORDER BY r.id
"""
FINISH_UPLOAD = """
    UPDATE attendance_attendanceupload SET status = 'committed', committed_by_id = %s, committed_at = %s,
        row_count = %s, award_row_count = %s, award_count = %s, filing = 'open', reading = NULL WHERE id = %s
"""
ROWS = (
    "attendance_attendancerow (id, upload_id, sheet, line, raw_id, raw_name, marks, participant_id, outcome, reason, "
    "warnings, settlement)"
)
AWARDS = (
    "awards_award (id, participant_id, activity_id, badge_type_id, badge_version_id, rules_id, days, max_badges, "
    "row_id, awarded_by_id, note, status)"
)
EVENTS = "awards_awardevent (award_id, kind, by_id, reason)"
TRAIL = "trail_auditentry (actor_id, action, target_type, target_id, participant_id, changes, reason)"


def take_ids(cursor: Any, table: str, count: int) -> list[int]:
    """So many new ids of a table."""
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
    return [row[0] for row in cursor.fetchall()]


def copy(cursor: Any, table: str, rows: Iterable[Sequence[Any]]) -> None:
    text = StringIO("".join("\t".join(str(cell).replace("\\", "\\\\") for cell in row) + "\n" for row in rows))
    cursor.copy_expert(f"COPY {table} FROM STDIN", text)

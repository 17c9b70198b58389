"""What each page would cost if it did nothing but the least: hand-written SQL, joined strings, COPY."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe

from awards.attendance.formats import read_workbook
from awards.attendance.originals import keep_original

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
    """Reads the file in the guarded child, keeps it, and stores what was read."""
    data = request.FILES["file"].read()
    book = read_workbook(data)
    rows = [[str(cell or "") for cell in row] for row in book.sheets[0].rows if len(row) > 2][1:]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT_UPLOAD, [pk, len(data), hashlib.sha256(data).hexdigest(), keep_original(data),
                                       request.user.pk, json.dumps(rows)])  # fmt: skip
        (key,) = cursor.fetchone()
    return HttpResponse(str(key))


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows as they were read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reading FROM attendance_attendanceupload WHERE id = %s", [pk])
        rows = cursor.fetchone()[0]
    return page(request, "Preview", json.loads(rows) if isinstance(rows, str) else rows)


def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """COPYs as many rows into the same tables as a commit writes: rows, awards, their events, the trail."""
    numbers = request.POST["numbers"].split(",")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.activity_id, a.rules_id, a.days, a.max_badges, array_agg(o.badge_type_id) FROM "
            "attendance_attendanceupload u JOIN activities_activity a ON a.id = u.activity_id JOIN "
            "activities_badgeoffer o ON o.activity_id = a.id WHERE u.id = %s GROUP BY 1, 2, 3, 4",
            [pk],
        )
        activity, rules, days, most, badges = cursor.fetchone()
        cursor.execute("SELECT id FROM accounts_participant WHERE student_number = ANY(%s)", [numbers])
        people = [row[0] for row in cursor.fetchall()]
        row_ids = take_ids(cursor, "attendance_attendancerow", len(people))
        award_ids = take_ids(cursor, "awards_award", len(people) * len(badges))
        copy(cursor, ROWS, ([id, pk, "A", n, "x", "x", "{}", who, "award", "", "{}", ""]
                            for n, (id, who) in enumerate(zip(row_ids, people, strict=True), start=9)))  # fmt: skip
        pairs = [(row, who, badge) for row, who in zip(row_ids, people, strict=True) for badge in badges]
        awards = list(zip(award_ids, pairs, strict=True))
        copy(cursor, AWARDS, ([id, who, activity, badge, badge, rules, days, most, row, request.user.pk, "", "active"]
                              for id, (row, who, badge) in awards))  # fmt: skip
        copy(cursor, EVENTS, ([id, "awarded", request.user.pk, ""] for id, _pair in awards))
        copy(cursor, TRAIL, ([request.user.pk, "award.given", "award", id, who, '{"status": "active"}', ""]
                             for id, (_row, who, _badge) in awards))  # fmt: skip
        cursor.execute(FINISH_UPLOAD, [request.user.pk, timezone.now(), len(people), len(people), len(awards), pk])
    return HttpResponse("done")


INSERT_UPLOAD = """
    INSERT INTO attendance_attendanceupload
    SELECT (jsonb_populate_record(NULL::attendance_attendanceupload, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('attendance_attendanceupload', 'id')), 'key', gen_random_uuid(),
        'activity_id', %s, 'status', 'staged', 'mode', 'adds', 'file_name', 'x.xlsx', 'file_size', %s, 'sha256', %s,
        'stored_as', %s, 'file_format', 'xlsx', 'uploaded_by_id', %s, 'uploaded_at', now(), 'reading', %s::jsonb,
        'is_late', false, 'row_count', 0, 'award_row_count', 0, 'no_award_row_count', 0, 'parked_row_count', 0,
        'ignored_row_count', 0, 'award_count', 0, 'unchanged_count', 0, 'withholding_count', 0, 'undone_because', '',
        'filing', '', 'filing_note', '', 'answers', '{}'::jsonb, 'revoked_count', 0, 'lifted_count', 0,
        'left_out_count', 0, 'file_question', '', 'taken_back_because', '', 'filing_answer', ''
    ))).* RETURNING id
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

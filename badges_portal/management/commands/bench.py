"""Measures the portal against floors in the same run; exits 1 where a ratio is above its goal."""

from __future__ import annotations

import statistics
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test.utils import override_settings
from openpyxl import load_workbook

from accounts.models import Participant, User
from activities.models import Activity
from awards.attendance.sheet import SheetFor, write_sheet
from badges_portal.bench import loads, papers
from badges_portal.bench.browser import Browser, hidden_fields, seconds
from badges_portal.bench.serving import memory_watched, server
from badges_portal.bench.world import ORGANISER, STUDENT, build, past_activity

GOAL = 2.0
LARGE = 5_000
"""Rows of the largest sheet that is measured."""
MOST_MEMORY = 150.0
"""Megabytes that the server with its reading child may take above what it takes when idle."""
DATABASE = "badges_bench"


@dataclass(frozen=True)
class Measure:
    """One line of the report, in seconds (or statements, for the last kind)."""

    name: str
    ours: float
    floor: float
    goal: float = GOAL
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        return self.ours / self.floor

    def __str__(self) -> str:
        scale = 1000 if self.unit == "ms" else 1
        ours, floor = (f"{value * scale:8.1f} {self.unit}" for value in (self.ours, self.floor))
        verdict = "" if self.ratio <= self.goal else "  ABOVE THE GOAL"
        return f"{self.name:<30} ours {ours}  floor {floor}  ratio {self.ratio:5.2f}  goal {self.goal:.1f}{verdict}"


class Command(BaseCommand):
    help = "Measures uploads, pages and a NAT against their floors, in a scratch database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--runs", type=int, default=9, help="how often each is measured; the median counts")
        parser.add_argument("--only", choices=[*MEASURED], action="append", help="measure only this; may be repeated")

    def handle(self, *args: Any, runs: int, only: list[str] | None, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Measure on a machine of its own, not in production: unset PORTAL_MODE.")
        with scratch_database():
            build()
            analyse()
            found = []
            for measure in chain.from_iterable(MEASURED[name](runs) for name in only or MEASURED):
                self.stdout.write(str(measure))
                self.stdout.flush()
                found.append(measure)
        above = [measure.name for measure in found if measure.ratio > measure.goal]
        if above:
            raise CommandError(f"Above the goal: {', '.join(above)}.")


def papers_measured(runs: int) -> Iterator[Measure]:
    content = papers.content_of_twenty(Participant.objects.get(user__cna=STUDENT))
    recorded = papers.record(content)
    paper = interleaved(lambda: papers.ours(content), lambda: papers.floor(recorded), runs * 3)
    yield Measure(f"NAT of {len(content.entries)} activities", *paper)


def pages_measured(runs: int) -> Iterator[Measure]:
    with server() as port:
        student = Browser(port, User.objects.get(cna=STUDENT))
        for name, path in (("history", "/history/"), ("catalogue", "/activities/")):
            barely = f"/bench/{name}/"
            page = interleaved(partial(student.get, path), partial(student.get, barely), runs * 3)
            yield Measure(f"{name}, 25 entries a page", *page)


def uploads_measured(runs: int) -> Iterator[Measure]:
    with server() as port:
        organiser = Browser(port, User.objects.get(cna=ORGANISER))
        statements = {}
        for rows in (30, 300):
            ours, floor, statements[rows] = measure_uploads(organiser, rows, runs)
            yield Measure(f"upload of {rows} rows", ours, floor)
        yield Measure("statements, 300 rows over 30", statements[300], statements[30], goal=1.0, unit="SQL")


def large_measured(runs: int) -> Iterator[Measure]:
    loads.more_students(LARGE)
    analyse()
    with server() as port:
        organiser = Browser(port, User.objects.get(cna=ORGANISER))
        with memory_watched() as watched:
            ours, floor, _ = measure_uploads(organiser, LARGE, max(3, runs // 3))
        yield Measure(f"upload of {LARGE:,} rows", ours, floor)
        yield Measure("memory above the idle server", watched.above_idle, MOST_MEMORY, goal=1.0, unit="MB")


def load_measured(_runs: int) -> Iterator[Measure]:
    ours, floor = loads.measured(analyse)
    yield Measure(f"bulk load of {loads.ACTIVITIES * loads.STUDENTS:,} rows", ours, floor, unit="s ")


MEASURED = {
    "paper": papers_measured,
    "pages": pages_measured,
    "uploads": uploads_measured,
    "large": large_measured,
    "load": load_measured,
}


def measure_uploads(organiser: Browser, rows: int, runs: int) -> tuple[float, float, int]:
    """Medians of ours and the floor, each time with a new activity and sheet, and the statements that ours takes."""
    ours, floor, statements = [], [], 0
    for _ in range(runs + 1):
        activity, data = prepare_sheet(rows)
        organiser.statements = 0
        ours.append(seconds(partial(upload, organiser, activity, data)))
        statements = organiser.statements
        floor.append(seconds(partial(upload_barely, organiser, *prepare_sheet(rows))))
    return statistics.median(ours[1:]), statistics.median(floor[1:]), statements


def interleaved(ours: Callable[[], Any], floor: Callable[[], Any], runs: int) -> tuple[float, float]:
    """Medians of both, measured in turn after a warm-up of each."""
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs + 2):
        for times, work in zip(spent, (ours, floor), strict=True):
            times.append(seconds(work))
    return statistics.median(spent[0][2:]), statistics.median(spent[1][2:])


def prepare_sheet(rows: int) -> tuple[Activity, bytes]:
    """A past activity, and its sheet filled in for so many students."""
    activity = past_activity()
    people = list(Participant.objects.order_by("pk")[:rows])
    listed = [(person.student_number, person.full_name) for person in people]
    offers = activity.offers.select_related("badge_type").order_by("position")
    badges = [(offer.badge_type.code, offer.badge_type.name) for offer in offers]
    data = write_sheet(SheetFor(activity.code, activity.title, "", badges, listed))
    return activity, fill(data, listed, len(badges))


def fill(data: bytes, listed: list[tuple[str, str]], badges: int) -> bytes:
    """The sheet with a Y in every mark of the listed students."""
    book = load_workbook(BytesIO(data))
    page = book["Attendance"]
    numbers = {number for number, _name in listed}
    for line in range(1, page.max_row + 1):
        if page.cell(line, 1).value in numbers:
            for column in range(3, 4 + badges):
                page.cell(line, column).value = "Y"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(browser: Browser, activity: Activity, data: bytes) -> None:
    """Upload, preview, commit and receipt as a browser does them."""
    review, _ = browser.send_file(f"/organise/{activity.pk}/attendance/", data)
    shown = hidden_fields(browser.get(review))
    receipt, _ = browser.post(f"{review}commit/", shown)
    if "receipt" not in receipt:
        raise CommandError(f"The sheet was not committed: {review}")
    browser.get(receipt)


def upload_barely(browser: Browser, activity: Activity, data: bytes) -> None:
    preview, _ = browser.send_file(f"/bench/upload/{activity.pk}/", data)
    shown = hidden_fields(browser.get(preview))
    receipt, _ = browser.post(preview.replace("preview", "commit"), shown)
    browser.get(receipt)


# --- Where it is measured -------------------------------------------------------------------------------------------


def analyse() -> None:
    """Lets PostgreSQL look at the new data, which a database in use has had done in the background."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of this measurement's own, with every migration, dropped afterwards."""
    kept = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with override_settings(UPLOAD_DIR=settings.VAR_DIR / "bench"):  # originals of the demo go there too
            yield
    finally:
        connection.creation.destroy_test_db(kept, verbosity=0)

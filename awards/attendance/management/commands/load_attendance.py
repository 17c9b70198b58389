"""Loads the attendance of many activities from one CSV file: a committed record for each, with a progress bar."""

from __future__ import annotations

import gc
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from accounts.models import User
from accounts.roles import Permission
from activities.models import Activity
from awards.attendance.deciding import Answers, Decision
from awards.attendance.formats import Refusal, read_workbook
from awards.attendance.loading import LOAD_LIMITS, load_part, try_part
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.sentences import refusal_sentence, row_sentence
from awards.attendance.splitting import Part, Split, Unsplittable, split_by_activity
from awards.models import WithholdingReason

LISTED = 20
"""So many lines that wait for an answer are printed; the portal lists them all."""
REASONS = [reason.value for reason in WithholdingReason if reason != WithholdingReason.OTHER]


class Command(BaseCommand):
    help = (
        "Commits an attendance record for each activity of a CSV file. Its columns are those of an attendance sheet, "
        "and “Activity code”. A record is stored whole or not at all; started again, it passes over what it has stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="CNA", help="the scheme administrator who answers for it")
        parser.add_argument("--dry-run", action="store_true", help="say what would be stored and store nothing")
        parser.add_argument("--withheld-reason", choices=REASONS, default="", help="where the file gives no reason")
        parser.add_argument(
            "--yes", action="store_true", help="answer yes where a whole activity asks, such as “nobody gets a badge”"
        )

    def handle(self, *_args: Any, file: Path, by: str, dry_run: bool, **options: Any) -> None:
        actor = User.objects.filter(cna=by, is_active=True).first()
        if actor is None or not actor.may(Permission.MANAGE_ALL_ACTIVITIES):
            raise CommandError(f"{by} is not the CNA of a scheme administrator.")
        split, source = read(file)
        load = Load(self, actor, source, answers_of(options), dry_run=dry_run)
        load.run(split)
        said = "Dry run, nothing stored: " if dry_run else ""
        self.stdout.write(said + load.summary())
        left_out = load.left_out + len(split.strays)
        if left_out:
            raise CommandError(f"{left_out:,} lines were left out, for the reasons above.")


def read(file: Path) -> tuple[Split, str]:
    """The parts of the file, and its name with the hash of its bytes."""
    try:
        data = file.read_bytes()
        split = split_by_activity(read_workbook(data, LOAD_LIMITS))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except Unsplittable as error:
        raise CommandError(str(error)) from error
    except Refusal as refusal:
        raise CommandError(refusal_sentence(refusal)) from refusal
    gc.freeze()  # the lines stay to the end: not to be looked through again and again for garbage
    return split, f"{file.name} (SHA-256 {sha256(data).hexdigest()[:16]})"


def answers_of(options: Mapping[str, Any]) -> Answers:
    return Answers(file=True if options["yes"] else None, withheld_reason=options["withheld_reason"])


class Load:
    """One run over the parts, and what it counts."""

    def __init__(self, command: BaseCommand, actor: User, source: str, answers: Answers, *, dry_run: bool) -> None:
        self.command, self.actor, self.source, self.answers, self.dry_run = command, actor, source, answers, dry_run
        self.records = self.passed_over = self.left_out = self.listed = 0
        self.counts: Counter[str] = Counter()

    def run(self, split: Split) -> None:
        for line in split.strays[:LISTED]:
            self.say(f"line {line}: no activity code.")
        activities = self.activities(split.parts)
        bar = Progress(self.command, len(split.parts), split.row_count)
        for part in split.parts:
            try:
                self.take(part, activities.get(part.code))
            except (AttendanceRefused, Refusal) as refused:
                self.leave_out(part, sentence_of(refused))
            except DatabaseError as error:
                raise CommandError(
                    f"The database stopped at {part.code} ({type(error).__name__}). {self.summary()} "
                    "Nothing of that activity was stored: run the command again, and it goes on from there."
                ) from error
            bar.advance(len(part.rows))
        bar.end()

    def activities(self, parts: Iterable[Part]) -> dict[str, Activity]:
        wanted = Activity.objects.managed_by(self.actor).filter(code__in=[part.code for part in parts])
        return {activity.code: activity for activity in wanted}

    def take(self, part: Part, activity: Activity | None) -> None:
        if activity is None:
            self.leave_out(part, "there is no such activity.")
            return
        if self.dry_run:
            done = try_part(activity=activity, part=part, answers=self.answers)
        else:
            done = load_part(
                acting_user=self.actor, activity=activity, part=part, source=self.source, answers=self.answers
            )
        if done.decision is None:
            self.passed_over += 1
            return
        self.records += 1
        self.count(part, done.decision)

    def count(self, part: Part, decision: Decision) -> None:
        counts = decision.counts
        self.counts += Counter(
            rows=counts.total,
            awards=sum(len(row.awards) for row in decision.rows),
            parked=counts.parked,
            without=counts.no_award,
            ignored=counts.ignored,
        )
        for row in decision.rows:
            if row.is_parked and self.listed < LISTED:
                self.listed += 1
                self.say(f"{part.code}, row {row.row.line}: waits for an answer. {row_sentence(row.reason)}")

    def leave_out(self, part: Part, why: str) -> None:
        self.left_out += len(part.rows)
        self.say(f"{part.code}, {len(part.rows)} lines from line {part.lines[0]} on, left out: {why}")

    def say(self, sentence: str) -> None:
        self.command.stderr.write(sentence)

    def summary(self) -> str:
        of = self.counts
        return (
            f"{self.records:,} records with {of['rows']:,} rows, {of['awards']:,} badges awarded, "
            f"{of['without']:,} rows without a badge, {of['parked']:,} waiting for an answer, {of['ignored']:,} about "
            f"nobody; {self.passed_over:,} activities were stored before."
        )


def sentence_of(refused: AttendanceRefused | Refusal) -> str:
    return refused.sentence if isinstance(refused, AttendanceRefused) else refusal_sentence(refused)


class Progress:
    """A bar on a terminal; elsewhere a line for each tenth."""

    WIDTH = 30

    def __init__(self, command: BaseCommand, parts: int, rows: int) -> None:
        self.out = command.stderr
        self.is_terminal = self.out.isatty()
        self.parts, self.rows = parts, max(rows, 1)
        self.done_parts = self.done_rows = self.tenth = 0
        self.began = time.monotonic()

    def advance(self, rows: int) -> None:
        self.done_parts += 1
        self.done_rows += rows
        share = self.done_rows / self.rows
        if self.is_terminal:
            self.out.write(f"\r{self.line(share)}", ending="")
            self.out.flush()
        elif int(share * 10) > self.tenth:
            self.tenth = int(share * 10)
            self.out.write(self.line(share))

    def line(self, share: float) -> str:
        spent = time.monotonic() - self.began
        left = round(spent / share - spent) if share else 0
        full = round(share * self.WIDTH)
        return (
            f"[{'#' * full}{'.' * (self.WIDTH - full)}] {share:4.0%}  {self.done_rows:,} of {self.rows:,} rows, "
            f"{self.done_parts:,} of {self.parts:,} activities, {left // 60}:{left % 60:02} left"
        )

    def end(self) -> None:
        if self.is_terminal:
            self.out.write("")

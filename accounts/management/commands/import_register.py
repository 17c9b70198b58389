"""Imports a student register file and prints what it changed and every line that was left out."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.register.afterwards import tell_the_others
from accounts.register.sentences import refusal_sentence, sentence_of
from accounts.register.services import (
    OPERATOR_LIMITS,
    all_problems,
    counts_of,
    difference_of,
    import_from_server,
    read_file,
)
from accounts.sheets.workbook import Refusal


class Command(BaseCommand):
    help = "Add and change students as a CSV or XLSX file says. Nobody is removed; wrong lines are named and left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")

    def handle(self, *_args: Any, file: Path, dry_run: bool, **_options: Any) -> None:
        try:
            data = file.read_bytes()
            reading = read_file(data, OPERATOR_LIMITS)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Refusal as refusal:
            raise CommandError(refusal_sentence(refusal)) from refusal
        difference = difference_of(reading)
        for problem in all_problems(reading, difference):
            place = ", ".join(filter(None, (f"line {problem.line}", problem.column, repr(problem.value))))
            self.stderr.write(f"{place}: {sentence_of(problem)}")
        if dry_run:
            counts = counts_of(reading, difference)
        else:
            applied = import_from_server(file_name=file.name, data=data, reading=reading)
            counts = {name: getattr(applied, name) for name in counts_of(reading, difference)}
        said = "Dry run, nothing written: " if dry_run else ""
        self.stdout.write(
            f"{said}{counts['added']} added, {counts['changed']} changed, {counts['same']} unchanged, "
            f"{counts['left']} in the register but not in the file, {counts['bad_lines']} lines left out."
        )
        for sentence in [] if dry_run else tell_the_others():
            self.stdout.write(sentence)

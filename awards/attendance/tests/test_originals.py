"""Originals are kept byte for byte, under a name that tells nothing."""

from __future__ import annotations

import resource
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from awards.attendance.originals import keep_original, path_of, remove_original
from awards.attendance.refusals import AttendanceRefused


def test_the_bytes_are_kept_as_they_are_under_a_random_name(settings: Any) -> None:
    data = bytes(range(256)) * 3
    name = keep_original(data)
    assert path_of(name).read_bytes() == data
    assert str(uuid.UUID(name)) == name
    assert [path.name for path in Path(settings.UPLOAD_DIR).iterdir()] == [name]


def test_the_same_bytes_twice_are_two_files() -> None:
    assert keep_original(b"same") != keep_original(b"same")


def test_removing_an_original_twice_is_no_error() -> None:
    name = keep_original(b"gone soon")
    remove_original(name)
    remove_original(name)
    assert not path_of(name).exists()


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """As on a disk that is full: a file cannot grow further."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, kept)


def test_a_disk_that_takes_no_more_is_said_and_keeps_no_half_of_the_file(settings: Any) -> None:
    keep_original(b"there is a directory")
    with files_no_longer_than(100), pytest.raises(AttendanceRefused) as refused:
        keep_original(bytes(1_000))
    assert (refused.value.code, refused.value.sentence.split(":")[0]) == (
        "not_kept",
        "The portal cannot keep files just now",
    )
    assert len(list(Path(settings.UPLOAD_DIR).iterdir())) == 1

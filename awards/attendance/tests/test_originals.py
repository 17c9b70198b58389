"""Originals are kept byte for byte, under a name that tells nothing."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from awards.attendance.originals import keep_original, path_of, remove_original


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

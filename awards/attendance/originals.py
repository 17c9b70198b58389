"""The uploaded files, byte for byte, outside every served root."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from django.conf import settings


def keep_original(data: bytes) -> str:
    """Writes the bytes durably under a new random name and returns that name (a path below UPLOAD_DIR).

    Written beside and renamed, with both the file and the directory flushed to the disk: after a crash the file is
    there whole or not at all. A file that no row names is harmless.
    """
    directory = Path(settings.UPLOAD_DIR)
    directory.mkdir(parents=True, exist_ok=True)
    name = str(uuid.uuid4())
    unfinished = directory / f".{name}.part"
    with unfinished.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(directory / name)
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return name


def path_of(stored_as: str) -> Path:
    """Where the original with this name lies; it may be gone when its record was never committed."""
    return Path(settings.UPLOAD_DIR) / stored_as


def remove_original(stored_as: str) -> None:
    """Removes the original of a record that was never committed; one that is gone already is no error."""
    path_of(stored_as).unlink(missing_ok=True)

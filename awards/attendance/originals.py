"""The uploaded files, byte for byte, outside every served root."""

from __future__ import annotations

import logging
import os
import uuid
from pathlib import Path

from django.conf import settings

from awards.attendance.refusals import AttendanceRefused

log = logging.getLogger(__name__)


def keep_original(data: bytes) -> str:
    """Writes the bytes durably under a new random name and returns that name (a path below UPLOAD_DIR).

    Written beside and renamed, with both the file and the directory flushed to the disk: after a crash the file is
    there whole or not at all. A file that no row names is harmless. Raises AttendanceRefused not_kept where the disk
    does not take it.
    """
    try:
        return _keep(Path(settings.UPLOAD_DIR), data)
    except OSError as error:
        log.error("An original could not be kept: error %s", error.errno)
        raise AttendanceRefused("not_kept") from error


def _keep(directory: Path, data: bytes) -> str:
    directory.mkdir(parents=True, exist_ok=True)
    name = str(uuid.uuid4())
    unfinished = directory / f".{name}.part"
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(directory / name)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
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

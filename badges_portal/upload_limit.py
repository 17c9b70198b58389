"""Stops an upload that is too large while it arrives, before anything of it is kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload


class LimitedUploadHandler(MemoryFileUploadHandler):
    """Keeps a file in memory up to UPLOAD_MAX_BYTES; a larger one is marked `request.upload_too_large` and dropped."""

    def handle_raw_input(  # type: ignore[override]
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None = None
    ) -> None:
        self.received = 0
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_MAX_BYTES:
            assert self.request is not None
            self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)

"""What other wings do once a register file was applied. The settings name them, as nothing here imports upwards."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string


def tell_the_others() -> list[str]:
    """Calls each function of AFTER_REGISTER_IMPORT, after the import's own transaction, and returns what they did.

    Each keeps its own transactions and can be called again: what was killed in between is caught up every night.
    """
    said = (import_string(path)() for path in settings.AFTER_REGISTER_IMPORT)
    return [sentence for sentence in said if sentence]

"""How long each kind of record is kept (an assumption: the institution sets its own schedule here)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RETENTION: tuple[tuple[str | Promise, str | Promise], ...] = (
    (_("Uploaded sheets that were not committed"), _("7 days")),
    (_("Original attendance sheets"), _("2 academic years")),
    (_("Marks of absence, and badges that were not awarded"), _("2 years")),
    (_("Badges earned and transcripts"), _("until 7 years after you leave the institution")),
    (_("Who looked at what"), _("1 year")),
    (_("The audit trail of changes"), _("7 years")),
)
"""Kind of record → period, as the privacy notice says it."""

"""The append-only audit trail: who, what, when, old and new, why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.trail.querysets import AuditEntryQuerySet
from accounts.trail.refusals import append_only


class AuditEntry(models.Model):
    """One thing that somebody did. The database refuses to change or delete it."""

    at = models.DateTimeField(_("when"), db_default=Now(), db_index=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("what"), max_length=60, db_index=True)
    target_type = models.CharField(_("kind of record"), max_length=40)
    target_id = models.CharField(_("record"), max_length=40)
    participant = models.ForeignKey(
        "accounts.Participant", models.PROTECT, null=True, related_name="+", verbose_name=_("participant")
    )
    changes = models.JSONField(_("old and new"), default=dict)
    reason = models.TextField(_("why"), blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_entry_target")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"

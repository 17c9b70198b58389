"""What people are told: written with what causes it, read in the portal, and mailed afterwards."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.messages.querysets import MessageQuerySet


class Message(models.Model):
    """Something that one person is told. The words are made of `kind` and `context` when it is read or mailed."""

    class Mail(models.TextChoices):
        """How far the copy by e-mail has come."""

        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        OFF = "off", _("in the portal only")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages", verbose_name=_("recipient"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(max_length=120, help_text=_("Tells one occasion of the kind from another"))
    context = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=300, blank=True, help_text=_("The page it leads to, as a path of this portal"))
    created_at = models.DateTimeField(_("written at"), db_default=Now(), editable=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mail = models.CharField(_("e-mail"), max_length=8, choices=Mail, default=Mail.OFF)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    mail_due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [models.UniqueConstraint(fields=["recipient", "kind", "key"], name="message_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="message_inbox"),
            models.Index(fields=["recipient"], name="message_unread", condition=Q(read_at=None)),
            models.Index(fields=["mail_due_at"], name="message_to_mail", condition=Q(mail="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

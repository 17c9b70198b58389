"""What is printed and checked: requests for the Non-Academic Transcript (NAT), the NAT, and each printing of it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Participant
from accounts.trail.refusals import append_only, never_removed
from transcripts.querysets import TranscriptQuerySet, TranscriptRequestQuerySet


class TranscriptRequest(models.Model):
    """A student's written request for the NAT."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("requested")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        CANCELLED = "cancelled", _("cancelled")
        ISSUED = "issued", _("issued")
        COLLECTED = "collected", _("collected")

    class Purpose(models.TextChoices):
        JOB = "job", _("Job application")
        STUDY = "study", _("Further study")
        SCHOLARSHIP = "scholarship", _("Scholarship or award")
        PERSONAL = "personal", _("Own record")
        OTHER = "other", _("Other")

    class Delivery(models.TextChoices):
        COLLECT = "collect", _("Collect on paper")
        DIGITAL = "digital", _("Digital copy")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("portal")
        LETTER = "letter", _("letter")
        EMAIL = "email", _("e-mail")

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="transcript_requests")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    purpose_text = models.CharField(_("purpose in words"), max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)
    delivery = models.CharField(_("delivery"), max_length=8, choices=Delivery, default=Delivery.COLLECT)
    channel = models.CharField(_("asked by"), max_length=8, choices=Channel, default=Channel.PORTAL)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REQUESTED)
    requested_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(_("note to the student"), blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)

    objects = TranscriptRequestQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at"]
        verbose_name = _("NAT request")
        verbose_name_plural = _("NAT requests")
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(status__in=["requested", "accepted"]),
                name="transcript_request_one_pending",
            ),
            models.CheckConstraint(condition=Q(copies__gte=1, copies__lte=20), name="transcript_request_copies"),
        ]


class Transcript(models.Model):
    """A frozen, numbered NAT. Its content never changes; only its state does."""

    class Status(models.TextChoices):
        ISSUED = "issued", _("issued")
        VOID = "void", _("void")

    serial = models.CharField(_("serial number"), max_length=20, unique=True)
    code = models.CharField(_("verification code"), max_length=40, unique=True)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="transcripts")
    request = models.ForeignKey(TranscriptRequest, models.PROTECT, null=True, blank=True, related_name="transcripts")
    content = models.JSONField(_("content as printed"))
    content_sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ISSUED)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.TextField(_("why void"), blank=True)

    objects = TranscriptQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-id"]
        verbose_name = _("NAT")
        verbose_name_plural = _("NATs")
        triggers = [
            *never_removed(),
            pgtrigger.ReadOnly(name="only_state_changes", exclude=["status", "voided_at", "void_reason"]),
        ]

    def __str__(self) -> str:
        return self.serial


class TranscriptEntry(models.Model):
    """Which award stands on which NAT, so that a paper can be compared with today's record."""

    transcript = models.ForeignKey(Transcript, models.PROTECT, related_name="entries")
    award = models.ForeignKey("awards.Award", models.PROTECT, related_name="transcript_entries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transcript", "award"], name="transcript_entry_once")]


class PrintJob(models.Model):
    """One printing of a NAT; the first is number 1, reprints count on."""

    transcript = models.ForeignKey(Transcript, models.PROTECT, related_name="prints")
    number = models.PositiveSmallIntegerField()
    pdf_sha256 = models.CharField(max_length=64)
    printed_at = models.DateTimeField(auto_now_add=True)
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["transcript", "number"], name="print_job_once")]
        triggers = append_only()


class SerialCounter(models.Model):
    """The last serial number given in a year; locked while the next is given, so that none is missing or doubled."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class VerificationWindow(models.Model):
    """How many codes one address tried in one minute. Keeps a keyed hash, never the address; gone after an hour."""

    key = models.CharField(max_length=64, primary_key=True)
    begins_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

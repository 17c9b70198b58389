"""Attendance records: one uploaded sheet, its original, its rows and what became of them."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Participant
from accounts.trail.refusals import append_only, never_removed
from activities.models import Activity
from awards.attendance.formats import PASTED, TICKED
from awards.attendance.querysets import AttendanceRowQuerySet, AttendanceUploadQuerySet


class AttendanceUpload(models.Model):
    """One uploaded sheet. Committed whole or not at all; the original is kept byte for byte with its hash."""

    class Status(models.TextChoices):
        UNREAD = "unread", _("columns to be explained")
        STAGED = "staged", _("to be checked")
        COMMITTED = "committed", _("committed")
        UNDONE = "undone", _("undone")
        DISCARDED = "discarded", _("discarded")
        EXPIRED = "expired", _("expired")

    class Mode(models.TextChoices):
        ADDS = "adds", _("adds to the record")
        REPLACES = "replaces", _("replaces the record")

    class Filing(models.TextChoices):
        OPEN = "open", _("open")
        FILED = "filed", _("filed")
        QUERIED = "queried", _("queried")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="uploads")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.STAGED)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.ADDS)
    file_name = models.CharField(_("file"), max_length=200)
    file_size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    stored_as = models.CharField(max_length=80, unique=True, help_text=_("Path below the upload directory"))
    file_format = models.CharField(_("format"), max_length=8)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    reading = models.JSONField(null=True, help_text=_("The sheet as read, until it is committed or discarded"))
    layout = models.JSONField(null=True, help_text=_("What a person said that the columns mean"))
    answers = models.JSONField(default=dict, help_text=_("What was answered on the review page so far"))

    request_key = models.UUIDField(null=True, unique=True, editable=False)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    committed_at = models.DateTimeField(_("committed at"), null=True, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    award_row_count = models.PositiveIntegerField(_("rows that award"), default=0)
    no_award_row_count = models.PositiveIntegerField(_("rows without a badge"), default=0)
    parked_row_count = models.PositiveIntegerField(_("rows parked"), default=0)
    ignored_row_count = models.PositiveIntegerField(_("rows ignored"), default=0)
    mended_row_count = models.PositiveIntegerField(_("rows corrected"), default=0)
    award_count = models.PositiveIntegerField(_("badges awarded"), default=0)
    unchanged_count = models.PositiveIntegerField(_("badges that stood before"), default=0)
    withholding_count = models.PositiveIntegerField(_("badges withheld"), default=0)
    revoked_count = models.PositiveIntegerField(_("badges taken back"), default=0)
    lifted_count = models.PositiveIntegerField(_("withheld badges awarded after all"), default=0)
    left_out_count = models.PositiveIntegerField(_("participants of earlier records not on this sheet"), default=0)
    file_question = models.CharField(_("question about the whole sheet"), max_length=24, blank=True)
    file_answer = models.BooleanField(_("its answer"), null=True, blank=True)
    needed_share = models.PositiveSmallIntegerField(_("share needed (%)"), null=True, blank=True)
    needed_minutes = models.PositiveSmallIntegerField(_("minutes needed"), null=True, blank=True)
    taken_back_because = models.TextField(_("why badges were taken back"), blank=True)

    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(_("record confirmed as correct at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_because = models.TextField(_("why undone"), blank=True)
    filing = models.CharField(_("filing"), max_length=8, choices=Filing, blank=True)
    filing_note = models.TextField(_("filing note"), blank=True)
    filing_answer = models.TextField(_("answer of the organiser"), blank=True)
    filing_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    filing_changed_at = models.DateTimeField(_("filing changed at"), null=True, blank=True)

    objects = AttendanceUploadQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        verbose_name = _("attendance record")
        verbose_name_plural = _("attendance records")
        indexes = [
            models.Index(fields=["activity", "-committed_at"], name="upload_of_activity"),
            models.Index(fields=["filing", "-committed_at"], name="upload_filing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["committed", "undone"]) | Q(committed_at__isnull=False),
                name="upload_committed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["committed", "undone"])
                | Q(
                    row_count=models.F("award_row_count")
                    + models.F("no_award_row_count")
                    + models.F("parked_row_count")
                    + models.F("ignored_row_count")
                ),
                name="upload_counts_add_up",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="original_stands", fields=["activity", "sha256", "file_size", "stored_as", "uploaded_by"]
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def entered_as(self) -> str:
        """How it came where it was no file: pasted, or ticked on screen."""
        words = {PASTED: _("Pasted list"), TICKED: _("Ticked on screen")}
        return str(words.get(self.file_format, ""))


class AttendanceRow(models.Model):
    """One line of a committed sheet, as written and as understood."""

    class Outcome(models.TextChoices):
        AWARD = "award", _("award")
        NO_AWARD = "no_award", _("no badge")
        ASK = "ask", _("to be answered")
        REJECT = "reject", _("not usable")
        IGNORE = "ignore", _("not a participant")

    class Settlement(models.TextChoices):
        """What became of a parked row."""

        OPEN = "open", _("open")
        AWARDED = "awarded", _("awarded")
        REFUSED = "refused", _("no badge")
        DISMISSED = "dismissed", _("dismissed")
        EXPIRED = "expired", _("expired: the register never brought the student")

    COUNTS_FOR_NOBODY = (Settlement.OPEN, Settlement.DISMISSED, Settlement.EXPIRED)
    """A parked row in one of these states says nothing about a participant."""

    upload = models.ForeignKey(AttendanceUpload, models.PROTECT, related_name="rows")
    sheet = models.CharField(_("worksheet"), max_length=100, blank=True)
    line = models.PositiveIntegerField(_("row"))
    raw_id = models.TextField(_("student ID as written"), blank=True)
    raw_name = models.TextField(_("name as written"), blank=True)
    marks = models.JSONField(_("marks as written"), default=dict)
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=24, blank=True)
    warnings = ArrayField(models.CharField(max_length=24), default=list)
    settlement = models.CharField(_("parked"), max_length=10, choices=Settlement, blank=True)
    mended = models.JSONField(
        _("corrected"), null=True, help_text=_("What was typed on the review page in place of what was written")
    )
    asks_because = models.CharField(
        _("asks now"), max_length=24, blank=True, db_default="", help_text=_("Where it is another reason than at first")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_because = models.TextField(_("why dismissed"), blank=True, db_default="")
    read = models.JSONField(
        null=True,
        help_text=_("A parked row as read, with an ID typed since, so that it can run through the same rules again"),
    )

    objects = AttendanceRowQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("row of an attendance record")
        verbose_name_plural = _("rows of attendance records")
        constraints = [models.UniqueConstraint(fields=["upload", "sheet", "line"], name="row_once_per_upload")]
        indexes = [
            models.Index(fields=["upload"], name="row_parked", condition=Q(settlement="open")),
        ]
        triggers = [
            *never_removed(),
            pgtrigger.ReadOnly(
                name="only_settlement_changes",
                exclude=["settlement", "participant", "asks_because", "settled_at", "settled_because", "read"],
            ),
        ]

    @property
    def question(self) -> str:
        """Why a parked row is not settled as things are now."""
        return self.asks_because or self.reason


class AttendanceEffect(models.Model):
    """What a committed record changed of what stood before: a badge taken back, a withholding lifted. Undo follows it.

    `row` is empty where the participant is not on the sheet (a record that replaces the earlier ones).
    """

    upload = models.ForeignKey(AttendanceUpload, models.PROTECT, related_name="effects")
    row = models.ForeignKey(AttendanceRow, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    revocation = models.ForeignKey("awards.AwardEvent", models.PROTECT, null=True, blank=True, related_name="+")
    withholding = models.ForeignKey("awards.Withholding", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = _("change of an earlier record")
        verbose_name_plural = _("changes of earlier records")
        constraints = [
            models.CheckConstraint(
                condition=Q(revocation__isnull=True, withholding__isnull=False)
                | Q(revocation__isnull=False, withholding__isnull=True),
                name="effect_of_one_thing",
            ),
        ]
        triggers = append_only()


class SheetLayout(models.Model):
    """What one organiser said that the columns of sheets with these headings mean; used when they come again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sheet_layouts")
    headings_sha256 = models.CharField(max_length=64, help_text=_("Of the headings in alphabetical order"))
    meanings = models.JSONField(_("meanings"), help_text=_("Heading → what it means"))
    updated_at = models.DateTimeField(_("last used or changed at"), auto_now=True)

    class Meta:
        ordering = ["-updated_at", "-id"]
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        constraints = [models.UniqueConstraint(fields=["user", "headings_sha256"], name="sheet_layout_once")]


class MarkWord(models.Model):
    """A word that the scheme administrator added to those which are read as a yes or a no."""

    class Meaning(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")

    word = models.CharField(_("word"), max_length=30, unique=True, help_text=_("In its plain form"))
    meaning = models.CharField(_("meaning"), max_length=3, choices=Meaning)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta:
        ordering = ["-meaning", "word"]
        verbose_name = _("word of a mark")
        verbose_name_plural = _("words of marks")

    def __str__(self) -> str:
        return self.word

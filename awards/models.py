"""What was earned: awards, badges withheld, and every change of either."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Participant
from accounts.trail.refusals import append_only, never_removed
from activities.models import Activity, AwardingRules, BadgeType, BadgeVersion
from awards.querysets import AwardQuerySet, CorrectionRequestQuerySet, WithholdingQuerySet


class Award(models.Model):
    """This participant earned this badge type at this activity. Only its state ever changes.

    It keeps what it was given under: rules, days, wording and artwork (`badge_version`), and the row of the sheet.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        REVOKED = "revoked", _("revoked")
        UNDONE = "undone", _("undone with its upload")

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="awards")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="awards")
    badge_type = models.ForeignKey(BadgeType, models.PROTECT, related_name="awards")
    badge_version = models.ForeignKey(BadgeVersion, models.PROTECT, related_name="+")
    rules = models.ForeignKey(AwardingRules, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(_("days of the activity"))
    max_badges = models.PositiveSmallIntegerField(_("badges, at most"))
    row = models.ForeignKey(
        "attendance.AttendanceRow", models.PROTECT, null=True, blank=True, related_name="awards", db_index=False
    )
    awarded_at = models.DateTimeField(_("awarded at"), db_default=Now())
    awarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    """Nobody where a parked row woke: the register brought the student after the commit."""
    note = models.TextField(_("why by hand"), blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ACTIVE)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge earned")
        verbose_name_plural = _("badges earned")
        indexes = [
            models.Index(fields=["row"], name="award_row", condition=Q(row__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "activity", "badge_type"],
                condition=Q(status="active"),
                name="award_active_once",
            ),
        ]
        triggers = [
            *never_removed(),
            pgtrigger.ReadOnly(name="only_state_changes", exclude=["status"]),
            pgtrigger.Trigger(
                name="fits_the_rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(new__status="active"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM awards_withholding w
                        WHERE w.participant_id = NEW.participant_id AND w.activity_id = NEW.activity_id
                          AND w.badge_type_id = NEW.badge_type_id AND w.status = 'active'
                    ) THEN
                        RAISE EXCEPTION 'This badge is withheld from this participant'
                            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'award_not_withheld';
                    END IF;
                    IF (
                        SELECT count(*) FROM awards_award a
                        WHERE a.participant_id = NEW.participant_id AND a.activity_id = NEW.activity_id
                          AND a.status = 'active' AND a.id <> NEW.id
                    ) >= NEW.max_badges THEN
                        RAISE EXCEPTION 'More badges than the rules allow at this activity'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'award_within_maximum';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"award {self.pk}"


class AwardEvent(models.Model):
    """One change of the state of an award, with who and why. Never changes."""

    class Kind(models.TextChoices):
        AWARDED = "awarded", _("awarded")
        REVOKED = "revoked", _("revoked")
        REINSTATED = "reinstated", _("reinstated")
        UNDONE = "undone", _("undone with its upload")

    award = models.ForeignKey(Award, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("change of a badge earned")
        verbose_name_plural = _("changes of badges earned")
        triggers = append_only()


class WithholdingReason(models.TextChoices):
    """Why a badge was not awarded to somebody who attended (product rule 5); the student sees it in kind words."""

    ATTENDANCE = "attendance", _("attendance")
    ASSESSMENT = "assessment", _("assessment")
    OUTCOME = "outcome", _("outcome not met")
    WITHDREW = "withdrew", _("withdrew")
    OTHER = "other", _("other")


class Withholding(models.Model):
    """The decision not to award this badge type to this participant at this activity. Excludes an active award."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        LIFTED = "lifted", _("lifted")
        UNDONE = "undone", _("undone with its upload")

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="withholdings")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="withholdings")
    badge_type = models.ForeignKey(BadgeType, models.PROTECT, related_name="withholdings")
    reason = models.CharField(_("reason"), max_length=12, choices=WithholdingReason)
    reason_text = models.TextField(_("reason in words"), blank=True)
    row = models.ForeignKey(
        "attendance.AttendanceRow", models.PROTECT, null=True, blank=True, related_name="withholdings"
    )
    withheld_at = models.DateTimeField(db_default=Now())
    withheld_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge not awarded")
        verbose_name_plural = _("badges not awarded")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "activity", "badge_type"],
                condition=Q(status="active"),
                name="withholding_active_once",
            ),
            models.CheckConstraint(
                condition=~Q(reason="other") | ~Q(reason_text=""), name="withholding_other_has_words"
            ),
        ]
        triggers = [
            *never_removed(),
            pgtrigger.ReadOnly(name="only_state_changes", exclude=["status"]),
            pgtrigger.Trigger(
                name="excludes_award",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(new__status="active"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM awards_award a
                        WHERE a.participant_id = NEW.participant_id AND a.activity_id = NEW.activity_id
                          AND a.badge_type_id = NEW.badge_type_id AND a.status = 'active'
                    ) THEN
                        RAISE EXCEPTION 'This participant has this badge from this activity'
                            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'withholding_not_awarded';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class CorrectionRequest(models.Model):
    """What an organiser wants to take back although it stands on an issued NAT: the scheme administrator decides.

    One badge (`award`), by hand or because a record says so (`upload`, and its `row`); or a whole record to be undone
    (`upload` alone).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("with the scheme administrator")
        APPLIED = "applied", _("corrected")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="correction_requests")
    award = models.ForeignKey(Award, models.PROTECT, null=True, blank=True, related_name="correction_requests")
    upload = models.ForeignKey(
        "attendance.AttendanceUpload", models.PROTECT, null=True, blank=True, related_name="correction_requests"
    )
    row = models.ForeignKey(
        "attendance.AttendanceRow", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.TextField(_("why"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_because = models.TextField(_("why so"), blank=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("request for a correction")
        verbose_name_plural = _("requests for corrections")
        indexes = [models.Index(fields=["status", "-id"], name="correction_request_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(award__isnull=False) | Q(upload__isnull=False), name="correction_request_of_something"
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True) | ~Q(status="open") & Q(decided_at__isnull=False),
                name="correction_request_decided_has_time",
            ),
            models.UniqueConstraint(
                fields=["award"], condition=Q(status="open", award__isnull=False), name="correction_request_award_once"
            ),
            models.UniqueConstraint(
                fields=["upload"], condition=Q(status="open", award__isnull=True), name="correction_request_undo_once"
            ),
        ]
        triggers = [
            *never_removed(),
            pgtrigger.ReadOnly(
                name="only_decision_changes", exclude=["status", "decided_by", "decided_at", "decided_because"]
            ),
        ]

    def __str__(self) -> str:
        return f"correction request {self.pk}"

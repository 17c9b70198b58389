"""What can be earned: badge types, awarding rules, activities, their sessions and the badges they offer."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, in_language
from accounts.trail.refusals import append_only
from activities.querysets import ActivityQuerySet, BadgeTypeQuerySet


class BadgeText(models.Model):
    """What a badge says and looks like: kept on the badge type as of now, and frozen in every version of it."""

    name_en = models.CharField(_("English name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    description_en = models.TextField(_("English description"))
    description_zh = models.TextField(_("Chinese description"))
    criteria_en = models.TextField(_("English criteria"), blank=True)
    criteria_zh = models.TextField(_("Chinese criteria"), blank=True)
    artwork = models.CharField(_("artwork"), max_length=60, help_text=_("Name of the image file, without its ending"))

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh)

    @property
    def description(self) -> str:
        return in_language(self.description_en, self.description_zh)

    @property
    def criteria(self) -> str:
        return in_language(self.criteria_en, self.criteria_zh)


class BadgeType(BadgeText):
    """One of the six graduate attributes, or another badge that the institution defines."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), unique=True)
    is_graduate_attribute = models.BooleanField(_("graduate attribute"), default=True)
    is_active = models.BooleanField(_("may be offered"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = BadgeTypeQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = _("badge")
        verbose_name_plural = _("badges")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class BadgeVersion(BadgeText):
    """The wording and artwork of a badge type under which awards were given. Never changes."""

    badge_type = models.ForeignKey(BadgeType, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["badge_type", "version"], name="badge_version_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.badge_type.code} v{self.version}"


class AwardingRules(models.Model):
    """The dated set of rules: an activity is judged by the one in force on its first day."""

    effective_on = models.DateField(_("in force from"), unique=True)
    attendance_threshold = models.PositiveSmallIntegerField(
        _("attendance threshold (%)"), null=True, blank=True, help_text=_("Empty: no threshold")
    )
    upload_due_months = models.PositiveSmallIntegerField(_("attendance due after (months)"), default=1)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-effective_on"]
        get_latest_by = "effective_on"
        verbose_name = _("scheme rules")
        verbose_name_plural = _("scheme rules")

    def __str__(self) -> str:
        return str(self.effective_on)


class DurationTier(models.Model):
    """From this many days on, a participant can get up to this many badges."""

    rules = models.ForeignKey(AwardingRules, models.PROTECT, related_name="tiers")
    min_days = models.PositiveSmallIntegerField(_("days, at least"))
    max_badges = models.PositiveSmallIntegerField(_("badges, at most"))

    class Meta:
        ordering = ["min_days"]
        constraints = [
            models.UniqueConstraint(fields=["rules", "min_days"], name="duration_tier_once"),
            models.CheckConstraint(condition=Q(min_days__gte=1, max_badges__gte=1), name="duration_tier_positive"),
        ]


class Activity(models.Model):
    """Something that is held and may award badges. What follows from its sessions is stored when they are set."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("cancelled")
        ARCHIVED = "archived", _("archived")

    class Kind(models.TextChoices):
        TALK = "talk", _("Talk")
        WORKSHOP = "workshop", _("Workshop")
        SEMINAR = "seminar", _("Seminar")
        COMPETITION = "competition", _("Competition")
        COURSE = "course", _("Course")
        EXCHANGE = "exchange", _("Exchange tour")
        VOLUNTEERING = "volunteering", _("Volunteering")
        VISIT = "visit", _("Visit")
        CAMP = "camp", _("Camp")
        OTHER = "other", _("Other")

    class Category(models.TextChoices):
        ACADEMIC = "academic", _("Academic")
        ART = "art", _("Art and culture")
        CAREER = "career", _("Career")
        INTERNATIONALISATION = "international", _("Internationalisation")
        LEADERSHIP = "leadership", _("Leadership")
        SCIENCE = "science", _("Science and technology")
        SERVICE = "service", _("Service")
        SPORT = "sport", _("Sport")
        WELLBEING = "wellbeing", _("Well-being")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        CANTONESE = "yue", _("Cantonese")
        PUTONGHUA = "cmn", _("Putonghua")
        BILINGUAL = "mixed", _("English and Chinese")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("In person and online")

    code = models.CharField(_("code"), max_length=30, unique=True)
    title_en = models.CharField(_("English title"), max_length=200)
    title_zh = models.CharField(_("Chinese title"), max_length=200, blank=True)
    objectives = models.TextField(_("objectives"), blank=True)
    outcomes = models.TextField(_("intended learning outcomes"), blank=True)
    rationale = models.TextField(_("why these badges"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"))
    organisers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="activities", verbose_name=_("organisers")
    )
    kind = models.CharField(_("type"), max_length=20, choices=Kind, default=Kind.WORKSHOP)
    category = models.CharField(_("category"), max_length=20, choices=Category, default=Category.ACADEMIC)
    programme = models.CharField(_("programme or series"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.ENGLISH)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    is_overseas = models.BooleanField(_("outside Hong Kong"), default=False)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    prerequisites = models.TextField(_("prerequisites"), blank=True)
    partners = models.CharField(_("partner organisations"), max_length=300, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    cancelled_because = models.TextField(_("why cancelled"), blank=True)

    rules = models.ForeignKey(AwardingRules, models.PROTECT, verbose_name=_("scheme rules"))
    days = models.PositiveSmallIntegerField(_("days"))
    max_badges = models.PositiveSmallIntegerField(_("badges, at most"))
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    due_on = models.DateField(_("attendance due on"))
    is_shortened = models.BooleanField(_("shortened after awards"), default=False)
    attendance_threshold = models.PositiveSmallIntegerField(
        _("attendance threshold (%)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Empty: as the scheme rules say"),
    )

    cloned_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)
    offers_set_at = models.DateTimeField(_("badges chosen at"), null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [
            models.Index(fields=["status", "starts_at"], name="activity_catalogue"),
            models.Index(fields=["status", "due_on"], name="activity_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activity_ends_after_start"),
            models.CheckConstraint(condition=Q(days__gte=1, max_badges__gte=1), name="activity_counts_positive"),
            models.CheckConstraint(
                condition=Q(attendance_threshold=None) | Q(attendance_threshold__lte=100),
                name="activity_threshold_is_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_zh)

    def has_ended(self, now: dt.datetime) -> bool:
        return self.ends_at <= now


class Session(models.Model):
    """One stretch of time of an activity; the end is exclusive. Whole days run from midnight to midnight."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    is_whole_days = models.BooleanField(_("whole days"), default=False)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
        ]

    @property
    def first_on(self) -> dt.date:
        """The date on which it begins, in the institution's time zone."""
        return timezone.localdate(self.starts_at)

    @property
    def last_on(self) -> dt.date:
        """The last date that it touches; the end is exclusive."""
        return timezone.localdate(self.ends_at - dt.timedelta.resolution)


class BadgeOffer(models.Model):
    """This activity may award this badge type. Closed, not removed, once awards exist."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="offers")
    badge_type = models.ForeignKey(BadgeType, models.PROTECT, related_name="offers")
    position = models.PositiveSmallIntegerField()
    max_badges = models.PositiveSmallIntegerField(help_text=_("What the rules allowed when the offers were set"))
    rationale = models.TextField(_("why this badge"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "badge_type"], name="offer_type_once_per_activity"),
            models.UniqueConstraint(
                fields=["activity", "position"], condition=Q(closed_at=None), name="offer_position_once_per_activity"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=F("max_badges")), name="offer_within_maximum"
            ),
        ]

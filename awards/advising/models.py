"""What the learning advisor and the organisers say to each other about the choice of badges."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, BadgeType
from awards.advising.querysets import AdviceQuerySet


class ChoiceReview(models.Model):
    """This advisor has seen the choice of badges of this activity as it stood at `seen_at`.

    The choice is new to the advisor again when the organiser changes it: `activity.offers_set_at` is later then.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="reviews")
    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "advisor"], name="choice_review_once")]


class Advice(models.Model):
    """One word in the thread about an activity's choice of badges: the advisor's advice or the organiser's answer."""

    class Outcome(models.TextChoices):
        CHANGED = "changed", _("changed the badges")
        KEPT = "kept", _("kept the badges")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="advice")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_answer = models.BooleanField(default=False)
    text = models.TextField(_("advice"))
    suggested = models.ManyToManyField(BadgeType, blank=True, related_name="+", verbose_name=_("suggested badges"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AdviceQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name = _("advice")
        verbose_name_plural = _("advice")

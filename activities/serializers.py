"""What the read API says about badge types and activities. No personal data."""

from __future__ import annotations

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Unit
from activities.models import Activity, BadgeType
from activities.templatetags.badges import artwork_url


class BadgeTypeSerializer(serializers.ModelSerializer):
    """A badge as of now: its words in both languages, its place in the order, its picture."""

    image_url = serializers.SerializerMethodField(help_text="Address of the picture (SVG).")

    class Meta:
        model = BadgeType
        fields = [
            "code",
            "name_en",
            "name_zh",
            "description_en",
            "description_zh",
            "criteria_en",
            "criteria_zh",
            "position",
            "is_graduate_attribute",
            "is_active",
            "version",
            "image_url",
        ]

    @extend_schema_field(serializers.URLField())
    def get_image_url(self, badge: BadgeType) -> str:
        return str(self.context["request"].build_absolute_uri(artwork_url(badge)))


class UnitSerializer(serializers.ModelSerializer):
    """A faculty, school or office."""

    class Meta:
        model = Unit
        fields = ["code", "name_en", "name_zh"]


class CatalogueActivitySerializer(serializers.ModelSerializer):
    """A coming activity with the badges that can be earned, as the public catalogue shows it."""

    unit = UnitSerializer()
    badges = serializers.SerializerMethodField(help_text="Codes of the badges on offer, in the organiser's order.")
    page_url = serializers.SerializerMethodField(help_text="Address of the activity's page.")

    class Meta:
        model = Activity
        fields = [
            "id",
            "code",
            "title_en",
            "title_zh",
            "objectives",
            "outcomes",
            "rationale",
            "unit",
            "kind",
            "category",
            "programme",
            "language",
            "mode",
            "venue",
            "is_overseas",
            "capacity",
            "prerequisites",
            "contact",
            "first_on",
            "last_on",
            "starts_at",
            "ends_at",
            "days",
            "max_badges",
            "badges",
            "page_url",
        ]

    def get_badges(self, activity: Activity) -> list[str]:
        return [offer.badge_type.code for offer in activity.open_offers]  # type: ignore[attr-defined]

    @extend_schema_field(serializers.URLField())
    def get_page_url(self, activity: Activity) -> str:
        address = reverse("activities:detail", args=[activity.pk])
        return str(self.context["request"].build_absolute_uri(address))

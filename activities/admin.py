"""The data admin: read-only changelists of what can be earned."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from activities.models import Activity, AwardingRules, BadgeOffer, BadgeType, DurationTier, Session


class DurationTierInline(admin.TabularInline):
    model = DurationTier
    fields = ["min_days", "max_badges"]


class SessionInline(admin.TabularInline):
    model = Session
    fields = ["starts_at", "ends_at", "is_whole_days"]


class BadgeOfferInline(admin.TabularInline):
    model = BadgeOffer
    fields = ["position", "badge_type", "max_badges", "rationale", "closed_at"]


@admin.register(BadgeType)
class BadgeTypeAdmin(ReadOnlyAdmin):
    list_display = ["position", "code", "name_en", "name_zh", "is_graduate_attribute", "is_active", "version"]
    list_display_links = ["code"]


@admin.register(AwardingRules)
class AwardingRulesAdmin(ReadOnlyAdmin):
    list_display = ["effective_on", "attendance_threshold", "upload_due_months", "note"]
    inlines = [DurationTierInline]


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ["code", "title_en", "unit", "status", "first_on", "last_on", "days", "max_badges", "due_on"]
    list_filter = ["status", "unit", "kind", "category", "is_shortened"]
    list_select_related = ["unit"]
    search_fields = ["code", "title_en", "title_zh"]
    date_hierarchy = "starts_at"
    inlines = [SessionInline, BadgeOfferInline]

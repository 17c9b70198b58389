"""The data admin: read-only changelists of what was earned."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from awards.models import Award, Withholding


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    list_display = ["id", "participant", "activity", "badge_type", "status", "awarded_at", "awarded_by"]
    list_filter = ["status", "badge_type"]
    list_select_related = ["participant", "activity", "badge_type", "awarded_by"]
    people_fields = ("participant", "row")
    reveals_people = True
    date_hierarchy = "awarded_at"


@admin.register(Withholding)
class WithholdingAdmin(ReadOnlyAdmin):
    list_display = ["id", "participant", "activity", "badge_type", "reason", "status", "withheld_at"]
    list_filter = ["status", "reason", "badge_type"]
    list_select_related = ["participant", "activity", "badge_type"]
    people_fields = ("participant", "row", "reason_text")
    reveals_people = True

"""The data admin: read-only changelist of attendance records, without what stands in them."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from awards.attendance.models import AttendanceUpload


@admin.register(AttendanceUpload)
class AttendanceUploadAdmin(ReadOnlyAdmin):
    list_display = ["uploaded_at", "activity", "uploaded_by", "status", "filing", "is_late", "row_count", "award_count"]
    list_filter = ["status", "filing", "is_late"]
    list_select_related = ["activity", "uploaded_by"]
    exclude = ["reading", "stored_as", "request_key"]
    people_fields = ("file_name",)

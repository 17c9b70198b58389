"""The data admin: read-only changelists of NATs and requests."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import AdministratorAdmin
from transcripts.models import Transcript, TranscriptRequest


@admin.register(TranscriptRequest)
class TranscriptRequestAdmin(AdministratorAdmin):
    list_display = ["requested_at", "participant", "purpose", "copies", "delivery", "status"]
    list_filter = ["status", "purpose"]
    list_select_related = ["participant"]


@admin.register(Transcript)
class TranscriptAdmin(AdministratorAdmin):
    list_display = ["serial", "participant", "issued_at", "issued_by", "status"]
    list_filter = ["status"]
    list_select_related = ["participant", "issued_by"]
    exclude = ["code"]

"""The data admin: read-only changelists of NATs and requests."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import AdministratorAdmin, ReadOnlyAdmin
from transcripts.models import Transcript, TranscriptRequest


@admin.register(TranscriptRequest)
class TranscriptRequestAdmin(AdministratorAdmin):
    list_display = ["requested_at", "participant", "purpose", "copies", "delivery", "status"]
    list_filter = ["status", "purpose"]
    list_select_related = ["participant"]


@admin.register(Transcript)
class TranscriptAdmin(ReadOnlyAdmin):
    """The learning advisor sees which papers there are, not whose."""

    list_display = ["serial", "participant", "issued_at", "issued_by", "status"]
    list_filter = ["status"]
    list_select_related = ["participant", "issued_by"]
    exclude = ["code"]
    people_fields = ("participant", "request", "content", "void_reason")
    reveals_people = True

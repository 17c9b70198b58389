"""The data admin: read-only changelist of advice."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from awards.advising.models import Advice


@admin.register(Advice)
class AdviceAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "activity", "author", "is_answer", "outcome", "text"]
    list_filter = ["is_answer", "outcome"]
    list_select_related = ["activity", "author"]

"""The data admin: read-only changelists of who people are. Everything is changed in the portal, where it is audited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse

from accounts.models import Participant, Unit, User
from accounts.roles import Permission
from accounts.trail.models import AuditEntry
from accounts.trail.services import record


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows and changes none. `people_fields` name a person and are for the scheme administrator only."""

    people_fields: tuple[str, ...] = ()
    reveals_people = False
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def hides_people(self, request: HttpRequest) -> bool:
        return not request.user.may(Permission.VIEW_STUDENTS)  # type: ignore[union-attr]

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return [name for name in shown if name not in self.people_fields] if self.hides_people(request) else shown

    def get_exclude(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        hidden = self.people_fields if self.hides_people(request) else ()
        return [*(super().get_exclude(request, obj) or ()), *hidden]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Shows the list; one that reveals people in bulk is noted on the audit trail."""
        if self.reveals_people and not self.hides_people(request):
            with transaction.atomic():
                record(
                    acting_user=request.user,
                    action="data_admin.viewed",
                    target=request.user,
                    changes={"list": self.opts.label},
                )
        return super().changelist_view(request, extra_context)


class AdministratorAdmin(ReadOnlyAdmin):
    """Changelists for the scheme administrator alone."""

    reveals_people = True

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return not self.hides_people(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return not self.hides_people(request)


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    list_display = ["code", "name_en", "name_zh", "is_active"]
    list_filter = ["is_active"]


@admin.register(User)
class UserAdmin(AdministratorAdmin):
    reveals_people = False
    list_display = ["cna", "name_en", "name_zh", "unit", "roles", "is_active"]
    list_filter = ["is_active", "unit"]
    list_select_related = ["unit"]
    exclude = ["password"]


@admin.register(Participant)
class ParticipantAdmin(AdministratorAdmin):
    list_display = ["student_number", "name_en", "name_zh", "programme", "unit", "status", "status_on"]
    list_filter = ["status", "unit"]
    list_select_related = ["unit"]


@admin.register(AuditEntry)
class AuditEntryAdmin(AdministratorAdmin):
    list_display = ["at", "actor", "action", "target_type", "target_id", "participant", "reason"]
    list_filter = ["action"]
    list_select_related = ["actor", "participant"]
    date_hierarchy = "at"

"""The evidence pack for an audit: what is in it, why it is made, and the file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import recent_sign_in, requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.text import clean_line
from accounts.trail.services import record
from awards.attendance.evidence import evidence_pack, lies_there
from awards.attendance.models import AttendanceUpload
from awards.attendance.record_filter import SHELVES, RecordFilter, shelf_names

MISSING_SHOWN = 20


class ReasonForm(forms.Form):
    """Why the pack is made; it stands in the pack and on the audit trail."""

    reason = forms.CharField(
        label=gettext_lazy("Why you need the pack"),
        help_text=gettext_lazy("It stands in the pack and on the audit trail."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say what the pack is for, for example “Internal audit 2026”.")},
    )

    def clean_reason(self) -> str:
        reason = clean_line(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(self.fields["reason"].error_messages["required"])
        return reason


@require_http_methods(["GET", "POST"])
@requires(Permission.FILE_ATTENDANCE)
@recent_sign_in
def evidence(request: PortalRequest) -> HttpResponseBase:
    """Choose records, give a reason, take the ZIP: a bulk export of personal data, and treated as such."""
    asked = request.GET if request.method == "GET" else QueryDict(request.POST.get("asked", "")[:1000])
    shelf = asked.get("filing", "all")
    shelf = shelf if shelf in SHELVES else "all"
    form = RecordFilter(asked, order="code")
    records = form.records(AttendanceUpload.objects.visible_to(request.user)).filter(SHELVES[shelf])
    files = list(records.order_by("activity__code", "committed_at", "pk").values_list("pk", "stored_as", "file_size"))
    pks = [pk for pk, _stored_as, _size in files]
    reason = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and reason.is_valid() and pks:
        return _pack(request, pks, shelf, form, reason.cleaned_data["reason"])
    missing = [pk for pk, stored_as, size in files if not lies_there(stored_as, size)]
    context: dict[str, Any] = {
        "form": form,
        "reason_form": reason,
        "shelf": shelf,
        "shelves": [(name, words) for name, words in shelf_names().items() if name in SHELVES],
        "asked": asked.urlencode(),
        "number": len(pks),
        "bytes": sum(size for _pk, _stored_as, size in files),
        "missing": records.filter(pk__in=missing[:MISSING_SHOWN]).select_related("activity"),
        "missing_number": len(missing),
    }
    status = 200 if request.method == "GET" else 422
    return render(request, "attendance/evidence_make.html", context, status=status)


def _pack(request: PortalRequest, pks: list[int], shelf: str, form: RecordFilter, reason: str) -> HttpResponseBase:
    """The answer that is the ZIP; what is exported is on the trail before the first byte leaves."""
    now = timezone.now()
    with transaction.atomic():
        record(
            acting_user=request.user,
            action="evidence.exported",
            target=request.user,
            changes=form.kept() | {"list": shelf, "records": len(pks)},
            reason=reason,
        )
    about = [
        (_("Made by"), str(request.user)),
        (_("Made at"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
        (_("Why"), reason),
        (_("List"), shelf_names()[shelf]),
        *form.said(),
        (_("From"), request.build_absolute_uri("/")),
    ]
    answer = StreamingHttpResponse(evidence_pack(pks=pks, about=about, now=now), content_type="application/zip")
    name = f"evidence-{timezone.localtime(now):%Y-%m-%d-%H%M}.zip"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer

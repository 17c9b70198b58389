"""The scheme administrator decides what organisers asked to correct of what stands on issued NATs."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.messages.services import send_message
from accounts.models import User
from accounts.roles import Permission
from awards.attendance.gathering import lock_activity
from awards.attendance.models import AttendanceEffect, AttendanceUpload
from awards.attendance.undoing import undo_upload
from awards.models import Award, AwardEvent, CorrectionRequest
from awards.requesting import RequestRefused, close_requests
from awards.services import revoke_award


def apply_request(*, acting_user: User, request: CorrectionRequest) -> CorrectionRequest:
    """Revokes the badge, or undoes the record, for the reason of whoever asked.

    A badge that a record says no to comes back when that record is undone. Raises RequestRefused decided, AwardRefused
    and AttendanceRefused as `revoke_award` and `undo_upload` do; then the request stays open.
    """
    with transaction.atomic():
        request = _locked(acting_user, request)
        if request.award is not None:
            revoke_award(acting_user=acting_user, award=request.award, reason=request.reason)
            _keep_effect(request, request.award)
        elif request.upload is not None:
            undo_upload(acting_user=acting_user, upload=request.upload, reason=request.reason)
        _tell(request, applied=True)
    return request


def _keep_effect(request: CorrectionRequest, award: Award) -> None:
    """Lets the undo of the record that said no find the badge which was revoked because of it."""
    if request.upload is None or request.upload.status != AttendanceUpload.Status.COMMITTED:
        return
    revocation = AwardEvent.objects.filter(award=award).latest("pk")
    AttendanceEffect.objects.create(upload=request.upload, row=request.row, revocation=revocation)


def decline_request(*, acting_user: User, request: CorrectionRequest, reason: str) -> CorrectionRequest:
    """Leaves everything as it is; whoever asked reads why. Raises RequestRefused: decided, reason_missing."""
    if not reason.strip():
        raise RequestRefused("reason_missing")
    with transaction.atomic():
        request = _locked(acting_user, request)
        this = CorrectionRequest.objects.filter(pk=request.pk)
        status = CorrectionRequest.Status.DECLINED
        close_requests(acting_user=acting_user, requests=this, status=status, because=reason.strip())
        _tell(request, applied=False, because=reason.strip())
    return request


def _tell(request: CorrectionRequest, *, applied: bool, because: str = "") -> None:
    """Whoever asked reads what became of it."""
    activity = request.activity
    send_message(
        recipient=request.asked_by,
        kind="correction_decided",
        key=str(request.pk),
        context={
            "code": activity.code,
            "title_en": activity.title_en,
            "title_zh": activity.title_zh,
            "asked_at": request.asked_at,
            "applied": applied,
            "because": because,
        },
        url=reverse("awards:correction", args=[request.pk]),
    )


def _locked(acting_user: User, request: CorrectionRequest) -> CorrectionRequest:
    """The request, still open, after the lock of its activity; PermissionDenied for all but the administrator."""
    if not acting_user.may(Permission.MANAGE_ALL_ACTIVITIES):
        raise PermissionDenied
    lock_activity(acting_user, request.activity_id)
    open_one = CorrectionRequest.objects.open().with_subject().filter(pk=request.pk).first()
    if open_one is None:
        raise RequestRefused("decided")
    return open_one

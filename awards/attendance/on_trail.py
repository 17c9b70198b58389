"""Which audit entries are about one activity's attendance, or about one record of it."""

from __future__ import annotations

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.models import Award, CorrectionRequest, Withholding


def of_activity(activity: Activity) -> Q:
    """The activity itself, its records, and every badge, withholding and request of it."""
    return (
        _about("activity", Activity.objects.filter(pk=activity.pk))
        | _about("attendanceupload", AttendanceUpload.objects.filter(activity=activity))
        | _about("award", Award.objects.filter(activity=activity))
        | _about("withholding", Withholding.objects.filter(activity=activity))
        | _about("correctionrequest", CorrectionRequest.objects.filter(activity=activity))
    )


def of_record(upload: AttendanceUpload) -> Q:
    """What the record gave, withheld, took back and lifted is part of it, whoever changed it later."""
    taken_back = Q(events__in=upload.effects.values("revocation"))
    lifted = Q(pk__in=upload.effects.values("withholding"))
    return (
        _about("attendanceupload", AttendanceUpload.objects.filter(pk=upload.pk))
        | _about("award", Award.objects.filter(Q(row__upload=upload) | taken_back))
        | _about("withholding", Withholding.objects.filter(Q(row__upload=upload) | lifted))
        | _about("correctionrequest", CorrectionRequest.objects.filter(upload=upload))
    )


def _about(target_type: str, targets: QuerySet) -> Q:
    ids = targets.order_by().annotate(as_target=Cast("pk", CharField())).values("as_target")
    return Q(target_type=target_type, target_id__in=ids)

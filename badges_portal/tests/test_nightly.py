"""One command does all that is due once a day; a part that fails stops no other, and the exit code says so."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.messages.models import Message
from accounts.messages.tests.made import post_office
from awards.attendance.models import AttendanceUpload
from badges_portal.management.commands.nightly import PARTS
from badges_portal.testing import Cast, make_activity


def run() -> str:
    said = StringIO()
    call_command("nightly", stdout=said, stderr=said)
    return said.getvalue()


def test_every_part_is_a_command_and_mail_goes_after_what_writes_messages() -> None:
    assert set(PARTS) <= set(get_commands())
    assert PARTS.index("send_messages") > max(PARTS.index(name) for name in ("wake_parked_rows", "remind"))


def test_it_expires_reminds_and_mails(cast: Cast, settings: Any) -> None:
    cast.olga.email = "olga.lee@example.edu.hk"
    cast.olga.save()
    activity = make_activity(cast, ended_days_ago=60)
    upload = AttendanceUpload.objects.create(
        activity=activity, file_name="a", file_size=1, sha256="0" * 64, stored_as="a", uploaded_by=cast.olga, reading={}
    )
    AttendanceUpload.objects.filter(pk=upload.pk).update(uploaded_at=timezone.now() - dt.timedelta(days=8))
    with post_office(settings) as office:
        said = run()
    upload.refresh_from_db()
    assert upload.status == "expired"
    assert [mail["To"] for mail in office.mail] == ["olga.lee@example.edu.hk"]
    assert "1 upload(s) expired.\nwake_parked_rows:\n0 row(s) awarded" in said
    assert "\nremind:\n1 reminder(s) written.\nsend_messages:\n1 mailed" in said


def test_a_part_that_fails_stops_no_other(cast: Cast, settings: Any) -> None:
    make_activity(cast, ended_days_ago=60)
    with post_office(settings) as office:
        office.server_close()
        Message.objects.create(recipient=cast.olga, kind="attendance_queried", key="1", mail="waiting")
        with pytest.raises(CommandError, match=r"^Failed: send_messages\. The rest is done"):
            run()
    assert Message.objects.filter(kind="attendance_overdue").count() == 1


def test_a_mistake_of_ours_in_a_part_stops_no_other_either(cast: Cast, settings: Any) -> None:
    make_activity(cast, ended_days_ago=60)
    settings.SESSION_ENGINE = "no.such.engine"
    with pytest.raises(CommandError, match=r"^Failed: clearsessions\."):
        run()
    assert Message.objects.count() == 1

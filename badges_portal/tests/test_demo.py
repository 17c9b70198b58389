"""The demo institution is what the rules allow, complete, the same every time, and never in production."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import Count, F
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.messages.models import Message
from accounts.models import Participant, Unit, User
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.attendance.models import AttendanceUpload
from awards.attendance.originals import path_of
from awards.models import Award, Withholding
from badges_portal.demo import people
from badges_portal.testing import quick_settings
from transcripts.models import Transcript, TranscriptRequest

pytestmark = [pytest.mark.thorough, pytest.mark.django_db]


@pytest.fixture
def _quick_and_private() -> None:
    """Stands in for the fixture of the same name: here the institution, loaded once, brings its own settings."""


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The institution, loaded once for all tests of this file."""
    quick = override_settings(**quick_settings(tmp_path_factory.mktemp("uploads")))
    with django_db_blocker.unblock(), quick, transaction.atomic():
        call_command("seed_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


def test_the_institution_is_complete_and_a_second_run_changes_nothing(demo: None) -> None:
    assert (Participant.objects.count(), Unit.objects.count(), Activity.objects.count()) == (400, 8, 120)
    assert User.objects.exclude(roles=["student"]).count() == 25
    now, today = timezone.now(), timezone.localdate()
    assert Activity.objects.coming(now).count() == 14
    assert Activity.objects.overdue(today).count() == 4
    assert set(Activity.objects.values_list("status", flat=True)) == {"draft", "published", "cancelled"}
    assert Withholding.objects.active().exists()
    assert set(TranscriptRequest.objects.values_list("status", flat=True)) >= {"requested", "accepted", "declined"}
    assert Transcript.objects.count() == 3
    before = (Award.objects.count(), AuditEntry.objects.count())
    said = StringIO()
    call_command("seed_demo", stdout=said)
    assert said.getvalue().startswith("There are people in the database already")
    assert (Award.objects.count(), AuditEntry.objects.count()) == before


def test_every_activity_offers_what_its_days_allow_and_every_record_adds_up(demo: None) -> None:
    activities = Activity.objects.annotate(offered=Count("offers"))
    assert list(activities.filter(offered__gt=F("max_badges")) | activities.filter(offered=0)) == []
    for upload in AttendanceUpload.objects.all():
        assert path_of(upload.stored_as).stat().st_size == upload.file_size
        assert upload.rows.count() == upload.row_count
        assert Award.objects.filter(row__upload=upload).count() == upload.award_count
        assert Withholding.objects.filter(row__upload=upload).count() == upload.withholding_count


def test_the_accounts_that_are_told_can_sign_in_and_nobody_else_has_a_password(demo: None) -> None:
    for account in people.ACCOUNTS:
        assert User.objects.get(cna=account.cna).check_password(people.PASSWORD)
    told = {account.cna for account in people.ACCOUNTS}
    others = User.objects.exclude(cna__in=told)
    assert [user.cna for user in others if user.has_usable_password()] == []


def test_the_rich_history_misses_one_badge_and_the_new_student_has_none(demo: None) -> None:
    rich = Award.objects.filter(participant__student_number=people.RICH_STUDENT)
    assert set(rich.values_list("badge_type__code", flat=True)) == {"IPC", "IDL", "PS", "EC", "PF"}
    assert not Award.objects.filter(participant__student_number=people.NEW_STUDENT).exists()


def test_olga_has_an_attendance_record_to_upload_in_time_and_one_that_is_overdue(demo: None) -> None:
    hers = Activity.objects.filter(created_by__cna=people.ORGANISER, status="published", uploads=None)
    ended = hers.filter(ends_at__lt=timezone.now())
    assert ended.filter(due_on__gte=timezone.localdate()).exists()
    assert ended.filter(due_on__lt=timezone.localdate()).exists()


def test_olga_finds_reminders_of_different_days_some_of_them_unread(demo: None) -> None:
    hers = Message.objects.filter(recipient__cna=people.ORGANISER)
    days = [timezone.localdate(message.created_at) for message in hers]
    assert len(set(days)) > 3
    assert max(days) <= timezone.localdate()
    assert 0 < hers.unread().count() < len(days)
    assert "attendance_overdue" in {message.kind for message in hers}


def test_badges_are_offered_in_the_order_of_the_scheme(demo: None) -> None:
    for activity in Activity.objects.prefetch_related("offers__badge_type"):
        positions = [offer.badge_type.position for offer in activity.offers.all()]
        assert positions == sorted(positions)


def test_no_address_shows_a_staff_number(demo: None) -> None:
    addresses = User.objects.exclude(email="").values_list("email", flat=True)
    assert [address for address in addresses if re.search(r"\d", address)] == []


def test_the_nat_of_the_first_student_verifies(demo: None) -> None:
    code = Transcript.objects.get(participant__student_number=people.RICH_STUDENT).code
    page = Client().get(reverse("transcripts:verify", kwargs={"code": code}))
    assert (page.status_code, "Genuine" in page.content.decode()) == (200, True)


def test_production_refuses_it(settings: object) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="not for production"):
        call_command("seed_demo")

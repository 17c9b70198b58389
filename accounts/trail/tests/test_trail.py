"""The audit trail: what is written stays as it was written, and everybody reads what concerns them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.trail.models import AuditEntry
from accounts.trail.services import entry, record, record_many
from accounts.trail.words import ACTIONS, name_of
from badges_portal.testing import Cast

TRAIL = reverse("accounts:trail")


def act(by: User | None, action: str, target: Any, **more: Any) -> None:
    with transaction.atomic():
        record(acting_user=by, action=action, target=target, **more)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_auditentry SET reason = 'another'",
        "DELETE FROM trail_auditentry",
        "TRUNCATE trail_auditentry",
        "TRUNCATE trail_auditentry CASCADE",
    ],
)
def test_the_database_refuses_to_change_an_entry(cast: Cast, statement: str) -> None:
    act(cast.adam, "user.changed", cast.olga, reason="as agreed")
    connection.check_constraints()
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().reason == "as agreed"


@pytest.mark.django_db
def test_the_orm_is_refused_just_the_same(cast: Cast) -> None:
    act(cast.adam, "user.changed", cast.olga)
    written = AuditEntry.objects.get()
    written.action = "nothing.happened"
    for change in (written.save, written.delete):
        with pytest.raises(InternalError), transaction.atomic():
            change()
    assert AuditEntry.objects.get().action == "user.changed"


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_the_transaction_of_its_act_is_refused(cast: Cast) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(acting_user=cast.adam, action="user.changed", target=cast.olga)
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_when_the_act_fails_its_entry_goes_too(cast: Cast) -> None:

    @transaction.atomic
    def act_and_fail() -> None:
        record(acting_user=cast.adam, action="user.changed", target=cast.olga)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db
def test_the_time_is_the_databases_and_many_entries_are_one_statement(cast: Cast) -> None:
    entries = [entry(acting_user=cast.adam, action="user.changed", target=cast.olga) for _n in range(50)]
    with CaptureQueriesContext(connection) as queries:
        record_many(entries)
    assert len(queries) == 1
    assert abs(AuditEntry.objects.latest("id").at - timezone.now()) < dt.timedelta(minutes=5)


def seen_by(user: User) -> list[str]:
    return sorted(AuditEntry.objects.visible_to(user).values_list("action", flat=True))


@pytest.mark.django_db
def test_everybody_reads_their_own_acts_and_what_concerns_them(cast: Cast) -> None:
    act(cast.olga, "award.revoked", cast.olga, participant=cast.sam_participant)
    act(cast.otto, "activity.created", cast.otto)
    act(None, "register.imported", cast.adam)
    act(cast.sam, "user.password_changed", cast.sam)
    assert seen_by(cast.adam) == ["activity.created", "award.revoked", "register.imported", "user.password_changed"]
    assert seen_by(cast.olga) == ["award.revoked"]
    assert seen_by(cast.otto) == ["activity.created"]
    assert seen_by(cast.sam) == ["award.revoked", "user.password_changed"]
    assert seen_by(cast.suki) == []
    assert seen_by(cast.xenia) == []


def shown(client: Any, **query: Any) -> list[str]:
    page = client.get(TRAIL, query)
    assert page.status_code == 200
    return [each.action for each in page.context["page_obj"].object_list]


@pytest.mark.django_db
def test_the_list_is_filtered_by_act_person_and_day(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    act(cast.olga, "activity.created", cast.olga)
    act(cast.otto, "activity.cancelled", cast.otto)
    today = timezone.localdate()
    assert shown(client) == ["activity.cancelled", "activity.created"]
    assert shown(client, action="activity.created") == ["activity.created"]
    assert shown(client, actor=cast.otto.pk) == ["activity.cancelled"]
    assert shown(client, since=today.isoformat(), until=today.isoformat()) == shown(client)
    assert shown(client, since=(today + dt.timedelta(days=1)).isoformat()) == []
    assert shown(client, until=(today - dt.timedelta(days=1)).isoformat()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"action": "x'; --"}, {"actor": "zero"}, {"since": "yesterday"}, {"page": "x"}])
def test_a_filter_that_makes_no_sense_breaks_nothing(cast: Cast, sign_in: Any, query: dict[str, str]) -> None:
    act(cast.olga, "activity.created", cast.olga)
    assert shown(sign_in(cast.adam), **query) == ["activity.created"]


@pytest.mark.django_db
def test_others_cannot_filter_by_person(cast: Cast, sign_in: Any) -> None:
    act(cast.otto, "activity.cancelled", cast.otto)
    page = sign_in(cast.olga).get(TRAIL, {"actor": cast.otto.pk})
    assert "actor" not in page.context["form"].fields
    assert list(page.context["page_obj"].object_list) == []


@pytest.mark.django_db
def test_the_page_shows_old_new_and_why(cast: Cast, sign_in: Any) -> None:
    act(cast.adam, "user.changed", cast.olga, changes={"roles": [["organiser"], []], "n": 5}, reason="left <us>")
    text = sign_in(cast.adam).get(TRAIL).content.decode()
    for part in ("Account changed", "<del>organiser</del> → –", "left &lt;us&gt;", "LAM Adam"):
        assert part in text


@pytest.mark.django_db
def test_the_number_of_queries_does_not_depend_on_the_entries(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    counts = []
    for more in (1, 2):
        for _n in range(more):
            act(cast.olga, "award.revoked", cast.olga, participant=cast.sam_participant)
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(client)) == (1 if more == 1 else 3)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_act_without_a_name_is_shown_as_it_is() -> None:
    assert name_of("moon.landed") == "moon.landed"
    assert name_of("user.closed") == "Account closed"
    assert all(code.count(".") == 1 for code in ACTIONS)

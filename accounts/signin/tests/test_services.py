"""One-time links, and what happens at a sign-in."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import Participant, User
from accounts.refusals import Refusal
from accounts.roles import Role
from accounts.services import close_account
from accounts.signin import services
from accounts.signin.models import SignInLink
from accounts.trail.models import AuditEntry
from badges_portal.testing import Cast, make_cast, make_participant, make_user


def trail() -> list[tuple[str, str | None]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor__cna"))


def test_only_a_hash_of_the_token_is_kept(cast: Cast) -> None:
    link = services.issue_link(acting_user=cast.adam, user=cast.olga)
    kept = SignInLink.objects.get()
    assert kept.token_hash == services.hash_of(link.token)
    assert len(link.token) >= 43  # 256 bits
    assert link.token not in {str(value) for value in vars(kept).values()}
    assert kept.expires_at - kept.created_at < dt.timedelta(days=7, seconds=1)
    assert trail() == [("sign_in_link.issued", "s2001")]


def test_a_link_works_once(cast: Cast) -> None:
    link = services.issue_link(acting_user=cast.adam, user=cast.olga)
    assert services.use_link(token=link.token) == cast.olga
    with pytest.raises(Refusal) as refused:
        services.use_link(token=link.token)
    assert refused.value.code == "link_spent"
    assert services.usable_link(link.token) is None


def test_a_link_is_valid_for_seven_days(cast: Cast) -> None:
    link = services.issue_link(acting_user=cast.adam, user=cast.olga)
    SignInLink.objects.update(expires_at=timezone.now() + dt.timedelta(seconds=30))
    assert services.usable_link(link.token) is not None
    SignInLink.objects.update(expires_at=timezone.now())
    assert services.usable_link(link.token) is None
    with pytest.raises(Refusal):
        services.use_link(token=link.token)


def test_a_new_link_ends_the_earlier_one(cast: Cast) -> None:
    first = services.issue_link(acting_user=cast.adam, user=cast.olga)
    other = services.issue_link(acting_user=cast.adam, user=cast.otto)
    second = services.issue_link(acting_user=cast.adam, user=cast.olga)
    assert services.usable_link(first.token) is None
    assert services.usable_link(second.token) is not None
    assert services.usable_link(other.token) is not None


def test_a_closed_account_gets_no_link_and_its_link_does_not_work(cast: Cast) -> None:
    link = services.issue_link(acting_user=cast.adam, user=cast.olga)
    close_account(acting_user=cast.adam, user=cast.olga)
    assert services.usable_link(link.token) is None
    with pytest.raises(Refusal):
        services.use_link(token=link.token)
    with pytest.raises(Refusal) as refused:
        services.issue_link(acting_user=cast.adam, user=cast.olga)
    assert refused.value.code == "closed"


def test_a_link_is_a_key_and_keys_are_issued_downwards_only(cast: Cast) -> None:
    for by, user in (
        (cast.adam, cast.adam),
        (cast.adam, cast.xenia),
        (cast.xenia, cast.olga),
        (cast.olga, cast.otto),
        (cast.lydia, cast.olga),
        (cast.sam, cast.suki),
    ):
        with pytest.raises(PermissionDenied):
            services.issue_link(acting_user=by, user=user)
    services.issue_link(acting_user=cast.xenia, user=cast.adam)
    services.issue_link(acting_user=None, user=cast.xenia)
    assert trail() == [("sign_in_link.issued", "s4001"), ("sign_in_link.issued", None)]


def test_a_student_who_never_signed_in_gets_an_account_with_the_first_link(cast: Cast) -> None:
    yan = make_participant("012345678", "HO Yan", "何欣", email="yan@example.edu.hk", unit=cast.design)
    link = services.issue_student_link(acting_user=cast.adam, participant=yan)
    yan.refresh_from_db()
    assert yan.user == link.user
    user = link.user
    assert (user.cna, user.name_en, user.name_zh, user.email, user.unit, user.roles) == (
        "012345678",
        "HO Yan",
        "何欣",
        "yan@example.edu.hk",
        cast.design,
        ["student"],
    )
    assert [action for action, _ in trail()] == ["user.created", "participant.linked", "sign_in_link.issued"]
    services.issue_student_link(acting_user=cast.adam, participant=yan)
    assert User.objects.filter(cna="012345678").count() == 1


def test_an_account_that_waits_for_the_register_is_found_by_its_number(cast: Cast) -> None:
    waiting = make_user("240000009", "LO Tim", Role.STUDENT)
    tim = make_participant("240000009", "LO Tim")
    assert services.issue_student_link(acting_user=cast.adam, participant=tim).user == waiting


def test_a_staff_account_with_a_students_number_is_not_taken_over(cast: Cast) -> None:
    make_user("240000009", "LO Tim", Role.ORGANISER)
    tim = make_participant("240000009", "LO Tim")
    with pytest.raises(Refusal) as refused:
        services.issue_student_link(acting_user=cast.adam, participant=tim)
    assert refused.value.code == "not_a_student_account"


def test_only_the_administrator_issues_links_for_students(cast: Cast) -> None:
    for by in (cast.olga, cast.lydia, cast.xenia, cast.sam):
        with pytest.raises(PermissionDenied):
            services.issue_student_link(acting_user=by, participant=cast.suki_participant)


def test_a_student_account_and_the_register_find_each_other_at_the_sign_in(cast: Cast) -> None:
    user = make_user("240000009", "LO Tim", Role.STUDENT)
    services.link_to_register(user=user)
    tim = make_participant("240000009", "LO Tim")
    for _twice in range(2):
        services.link_to_register(user=user)
    tim.refresh_from_db()
    assert tim.user == user
    assert trail() == [("participant.linked", "240000009")]


def test_staff_are_never_linked_to_a_student(cast: Cast) -> None:
    make_participant("s1001", "SOMEBODY Else")
    services.link_to_register(user=cast.olga)
    assert Participant.objects.get(student_number="s1001").user is None


def test_a_new_password_is_checked_and_recorded_without_the_password(cast: Cast) -> None:
    for weak in ("short", "password123", "lee olga"):
        with pytest.raises(ValidationError):
            services.set_password(user=cast.olga, password=weak)
    services.set_password(user=cast.olga, password="four plain words here")
    cast.olga.refresh_from_db()
    assert cast.olga.check_password("four plain words here")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.changes) == ("user.password_changed", {})


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_gets_in() -> None:
    cast = make_cast()
    link = services.issue_link(acting_user=cast.adam, user=cast.olga)
    start, outcomes = threading.Barrier(2), []

    def use() -> None:
        start.wait()
        try:
            outcomes.append(services.use_link(token=link.token).cna)
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["link_spent", "s1001"]

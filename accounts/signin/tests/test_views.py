"""Signing in and out, one-time links, passwords: as a person sees them."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from accounts.services import close_account
from accounts.signin.models import SignInLink
from accounts.signin.services import issue_link, issue_student_link
from accounts.trail.models import AuditEntry
from badges_portal.testing import Cast, make_participant, make_user

SIGN_IN = reverse("signin:sign-in")
PASSWORD = "four plain words here"


@pytest.fixture
def olga(cast: Cast) -> User:
    cast.olga.set_password(PASSWORD)
    cast.olga.save()
    return cast.olga


def try_sign_in(client: Client, cna: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"username": cna, "password": password, **more})


def user_of(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("cna", ["s1001", "S1001", "  s1001 ", "S1001\u200b", "ｓ1001"])
def test_case_and_spaces_around_the_cna_are_forgiven(olga: User, client: Client, cna: str) -> None:
    answer = try_sign_in(client, cna)
    if cna == "ｓ1001":
        assert answer.status_code == 422  # a full-width letter is another letter
    else:
        assert (answer.status_code, answer["Location"], user_of(client)) == (302, reverse("home"), str(olga.pk))


def test_the_page_that_was_asked_for_comes_after_the_sign_in(olga: User, client: Client) -> None:
    asked = client.get(reverse("signin:password"))
    assert asked["Location"] == f"{SIGN_IN}?next={reverse('signin:password')}"
    page = client.get(asked["Location"])
    assert re.search(r'name="next" value="/account/password/"', page.content.decode())
    assert try_sign_in(client, "s1001", next="/account/password/")["Location"] == "/account/password/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_a_sign_in_never_leads_to_another_site(olga: User, client: Client, target: str) -> None:
    assert try_sign_in(client, "s1001", next=target)["Location"] == reverse("home")


def test_an_unknown_name_a_wrong_password_and_a_closed_account_get_the_same_answer(
    olga: User, cast: Cast, client: Client
) -> None:
    cast.otto.set_password(PASSWORD)
    cast.otto.save()
    close_account(acting_user=cast.adam, user=cast.otto)

    def answer(cna: str, password: str) -> tuple[int, str]:
        page = try_sign_in(client, cna, password)
        text = re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", page.content.decode())
        return page.status_code, text.replace(cna, "CNA")

    wrong = answer("s1001", "not the password")
    assert wrong[0] == 422
    assert "do not go together" in wrong[1]
    assert answer("s9999", PASSWORD) == wrong
    assert answer("s1002", PASSWORD) == wrong
    assert answer("s2001", PASSWORD) == wrong  # no password set yet


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed, which is what a sign-in's time consists of."""

    count = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.count += 1
        return super().encode(password, salt)


@override_settings(PASSWORD_HASHERS=[f"{__name__}.CountingHasher"])
def test_an_unknown_name_costs_as_much_time_as_a_wrong_password(cast: Cast, client: Client) -> None:
    for user in (cast.olga, cast.otto):
        user.set_password(PASSWORD)
        user.save()
    close_account(acting_user=cast.adam, user=cast.otto)
    hashed = {}
    for case, cna in {"wrong": "s1001", "unknown": "s9999", "closed": "s1002", "no password yet": "s2001"}.items():
        before = CountingHasher.count
        try_sign_in(client, cna, "wrong")
        hashed[case] = CountingHasher.count - before
    assert hashed == {"wrong": 1, "unknown": 1, "closed": 1, "no password yet": 1}


def test_after_ten_failures_one_waits_and_is_told_how_long(olga: User, client: Client) -> None:
    statuses = [try_sign_in(client, "s1001" if n % 2 else "S1001 ", "wrong").status_code for n in range(10)]
    assert statuses == [422] * 9 + [429]
    locked = try_sign_in(client, "s1001")
    assert (locked.status_code, locked["Retry-After"], locked["Cache-Control"]) == (429, "900", "no-store")
    assert "You can try again in 15 minutes." in locked.content.decode()
    assert user_of(client) is None


def test_another_address_and_another_name_do_not_wait(olga: User, cast: Cast, client: Client) -> None:
    for _try in range(10):
        try_sign_in(client, "s1001", "wrong")
    assert try_sign_in(client, "s1002", "wrong").status_code == 422
    assert client.post(SIGN_IN, {"username": "s1001", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_a_name_that_does_not_exist_is_locked_just_the_same(cast: Cast, client: Client) -> None:
    assert [try_sign_in(client, "s9999").status_code for _try in range(10)][-1] == 429


def test_a_sign_in_forgets_the_failures_before_it(olga: User, client: Client) -> None:
    for _try in range(9):
        try_sign_in(client, "s1001", "wrong")
    assert try_sign_in(client, "s1001").status_code == 302
    assert AccessAttempt.objects.count() == 0


def test_the_wider_limits_answer_the_same_friendly_page(olga: User, client: Client, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
    for number in range(3):
        try_sign_in(client, f"s800{number}", "wrong")
    assert try_sign_in(client, "s1001").status_code == 429


def test_no_name_and_no_password_reach_the_log(olga: User, client: Client, caplog: Any, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    for cna in ("240000001", "s1001"):
        for _try in range(11):
            try_sign_in(client, cna, "a wrong secret")
    printed = capfd.readouterr()
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("axes"))
    for text in (logged, printed.out, printed.err):
        assert "240000001" not in text
        assert "s1001" not in text
        assert "a wrong secret" not in text


@pytest.mark.parametrize("fields", [{}, {"username": "s1001"}, {"username": "\x00", "password": "\x00"}])
def test_an_incomplete_form_is_said(cast: Cast, client: Client, fields: dict[str, str]) -> None:
    assert client.post(SIGN_IN, fields).status_code == 422


def test_somebody_signed_in_is_sent_on(olga: User, sign_in: Any) -> None:
    assert sign_in(olga).get(SIGN_IN)["Location"] == reverse("home")


def test_signing_out_needs_the_button(olga: User, sign_in: Any) -> None:
    client = sign_in(olga)
    assert client.get(reverse("signin:sign-out")).status_code == 405
    assert client.post(reverse("signin:sign-out"))["Location"] == reverse("home")
    assert user_of(client) is None


def test_a_student_who_never_signed_in_gets_a_link_signs_in_and_sets_a_password(cast: Cast, client: Client) -> None:
    yan = make_participant("012345678", "HO Yan", "何欣")
    token = issue_student_link(acting_user=cast.adam, participant=yan).token
    link = reverse("signin:link", kwargs={"token": token})
    for _scanner in range(3):
        page = client.get(link)
        assert (page.status_code, "HO Yan" in page.content.decode()) == (200, True)
    assert "012345678" not in page.content.decode()
    assert SignInLink.objects.get().used_at is None

    assert client.post(link)["Location"] == reverse("signin:password")
    yan.refresh_from_db()
    assert user_of(client) == str(yan.user_id)
    assert client.get(link).status_code == 404
    for elsewhere in ("/", reverse("activities:catalogue"), "/api/v1/badge-types/"):
        assert client.get(elsewhere)["Location"] == reverse("signin:password")
    page = client.get(reverse("signin:password"))
    assert "does not work a second time" in page.content.decode()
    assert "current_password" not in page.content.decode()
    answer = client.post(reverse("signin:password"), {"new_password": PASSWORD, "repeated": PASSWORD})
    assert answer["Location"] == reverse("home")
    assert client.get(reverse("activities:catalogue")).status_code == 200

    again = Client()
    assert try_sign_in(again, "012345678").status_code == 302
    acts = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert acts == [
        "user.created",
        "participant.linked",
        "sign_in_link.issued",
        "sign_in_link.used",
        "user.password_changed",
    ]


def test_a_student_account_is_linked_to_the_register_at_the_sign_in(cast: Cast, client: Client) -> None:
    user = make_user("240000009", "LO Tim", "student")  # type: ignore[arg-type]
    user.set_password(PASSWORD)
    user.save()
    tim = make_participant("240000009", "LO Tim")
    assert try_sign_in(client, "240000009").status_code == 302
    tim.refresh_from_db()
    assert tim.user == user


def test_a_link_signs_out_whoever_was_signed_in(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.sam)
    token = issue_link(acting_user=cast.adam, user=cast.olga).token
    client.post(reverse("signin:link", kwargs={"token": token}))
    assert user_of(client) == str(cast.olga.pk)


def test_spent_old_and_invented_links_get_the_same_answer(cast: Cast, client: Client) -> None:
    spent = issue_link(acting_user=cast.adam, user=cast.olga).token
    issue_link(acting_user=cast.adam, user=cast.olga)
    pages = [
        re.sub(r'value="[^"]*"', "", client.get(reverse("signin:link", kwargs={"token": token})).content.decode())
        for token in (spent, "invented", "x" * 500)
    ]
    assert pages[0] == pages[1] == pages[2]
    assert "no longer works" in pages[0]


def test_the_present_password_is_asked_for_before_a_new_one(olga: User, sign_in: Any) -> None:
    client = sign_in(olga)
    new = {"new_password": "quite another one", "repeated": "quite another one"}
    for fields in (new, {**new, "current_password": "wrong"}):
        assert client.post(reverse("signin:password"), fields).status_code == 422
    assert client.post(reverse("signin:password"), {**new, "current_password": PASSWORD}).status_code == 302
    olga.refresh_from_db()
    assert olga.check_password("quite another one")


@pytest.mark.parametrize(
    ("new", "repeated", "said"),
    [
        ("short", "short", "too short"),
        ("password1234", "password1234", "too common"),
        ("quite another one", "quite another two", "differ"),
    ],
)
def test_a_bad_new_password_is_explained(olga: User, sign_in: Any, new: str, repeated: str, said: str) -> None:
    fields = {"current_password": PASSWORD, "new_password": new, "repeated": repeated}
    page = sign_in(olga).post(reverse("signin:password"), fields)
    assert (page.status_code, said in page.content.decode()) == (422, True)


def test_what_is_hard_to_undo_asks_for_the_password_again(olga: User, sign_in: Any) -> None:
    client = sign_in(olga)
    again = reverse("signin:again")
    assert client.post(again, {"current_password": "wrong"}).status_code == 422
    answer = client.post(again, {"current_password": PASSWORD, "next": "/account/password/"})
    assert answer["Location"] == "/account/password/"
    assert client.post(again, {"current_password": PASSWORD, "next": "https://evil.example"})["Location"] == reverse(
        "home"
    )


def test_the_language_chosen_last_time_comes_with_the_sign_in(olga: User, client: Client) -> None:
    User.objects.filter(pk=olga.pk).update(language="zh-hant")
    assert try_sign_in(client, "s1001").cookies["django_language"].value == "zh-hant"


def test_the_language_switch_is_remembered_for_somebody_signed_in(olga: User, client: Client, sign_in: Any) -> None:
    switch = reverse("set_language")
    assert client.post(switch, {"language": "zh-hant", "next": "/"}).status_code == 302
    sign_in(olga)
    for language, kept in (("zh-hant", "zh-hant"), ("klingon", "zh-hant"), ("en-gb", "en-gb")):
        answer = client.post(switch, {"language": language, "next": "/"})
        olga.refresh_from_db()
        assert (answer.status_code, olga.language) == (302, kept)

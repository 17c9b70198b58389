"""The pages about people, units and the student register."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.models import Unit, User
from accounts.roles import Role
from accounts.services import close_account
from accounts.signin.services import usable_link
from accounts.trail.models import AuditEntry
from badges_portal.testing import Cast, make_participant, make_user

PEOPLE, REGISTER = reverse("accounts:people"), reverse("accounts:participants")
LINK = re.compile(r'value="http://[^/]+(/sign-in/link/[^/"]+/)"')


def listed(client: Client, url: str, **query: Any) -> list[str]:
    page = client.get(url, query)
    assert page.status_code == 200
    return [str(each) for each in page.context["page_obj"].object_list]


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def link_in(page: Any) -> str:
    found = LINK.search(page.content.decode())
    assert found is not None
    return found[1]


def test_people_are_the_staff_and_not_the_students(cast: Cast, sign_in: Any) -> None:
    names = ["HO Oscar", "LAM Adam", "LEE Olga", "NG Otto", "TSE Xenia", "YIP Lydia"]
    assert listed(sign_in(cast.adam), PEOPLE) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "olga"}, ["LEE Olga"]),
        ({"q": "lee ol"}, ["LEE Olga"]),
        ({"q": "S100"}, ["HO Oscar", "LEE Olga", "NG Otto"]),
        ({"q": "nobody"}, []),
        ({"role": "advisor"}, ["YIP Lydia"]),
        ({"state": "closed"}, ["NG Otto"]),
        ({"state": "open", "role": "organiser"}, ["HO Oscar", "LEE Olga"]),
        ({"role": "king"}, ["HO Oscar", "LAM Adam", "LEE Olga", "NG Otto", "TSE Xenia", "YIP Lydia"]),
    ],
)
def test_people_are_searched_and_filtered(cast: Cast, sign_in: Any, query: dict[str, str], names: list[str]) -> None:
    close_account(acting_user=cast.adam, user=cast.otto)
    assert listed(sign_in(cast.adam), PEOPLE, **query) == names


def test_people_are_filtered_by_unit(cast: Cast, sign_in: Any) -> None:
    assert listed(sign_in(cast.adam), PEOPLE, unit=cast.design.pk) == ["HO Oscar"]


def test_lists_need_as_many_queries_for_one_as_for_three(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    urls = [PEOPLE, REGISTER, reverse("accounts:units"), reverse("accounts:register-import")]
    before = [queries_of(client, url) for url in urls]
    for n in range(3):
        unit = Unit.objects.create(code=f"U{n}", name_en=f"Unit {n}")
        user = make_user(f"s900{n}", f"NEW {n}", Role.ORGANISER, unit=unit)
        make_participant(f"25000000{n}", f"NEW {n}", unit=unit, user=user)
    assert [queries_of(client, url) for url in urls] == before


def test_a_new_organiser_gets_a_link_and_signs_in(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    form = {"cna": " S5001 ", "name_en": "MA  Nora\u200b", "unit": cast.design.pk, "roles": ["organiser", "advisor"]}
    answer = client.post(reverse("accounts:user-create"), form)
    nora = User.objects.get(cna="s5001")
    assert answer["Location"] == reverse("accounts:user-edit", kwargs={"pk": nora.pk})
    assert (nora.name_en, nora.roles) == ("MA Nora", ["organiser", "advisor"])
    shown = client.post(reverse("accounts:user-link", kwargs={"pk": nora.pk}))
    assert shown["Cache-Control"].count("no-store")
    phone = Client()
    assert phone.post(link_in(shown))["Location"] == reverse("signin:password")
    assert phone.session["_auth_user_id"] == str(nora.pk)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"cna": "s1001", "name_en": "X", "roles": ["organiser"]}, "cna"),
        ({"cna": "", "name_en": "X", "roles": ["organiser"]}, "cna"),
        ({"cna": "s5001", "name_en": "\u200b", "roles": ["organiser"]}, "name_en"),
        ({"cna": "s5001", "name_en": "X", "roles": []}, "roles"),
        ({"cna": "s5001", "name_en": "X", "roles": ["administrator"]}, "roles"),
        ({"cna": "s5001", "name_en": "X", "roles": ["organiser"], "email": "x"}, "email"),
        ({"cna": "s5001", "name_en": "X", "roles": ["organiser"], "unit": "0"}, "unit"),
    ],
)
def test_a_wrong_form_says_where(cast: Cast, sign_in: Any, form: dict[str, Any], field: str) -> None:
    page = sign_in(cast.adam).post(reverse("accounts:user-create"), form)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert User.objects.filter(cna="s5001").count() == 0


def test_the_operator_is_offered_administrator_only(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.xenia).get(reverse("accounts:user-edit", kwargs={"pk": cast.olga.pk}))
    assert [value for value, _ in page.context["form"].fields["roles"].choices] == ["administrator"]
    form = {"name_en": "LEE Olga", "roles": ["administrator"]}
    answer = sign_in(cast.xenia).post(reverse("accounts:user-edit", kwargs={"pk": cast.olga.pk}), form)
    assert answer.status_code == 302
    cast.olga.refresh_from_db()
    assert cast.olga.roles == ["organiser", "administrator"]


def test_ones_own_roles_are_shown_and_not_offered(cast: Cast, sign_in: Any) -> None:
    url = reverse("accounts:user-edit", kwargs={"pk": cast.adam.pk})
    assert "roles" not in sign_in(cast.adam).get(url).context["form"].fields
    sign_in(cast.adam).post(url, {"name_en": "LAM Adam Ho", "roles": ["operator"]})
    cast.adam.refresh_from_db()
    assert (cast.adam.name_en, cast.adam.roles) == ("LAM Adam Ho", ["administrator"])


def test_an_account_is_closed_and_reopened_on_its_page(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    page = reverse("accounts:user-edit", kwargs={"pk": cast.olga.pk})
    client.post(reverse("accounts:user-close", kwargs={"pk": cast.olga.pk}))
    assert "Reopen the account" in client.get(page).content.decode()
    answer = client.post(reverse("accounts:user-link", kwargs={"pk": cast.olga.pk}), follow=True)
    assert "This account is closed." in answer.content.decode()
    client.post(reverse("accounts:user-reopen", kwargs={"pk": cast.olga.pk}))
    assert "Close the account" in client.get(page).content.decode()


def test_roles_and_links_ask_for_the_password_after_half_an_hour(cast: Cast) -> None:
    morning, client = timezone.now(), Client()
    with time_machine.travel(morning, tick=False) as clock:
        client.force_login(cast.adam, backend="accounts.signin.backends.PortalBackend")
        for minutes in (20, 40):
            clock.move_to(morning + dt.timedelta(minutes=minutes))
            client.get(PEOPLE)
        edit = reverse("accounts:user-edit", kwargs={"pk": cast.olga.pk})
        assert client.get(edit)["Location"] == f"{reverse('signin:again')}?next={edit}"
        link = reverse("accounts:user-link", kwargs={"pk": cast.olga.pk})
        asked = client.post(link, headers={"referer": f"http://testserver{PEOPLE}"})
        assert asked.status_code == 302
        assert asked["Location"].startswith(reverse("signin:again"))
        assert client.get(PEOPLE).status_code == 200
    assert AuditEntry.objects.count() == 0


def test_units_are_kept_on_their_pages(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    taken = client.post(reverse("accounts:unit-create"), {"code": "FDE", "name_en": "Twice"})
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["code"])
    assert client.post(reverse("accounts:unit-create"), {"code": "FST", "name_en": "Science"}).status_code == 302
    unit = Unit.objects.get(code="FST")
    client.post(reverse("accounts:unit-retire", kwargs={"pk": unit.pk}), follow=True)
    assert "Science" not in client.get(reverse("accounts:user-create")).content.decode()
    client.post(reverse("accounts:unit-restore", kwargs={"pk": unit.pk}), follow=True)
    assert "Science" in client.get(reverse("accounts:user-create")).content.decode()


def search(client: Client, words: str, status: str = "") -> list[str]:
    answer = client.post(REGISTER, {"q": words, "status": status})
    assert answer["Location"] == REGISTER
    return listed(client, REGISTER)


def test_the_register_is_searched_without_a_number_in_the_address_and_with_a_trace(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    make_participant("250000009", "HO Yan", "何欣", status="withdrawn")
    assert search(client, "240000002") == ["WONG Suki"]
    assert search(client, "何欣") == ["HO Yan"]
    assert search(client, "chan sam") == ["CHAN Sam"]
    assert search(client, "", "withdrawn") == ["HO Yan"]
    assert search(client, "") == ["CHAN Sam", "HO Yan", "WONG Suki"]
    searches = AuditEntry.objects.filter(action="participant.searched").order_by("id")
    assert list(searches.values_list("actor__cna", "changes")) == [
        ("s2001", {"words": "240000002", "found": 1}),
        ("s2001", {"words": "何欣", "found": 1}),
        ("s2001", {"words": "chan sam", "found": 1}),
    ]


def test_the_register_shows_25_a_page(cast: Cast, sign_in: Any) -> None:
    for n in range(30):
        make_participant(f"2500000{n:02}", f"STUDENT {n:02}")
    client = sign_in(cast.adam)
    assert (len(listed(client, REGISTER)), len(listed(client, REGISTER, page=2))) == (25, 7)


def test_a_student_of_the_register_gets_a_link(cast: Cast, sign_in: Any) -> None:
    yan = make_participant("012345678", "HO Yan", "何欣")
    page = sign_in(cast.adam).post(reverse("accounts:participant-link", kwargs={"pk": yan.pk}))
    link = usable_link(resolve(link_in(page)).kwargs["token"])
    assert link is not None
    assert link.user.cna == "012345678"
    assert "012345678" not in link_in(page)


def test_a_student_number_that_is_taken_by_staff_is_said(cast: Cast, sign_in: Any) -> None:
    make_user("240000009", "LO Tim", Role.ORGANISER)
    tim = make_participant("240000009", "LO Tim")
    page = sign_in(cast.adam).post(reverse("accounts:participant-link", kwargs={"pk": tim.pk}), follow=True)
    assert "it is not a student&#x27;s" in page.content.decode()

"""The menu: what each role may open, and where one is."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from badges_portal.menu import GROUPS, Section, menu_for


def address(url_name: str) -> str:
    return f"/{quote(url_name)}/"


def lines(menu: list[Section]) -> dict[str, list[str]]:
    return {str(section.text): [str(item.text) for item in section.items] for section in menu}


def menu_of(*roles: Role, path: str = "/") -> dict[str, list[str]]:
    return lines(menu_for(User(cna="x", roles=list(roles)), path, address))


EVERYBODY = {"The scheme": ["The scheme"], "Verify": ["Verify"]}


def test_a_visitor_sees_catalogue_scheme_and_verification() -> None:
    assert lines(menu_for(AnonymousUser(), "/", address)) == {"Activity": ["Catalogue"], **EVERYBODY}


def test_a_student_sees_activity_history_where_the_student_portal_had_it() -> None:
    assert menu_of(Role.STUDENT) == {"Activity": ["Catalogue", "Activity History", "NAT"], **EVERYBODY}


def test_an_organiser_sees_own_activities() -> None:
    assert menu_of(Role.ORGANISER) == {
        "Activity": ["Catalogue"],
        "Organise": ["My activities", "New activity", "Open rows"],
        **EVERYBODY,
    }


def test_an_administrator_sees_the_books() -> None:
    assert menu_of(Role.ADMINISTRATOR)["Administer"] == [
        "Filing",
        "Corrections",
        "NAT queue",
        "Student register",
        "People",
        "Units",
        "Words for marks",
        "Audit trail",
        "Data",
    ]


def test_an_advisor_sees_the_monitor_and_the_data() -> None:
    assert menu_of(Role.ADVISOR) == {"Activity": ["Catalogue"], "Advise": ["Monitor", "Data"], **EVERYBODY}


def test_an_operator_sees_people_only() -> None:
    assert menu_of(Role.OPERATOR) == {"Activity": ["Catalogue"], "Administer": ["People"], **EVERYBODY}


def test_several_roles_at_once_see_each_page_once() -> None:
    menu = menu_of(Role.STUDENT, Role.ORGANISER, Role.ADMINISTRATOR, Role.ADVISOR)
    pages = [text for texts in menu.values() for text in texts]
    assert len(pages) == len(set(pages))
    assert list(menu) == ["Activity", "Organise", "Administer", "Advise", "The scheme", "Verify"]
    assert menu["Advise"] == ["Monitor"]


def test_a_closed_account_sees_what_a_visitor_sees() -> None:
    closed = User(cna="x", roles=list(Role.values), is_active=False)
    assert lines(menu_for(closed, "/", address)) == {"Activity": ["Catalogue"], **EVERYBODY}


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/organise/", ["My activities"]),
        ("/organise/new/", ["New activity"]),
        ("/organise/7/attendance/", ["My activities"]),
        ("/elsewhere/", []),
    ],
)
def test_the_current_entry_is_the_one_that_the_path_goes_on_from(path: str, current: list[str]) -> None:
    places = {"activities:own-list": "/organise/", "activities:create": "/organise/new/"}
    menu = menu_for(User(cna="x", roles=[Role.ORGANISER]), path, lambda name: places.get(name, ""))
    assert [str(item.text) for section in menu for item in section.items if item.is_current] == current


def test_every_entry_leads_to_a_page() -> None:
    for group in GROUPS:
        for entry in group.entries:
            assert reverse(entry.url_name), entry

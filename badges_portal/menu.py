"""The menu of the page: what this person may open, grouped by what they come to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Permission

Anybody = User | AnonymousUser
Text = str | Promise
Shown = tuple[Text, tuple[tuple[Text, str], ...]]
"""A heading and its entries, each with its text in whatever language the page has, and its address."""


@dataclass(frozen=True)
class Entry:
    """One line of the menu; shown to whoever has one of the permissions, or to everybody when it names none."""

    text: Text
    url_name: str
    needs: tuple[Permission, ...] = ()

    def is_for(self, permissions: frozenset[Permission]) -> bool:
        return not self.needs or not permissions.isdisjoint(self.needs)


@dataclass(frozen=True)
class Group:
    """Entries under one heading; with a single entry to show, the heading is left out."""

    text: Text
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        _("Activity"),
        (
            Entry(_("Catalogue"), "activities:catalogue"),
            Entry(_("Activity History"), "awards:history", (Permission.VIEW_OWN_HISTORY,)),
            Entry(_("NAT"), "transcripts:own", (Permission.REQUEST_TRANSCRIPT,)),
        ),
    ),
    Group(
        _("Organise"),
        (
            Entry(_("My activities"), "activities:own-list", (Permission.ORGANISE,)),
            Entry(_("New activity"), "activities:create", (Permission.ORGANISE,)),
            Entry(_("Open rows"), "attendance:open-rows", (Permission.ORGANISE,)),
        ),
    ),
    Group(
        _("Administer"),
        (
            Entry(_("Filing"), "attendance:filing", (Permission.FILE_ATTENDANCE,)),
            Entry(_("Corrections"), "awards:corrections", (Permission.MANAGE_ALL_ACTIVITIES,)),
            Entry(_("NAT queue"), "transcripts:queue", (Permission.ISSUE_TRANSCRIPTS,)),
            Entry(_("Student register"), "accounts:participants", (Permission.VIEW_STUDENTS,)),
            Entry(_("People"), "accounts:people", (Permission.MANAGE_PEOPLE, Permission.GIVE_ADMINISTRATOR)),
            Entry(_("Units"), "accounts:units", (Permission.MANAGE_PEOPLE,)),
            Entry(_("Words for marks"), "attendance:words", (Permission.EDIT_SCHEME,)),
            Entry(_("Audit trail"), "accounts:trail", (Permission.VIEW_TRAIL,)),
            Entry(_("Data"), "admin:index", (Permission.MANAGE_ALL_ACTIVITIES,)),
        ),
    ),
    Group(
        _("Advise"),
        (
            Entry(_("Monitor"), "advising:monitor", (Permission.ADVISE,)),
            Entry(_("Data"), "admin:index", (Permission.VIEW_DATA_ADMIN,)),
        ),
    ),
    Group(_("The scheme"), (Entry(_("The scheme"), "activities:scheme"),)),
    Group(_("Verify"), (Entry(_("Verify"), "transcripts:verify-form"),)),
)


@dataclass(frozen=True)
class Item:
    """An entry as it is shown."""

    text: Text
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Section:
    """A group as it is shown."""

    text: Text
    items: tuple[Item, ...]

    @property
    def is_current(self) -> bool:
        return any(item.is_current for item in self.items)


def menu_for(user: Anybody, path: str, address: Callable[[str], str] = reverse) -> list[Section]:
    """What this person may open; the entry whose address is the longest beginning of `path` is the current one."""
    groups = groups_for(permissions_of(user), address)
    urls = (url for _text, entries in groups for _entry, url in entries)
    current = max((url for url in urls if path.startswith(url)), key=len, default="")
    return [
        Section(heading, tuple(Item(text, url, url == current) for text, url in entries)) for heading, entries in groups
    ]


def permissions_of(user: Anybody) -> frozenset[Permission]:
    """What the user may do now; a visitor and a closed account nothing."""
    return user.permissions if user.is_authenticated and user.is_active else frozenset()


@lru_cache(maxsize=256)
def groups_for(permissions: frozenset[Permission], address: Callable[[str], str]) -> tuple[Shown, ...]:
    """The headings with the texts and addresses below them, each page once: the same on every page of everybody."""
    seen: set[str] = set()
    groups = []
    for group in GROUPS:
        entries = []
        for entry in group.entries:
            url = address(entry.url_name)
            if url and url not in seen and entry.is_for(permissions):
                seen.add(url)
                entries.append((entry.text, url))
        if entries:
            groups.append((group.text, tuple(entries)))
    return tuple(groups)

"""The menu of the page: what this person may open, grouped by what they come to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Permission

Anybody = User | AnonymousUser


@dataclass(frozen=True)
class Entry:
    """One line of the menu; shown to whoever has one of the permissions, or to everybody when it names none."""

    text: str | Promise
    url_name: str
    needs: tuple[Permission, ...] = ()

    def is_for(self, user: Anybody) -> bool:
        if not self.needs:
            return True
        return user.is_authenticated and any(user.may(permission) for permission in self.needs)


@dataclass(frozen=True)
class Group:
    """Entries under one heading; with a single entry to show, the heading is left out."""

    text: str | Promise
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
        ),
    ),
    Group(
        _("Administer"),
        (
            Entry(_("Filing"), "attendance:filing", (Permission.FILE_ATTENDANCE,)),
            Entry(_("NAT queue"), "transcripts:queue", (Permission.ISSUE_TRANSCRIPTS,)),
            Entry(_("Student register"), "accounts:participants", (Permission.VIEW_STUDENTS,)),
            Entry(_("People"), "accounts:people", (Permission.MANAGE_PEOPLE, Permission.GIVE_ADMINISTRATOR)),
            Entry(_("Units"), "accounts:units", (Permission.MANAGE_PEOPLE,)),
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

    text: str | Promise
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Section:
    """A group as it is shown."""

    text: str | Promise
    items: tuple[Item, ...]

    @property
    def is_current(self) -> bool:
        return any(item.is_current for item in self.items)


def menu_for(user: Anybody, path: str, address: Callable[[str], str] = reverse) -> list[Section]:
    """What this person may open; the entry whose address is the longest beginning of `path` is the current one."""
    seen: set[str] = set()
    chosen: list[tuple[Group, list[tuple[Entry, str]]]] = []
    for group in GROUPS:
        entries = []
        for entry in group.entries:
            url = address(entry.url_name)
            if url and url not in seen and entry.is_for(user):
                seen.add(url)
                entries.append((entry, url))
        if entries:
            chosen.append((group, entries))
    current = max((url for url in seen if path.startswith(url)), key=len, default="")
    return [
        Section(group.text, tuple(Item(entry.text, url, url == current) for entry, url in entries))
        for group, entries in chosen
    ]

"""Who may call the pages about people, units and the student register."""

from __future__ import annotations

import uuid
from typing import Any

from badges_portal.tests.access import Row, World


def olga(world: World) -> dict[str, Any]:
    return {"pk": world.cast.olga.pk}


def adam(world: World) -> dict[str, Any]:
    return {"pk": world.cast.adam.pk}


def sam(world: World) -> dict[str, Any]:
    return {"pk": world.cast.sam.pk}


def suki(world: World) -> dict[str, Any]:
    return {"pk": world.cast.suki_participant.pk}


def unit(world: World) -> dict[str, Any]:
    return {"pk": world.cast.design.pk}


def staff(world: World) -> dict[str, str]:
    return {"name_en": "LEE Olga", "roles": "organiser"}


def new_staff(world: World) -> dict[str, str]:
    return {"cna": "s9999", "name_en": "NEW Person", "roles": "organiser"}


def words(world: World) -> dict[str, str]:
    return {"code": "NEW", "name_en": "A new unit"}


def no_import(_world: World) -> dict[str, Any]:
    return {"key": uuid.UUID(int=7)}


ACCESS: list[Row] = [
    Row("accounts:people", everyone=403, administrator=200, operator=200),
    Row("accounts:user-create", everyone=403, administrator=200, operator=200),
    Row("accounts:user-create", method="POST", data=new_staff, everyone=403, administrator=302, operator=422),
    Row("accounts:user-edit", kwargs=olga, everyone=403, administrator=200, operator=200),
    Row("accounts:user-edit", kwargs=sam, label="a student", everyone=403, administrator=404, operator=404),
    Row("accounts:user-edit", method="POST", kwargs=olga, data=staff, everyone=403, administrator=302, operator=422),
    Row("accounts:user-close", method="POST", kwargs=olga, everyone=403, administrator=302, operator=403),
    Row("accounts:user-close", method="POST", kwargs=adam, label="an administrator", everyone=403, operator=302),
    Row("accounts:user-reopen", method="POST", kwargs=olga, everyone=403, administrator=302, operator=403),
    Row("accounts:user-link", method="POST", kwargs=olga, everyone=403, administrator=200, operator=403),
    Row("accounts:user-link", method="POST", kwargs=adam, label="an administrator", everyone=403, operator=200),
    Row(
        "accounts:user-link",
        method="POST",
        kwargs=sam,
        label="a student",
        everyone=403,
        administrator=404,
        operator=404,
    ),
    Row("accounts:units", everyone=403, administrator=200),
    Row("accounts:unit-create", everyone=403, administrator=200),
    Row("accounts:unit-create", method="POST", data=words, everyone=403, administrator=302),
    Row("accounts:unit-edit", kwargs=unit, everyone=403, administrator=200),
    Row("accounts:unit-edit", method="POST", kwargs=unit, data=words, everyone=403, administrator=302),
    Row("accounts:unit-retire", method="POST", kwargs=unit, everyone=403, administrator=302),
    Row("accounts:unit-restore", method="POST", kwargs=unit, everyone=403, administrator=302),
    Row("accounts:participants", everyone=403, administrator=200),
    Row("accounts:participants", method="POST", label="search", everyone=403, administrator=302),
    Row("accounts:participant-link", method="POST", kwargs=suki, everyone=403, administrator=200),
    Row("accounts:register-import", everyone=403, administrator=200),
    Row("accounts:register-import", method="POST", label="no file", everyone=403, administrator=422),
    Row("accounts:register-review", kwargs=no_import, everyone=403, administrator=404),
    Row("accounts:register-apply", method="POST", kwargs=no_import, everyone=403, administrator=404),
    Row("accounts:register-discard", method="POST", kwargs=no_import, everyone=403, administrator=404),
    Row("accounts:trail"),
]

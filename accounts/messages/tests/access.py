"""Who may call the inbox: everybody their own, nobody another's."""

from __future__ import annotations

from typing import Any

from badges_portal.tests.access import Row, World


def message(world: World) -> dict[str, Any]:
    """Olga's."""
    return {"pk": world.message.pk}


ACCESS: list[Row] = [
    Row("messages:inbox"),
    Row("messages:message", kwargs=message, everyone=404, organiser=200),
    Row("messages:message", method="POST", kwargs=message, everyone=404, organiser=302),
    Row("messages:read-all", method="POST", data=lambda world: {"newest": world.message.pk}, everyone=302),
    Row("messages:read-all", everyone=405),
]

"""The format of the access table: who may call which address, and the world in which it is tried.

Every app lists rows for each of its URL names in `tests/access.py` as `ACCESS: list[Row]`; `test_access.py` tries them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.messages.models import Message
from accounts.models import Participant, User
from activities.models import Activity
from awards.advising.models import Advice
from awards.attendance.models import AttendanceUpload
from awards.models import Award, CorrectionRequest, Withholding
from badges_portal.testing import Cast
from transcripts.models import Transcript, TranscriptRequest

SIGN_IN = -302
"""Expected status of somebody who is sent to the sign-in page."""

VIEWERS = (
    "anonymous",
    "student",
    "other_student",
    "organiser",
    "co_organiser",
    "stranger",
    "administrator",
    "advisor",
    "operator",
)
"""Nobody signed in; Sam, whose record it is; Suki; Olga, whose activity it is; Oscar, her co-organiser from another
unit; Otto, an organiser of her unit who has no part in it; Adam; Lydia; Xenia."""


@dataclass(frozen=True)
class World:
    """What the rows are about: everything is Olga's, Oscar's and Sam's unless it says otherwise."""

    cast: Cast
    shared: Activity
    """Ended, with a committed record: Sam has the badge, Sara is withheld, one unknown number is parked."""
    coming: Activity
    """Olga's and Oscar's, published, next week."""
    draft: Activity
    """Olga's and Oscar's, not published."""
    others: Activity
    """Otto's, ended; Suki and Theo have the badge."""
    upload: AttendanceUpload
    staged: AttendanceUpload
    """Of `shared`, waiting for the commit."""
    others_upload: AttendanceUpload
    award: Award
    """Sam's, at `shared`."""
    revoked: Award
    """Sam's too, and revoked."""
    others_award: Award
    """Suki's, at `others`."""
    withholding: Withholding
    """Sara's, at `shared`."""
    request: TranscriptRequest
    """Sam's, requested."""
    accepted: TranscriptRequest
    """Suki's, accepted."""
    transcript: Transcript
    """Sam's, issued."""
    advice: Advice
    """Lydia's, on `shared`, not answered."""
    correction: CorrectionRequest
    message: Message
    """To Olga: the administrator's question about `upload`."""
    sara: Participant
    theo: Participant
    uma: Participant
    vic: Participant
    may_see: Mapping[str, frozenset[str]]
    """Canary (a text that stands nowhere else) → who may read it."""

    def user(self, viewer: str) -> User | None:
        cast = self.cast
        return {
            "student": cast.sam,
            "other_student": cast.suki,
            "organiser": cast.olga,
            "co_organiser": cast.oscar,
            "stranger": cast.otto,
            "administrator": cast.adam,
            "advisor": cast.lydia,
            "operator": cast.xenia,
        }.get(viewer)


def nothing(_world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """One way to call one URL, and what each viewer must get.

    `everyone` is the status of all signed-in viewers that are not named; `anonymous` is sent to the sign-in page unless
    named. `kwargs`, `query` and `data` are made from the world. `reveals` are canaries that everybody may read here in
    spite of the table in the world (the name behind a verification code); give the reason beside it.
    """

    url: str
    everyone: int = 200
    kwargs: Callable[[World], dict[str, Any]] = nothing
    method: str = "GET"
    query: Callable[[World], dict[str, Any]] = nothing
    data: Callable[[World], dict[str, Any]] = nothing
    headers: Mapping[str, str] = field(default_factory=dict)
    reveals: Callable[[World], list[str]] = lambda world: []
    label: str = ""
    anonymous: int = SIGN_IN
    student: int | None = None
    other_student: int | None = None
    organiser: int | None = None
    co_organiser: int | None = None
    stranger: int | None = None
    administrator: int | None = None
    advisor: int | None = None
    operator: int | None = None

    def expected(self, viewer: str) -> int:
        status = getattr(self, viewer)
        return self.everyone if status is None else int(status)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.method, self.url, self.label)))


ACCESS: list[Row] = [
    Row("set_language", method="POST", data=lambda world: {"language": "zh-hant"}, everyone=302, anonymous=302),
    Row("health", anonymous=200),
    Row("data-sign-in", everyone=403),
    Row("home", anonymous=302),
    Row("privacy", anonymous=200),
    Row("api:badge-types", anonymous=200),
    Row("api:catalogue", anonymous=200),
    Row("api:schema", anonymous=200),
    Row("api:docs", anonymous=200),
]

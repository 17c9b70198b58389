"""Who may open which page of NATs."""

from __future__ import annotations

from badges_portal.tests.access import Row, World

CODE = "0" * 28
"""The verification code of Sam's NAT in the world of the access walk."""
ASKED = {"purpose": "job", "copies": "1", "delivery": "collect"}


def sams_request(world: World) -> dict[str, object]:
    return {"pk": world.request.pk}


def sukis_request(world: World) -> dict[str, object]:
    return {"pk": world.accepted.pk}


def answered_request(world: World) -> dict[str, object]:
    return {"pk": world.transcript.request_id}


def sams_paper(world: World) -> dict[str, object]:
    return {"pk": world.transcript.pk}


def on_the_paper(world: World) -> list[str]:
    """Whoever holds the code holds the paper, and may read the name on it."""
    return ["QUIXSAM", "闕三凰"]


ACCESS: list[Row] = [
    Row("transcripts:own", everyone=403, student=200, other_student=200),
    Row(
        "transcripts:own",
        method="POST",
        data=lambda w: ASKED,
        label="asks while a request is pending",
        everyone=403,
        student=302,
        other_student=302,
    ),
    Row(
        "transcripts:own",
        method="POST",
        data=lambda w: {**ASKED, "purpose": "other"},
        label="asks without saying what for",
        everyone=403,
        student=422,
        other_student=422,
    ),
    Row("transcripts:cancel", method="POST", kwargs=sams_request, everyone=403, student=302, other_student=404),
    Row("transcripts:cancel", kwargs=sams_request, label="GET", everyone=405),
    Row("transcripts:queue", everyone=403, administrator=200),
    Row("transcripts:queue", query=lambda w: {"show": "issued"}, label="issued", everyone=403, administrator=200),
    Row("transcripts:request-record", everyone=403, administrator=200),
    Row(
        "transcripts:request-record",
        method="POST",
        data=lambda w: {**ASKED, "channel": "letter", "student_number": "247000001"},
        label="for a student with a pending request",
        everyone=403,
        administrator=422,
    ),
    Row(
        "transcripts:request-record",
        method="POST",
        data=lambda w: {**ASKED, "channel": "letter", "student_number": "247000004"},
        everyone=403,
        administrator=302,
    ),
    Row("transcripts:request", kwargs=sams_request, everyone=403, administrator=200),
    Row("transcripts:request", kwargs=answered_request, label="answered", everyone=403, administrator=200),
    Row("transcripts:request", kwargs=lambda w: {"pk": 0}, label="none", everyone=403, administrator=404),
    Row(
        "transcripts:decide",
        method="POST",
        kwargs=sams_request,
        data=lambda w: {"decision": "accept"},
        everyone=403,
        administrator=302,
    ),
    Row(
        "transcripts:decide",
        method="POST",
        kwargs=sams_request,
        data=lambda w: {"decision": "decline"},
        label="declines without a word",
        everyone=403,
        administrator=422,
    ),
    Row("transcripts:issue", method="POST", kwargs=sukis_request, everyone=403, administrator=302),
    Row("transcripts:collected", method="POST", kwargs=answered_request, everyone=403, administrator=302),
    Row("transcripts:detail", kwargs=sams_paper, everyone=403, administrator=200),
    Row("transcripts:detail", kwargs=lambda w: {"pk": 0}, label="none", everyone=403, administrator=404),
    Row("transcripts:print", method="POST", kwargs=sams_paper, everyone=403, administrator=200),
    Row("transcripts:print", kwargs=sams_paper, label="GET", everyone=405),
    Row(
        "transcripts:void",
        method="POST",
        kwargs=sams_paper,
        data=lambda w: {"reason": "misprint"},
        everyone=403,
        administrator=302,
    ),
    Row(
        "transcripts:void",
        method="POST",
        kwargs=sams_paper,
        data=lambda w: {"reason": ""},
        label="without a reason",
        everyone=403,
        administrator=422,
    ),
    Row("transcripts:verify-form", anonymous=200),
    Row(
        "transcripts:verify-form",
        query=lambda w: {"code": "0000 0000-0000"},
        label="a code",
        everyone=302,
        anonymous=302,
    ),
    Row("transcripts:verify-form", query=lambda w: {"code": "no"}, label="no code", everyone=422, anonymous=422),
    Row("transcripts:verify", kwargs=lambda w: {"code": CODE}, anonymous=200, reveals=on_the_paper),
    Row("transcripts:verify", kwargs=lambda w: {"code": "1" * 28}, label="unknown", everyone=404, anonymous=404),
]

"""The data admin: the advisor sees which papers there are, the administrator also whose."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.trail.models import AuditEntry
from badges_portal.testing import Cast
from transcripts.models import Transcript
from transcripts.tests.story import sams_transcript


def pages_of(client: Any, transcript: Transcript) -> str:
    """The list and the one paper, as text."""
    listed = client.get(reverse("admin:transcripts_transcript_changelist"))
    opened = client.get(reverse("admin:transcripts_transcript_change", args=[transcript.pk]))
    assert (listed.status_code, opened.status_code) == (200, 200)
    return listed.content.decode() + opened.content.decode()


def test_the_advisor_sees_papers_without_their_owners(cast: Cast, sign_in: Any) -> None:
    transcript = sams_transcript(cast)
    shown = pages_of(sign_in(cast.lydia), transcript)
    assert transcript.serial in shown
    for hidden in ("CHAN Sam", "陳三", "240000001", transcript.code):
        assert hidden not in shown
    assert not AuditEntry.objects.filter(action="data_admin.viewed").exists()


def test_the_administrator_sees_the_owners_and_that_is_noted(cast: Cast, sign_in: Any) -> None:
    transcript = sams_transcript(cast)
    shown = pages_of(sign_in(cast.adam), transcript)
    assert "CHAN Sam" in shown
    assert transcript.code not in shown
    assert AuditEntry.objects.filter(action="data_admin.viewed").count() == 1


@pytest.mark.parametrize("name", ["olga", "sam", "xenia"])
def test_nobody_else_sees_the_list(cast: Cast, sign_in: Any, name: str) -> None:
    answer = sign_in(getattr(cast, name)).get(reverse("admin:transcripts_transcript_changelist"))
    assert answer.status_code in {302, 403}

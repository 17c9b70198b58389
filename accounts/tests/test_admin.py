"""The data admin shows and never changes; people are for the administrator."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.trail.models import AuditEntry
from badges_portal.testing import Cast


def test_the_administrator_sees_participants_and_the_look_is_on_the_trail(cast: Cast, sign_in: Any) -> None:
    response = sign_in(cast.adam).get(reverse("admin:accounts_participant_changelist"))
    assert "CHAN Sam" in response.content.decode()
    entry = AuditEntry.objects.get(action="data_admin.viewed")
    assert (entry.actor, entry.changes) == (cast.adam, {"list": "accounts.Participant"})


@pytest.mark.parametrize(
    "name", ["accounts_participant", "accounts_user", "trail_auditentry", "transcripts_transcriptrequest"]
)
def test_the_advisor_sees_no_list_of_people(cast: Cast, sign_in: Any, name: str) -> None:
    assert sign_in(cast.lydia).get(reverse(f"admin:{name}_changelist")).status_code == 403


def test_nobody_adds_changes_or_deletes_there(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    assert client.get(reverse("admin:accounts_unit_add")).status_code == 403
    change = client.get(reverse("admin:accounts_unit_change", args=[cast.design.pk]))
    assert change.status_code == 200
    assert 'name="_save"' not in change.content.decode()
    assert client.post(reverse("admin:accounts_unit_delete", args=[cast.design.pk]), {"post": "yes"}).status_code == 403

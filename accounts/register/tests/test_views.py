"""Importing the student register in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Participant, RegisterImport
from badges_portal.testing import Cast, make_participant

IMPORT = reverse("accounts:register-import")
FILE = """student_id,name_en,name_zh,status,phone
240000001,CHAN Sam Ho,陳三,active,9123
012345678,HO Yan,何欣,deferred,
99,BAD <b>Number</b>,,active,
"""


def upload(client: Client, text: bytes | str = FILE) -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client.post(IMPORT, {"file": SimpleUploadedFile("register.csv", data)})


def test_upload_preview_apply(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    answer = upload(client)
    staged = RegisterImport.objects.get()
    assert answer.url == reverse("accounts:register-review", kwargs={"key": staged.pk})

    preview = client.get(answer.url)
    counts = preview.context["counts"]
    assert counts == {"added": 1, "changed": 1, "left": 1, "same": 0, "bad_lines": 1}
    text = preview.content.decode()
    for part in ("HO Yan", "<del>CHAN Sam</del> → <ins>CHAN Sam Ho</ins>", "9 digits", "Not read and not kept: phone."):
        assert part in text
    assert Participant.objects.count() == 2

    fingerprint = {"fingerprint": preview.context["difference"].fingerprint}
    apply = reverse("accounts:register-apply", kwargs={"key": staged.pk})
    done = client.post(apply, fingerprint, follow=True)
    assert "1 student added, 1 changed" in done.content.decode()
    assert Participant.objects.get(student_number="012345678").status == "deferred"
    client.post(apply, fingerprint)
    assert Participant.objects.count() == 3
    assert "register.csv" in client.get(IMPORT).content.decode()


def test_what_changed_since_the_preview_is_shown_again(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    review = upload(client).url
    fingerprint = client.get(review).context["difference"].fingerprint
    make_participant("012345678", "HO Yan")
    page = client.post(f"{review}apply/", {"fingerprint": fingerprint}, follow=True)
    assert "The register has changed since this preview" in page.content.decode()
    assert page.context["counts"]["added"] == 0


def test_a_preview_is_discarded(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    review = upload(client).url
    assert client.post(f"{review}discard/").url == IMPORT
    assert "Discarded: nothing was written." in client.get(review).content.decode()
    assert Participant.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"name\nCHAN\n", "No column is headed"),
        (b"\x00\x01\x02", "This is neither a spreadsheet nor text"),
        (b"student_id,id\n1,2\n", "Two columns mean the same"),
        (b"%PDF-1.7", "Save it as .xlsx or as CSV"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_in_one_sentence(cast: Cast, sign_in: Any, data: bytes, said: str) -> None:
    page = upload(sign_in(cast.adam), data)
    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert RegisterImport.objects.count() == 0


def test_no_file_and_too_large_a_file_are_said(cast: Cast, sign_in: Any, settings: Any) -> None:
    client = sign_in(cast.adam)
    assert client.post(IMPORT).status_code == 422
    settings.UPLOAD_MAX_BYTES = 2**20
    page = upload(client, b"student_id\n" + b"1" * 2**20)
    assert (page.status_code, "larger than 1 MB" in page.content.decode()) == (413, True)


def test_a_guessed_encoding_is_said(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    page = client.get(upload(client, FILE.encode("big5")).url)
    assert "this is a guess" in page.content.decode()
    assert "何欣" in page.content.decode()

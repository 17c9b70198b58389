"""One address says where mail is handed in; a wrong one is said in a sentence."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from badges_portal.mail import MailServer, mail_server


def test_without_an_address_there_is_no_server() -> None:
    assert mail_server("") is None


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", MailServer("smtp", "localhost", 25)),
        ("smtp://relay.example.edu.hk:2525", MailServer("smtp", "relay.example.edu.hk", 2525)),
        (
            "smtp+starttls://badges%40x:p%2Fw@mail.example.edu.hk",
            MailServer("smtp+starttls", "mail.example.edu.hk", 587, "badges@x", "p/w"),
        ),
        ("smtps://u:p@mail.example.edu.hk", MailServer("smtps", "mail.example.edu.hk", 465, "u", "p")),
    ],
)
def test_an_address_names_the_server(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


def test_the_scheme_says_how_the_line_is_encrypted() -> None:
    ways = {name: mail_server(f"{name}://localhost") for name in ("smtp", "smtp+starttls", "smtps")}
    assert {name: (s.starttls, s.tls) for name, s in ways.items() if s} == {
        "smtp": (False, False),
        "smtp+starttls": (True, False),
        "smtps": (False, True),
    }


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("mail.example.edu.hk", "must look like"),
        ("https://mail.example.edu.hk", "must look like"),
        ("smtp://", "must look like"),
        ("smtp://localhost:99999", "a port"),
        ("smtp://u:secret@mail.example.edu.hk", "unencrypted"),
    ],
)
def test_nonsense_is_refused_without_telling_the_password(url: str, word: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=word) as refused:
        mail_server(url)
    assert "secret" not in str(refused.value)

"""The mail server, from one address such as `smtp+starttls://user:password@mail.example.edu.hk:587`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where to hand mail in, and how."""

    scheme: str = ""
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""

    @property
    def starttls(self) -> bool:
        return self.scheme == "smtp+starttls"

    @property
    def tls(self) -> bool:
        return self.scheme == "smtps"


def mail_server(url: str) -> MailServer | None:
    """The server of SMTP_URL, or None when that is empty; raises ImproperlyConfigured in one sentence."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "SMTP_URL must look like smtp+starttls://user:password@mail.example.edu.hk:587 "
            "(or smtps://…:465, or smtp://localhost:25 for a server on this machine)."
        )
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        raise ImproperlyConfigured("SMTP_URL has a port that is no number between 1 and 65535.") from None
    if parts.password and parts.scheme == "smtp" and parts.hostname not in HERE:
        raise ImproperlyConfigured("SMTP_URL would send its password unencrypted: use smtp+starttls:// or smtps://.")
    return MailServer(parts.scheme, parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""))

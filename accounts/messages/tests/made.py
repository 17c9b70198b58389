"""Mail servers for the tests: one that speaks SMTP on a socket of this machine, and what it heard."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class Conversation(socketserver.StreamRequestHandler):
    """Just enough SMTP to take mail; answers DATA and RCPT as the server was told to."""

    server: PostOffice

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.server.calls += 1
        self.say("220 here")
        for line in self.rfile:
            word = line.split(b":")[0].strip().upper().split()[0]
            if word == b"QUIT":
                return self.say("221 bye")
            if word == b"RCPT":
                self.say(self.server.answer_to_recipient)
            elif word == b"DATA":
                self.say("354 go on")
                self.take()
            else:
                self.say("250 fine")
        return None

    def take(self) -> None:
        body = b""
        while (line := self.rfile.readline()) != b".\r\n":
            body += line
        if self.server.hangs_up:
            self.connection.close()
            raise ConnectionAbortedError
        if self.server.answer_to_mail.startswith("250"):
            self.server.mail.append(message_from_bytes(body, policy=policy.default))  # type: ignore[arg-type]
        self.say(self.server.answer_to_mail)


class PostOffice(socketserver.ThreadingTCPServer):
    """The server, and the mail that it took."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mail: list[EmailMessage] = []
        self.calls = 0
        self.answer_to_recipient = "250 known"
        self.answer_to_mail = "250 taken"
        self.hangs_up = False

    def handle_error(self, *_request: Any) -> None:
        """A line cut on purpose is no news."""


@contextmanager
def post_office(settings: Any) -> Iterator[PostOffice]:
    """A running server that the settings lead to."""
    with PostOffice() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.MAIL_IS_ON = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.socket.getsockname()
        settings.DEFAULT_FROM_EMAIL = "badges@example.edu.hk"
        try:
            yield server
        finally:
            server.shutdown()

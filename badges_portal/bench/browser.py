"""A very small browser: keeps its cookies and connection, sends forms, measures."""

from __future__ import annotations

import http.client
import re
import time
import uuid
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from accounts.models import User

TOKEN = "b" * 32
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Browser:
    """Somebody signed in, on one connection to the server. `statements` adds up what the answers say they took."""

    def __init__(self, port: int, user: User) -> None:
        request = RequestFactory().get("/")
        request.session = SessionStore()
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        request.session.save()
        self.cookies = f"sessionid={request.session.session_key}; csrftoken={TOKEN}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.statements = 0

    def close(self) -> None:
        self.connection.close()

    def get(self, path: str) -> str:
        return self.send("GET", path)[1]

    def post(self, path: str, fields: dict[str, str]) -> tuple[str, str]:
        """Where the answer sends us, and its body."""
        return self.send("POST", path, *form_of(fields))

    def send_file(self, path: str, data: bytes) -> tuple[str, str]:
        return self.send("POST", path, *upload_of(data))

    def send(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[str, str]:
        status, location, text = self.ask(method, path, body, kind)
        if status >= 400 or location.startswith("/sign-in/"):
            raise RuntimeError(f"{method} {path} answered {status} {location}")
        return location, text

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        """The status of the answer, where it sends us, and its body."""
        headers = {"Cookie": self.cookies, "X-CSRFToken": TOKEN}
        if kind:
            headers["Content-Type"] = kind
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.statements += int(answer.headers.get("X-Statements", "0"))
        return answer.status, answer.headers.get("Location", ""), text


def form_of(fields: dict[str, str]) -> tuple[bytes, str]:
    """The body of a form that is sent, and its content type."""
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def upload_of(data: bytes, name: str = "sheet.xlsx") -> tuple[bytes, str]:
    """The same for a form with one file."""
    line = uuid.uuid4().hex
    head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + data + f"\r\n--{line}--\r\n".encode(), f"multipart/form-data; boundary={line}"


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden inputs of a page, such as what a review was shown as."""
    return dict(HIDDEN.findall(page))


def seconds(work: object) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun

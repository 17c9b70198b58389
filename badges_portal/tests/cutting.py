"""A line between the portal and its database that can be cut after any byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from urllib.parse import quote

from django.db import connection


class Cutter:
    """Passes bytes between a port of this machine and the database of the test; counts them, and cuts all lines."""

    def __init__(self) -> None:
        self.wanted = connection.settings_dict
        self.door = socket.create_server(("127.0.0.1", 0))
        self.lock = threading.Lock()
        self.lines: list[tuple[socket.socket, socket.socket]] = []
        self.ends: list[socket.socket] = []
        self.threads: list[threading.Thread] = []
        self.passed = self.cuts = 0
        self.cut_after: int | None = None

    @property
    def url(self) -> str:
        """The database, by way of this line."""
        credentials = f"{quote(self.wanted['USER'])}:{quote(self.wanted.get('PASSWORD') or '')}"
        return (
            f"postgresql://{credentials}@127.0.0.1:{self.door.getsockname()[1]}/{self.wanted['NAME']}?sslmode=disable"
        )

    def __enter__(self) -> Cutter:
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        with suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)  # wakes who waits at it
        self.door.close()
        self._cut_all()
        for thread in self.threads:
            thread.join()
        for end in self.ends:
            end.close()

    def count_from_here(self, cut_after: int | None) -> None:
        """Counts the bytes of both directions anew; cuts every line behind so many of them."""
        with self.lock:
            self.passed, self.cut_after = 0, cut_after

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            line = (near, self._database())
            self.lines.append(line)
            self.ends += line
            for source, target in (line, line[::-1]):
                self._start(self._pass_on, source, target)

    def _start(self, work: Callable[..., None], *args: socket.socket) -> None:
        self.threads.append(threading.Thread(target=work, args=args, daemon=True))
        self.threads[-1].start()

    def _database(self) -> socket.socket:
        host = str(self.wanted["OPTIONS"].get("host") or self.wanted.get("HOST") or "127.0.0.1")
        port = int(self.wanted.get("PORT") or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{host}/.s.PGSQL.{port}")
        return far

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                with self.lock:
                    left = None if self.cut_after is None else self.cut_after - self.passed
                    self.passed += len(data)
                if left is not None and len(data) >= left:
                    target.sendall(data[: max(0, left)])
                    self._cut()
                    return
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _cut(self) -> None:
        """Cuts what is open now, once; lines that are opened afterwards are whole."""
        with self.lock:
            if self.cut_after is None:
                return
            self.cut_after = None
            self.cuts += 1
        self._cut_all()

    def _cut_all(self) -> None:
        for line in self.lines:
            for end in line:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self.lines.clear()

"""Prepares the demo institution and serves it with gunicorn until it is told to stop."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from badges_portal.demo.people import ACCOUNTS, PASSWORD

HOST = "127.0.0.1"
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    help = "Migrates, seeds if empty, and serves the demo institution on this machine."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo institution is not for production: unset PORTAL_MODE.")
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # TERM as Ctrl-C
        refuse_busy_port()
        try:
            self.prepare()
            self.serve()
        except KeyboardInterrupt:
            self.stdout.write("\nStopped. The data is kept; script/demo goes on with it.")

    def prepare(self) -> None:
        """Brings tables, demo data and static files up to date; quick when they are."""
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0)
        call_command("seed_demo", stdout=self.stdout)
        call_command("collectstatic", interactive=False, verbosity=0)
        connection.close()

    def serve(self) -> None:
        """Runs gunicorn as a child that ends with this process, however this process ends."""
        server = subprocess.Popen(  # noqa: S603  (our own arguments)
            [sys.executable, "-W", "ignore", "-m", "gunicorn", "--bind", f"{HOST}:{settings.PORT}"],
            env=os.environ | {"DATABASE_URL": settings.DATABASE_URL_IN_USE},
            cwd=settings.BASE_DIR,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        try:
            wait_until_healthy(server)
            self.stdout.write(welcome())
            self.stdout.flush()
            server.wait()
            raise CommandError("The web server has stopped by itself; the lines above say why.")
        finally:
            stop(server)


def refuse_busy_port() -> None:
    """Raises CommandError when somebody else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, settings.PORT))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {settings.PORT} cannot be used ({error}); stop what uses it, or choose another: "
                f"PORT=8001 script/demo"
            ) from None


def end_with_parent() -> None:
    """In the child: asks the kernel for a SIGTERM when the parent dies, be it by kill -9."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until_healthy(server: subprocess.Popen[bytes], seconds: int = 120) -> None:
    """Returns when the portal answers; raises CommandError when it ends or stays silent."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            raise CommandError("The web server did not start; the lines above say why.")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{settings.PORT}/health/", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise CommandError(f"The web server did not answer within {seconds} seconds.")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ends gunicorn and its workers: kindly, then not."""
    server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def welcome() -> str:
    width = max(len(account.cna) for account in ACCOUNTS)
    people = "\n".join(f"    {account.cna:<{width}}  {account.says}" for account in ACCOUNTS)
    return (
        f"\nThe Digital Badges portal is open at {settings.PUBLIC_URL}/\n\n"
        f"Sign in with one of these accounts; the password of all of them is  {PASSWORD}\n\n{people}\n\n"
        "Stop it with Ctrl-C.\n"
    )

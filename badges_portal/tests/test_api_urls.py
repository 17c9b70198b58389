"""The document of the API: valid, complete, without a person's number; and its page keeps to the policy."""

from __future__ import annotations

import io
import re

from django.core.management import call_command
from django.test import Client

from badges_portal.testing import Cast


def test_the_document_is_valid_and_gives_no_warning() -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=io.StringIO())


def test_the_document_describes_the_three_lists_and_their_filters(cast: Cast, client: Client) -> None:
    document = client.get("/api/v1/schema/").json()
    parameters = {
        path: sorted(p["name"] for p in operations["get"].get("parameters", []))
        for path, operations in document["paths"].items()
    }
    assert parameters == {
        "/api/v1/activities/": [
            "after",
            "badge",
            "before",
            "category",
            "kind",
            "language",
            "page",
            "q",
            "sort",
            "unit",
        ],
        "/api/v1/badge-types/": [],
        "/api/v1/history/": ["badge", "page", "q", "year"],
    }
    assert {method for operations in document["paths"].values() for method in operations} == {"get"}
    assert "student_number" not in str(document)


def test_the_page_of_the_document_has_nothing_inline(cast: Cast, client: Client) -> None:
    response = client.get("/api/v1/docs/")
    html = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r"\sstyle=|\son\w+=|<style|<script>", html) == []
    (script,) = re.findall(r'<script src="(/api/v1/docs/\?[^"]+)"', html)
    answer = client.get(script)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/javascript")
    assert "/api/v1/schema/" in answer.content.decode()

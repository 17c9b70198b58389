"""The tags of `{% load fields %}`."""

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory


@pytest.mark.parametrize(
    ("asked", "second"),
    [
        ("", "?page=2"),
        ("?page=3", "?page=2"),
        ("?page=3&q=a%26b&unit=4", "?q=a%26b&amp;unit=4&amp;page=2"),
        ('?q="><script>', "?q=%22%3E%3Cscript%3E&amp;page=2"),
    ],
)
def test_a_page_of_a_list_keeps_everything_else_that_was_asked_for(asked: str, second: str) -> None:
    request = RequestFactory().get(f"/list/{asked}")
    page = render_to_string("_pagination.html", {"page_obj": Paginator(range(60), 25).get_page(3)}, request)
    assert f'<a class="page-link" href="{second}">2</a>' in page

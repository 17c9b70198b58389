"""What rows share is drawn once for each key."""

from __future__ import annotations

from django.template import Context, Engine, Template

PAGE = Template("{% load once %}{% for row in rows %}{% once row.key %}{{ row.text }},{% endonce %}{% endfor %}")


def page(*rows: tuple[str, str]) -> str:
    return PAGE.render(Context({"rows": [{"key": key, "text": text} for key, text in rows]}))


def test_equal_keys_repeat_what_was_drawn_first() -> None:
    assert page(("a", "one"), ("b", "two"), ("a", "three")) == "one,two,one,"


def test_another_page_draws_anew() -> None:
    assert [page(("a", "one")), page(("a", "two"))] == ["one,", "two,"]


def test_what_is_repeated_is_escaped_once() -> None:
    assert page(("a", "<&>"), ("a", "")) == "&lt;&amp;&gt;,&lt;&amp;&gt;,"


def test_a_template_that_is_included_for_each_row_draws_once_too() -> None:
    row = "{% load once %}{% once row.key %}{{ row.text }},{% endonce %}"
    pages = {"row.html": row, "page.html": "{% for row in rows %}{% include 'row.html' %}{% endfor %}"}
    locmem = ("django.template.loaders.locmem.Loader", pages)
    engine = Engine(
        loaders=[("django.template.loaders.cached.Loader", [locmem])], libraries={"once": "awards.templatetags.once"}
    )
    rows = [{"key": "a", "text": "one"}, {"key": "a", "text": "two"}]
    assert engine.get_template("page.html").render(Context({"rows": rows})) == "one,one,"

"""Markdown of an administrator becomes HTML that can do no harm."""

from activities.guide.markdown import to_html


def test_a_table_a_list_and_a_link() -> None:
    assert to_html("- [ask](mailto:a@example.edu.hk)\n") == (
        '<ul>\n<li><a href="mailto:a@example.edu.hk" rel="noopener noreferrer">ask</a></li>\n</ul>\n'
    )
    assert "<table>" in to_html("| a | b |\n|---|---|\n| 1 | 2 |\n")


def test_raw_html_scripts_and_styles_are_text() -> None:
    assert to_html('<script>alert(1)</script> <b style="x">') == (
        '<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;b style="x"&gt;</p>\n'
    )


def test_a_javascript_address_is_no_link() -> None:
    assert "href" not in to_html("[x](javascript:alert(1))")

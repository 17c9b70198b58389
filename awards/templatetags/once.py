"""What many rows of a page share is drawn once."""

from __future__ import annotations

from typing import Any, cast

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()


class OnceNode(template.Node):
    def __init__(self, key: FilterExpression, nodelist: NodeList) -> None:
        self.key = key
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        page = cast(dict[Any, Any], context.render_context.dicts[0])  # above it lies what ends with an include
        drawn: dict[Any, SafeString] = page.setdefault(self, {})
        key = self.key.resolve(context)
        if key not in drawn:
            drawn[key] = self.nodelist.render(context)
        return drawn[key]


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """`{% once key %}…{% endonce %}` draws what stands between once on a page for each key, and repeats it for equal
    keys, also where the template is included for each row.

    The key must hold all that is drawn.
    """
    _name, key = token.split_contents()
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(parser.compile_filter(key), nodelist)

"""Badges, days and icons in templates."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import settings
from django.template import Context, Template

from activities.models import BadgeOffer, BadgeType
from activities.templatetags.badges import ARTWORK

BADGES = settings.BASE_DIR / "static" / "img" / "badges"
EC = BadgeType(code="EC", name_en="Effective communicators", name_zh="有效溝通", artwork="ec")
OWN = BadgeType(code="GREEN", name_en="Green <campus>", name_zh="綠色校園", artwork="green")


def rendered(source: str, **context: object) -> str:
    return Template("{% load badges %}" + source).render(Context(context))


def test_the_image_of_a_badge_says_its_code_and_name() -> None:
    assert rendered("{% badge_image badge size=72 %}", badge=EC) == (
        '<img class="badge-image" src="/static/img/badges/ec.svg" alt="EC: Effective communicators" '
        'width="72" height="72">'
    )


def test_a_badge_not_yet_earned_is_dashed_and_says_so() -> None:
    assert rendered("{% badge_image badge earned=False size=72 %}", badge=EC) == (
        '<img class="badge-image" src="/static/img/badges/ec-locked.svg" '
        'alt="EC: Effective communicators (not yet earned)" width="72" height="72">'
    )


def test_beside_its_name_the_image_is_silent() -> None:
    assert ' alt=""' in rendered("{% badge_image badge decorative=True %}", badge=EC)


def test_below_48_pixels_a_chip_stands_for_the_image() -> None:
    small = rendered("{% badge_image badge size=47 %}", badge=EC)
    assert small == rendered("{% badge_chip badge %}", badge=EC)
    assert "<img" in rendered("{% badge_image badge size=48 %}", badge=EC)


def test_a_chip_shows_the_code_and_tells_the_name() -> None:
    assert rendered("{% badge_chip badge %}", badge=EC) == (
        '<span class="badge-chip badge-ec" title="Effective communicators">EC'
        '<span class="visually-hidden"> Effective communicators</span></span>'
    )


def test_a_bare_code_is_enough_for_a_chip() -> None:
    assert rendered('{% badge_chip "PSG" %}') == '<span class="badge-chip badge-psg">PSG</span>'


def test_a_badge_of_the_institution_is_drawn_as_other_and_its_name_is_escaped() -> None:
    assert 'src="/static/img/badges/other.svg"' in rendered("{% badge_image badge %}", badge=OWN)
    assert "Green &lt;campus&gt;" in rendered("{% badge_chip badge %}", badge=OWN)
    assert "<campus>" not in rendered("{% badge_chip badge %}", badge=OWN)


def test_chips_take_offers_in_their_order_and_nothing_gives_nothing() -> None:
    offers = [BadgeOffer(badge_type=OWN), BadgeOffer(badge_type=EC)]
    codes = re.findall(r'title="[^"]*">(\w+)', rendered("{% badge_chips offers %}", offers=offers))
    assert codes == ["GREEN", "EC"]
    assert rendered("{% badge_chips offers %}", offers=[]) == ""


def test_days_in_a_template() -> None:
    text = rendered("{% day_range first last %}", first=dt.date(2026, 5, 12), last=dt.date(2026, 5, 14))
    assert text == "12–14 May 2026"


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert rendered('{% icon "check" %}') == (
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/img/icons.svg#check"></use></svg>'
    )
    assert 'role="img" aria-label="Ready"' in rendered('{% icon "check" label="Ready" %}')


@pytest.mark.parametrize("name", sorted(ARTWORK | {"other"}))
@pytest.mark.parametrize("state", ["", "-locked"])
def test_every_artwork_is_plain_svg_that_paper_can_draw(name: str, state: str) -> None:
    from svglib.svglib import svg2rlg

    path = BADGES / f"{name}{state}.svg"
    source = path.read_text()
    assert not re.search(r"<(style|filter|text|image|script|linearGradient|radialGradient)|url\(|class=", source)
    assert ("stroke-dasharray" in source) == bool(state)
    drawing = svg2rlg(str(path))
    assert drawing is not None
    assert drawing.width == drawing.height


def test_the_six_have_six_outlines_and_six_colours() -> None:
    first_paths = [re.findall(r'<path d="([^"]+)"', (BADGES / f"{name}.svg").read_text())[0] for name in ARTWORK]
    faces = [re.findall(r'fill="(#\w+)"', (BADGES / f"{name}.svg").read_text())[3] for name in ARTWORK]
    assert len(set(first_paths)) == 6
    assert len(set(faces)) == 6

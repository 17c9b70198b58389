"""Badge artwork is drawn from its SVG, with embedded text, and never fails for want of a file."""

import io

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from accounts.paper.typefaces import drawing
from activities.scheme import SIX_BADGES
from transcripts.artwork import COLOURS, OTHER, artwork, colours, draw_badge, draw_chip

CODES = [badge["code"] for badge in SIX_BADGES]


@pytest.mark.parametrize("name", [f"{code.lower()}{state}" for code in CODES for state in ("", "-locked")])
def test_every_badge_of_the_scheme_has_artwork_that_can_be_drawn(name: str) -> None:
    with drawing():
        image = artwork(name)
    assert image is not None
    assert image.width > 20
    assert image.height > 20
    assert len(image.operators) > 5
    assert not any(" Tf" in line or "BT" in line for line in image.operators)


@pytest.mark.parametrize("name", ["nothing", "../../secret", "/etc/passwd", "", "IPC"])
def test_a_name_without_an_image_gives_none(name: str) -> None:
    assert artwork(name) is None


def drawn(name: str, code: str, earned: bool) -> PdfReader:
    held = io.BytesIO()
    with drawing():
        canvas = Canvas(held, initialFontName="Noto")
        for x in (100, 200):
            draw_badge(canvas, name, code, earned, x, 300, 56)
        draw_chip(canvas, code, 10, 10)
        canvas.save()
    return PdfReader(io.BytesIO(held.getvalue()))


@pytest.mark.parametrize(("name", "code"), [("ec", "EC"), ("missing", "XX")])
@pytest.mark.parametrize("earned", [True, False])
def test_a_badge_shows_its_code(name: str, code: str, earned: bool) -> None:
    page = drawn(name, code, earned).pages[0]
    assert code in page.extract_text()


def test_an_image_drawn_twice_is_stored_once() -> None:
    resources = drawn("ec", "EC", True).pages[0]["/Resources"]
    forms = [name for name in resources["/XObject"] if "badge" in name]  # type: ignore[index]
    assert len(forms) == 1


def test_every_badge_of_the_scheme_has_its_colour() -> None:
    assert list(COLOURS) == CODES
    assert colours("XX") == OTHER

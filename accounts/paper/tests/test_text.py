"""Any text goes on paper without an error, and never as a silent blank."""

import io
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from accounts.paper.text import clean, draw, markup, missing, runs, width, wrap
from accounts.paper.typefaces import drawing, has_glyph

anything = st.text(st.characters(), max_size=300)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("  CHAN\tTai \n Man ", "CHAN Tai Man"),
        ("陳　大文", "陳 大文"),
        ("evil\u202egnp", "evilgnp"),
        ("zero\u200bwidth\u2060", "zerowidth"),
        ("Zoe\u0308", "Zoë"),
        ("NUL\x00 and \x1b[31m", "NUL and [31m"),
        ("葛\U000e0100飾", "葛飾"),
        ("\ud800", ""),
        ("x" * 201, "x" * 199 + "…"),
        ("x" * 200, "x" * 200),
    ],
)
def test_text_is_cleaned_and_cut(written: str, printed: str) -> None:
    assert clean(written) == printed


def test_each_character_is_set_in_the_first_face_that_has_it() -> None:
    assert runs("O’Brien · 黃詠𤨪, 刘") == (
        ("Noto", "O’Brien · "),
        ("NotoHK", "黃詠𤨪"),
        ("Noto", ", "),
        ("NotoSC", "刘"),
    )
    assert runs("黃 A", bold=True) == (("NotoHK-Bold", "黃"), ("Noto-Bold", " A"))


def test_a_missing_character_is_reported_and_shows_as_a_mark() -> None:
    assert missing("Party 🎉🎉 ก") == "🎉ก"
    assert runs("a🎉") == (("Noto", "a\ufffd"),)


def test_nothing_is_missing_from_an_ordinary_name() -> None:
    assert missing("WONG Wing-chan, Chloe 黃詠𤨪 刘伟 O’BRIEN Đặng") == ""


@given(anything)
def test_any_text_is_printable_or_reported(text: str) -> None:
    pieces = runs(text)
    unprintable = missing(text)
    assert all(has_glyph(name, char) for name, piece in pieces for char in piece)
    assert "".join(piece for _, piece in pieces) == "".join("\ufffd" if c in unprintable else c for c in clean(text))
    assert width(text, 9) >= 0


@given(anything, st.floats(5, 300))
def test_no_line_is_wider_than_its_room_and_no_character_is_lost(text: str, room: float) -> None:
    lines = wrap(text, 9, room, most=10_000)
    assert all(width(line, 9) <= room + 1e-6 or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(clean(text).split())


def test_chinese_breaks_anywhere_but_before_a_closing_mark() -> None:
    assert wrap("香港高等，教育", 10, 40) == ("香港高", "等，教育")


def test_english_breaks_at_spaces_and_after_hyphens() -> None:
    assert wrap("Team-building workshop", 10, 75) == ("Team-building", "workshop")
    assert wrap("Team-building workshop", 10, 40) == ("Team-", "building", "worksh", "op")


def test_too_many_lines_end_in_an_ellipsis() -> None:
    lines = wrap("word " * 39 + "last", 10, 60, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert width(lines[1], 10) <= 60


@given(anything)
def test_markup_is_well_formed_and_obeys_no_tag(text: str) -> None:
    root = ElementTree.fromstring(f"<p>{markup(text)}</p>")
    assert {element.tag for element in root} <= {"font"}
    assert "".join(root.itertext()) == "".join(piece for _, piece in runs(text))


def test_markup_survives_a_paragraph() -> None:
    style = ParagraphStyle("plain", fontName="Noto")
    with drawing():
        for text in ("A & B <C", '<img src="/etc/passwd"/>', "<b>刘</b>", "x" * 200_000):
            Paragraph(markup(text), style).wrap(300, 500)


@pytest.mark.parametrize(("align", "left"), [("left", 100), ("centre", 90), ("right", 80)])
def test_a_line_is_aligned_by_its_width(align: str, left: float) -> None:
    with drawing():
        canvas = Canvas(io.BytesIO())
        drawn: list[float] = []
        canvas.drawString = lambda x, y, piece: drawn.append(x)  # type: ignore[method-assign]
        assert draw(canvas, 100, 0, "中文", 10, align=align) == 20  # type: ignore[arg-type]
    assert drawn == [left]

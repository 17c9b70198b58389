"""The typefaces are whole, embedded, and copy out as they were written."""

import io
import subprocess
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from accounts.paper import typefaces
from accounts.paper.text import draw

pytestmark = pytest.mark.thorough

ASTRAL = [chr(code) for code in range(0x20000, 0x2A6D6) if typefaces.has_glyph("NotoHK", chr(code))]


def paper(tmp_path: Path, lines: list[str]) -> Path:
    path, held = tmp_path / "paper.pdf", io.BytesIO()
    with typefaces.drawing():
        canvas = Canvas(held, initialFontName="Noto")
        for row, line in enumerate(lines):
            draw(canvas, 40, 800 - 12 * row, line, 9, bold=bool(row % 2))
        canvas.save()
    path.write_bytes(held.getvalue())
    return path


def copied(path: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout
    return [line.strip() for line in text.replace("\f", "").splitlines() if line.strip()]


@pytest.mark.parametrize(("regular", "bold"), list(zip(typefaces.REGULAR, typefaces.BOLD, strict=True)))
def test_a_bold_face_has_what_the_regular_one_has(regular: str, bold: str) -> None:
    assert typefaces.font(regular).face.charToGlyph.keys() == typefaces.font(bold).face.charToGlyph.keys()


def test_every_face_has_its_licence_beside_it() -> None:
    assert {path.name for path in typefaces.FONT_DIR.iterdir()} == {
        *typefaces.FILES.values(),
        "OFL-Latin.txt",
        "OFL-HK-SC.txt",
    }


def test_chinese_beyond_the_basic_plane_copies_out_as_written(tmp_path: Path) -> None:
    lines = ["黃詠𤨪", "WONG Wing-chan 黃詠𤨪", "刘伟们 O’BRIEN & <b>", "Ünïçödé ’quoted’ · 學會"]
    assert copied(paper(tmp_path, lines)) == lines


def test_three_hundred_characters_beyond_the_basic_plane_copy_out_as_written(tmp_path: Path) -> None:
    lines = ["".join(ASTRAL[start : start + 30]) for start in range(0, 300, 30)]
    assert copied(paper(tmp_path, lines)) == lines


def test_only_embedded_typefaces_are_used(tmp_path: Path) -> None:
    path = paper(tmp_path, ["Latin", "Latin bold", "中文", "中文", "刘", "刘"])
    listing = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert len(listing) == 6
    assert {tuple(line.split()[-5:-2]) for line in listing} == {("yes", "yes", "yes")}


def test_the_map_is_written_in_blocks_of_a_hundred() -> None:
    table = typefaces.to_unicode_map("F1", range(0x20000, 0x20000 + 250))
    assert [line for line in table.splitlines() if line.endswith("beginbfchar")] == [
        "100 beginbfchar",
        "100 beginbfchar",
        "50 beginbfchar",
    ]
    assert "<00> <D840DC00>" in table.splitlines()

"""The PDF says what the content says, row for row, in embedded typefaces, the same bytes every time."""

import datetime as dt
import hashlib
import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from transcripts.content import Earned, TranscriptContent, Words
from transcripts.nat import EmptyTranscript, render
from transcripts.tests.samples import NUMBERING, sample_content, sample_entry
from transcripts.wording import days, duration

pytestmark = pytest.mark.thorough

ROW_OF_GLYPHS = re.compile(r"\s+")


def text_of(pdf: bytes, tmp_path: Path, *options: str) -> str:
    path = tmp_path / "nat.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, check=True, text=True).stdout


def squeezed(text: str) -> str:
    """Without spaces: where a line breaks is not what is compared."""
    return ROW_OF_GLYPHS.sub("", text)


def rows_of(content: TranscriptContent) -> list[list[str]]:
    """For each activity what must stand on its row."""
    return [
        [
            squeezed(days(entry.first_on, entry.last_on)),
            squeezed(entry.title.en),
            squeezed(entry.title.zh),
            squeezed(duration(entry)[0]),
            *(earned.code for earned in entry.badges),
        ]
        for entry in content.entries
    ]


@pytest.mark.parametrize("activities", [1, 7, 20, 60])
def test_the_paper_agrees_with_its_content_row_for_row(activities: int, tmp_path: Path) -> None:
    content = sample_content(activities)
    pages = text_of(render(content, NUMBERING), tmp_path, "-layout")
    body = pages[pages.index("Record of activities") : pages.rindex("What the badges mean")]
    # A row begins with its date, of which the part after a dash may stand on a line of its own.
    dates = re.finditer(r"(?m)^\s*\d{1,2}(?:–\d{1,2})? [A-Z][a-z]{2} (?:\d{4} –)?", body)
    starts = list(dates)
    firsts = [
        match.start()
        for before, match in zip([None, *starts], starts, strict=False)
        if not (before and "–" in before[0][-2:])
    ]
    rows = [squeezed(body[start:end]) for start, end in zip(firsts, [*firsts[1:], len(body)], strict=True)]
    assert len(rows) == activities
    for row, expected in zip(rows, rows_of(content), strict=True):
        first_date = expected[0].split("–")[0]
        assert row.startswith(first_date)
        assert [part for part in expected[1:] if part not in row] == []


def test_the_student_the_numbers_and_the_totals_stand_on_it(tmp_path: Path) -> None:
    text = squeezed(text_of(render(sample_content(7), NUMBERING), tmp_path))
    for words in (
        "WONG Wing-chan, Chloe 黃詠𤨪",
        "240012345",
        "NAT-2026-000017",
        "21 Nov 2026",
        "Sep 2023 – present 至今",
        "7 activities · 13 badges of 5 kinds",
        "https://badges.example/verify/",
        "7Q4K-9XZM-2PTD-H8RV-5WCN-3JGE-B6YA",
        "not yet earned",
        "Page 1 of 2",
        "Page 2 of 2",
        "End of transcript",
        "Learns and uses professional knowledge and skills as the industry uses them.",
    ):
        assert squeezed(words) in text


def test_every_page_names_paper_owner_and_page(tmp_path: Path) -> None:
    reader = PdfReader(io.BytesIO(render(sample_content(60), NUMBERING)))
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    assert len(pages) == 4
    for number, text in enumerate(pages, start=1):
        assert squeezed(f"Page {number} of 4") in text
        assert squeezed("NAT-2026-000017 · WONG Wing-chan, Chloe · 240012345") in text


def test_only_embedded_typefaces_are_used(tmp_path: Path) -> None:
    path = tmp_path / "nat.pdf"
    path.write_bytes(render(sample_content(20, name=Words("LIU Wei", "刘伟们")), NUMBERING))
    listing = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert len(listing) >= 5
    assert {tuple(line.split()[-5:-2]) for line in listing} == {("yes", "yes", "yes")}


def test_names_of_every_kind_copy_out_exactly(tmp_path: Path) -> None:
    for english, chinese in (
        ("WONG Wing-chan", "黃詠𤨪"),
        ("O'BRIEN & <b>bold</b>", ""),
        ("LIU Wei", "刘伟们"),
        ("Đặng Thị Zoë", "鄧氏"),
        ("", "歐陽子軒"),
    ):
        text = text_of(render(sample_content(2, name=Words(english, chinese)), NUMBERING), tmp_path)
        assert " ".join(filter(None, (english, chinese))) in text


def test_the_same_content_gives_the_same_bytes() -> None:
    first, second = render(sample_content(20), NUMBERING), render(sample_content(20), NUMBERING)
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


def test_a_reprint_has_the_same_content_and_says_which_print_it_is(tmp_path: Path) -> None:
    content = sample_content(20)
    original = text_of(render(content, NUMBERING), tmp_path)
    reprint = text_of(render(content, replace(NUMBERING, print_number=2)), tmp_path)
    assert "Reprint" not in original
    assert "COPY" not in original
    assert "Reprint 2 重印" in reprint
    for row in rows_of(content):
        assert all(part in squeezed(reprint) for part in row)


def test_a_nat_without_an_activity_is_not_printed() -> None:
    with pytest.raises(EmptyTranscript):
        render(sample_content(0), NUMBERING)


def test_metadata_names_paper_and_institution_but_no_person() -> None:
    reader = PdfReader(io.BytesIO(render(sample_content(1), NUMBERING)))
    assert reader.metadata is not None
    assert reader.metadata.title == "Non-Academic Transcript NAT-2026-000017"
    assert reader.metadata.author == "Example Institute of Higher Education"
    assert reader.trailer["/Root"]["/Lang"] == "en-HK"  # type: ignore[index]


def test_very_long_words_stay_on_the_paper(tmp_path: Path) -> None:
    long = sample_entry(
        0,
        title=Words("Extraordinarily " * 12 + "W" * 8, "非常長的活動名稱" * 25),
        unit=Words("Department of " + "Interdisciplinary" * 10, "系" * 100),
        badges=tuple(Earned(code, at) for at, code in enumerate(("IPC", "IDL", "PS", "EC", "PSG", "PF"))),
        last_on=dt.date(2027, 1, 2),
    )
    content = sample_content(
        entries=[long] * 30, name=Words("A" * 200, "黃" * 100), programme="Bachelor of " + "Arts " * 30
    )
    reader = PdfReader(io.BytesIO(render(content, NUMBERING)))
    for page in reader.pages:
        spots: list[tuple[float, float]] = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size, spots=spots: (  # type: ignore[misc]
                spots.append((tm[4], tm[5])) if text.strip() else None
            )
        )
        assert all(0 <= x <= 595 and 20 <= y <= 842 for x, y in spots)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(), max_size=260), st.text(st.characters(), max_size=260))
def test_any_name_and_title_is_printed_without_an_error(english: str, chinese: str) -> None:
    content = sample_content(
        entries=[sample_entry(0, title=Words(english, chinese))], name=Words(english, chinese), programme=chinese
    )
    assert render(content, NUMBERING).startswith(b"%PDF")

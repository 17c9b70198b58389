"""The body of the NAT keeps together what belongs together."""

from transcripts.content import Earned
from transcripts.layout import FOOT, ROOM, TOP, paginate
from transcripts.record import BADGES_AT, _chip_rows, closing, record
from transcripts.tests.samples import NUMBERING, sample_content, sample_entry


def test_a_bar_stands_above_the_rows_of_each_year() -> None:
    content = sample_content(20)
    blocks = record(content)
    bars = [block for block in blocks if block.height == 17]
    rows = [block for block in blocks if block.repeats is not None]
    assert (len(bars), len(rows)) == (len(content.years), 20)
    assert all(bar.keeps_next for bar in bars)


def test_a_signature_never_stands_alone_on_a_page() -> None:
    content = sample_content(1)
    blocks = closing(content, NUMBERING)
    room = TOP - FOOT
    for taken in range(0, int(room), 7):
        pages = paginate(blocks, room - taken, room)
        assert len(pages[-1]) >= 5


def test_a_row_is_as_tall_as_its_chips_need() -> None:
    codes = ("IPC", "IDL", "PS", "EC", "PSG", "PF")
    many = sample_entry(0, badges=tuple(Earned(code, at) for at, code in enumerate(codes)))
    tall = record(sample_content(entries=[many]))[2].height
    assert tall > record(sample_content(entries=[sample_entry(3)]))[2].height
    assert [len(row) for row in _chip_rows(list(codes))] == [3, 3]
    assert BADGES_AT < ROOM

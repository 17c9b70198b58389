"""The opening of the NAT grows with what the student is called and studies."""

from typing import Any

from transcripts.content import Words
from transcripts.opening import opening
from transcripts.tests.samples import NUMBERING, sample_content


def height(**student: Any) -> float:
    return sum(float(block.height) for block in opening(sample_content(3, **student), NUMBERING))


def test_long_names_take_more_room() -> None:
    assert height(name=Words("Maximiliana " * 12, "歐陽" * 40)) > height()


def test_a_programme_of_three_lines_takes_more_room_than_the_qr_code() -> None:
    long = "Bachelor of Arts (Honours) in Landscape Architecture and " * 3
    assert height(programme=long) > height()


def test_the_six_badges_are_told_in_one_row() -> None:
    blocks = opening(sample_content(3), NUMBERING)
    assert [block.height for block in blocks][-1] == 112
    assert blocks[-2].keeps_next

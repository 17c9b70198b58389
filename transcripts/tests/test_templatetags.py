"""What is frozen reads well on a page, in its language."""

import pytest
from django.utils.translation import override

from transcripts.content import Words
from transcripts.templatetags.papers import both_names, code_groups, duration, words
from transcripts.tests.samples import sample_entry


def test_words_follow_the_language_of_the_page() -> None:
    text = Words("Course", "課程")
    with override("en-gb"):
        assert (words(text), words(Words("", "課程"))) == ("Course", "課程")
    with override("zh-hant"):
        assert (words(text), words(Words("Course"))) == ("課程", "Course")
    assert (both_names(text), both_names(Words("Course"))) == ("Course 課程", "Course")


@pytest.mark.parametrize(
    ("days", "minutes", "said"),
    [(1, 150, "1 day, 2.5 h"), (2, 960, "2 days, 16 h"), (14, None, "14 days")],
)
def test_a_duration_has_days_and_known_hours(days: int, minutes: int | None, said: str) -> None:
    with override("en-gb"):
        assert duration(sample_entry(0, days=days, minutes=minutes)) == said


def test_a_code_is_shown_as_printed() -> None:
    assert code_groups("7Q4K9XZM2PTD") == "7Q4K-9XZM-2PTD"

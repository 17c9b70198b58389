"""The content of a NAT survives storage unchanged, and its hash tells every difference."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.content import Words, academic_year, content_hash, from_json, to_json
from transcripts.tests.samples import sample_content, sample_entry


@pytest.mark.parametrize("activities", [0, 1, 20])
def test_what_is_stored_is_read_back_equal(activities: int) -> None:
    content = sample_content(activities, studied_until=dt.date(2027, 7, 1))
    stored = json.loads(json.dumps(to_json(content)))
    assert from_json(stored) == content
    assert content_hash(from_json(stored)) == content_hash(content)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_is_stored_and_read_back(english: str, chinese: str) -> None:
    content = sample_content(1, name=Words(english, chinese))
    assert from_json(json.loads(json.dumps(to_json(content)))) == content


def test_a_changed_title_changes_the_hash() -> None:
    content = sample_content(2)
    entries = [sample_entry(0), sample_entry(1, title=Words("Mental health first-aid courses", "精神健康急救課程"))]
    assert content_hash(sample_content(entries=entries)) != content_hash(content)
    assert content_hash(replace(content, issued_on=dt.date(2026, 11, 22))) != content_hash(content)


def test_a_format_of_another_release_is_refused() -> None:
    with pytest.raises(ValueError, match="format 99"):
        from_json({**to_json(sample_content(1)), "format": 99})


def test_totals_count_the_same_badge_again_and_kinds_once() -> None:
    content = sample_content(4)
    assert (len(content.entries), content.badge_total, content.distinct_total) == (4, 7, 5)
    assert content.award_ids == (0, 1, 2, 10, 11, 20, 30)
    assert not content.is_empty
    assert sample_content(0).is_empty


@pytest.mark.parametrize(
    ("day", "first_month", "label"),
    [
        (dt.date(2025, 8, 31), 9, "2024/25"),
        (dt.date(2025, 9, 1), 9, "2025/26"),
        (dt.date(1999, 9, 1), 9, "1999/00"),
        (dt.date(2025, 1, 1), 1, "2025"),
    ],
)
def test_an_academic_year_begins_in_its_first_month(day: dt.date, first_month: int, label: str) -> None:
    assert academic_year(day, first_month) == label

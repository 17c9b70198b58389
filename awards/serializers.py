"""What the read API says about a student's own Activity History."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from activities.rules import academic_year_label
from awards.history import Entry, Mark


class MarkSerializer(serializers.Serializer):
    """What became of one badge at one activity."""

    code = serializers.CharField(help_text="Code of the badge.")
    state = serializers.ChoiceField(
        choices=["active", "withheld", "revoked"], help_text="`active` is earned and stands; the others do not count."
    )
    award = serializers.IntegerField(allow_null=True, help_text="Key of the award; null where none was given.")
    words = serializers.CharField(allow_blank=True, help_text="Why the badge does not count, in kind words.")

    def to_representation(self, mark: Mark) -> dict[str, Any]:
        return {
            "code": mark.code,
            "state": mark.state,
            "award": None if mark.is_withheld else mark.pk,
            "words": "" if mark.is_active else mark.kind_words,
        }


class EntrySerializer(serializers.Serializer):
    """One attended activity."""

    activity = serializers.IntegerField(help_text="Key of the activity.")
    title_en = serializers.CharField(allow_blank=True)
    title_zh = serializers.CharField(allow_blank=True)
    unit_en = serializers.CharField(allow_blank=True)
    unit_zh = serializers.CharField(allow_blank=True)
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    academic_year = serializers.CharField(help_text="The year in which the activity starts, for example 2025/26.")
    badges = MarkSerializer(many=True)

    def to_representation(self, entry: Entry) -> dict[str, Any]:
        return {
            "activity": entry.activity_id,
            "title_en": entry.title_en,
            "title_zh": entry.title_zh,
            "unit_en": entry.unit_en,
            "unit_zh": entry.unit_zh,
            "first_on": entry.first_on.isoformat(),
            "last_on": entry.last_on.isoformat(),
            "academic_year": academic_year_label(entry.year),
            "badges": MarkSerializer(entry.marks, many=True).data,
        }


class SlotSerializer(serializers.Serializer):
    """How often one badge was earned."""

    code = serializers.CharField()
    count = serializers.IntegerField()


class HistorySerializer(serializers.Serializer):
    """One page of entries, and what the whole record adds up to."""

    count = serializers.IntegerField(help_text="Entries that fit the filters.")
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    earned = serializers.IntegerField(help_text="How many of the graduate attributes were earned at least once.")
    profile = SlotSerializer(many=True, help_text="Over the whole record, whatever the filters.")
    results = EntrySerializer(many=True)

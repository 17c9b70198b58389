"""The fixed words of the NAT in both languages, and how it writes dates, durations and counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from transcripts.content import Entry, Numbering, Student, TranscriptContent, Words

TITLE = Words("Non-Academic Transcript", "非學術成績表")
SERIAL = Words("Serial number", "編號")
ISSUED = Words("Date of issue", "簽發日期")
NAME = Words("Name", "姓名")
NUMBER = Words("Student number", "學生編號")
PROGRAMME = Words("Programme", "課程")
UNIT = Words("Faculty or school", "學院")
PERIOD = Words("Period of study", "修讀年期")
SUMMARY = Words("Summary of digital badges", "電子徽章總覽")
NOT_EARNED = Words("not yet earned", "未獲得")
RECORD = Words("Record of activities", "活動紀錄")
YEAR = Words("", "學年")
CONTINUED = Words("continued", "續")
ACTIVITY = Words("Activity and organiser", "活動及主辦單位")
DURATION = Words("Duration", "時長")
BADGES = Words("Badges", "徽章")
END = Words("End of transcript", "成績表完")
LEGEND = Words("What the badges mean", "徽章釋義")
PRINCIPLES = Words("How badges are awarded", "頒授原則")
SCAN = Words("Scan to verify", "掃描核實")
VERIFY = Words("Verify this paper", "核實")
SIGNED = Words("Signature and seal", "簽署及蓋章")
REPRINT = Words("Reprint", "重印")
COPY = Words("COPY", "副本")

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def both(words: Words, between: str = " ") -> str:
    """English and Chinese side by side."""
    return between.join(filter(None, (words.en, words.zh)))


def day(date: dt.date) -> str:
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def days(first: dt.date, last: dt.date) -> str:
    """A stretch of days as short as it can be said: 12–14 May 2026, 30 Apr – 2 May 2026, 30 Dec 2025 – 2 Jan 2026."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} – {day(last)}"
    return f"{first.day}–{day(last)}"


def duration(entry: Entry) -> tuple[str, str]:
    """The days, and the hours in session where they are known (whole days have none)."""
    counted = f"{_many(entry.days, 'day', 'days')} {entry.days} 天"
    if entry.minutes is None:
        return counted, ""
    hours = f"{entry.minutes / 60:.2f}".rstrip("0").rstrip(".")
    return counted, f"{hours} h {hours} 小時"


def period(student: Student) -> str:
    """From–to by month; without an end while the studies go on; a dash where the register does not say."""
    if student.studied_from is None:
        return "–" if student.studied_until is None else f"– {month(student.studied_until)}"
    until = month(student.studied_until) if student.studied_until else "present 至今"
    return f"{month(student.studied_from)} – {until}"


def month(date: dt.date) -> str:
    return f"{MONTHS[date.month - 1]} {date.year}"


def totals(content: TranscriptContent) -> Words:
    """Activities, badges, and how many different ones, in one line."""
    activities, badges, kinds = len(content.entries), content.badge_total, content.distinct_total
    return Words(
        f"{_many(activities, 'activity', 'activities')} · {_many(badges, 'badge', 'badges')} of "
        f"{_many(kinds, 'kind', 'kinds')}",
        f"{activities} 項活動 · {badges} 個徽章 · {kinds} 種",
    )


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def mark(numbering: Numbering) -> str:
    """What a later print says of itself; nothing on the original."""
    if numbering.print_number == 1:
        return ""
    return f"{REPRINT.en} {numbering.print_number} {REPRINT.zh}"


def principles(tiers: Sequence[tuple[int, int]]) -> tuple[Words, ...]:
    """How badges are awarded, for rules that give (days, at least; badges, at most), the shortest first."""
    english, chinese = [], []
    for index, (least, badges) in enumerate(tiers):
        last = index == len(tiers) - 1
        most = 0 if last else tiers[index + 1][0] - 1
        english.append(f"{_days_en(least, most, index == 0)}: {'' if badges == 1 else 'up to '}{_badges_en(badges)}")
        chinese.append(f"{_days_zh(least, most, index == 0)}：{'' if badges == 1 else '最多 '}{badges} 個")
    return (
        Words(
            "A badge is earned by taking part in an activity of the scheme, once it has ended and the attendance "
            "is on record. The organiser may withhold a badge from a participant who did not meet the outcomes.",
            "參加者於活動完結、出席紀錄核實後獲頒徽章；未達預期成果者，主辦單位可不頒發。",
        ),
        Words(
            f"The duration of an activity decides how many badges one participant can earn: {'; '.join(english)}.",
            f"每名參加者可得的徽章數目按活動時長而定：{'；'.join(chinese)}。",
        ),
        Words(
            "The badges of one activity are all different; the same badge earned at another activity counts again. "
            "This transcript lists activities at which a badge was earned; it does not record academic results.",
            "同一活動的徽章各不相同；於不同活動獲得的同款徽章分別計算。本成績表只列載獲頒徽章的活動，不包括學業成績。",
        ),
    )


def _badges_en(count: int) -> str:
    return "1 badge" if count == 1 else f"{count} badges"


def _days_en(least: int, most: int, first: bool) -> str:
    if not most:
        return f"{_many(least, 'day', 'days')} or more"
    if first:
        return f"{_many(most, 'day', 'days')} or less"
    return _many(least, "day", "days") if least == most else f"{least} to {most} days"


def _days_zh(least: int, most: int, first: bool) -> str:
    if not most:
        return f"{least} 天或以上"
    if first:
        return f"{most} 天或以下"
    return f"{least} 天" if least == most else f"{least} 至 {most} 天"

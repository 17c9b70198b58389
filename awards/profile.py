"""The profile of one participant over the badges: counts, what is missing, the radar plot, kind words. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RADIUS = 100.0
"""Of the outermost ring of the radar, in units of its drawing."""
LABEL_RADIUS = 122.0
MOST_RINGS = 4

KIND_WORDS: dict[str, str | Promise] = {
    "attendance": _("You took part, but for less time than this badge asks for."),
    "assessment": _("You took part; the assessment for this badge was not passed this time."),
    "outcome": _("You took part; what this badge stands for was not reached this time."),
    "withdrew": _("You left before the end, so this badge could not be given."),
    "other": _("You took part; the organiser did not give this badge."),
}
"""Why a badge was not awarded, as the student reads it (product rule 5); keys are those of WithholdingReason."""

REVOKED_WORDS = _("This badge was given and later taken back. The organiser will gladly tell you why.")


def kind_words(reason: str, words: str = "") -> str:
    """The sentence for a withholding, with what the organiser wrote for the student behind it.

    A reason that is not in the table reads like `other`: a student never meets a code.
    """
    sentence = str(KIND_WORDS.get(reason, KIND_WORDS["other"]))
    if not words:
        return sentence
    in_their_words = _("In their words: “%(words)s”") % {"words": words}
    return f"{sentence} {in_their_words}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One badge of the wall and how often it was earned."""

    code: str
    name: str
    artwork: str
    is_graduate_attribute: bool
    count: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody earned, over the graduate attributes in their order, and other badges after them."""

    slots: tuple[Slot, ...]

    @property
    def wall(self) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.is_graduate_attribute)

    @property
    def others(self) -> tuple[Slot, ...]:
        """Badges of the institution beside the attributes; only those that were earned."""
        return tuple(slot for slot in self.slots if not slot.is_graduate_attribute and slot.count)

    @property
    def missing(self) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.wall if not slot.count)

    @property
    def earned(self) -> int:
        """How many different attributes."""
        return len(self.wall) - len(self.missing)

    @property
    def is_complete(self) -> bool:
        return bool(self.wall) and not self.missing

    @property
    def total(self) -> int:
        """All badges, repeats counted."""
        return sum(slot.count for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Axis:
    """A spoke of the radar: where it ends and where its label stands. Coordinates are ready for an SVG attribute."""

    code: str
    count: int
    x: str
    y: str
    dot_x: str
    dot_y: str
    label_x: str
    label_y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A line of equal count around the centre."""

    value: int
    points: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Radar:
    """The plot around (0, 0), first axis upwards, then clockwise."""

    axes: tuple[Axis, ...]
    rings: tuple[Ring, ...]
    shape: str


def radar(slots: Sequence[Slot]) -> Radar:
    """The geometry of the plot; with fewer than three axes there is nothing to plot and it is empty."""
    if len(slots) < 3:
        return Radar((), (), "")
    ring_values = scale(max(slot.count for slot in slots))
    top = ring_values[-1]
    angles = [2 * math.pi * n / len(slots) for n in range(len(slots))]
    axes = tuple(_axis(slot, angle, top) for slot, angle in zip(slots, angles, strict=True))
    rings = tuple(Ring(value, _polygon(angles, value / top), _text(-RADIUS * value / top)) for value in ring_values)
    return Radar(axes, rings, " ".join(f"{axis.dot_x},{axis.dot_y}" for axis in axes))


def scale(largest: int) -> tuple[int, ...]:
    """The values of the rings: at most four, equally far apart, whole, the outermost at least `largest`."""
    step = max(1, math.ceil(largest / MOST_RINGS))
    return tuple(range(step, max(largest, 1) + step, step))


def _axis(slot: Slot, angle: float, top: int) -> Axis:
    right, down = math.sin(angle), -math.cos(angle)
    reach = RADIUS * slot.count / top
    return Axis(
        code=slot.code,
        count=slot.count,
        x=_text(RADIUS * right),
        y=_text(RADIUS * down),
        dot_x=_text(reach * right),
        dot_y=_text(reach * down),
        label_x=_text(LABEL_RADIUS * right),
        label_y=_text(LABEL_RADIUS * down + 5),
        anchor="middle" if abs(right) < 0.2 else "start" if right > 0 else "end",
    )


def _polygon(angles: Sequence[float], share: float) -> str:
    corners = ((RADIUS * share * math.sin(angle), -RADIUS * share * math.cos(angle)) for angle in angles)
    return " ".join(f"{_text(x)},{_text(y)}" for x, y in corners)


def _text(number: float) -> str:
    """One decimal, with a point whatever the language of the page."""
    return f"{round(number, 1) + 0.0:.1f}"


def profile(badge_types: Sequence[tuple[int, str, str, str, bool]], counts: Mapping[int, int]) -> Profile:
    """From (id, code, name, artwork, is graduate attribute) in the order of the scheme, and counts by id."""
    return Profile(
        tuple(
            Slot(code, name, artwork, is_attribute, counts.get(pk, 0))
            for pk, code, name, artwork, is_attribute in badge_types
        )
    )

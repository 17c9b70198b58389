"""One NAT of twenty activities, and its floor: the same strings, images and typefaces, drawn bare."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field, replace
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from accounts.models import Participant
from accounts.paper.typefaces import drawing, font
from transcripts import nat
from transcripts.content import Numbering, TranscriptContent
from transcripts.gather import gather

ENTRIES = 20
NUMBERING = Numbering(serial="NAT-2026-00001", code="ABCD-EFGH-JKLM", verify_url="https://badges.example/verify/A/")


@dataclass
class Drawn:
    """What stands on one page or form: strings with their place, and all operators that are not text."""

    strings: list[tuple[str, float, float, float, str]] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)


class Recorder(Canvas):
    """A canvas that remembers every string it was asked to draw."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.drawn = [Drawn()]
        self.images: dict[str, tuple[tuple[float, ...], list[str]]] = {}
        super().__init__(*args, **options)

    def drawString(self, x: float, y: float, text: str, *args: Any, **options: Any) -> None:
        self.drawn[-1].strings.append((self._fontname, self._fontsize, x, y, text))
        super().drawString(x, y, text, *args, **options)

    def beginForm(self, name: str, *box: float) -> None:  # type: ignore[override]
        self.images[name] = (box, [])
        super().beginForm(name, *box)

    def endForm(self, **options: Any) -> None:
        newest = list(self.images)[-1]
        self.images[newest][1].extend(line for line in self._code if not line.startswith("BT"))
        super().endForm(**options)

    def showPage(self) -> None:
        self.drawn[-1].operators = [line for line in self._code if not line.startswith("BT")]
        self.drawn.append(Drawn())
        super().showPage()


def content_of_twenty(participant: Participant) -> TranscriptContent:
    """This participant's NAT, cut to its newest twenty activities."""
    content = gather(participant, dt.date.today())
    left, years = ENTRIES, []
    for year in content.years:
        years.append(replace(year, entries=year.entries[:left]))
        left -= len(years[-1].entries)
    return replace(content, years=tuple(year for year in years if year.entries))


def ours(content: TranscriptContent) -> bytes:
    return nat.render(content, NUMBERING)


def record(content: TranscriptContent) -> Recorder:
    """Draws the paper once and keeps what was drawn."""
    kept: list[Recorder] = []

    def canvas(*args: Any, **options: Any) -> Recorder:
        kept.append(Recorder(*args, **options))
        return kept[0]

    plain, nat.Canvas = nat.Canvas, canvas  # type: ignore[attr-defined,assignment,misc]
    try:
        ours(content)
    finally:
        nat.Canvas = plain  # type: ignore[attr-defined,misc]
    return kept[0]


def floor(recorded: Recorder) -> bytes:
    """The recorded pages again: strings by setFont and drawString, all the rest as operators that are there already."""
    held = io.BytesIO()
    with drawing():
        canvas = Canvas(held, pagesize=A4, invariant=1, pageCompression=1, initialFontName="Noto")
        for name, (box, operators) in recorded.images.items():
            canvas.beginForm(name, *box)
            canvas._code.extend(operators)
            canvas.endForm()
        for drawn in recorded.drawn[:-1]:
            canvas._code.extend(drawn.operators)
            canvas._formsinuse.extend(recorded.images)
            for name, size, x, y, text in drawn.strings:
                font(name)
                canvas.setFont(name, size)
                canvas.drawString(x, y, text)
            canvas.showPage()
        canvas.save()
    return held.getvalue()

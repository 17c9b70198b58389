"""Parked rows once more through the same rules, now that their students may be known: what is clear is settled."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from accounts.models import User
from awards.attendance.deciding import Answers, DecidedRow, Outcome
from awards.attendance.effects import Changes, write_changes
from awards.attendance.gathering import gather
from awards.attendance.models import AttendanceRow, AttendanceUpload
from awards.attendance.reading import Reading
from awards.attendance.staging import judged

SETTLED = {Outcome.AWARD: AttendanceRow.Settlement.AWARDED, Outcome.NO_AWARD: AttendanceRow.Settlement.REFUSED}
ROWS_A_STATEMENT = 1_000


@dataclass(slots=True)
class Arrivals:
    """What became of the rows: settled, asking a person now, or about nobody still."""

    awarded: list[AttendanceRow] = field(default_factory=list)
    refused: list[AttendanceRow] = field(default_factory=list)
    asking: list[AttendanceRow] = field(default_factory=list)
    unknown: list[AttendanceRow] = field(default_factory=list)

    @property
    def settled(self) -> list[AttendanceRow]:
        return [*self.awarded, *self.refused]


def settle_arrivals(
    *, acting_user: User | None, upload: AttendanceUpload, rows: Sequence[AttendanceRow], how: str, now: dt.datetime
) -> Arrivals:
    """Judges open rows of one record again, in a number of statements that does not depend on their number.

    Called inside the transaction that holds the locks of the activity and of the rows. A badge is given only where the
    name agrees and nothing is in doubt (`decide` with `arrived`); nothing is ever taken back. `how` stands in the trail
    of what is given; `acting_user` None is the portal itself.
    """
    readings = [Reading.from_json(row.read) for row in rows if row.read is not None]
    reading = dataclasses.replace(readings[0], rows=tuple(one.rows[0] for one in readings))
    circumstances = gather(upload.activity, reading)
    decision = judged(reading, circumstances, Answers(), arrived=True)
    changes, arrivals = Changes(), Arrivals()
    for row, decided in zip(rows, decision.rows, strict=True):
        _settle(row, decided, arrivals, now)
        if row.settlement != AttendanceRow.Settlement.OPEN:
            changes.add(decided, row.pk)
    write_changes(
        acting_user=acting_user,
        upload=upload,
        circumstances=circumstances,
        changes=changes,
        taken_back_because="",
        parked=how,
    )
    changed = ["settlement", "participant", "asks_because", "settled_at", "read"]
    AttendanceRow.objects.bulk_update(rows, changed, batch_size=ROWS_A_STATEMENT)
    return arrivals


def _settle(row: AttendanceRow, decided: DecidedRow, arrivals: Arrivals, now: dt.datetime) -> None:
    """Writes on the row what it means now, without saving it."""
    row.participant_id = decided.student.id if decided.student else None
    if decided.outcome in SETTLED:
        row.settlement = SETTLED[decided.outcome]
        row.settled_at = now
        (arrivals.awarded if decided.outcome is Outcome.AWARD else arrivals.refused).append(row)
        return
    row.asks_because = decided.reason
    (arrivals.asking if decided.outcome is Outcome.ASK else arrivals.unknown).append(row)

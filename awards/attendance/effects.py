"""Writing what a decision does to the record: awards, withholdings, what they take back or lift, and their trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from accounts.models import Participant, User
from accounts.trail.models import AuditEntry
from accounts.trail.services import entry, record_many
from activities.models import BadgeVersion
from awards.attendance.deciding import DecidedRow
from awards.attendance.gathering import Circumstances, Held
from awards.attendance.models import AttendanceEffect, AttendanceRow, AttendanceUpload
from awards.models import Award, AwardEvent, Withholding, WithholdingReason

OTHER = WithholdingReason.OTHER.value


@dataclass(slots=True)
class Changes:
    """What is to be written for one record, in memory. A participant and badge stand in one list only."""

    give: dict[Held, AttendanceRow] = field(default_factory=dict)
    withhold: dict[Held, tuple[AttendanceRow, str, str]] = field(default_factory=dict)
    take_back: dict[Held, AttendanceRow | None] = field(default_factory=dict)
    lift: dict[Held, AttendanceRow] = field(default_factory=dict)

    def add(self, decided: DecidedRow, row: AttendanceRow, words: str = "") -> None:
        """Takes over what one decided row does; a second line of the same student adds nothing.

        `words` stand in where the reason is "other" and the row gives none.
        """
        if decided.student is None:
            return
        student = decided.student.id
        for code in decided.awards:
            self.give.setdefault((student, code), row)
        for code in decided.lifts:
            self.lift.setdefault((student, code), row)
        for code in decided.revokes:
            self.take_back.setdefault((student, code), row)
        for code, reason, text in decided.withholds:
            self.withhold.setdefault((student, code), (row, reason, text.strip() or (words if reason == OTHER else "")))

    @property
    def lacks_words(self) -> bool:
        """Whether something is withheld for another reason, without saying which."""
        return any(reason == OTHER and not text for _row, reason, text in self.withhold.values())


@dataclass(frozen=True, slots=True)
class Written:
    """How many of each were written."""

    awards: int
    withholdings: int
    revoked: int
    lifted: int


def write_changes(
    *,
    acting_user: User,
    upload: AttendanceUpload,
    circumstances: Circumstances,
    changes: Changes,
    taken_back_because: str,
    answered: bool = False,
) -> Written:
    """Writes it all in a number of statements that does not depend on the number of rows.

    Called inside the transaction that holds the lock of the activity. First what makes room (taken back, lifted), then
    what is new: the triggers of the tables check each award against what stands. `answered` says that a parked row was
    answered after the commit.
    """
    trail: list[AuditEntry] = []
    trailing = _Trail(acting_user, upload, answered, trail)
    revoked = _take_back(acting_user, upload, circumstances, changes.take_back, taken_back_because, trailing)
    lifted = _lift(upload, circumstances, changes.lift, trailing)
    awards = _give(acting_user, circumstances, changes.give, trailing)
    withholdings = _withhold(acting_user, circumstances, changes.withhold, trailing)
    record_many(trail)
    return Written(awards=awards, withholdings=withholdings, revoked=revoked, lifted=lifted)


@dataclass(slots=True)
class _Trail:
    acting_user: User
    upload: AttendanceUpload
    answered: bool
    entries: list[AuditEntry]

    def add(self, action: str, target: Any, held: Held, status: Sequence[str | None], reason: str = "") -> None:
        student, code = held
        changes = {"status": list(status), "badge": code, "activity": self.upload.activity.code}
        changes["record"] = str(self.upload.key)
        if self.answered:
            changes["parked_row"] = "answered"
        self.entries.append(
            entry(
                acting_user=self.acting_user,
                action=action,
                target=target,
                participant=Participant(pk=student),
                changes=changes,
                reason=reason,
            )
        )


def _take_back(
    acting_user: User,
    upload: AttendanceUpload,
    circumstances: Circumstances,
    take_back: Mapping[Held, AttendanceRow | None],
    reason: str,
    trail: _Trail,
) -> int:
    if not take_back:
        return 0
    ids = [circumstances.awards[held] for held in take_back]
    Award.objects.filter(pk__in=ids).update(status=Award.Status.REVOKED)
    events = AwardEvent.objects.bulk_create(
        AwardEvent(award_id=pk, kind=AwardEvent.Kind.REVOKED, by=acting_user, reason=reason) for pk in ids
    )
    AttendanceEffect.objects.bulk_create(
        AttendanceEffect(upload=upload, row=row, revocation=event)
        for row, event in zip(take_back.values(), events, strict=True)
    )
    for held, pk in zip(take_back, ids, strict=True):
        trail.add("award.revoked", Award(pk=pk), held, ("active", "revoked"), reason)
    return len(ids)


def _lift(
    upload: AttendanceUpload, circumstances: Circumstances, lift: Mapping[Held, AttendanceRow], trail: _Trail
) -> int:
    """Lifts withholdings; where a badge was revoked instead there is none, and the new award says it all."""
    lifted = {held: circumstances.withholdings[held] for held in lift if held in circumstances.withholdings}
    if not lifted:
        return 0
    Withholding.objects.filter(pk__in=list(lifted.values())).update(status=Withholding.Status.LIFTED)
    AttendanceEffect.objects.bulk_create(
        AttendanceEffect(upload=upload, row=lift[held], withholding_id=pk) for held, pk in lifted.items()
    )
    for held, pk in lifted.items():
        trail.add("withholding.lifted", Withholding(pk=pk), held, ("active", "lifted"))
    return len(lifted)


def _give(acting_user: User, circumstances: Circumstances, give: Mapping[Held, AttendanceRow], trail: _Trail) -> int:
    if not give:
        return 0
    activity = circumstances.activity
    versions = _current_versions(circumstances.badge_type_ids.values())
    awards = Award.objects.bulk_create(
        Award(
            participant_id=student,
            activity=activity,
            badge_type_id=circumstances.badge_type_ids[code],
            badge_version_id=versions[circumstances.badge_type_ids[code]],
            rules_id=activity.rules_id,
            days=activity.days,
            max_badges=activity.max_badges,
            row=row,
            awarded_by=acting_user,
        )
        for (student, code), row in give.items()
    )
    AwardEvent.objects.bulk_create(
        AwardEvent(award=award, kind=AwardEvent.Kind.AWARDED, by=acting_user) for award in awards
    )
    for held, award in zip(give, awards, strict=True):
        trail.add("award.given", award, held, (None, "active"))
    return len(awards)


def _current_versions(badge_type_ids: Iterable[int]) -> dict[int, int]:
    """Badge type → the version of its wording and artwork that is in force now."""
    current = BadgeVersion.objects.filter(badge_type__in=list(badge_type_ids), version=F("badge_type__version"))
    return dict(current.values_list("badge_type_id", "pk"))


def _withhold(
    acting_user: User,
    circumstances: Circumstances,
    withhold: Mapping[Held, tuple[AttendanceRow, str, str]],
    trail: _Trail,
) -> int:
    if not withhold:
        return 0
    made = Withholding.objects.bulk_create(
        Withholding(
            participant_id=student,
            activity=circumstances.activity,
            badge_type_id=circumstances.badge_type_ids[code],
            reason=reason,
            reason_text=text,
            row=row,
            withheld_by=acting_user,
        )
        for (student, code), (row, reason, text) in withhold.items()
    )
    for (held, (_row, reason, text)), withholding in zip(withhold.items(), made, strict=True):
        trail.add("withholding.made", withholding, held, (None, "active"), text or reason)
    return len(made)

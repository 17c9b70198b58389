"""Writing what a decision does to the record: awards, withholdings, what they take back or lift, and their trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F

from accounts.bulk import insert_many
from accounts.models import User
from accounts.trail.services import record_each
from activities.models import BadgeVersion
from awards.attendance.deciding import DecidedRow
from awards.attendance.gathering import Circumstances, Held
from awards.attendance.models import AttendanceEffect, AttendanceUpload
from awards.models import Award, AwardEvent, Withholding, WithholdingReason

OTHER = WithholdingReason.OTHER.value


@dataclass(slots=True)
class Changes:
    """What is to be written for one record, by ids of rows. A participant and badge stand in one list only."""

    give: dict[Held, int] = field(default_factory=dict)
    withhold: dict[Held, tuple[int, str, str]] = field(default_factory=dict)
    take_back: dict[Held, int | None] = field(default_factory=dict)
    lift: dict[Held, int] = field(default_factory=dict)

    def add(self, decided: DecidedRow, row: int, words: str = "") -> None:
        """Takes over what one decided row does, kept as `row`; a second line of the same student adds nothing.

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
    acting_user: User | None,
    upload: AttendanceUpload,
    circumstances: Circumstances,
    changes: Changes,
    taken_back_because: str,
    parked: str = "",
) -> Written:
    """Writes it all in a number of statements that does not depend on the number of rows.

    Called inside the transaction that holds the lock of the activity. First what makes room (taken back, lifted), then
    what is new: the triggers of the tables check each award against what stands. `parked` says what became of parked
    rows after the commit: answered, or woke; then `acting_user` is None.
    """
    writing = _Writing(acting_user, upload, circumstances, parked)
    revoked = writing.take_back(changes.take_back, taken_back_because)
    lifted = writing.lift(changes.lift)
    awards = writing.give(changes.give)
    withholdings = writing.withhold(changes.withhold)
    return Written(awards=awards, withholdings=withholdings, revoked=revoked, lifted=lifted)


@dataclass(frozen=True, slots=True)
class _Writing:
    acting_user: User | None
    upload: AttendanceUpload
    circumstances: Circumstances
    parked: str

    @property
    def by(self) -> int | None:
        return self.acting_user.pk if self.acting_user else None

    def take_back(self, take_back: Mapping[Held, int | None], reason: str) -> int:
        ids = [self.circumstances.awards[held] for held in take_back]
        if not ids:
            return 0
        Award.objects.filter(pk__in=ids).update(status=Award.Status.REVOKED)
        events = self._tell(ids, AwardEvent.Kind.REVOKED, reason)
        self._keep_effects(
            {"row_id": row, "revocation_id": event, "withholding_id": None}
            for row, event in zip(take_back.values(), events, strict=True)
        )
        self._record("award.revoked", Award, ids, take_back, ("active", "revoked"), [reason] * len(ids))
        return len(ids)

    def lift(self, lift: Mapping[Held, int]) -> int:
        """Lifts withholdings; where a badge was revoked instead there is none, and the new award says it all."""
        standing = self.circumstances.withholdings
        lifted = {held: standing[held] for held in lift if held in standing}
        if not lifted:
            return 0
        Withholding.objects.filter(pk__in=list(lifted.values())).update(status=Withholding.Status.LIFTED)
        self._keep_effects(
            {"row_id": lift[held], "revocation_id": None, "withholding_id": pk} for held, pk in lifted.items()
        )
        self._record("withholding.lifted", Withholding, list(lifted.values()), lifted, ("active", "lifted"))
        return len(lifted)

    def give(self, give: Mapping[Held, int]) -> int:
        if not give:
            return 0
        activity = self.circumstances.activity
        offers = self.circumstances.offers
        versions = _current_versions(offer.badge_type_id for offer in offers.values())
        same = {
            "activity_id": activity.pk,
            "rules_id": activity.rules_id,
            "days": activity.days,
            "max_badges": activity.max_badges,
            "awarded_by_id": self.by,
            "note": "",
            "status": Award.Status.ACTIVE,
        }
        of_badge = {
            code: {"badge_type_id": offer.badge_type_id, "badge_version_id": versions[offer.badge_type_id]}
            for code, offer in offers.items()
        }
        ids = insert_many(
            Award,
            [
                {**same, **of_badge[code], "participant_id": student, "row_id": row}
                for (student, code), row in give.items()
            ],
        )
        self._tell(ids, AwardEvent.Kind.AWARDED)
        self._record("award.given", Award, ids, give, (None, "active"))
        return len(ids)

    def withhold(self, withhold: Mapping[Held, tuple[int, str, str]]) -> int:
        same = {
            "activity_id": self.circumstances.activity.pk,
            "withheld_by_id": self.by,
            "status": Withholding.Status.ACTIVE,
        }
        offers = self.circumstances.offers
        ids = insert_many(
            Withholding,
            [
                {**same, "badge_type_id": offers[code].badge_type_id, "participant_id": student}
                | {"reason": reason, "reason_text": text, "row_id": row}
                for (student, code), (row, reason, text) in withhold.items()
            ],
        )
        reasons = [text or reason for _row, reason, text in withhold.values()]
        self._record("withholding.made", Withholding, ids, withhold, (None, "active"), reasons)
        return len(ids)

    def _tell(self, awards: Sequence[int], kind: AwardEvent.Kind, reason: str = "") -> list[int]:
        """One event for each award."""
        same = {"kind": kind, "by_id": self.by, "reason": reason}
        return insert_many(AwardEvent, [{**same, "award_id": pk} for pk in awards])

    def _keep_effects(self, effects: Iterable[Mapping[str, int | None]]) -> None:
        insert_many(AttendanceEffect, [{"upload_id": self.upload.pk, **effect} for effect in effects])

    def _record(
        self,
        action: str,
        model: type[models.Model],
        ids: Sequence[int],
        held: Iterable[Held],
        status: tuple[str | None, str],
        reasons: Sequence[str] = (),
    ) -> None:
        same = {"status": status, "activity": self.upload.activity.code, "record": str(self.upload.key)}
        if self.parked:
            same["parked_row"] = self.parked
        record_each(
            acting_user=self.acting_user,
            action=action,
            model=model,
            each=(
                (pk, student, {**same, "badge": code}, reason)
                for pk, (student, code), reason in zip(ids, held, reasons or [""] * len(ids), strict=True)
            ),
        )


def _current_versions(badge_type_ids: Iterable[int]) -> dict[int, int]:
    """Badge type → the version of its wording and artwork that is in force now."""
    current = BadgeVersion.objects.filter(badge_type__in=list(badge_type_ids), version=F("badge_type__version"))
    return dict(current.values_list("badge_type_id", "pk"))

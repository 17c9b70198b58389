"""What the services refuse: a code and one sentence that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import OperationalError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import LockNotAvailable, QueryCanceled

if TYPE_CHECKING:
    from awards.attendance.models import AttendanceUpload

SENTENCES: Mapping[str, Any] = {
    "not_published": _("This activity is not published. Publish it first, then upload the attendance."),
    "cancelled": _("This activity was cancelled, so no attendance can be recorded for it."),
    "too_early": _("This activity has not ended yet. You can upload its attendance from {ends_at} on."),
    "no_offers": _("This activity offers no badge yet. Choose its badges first, then upload the attendance."),
    "no_file": _("Choose a file first."),
    "too_big": _(
        "The file is larger than {max_mb} MB. Remove pictures and unused sheets, or save it again, and retry."
    ),
    "not_kept": _(
        "The portal cannot keep files just now: its disk is full or does not answer. Nothing was recorded. "
        "Tell the scheme administrator, and upload the sheet again later."
    ),
    "already_committed": _("This file was already committed on {at} by {by}. Nothing was recorded twice."),
    "not_staged": _("This record is no longer waiting to be checked ({status}). Upload the file again if you need it."),
    "changed_since_preview": _(
        "The record of this activity changed since you looked at this page. Nothing was recorded. "
        "Your answers are kept: look at the numbers below once more, then commit."
    ),
    "not_a_file": _("This record was entered here, so there are no columns to explain."),
    "no_such_row": _("This row is not in the file. Open the record again."),
    "busy": _(
        "Somebody else is changing the record of this activity at this moment. Nothing was recorded. "
        "Wait a few seconds and try again."
    ),
    "file_rejected": "{why}",
    "file_question_open": _("Answer the question about the whole sheet first."),
    "file_question_no": _(
        "You answered no, so this sheet cannot be used. Discard it, correct the file, upload it again."
    ),
    "withheld_reason_missing": _("Say why the badges are withheld. The students will see the reason."),
    "other_needs_words": _("You chose another reason: say it in a few words. The students will see them."),
    "take_back_reason_missing": _("Say why badges are taken back."),
    "replacing_not_confirmed": _("Confirm that the badges of those left out are to be taken back."),
    "on_issued_paper": _(
        "{count} of the badges that this would take back stand on a printed NAT. Ask the scheme administrator to do it."
    ),
    "reason_missing": _("Give a reason."),
    "not_committed": _("This record does not stand any more, so nothing can be changed in it."),
    "built_upon": _("The later record “{file_name}” is about some of the same participants. Undo that one first."),
    "changed_by_hand": _(
        "Badges of this record were changed by hand since then, so the state before it cannot be restored. "
        "Correct the badges of those participants one by one."
    ),
    "not_parked": _("This row was answered in the meantime."),
    "cannot_award": _("This row still cannot be awarded: {why}"),
    "dismiss_reason_missing": _("Say in a few words why this is dismissed."),
    "not_retypable": _("This row has a student ID that can be used. Answer its question instead."),
    "typed_id_bad": _("This is not a student ID: it has {digits} digits. Compare it with the student card."),
    "no_room_while_on_nat": _(
        "A badge that this would take back stands on a printed NAT, so the scheme administrator decides about it. "
        "Until then the student has no room for another badge: leave that row open."
    ),
    "note_missing": _("Say what you would like to know."),
    "word_unfit": _("Give a word of at most 30 letters that is neither a time of day nor a percentage."),
    "word_known": _("“{word}” means this already."),
    "word_opposite": _("“{word}” means the opposite already. A word cannot mean both."),
    "original_gone": _("The file of a record that was never committed is not kept."),
}


class AttendanceRefused(Exception):
    """Something that a person asked for and that cannot be done now. `details` fill the sentence."""

    def __init__(self, code: str, *, upload: AttendanceUpload | None = None, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
        self.upload = upload

    @property
    def sentence(self) -> str:
        return str(format_lazy(SENTENCES[self.code], **self.details))


@contextmanager
def lock_wait_said() -> Iterator[None]:
    """Turns a lock that was not given within the time limit into a sentence."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable | QueryCanceled):
            raise AttendanceRefused("busy") from error
        raise

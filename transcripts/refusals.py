"""What a person can be refused about a NAT, each with one sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "no_badges": _("There is no badge on the record yet, so a NAT would be empty. Take part in an activity first."),
    "already_pending": _("There is a NAT request already. Wait until it is issued, or cancel it, then ask again."),
    "not_pending": _("This request has been dealt with already. Look at its present state below."),
    "note_missing": _("Say why in a few words: the student reads it."),
    "reason_missing": _("Say why in a few words: the reason is kept with the record."),
    "name_unprintable": _(
        "The name has a character that the typefaces of the NAT do not have. Correct the name in the student register."
    ),
    "void": _("This NAT is void and is not printed any more. Issue a new one."),
    "already_void": _("This NAT is void already; there is nothing left to do."),
    "not_issued": _("Only a NAT that was issued can be collected."),
}


class TranscriptRefused(Exception):
    """What a person asked for cannot be done. `code` is one of REFUSALS; `str()` is its sentence, translated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(REFUSALS[self.code])

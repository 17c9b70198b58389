"""What a person can be refused when working on an activity, each with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.rules import OfferFault, WrongOffer

Text = str | Promise


class ActivityRefused(Exception):
    """A refusal that a person caused: a code, the sentence to show, and the form field it belongs to, if any."""

    def __init__(self, code: str, message: Text, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field


def up_to_badges(days: int, maximum: int) -> str:
    """The sentence of the badge picker: "2-day activity: up to 2 different badges."."""
    if maximum == 1:
        return ngettext("%(days)d-day activity: 1 badge.", "%(days)d-day activity: 1 badge.", days) % {"days": days}
    return ngettext(
        "%(days)d-day activity: up to %(maximum)d different badges.",
        "%(days)d-day activity: up to %(maximum)d different badges.",
        days,
    ) % {"days": days, "maximum": maximum}


def wrong_offer(wrong: WrongOffer, days: int, maximum: int) -> ActivityRefused:
    """The refusal of a choice of badges."""
    codes = ", ".join(wrong.codes)
    sentences: dict[OfferFault, Callable[[], str]] = {
        OfferFault.NONE: lambda: _("Choose at least one badge: every activity of the scheme serves one of them."),
        OfferFault.REPEATED: lambda: (
            _("All badges of an activity are different; %(codes)s is chosen more than once.") % {"codes": codes}
        ),
        OfferFault.INACTIVE: lambda: (
            _("%(codes)s is no longer offered by the scheme. Choose another badge.") % {"codes": codes}
        ),
        OfferFault.TOO_MANY: lambda: (
            _("%(allowed)s You chose %(chosen)d: take away %(surplus)d.")
            % {
                "allowed": up_to_badges(days, maximum),
                "chosen": len(wrong.codes),
                "surplus": len(wrong.codes) - maximum,
            }
        ),
    }
    return ActivityRefused(wrong.fault, sentences[wrong.fault](), field="badges")


def days_too_few(days: int, maximum: int, offered: int) -> ActivityRefused:
    """The refusal of sessions that are too short for the badges on offer."""
    return ActivityRefused(
        "days_too_few",
        _("%(allowed)s %(offered)d are on offer: take badges away first, or add days.")
        % {"allowed": up_to_badges(days, maximum), "offered": offered},
        field="sessions",
    )


def incomplete(missing: Sequence[Text]) -> ActivityRefused:
    """The refusal to publish an activity that lacks something."""
    return ActivityRefused(
        "incomplete",
        _("Before the activity can be published it needs: %(missing)s.") % {"missing": ", ".join(map(str, missing))},
    )


def no_sessions() -> ActivityRefused:
    return ActivityRefused(
        "no_sessions", gettext_lazy("Give at least one session: a date, or days from–to."), "sessions"
    )


def no_rules() -> ActivityRefused:
    return ActivityRefused(
        "no_rules",
        gettext_lazy("No scheme rules are in force on the first day. Check the date, or ask the scheme administrator."),
        "sessions",
    )


def code_taken(code: str) -> ActivityRefused:
    return ActivityRefused(
        "code_taken",
        _("Another activity has the code %(code)s. Choose another, or leave it empty to be given one.")
        % {"code": code},
        "code",
    )


def closed_for_editing() -> ActivityRefused:
    return ActivityRefused(
        "closed_for_editing",
        gettext_lazy("A cancelled or archived activity stays as it is. Clone it to hold it again."),
    )


def wrong_state(status: Text, wanted: Text) -> ActivityRefused:
    return ActivityRefused(
        "wrong_state",
        _("The activity is %(status)s and cannot become %(wanted)s.") % {"status": status, "wanted": wanted},
    )


def reason_missing() -> ActivityRefused:
    return ActivityRefused(
        "reason_missing",
        gettext_lazy("Say why the activity is cancelled: everyone who looks it up reads it."),
        "reason",
    )


def has_record() -> ActivityRefused:
    return ActivityRefused(
        "has_record",
        gettext_lazy("Attendance is recorded, so the activity was held. Undo the attendance record before cancelling."),
    )


def not_over() -> ActivityRefused:
    return ActivityRefused(
        "not_over", gettext_lazy("The activity is still to come or under way. Cancel it if it will not be held.")
    )


def not_recorded() -> ActivityRefused:
    return ActivityRefused(
        "not_recorded",
        gettext_lazy("Its attendance is not recorded yet. Upload it first, or cancel the activity if it was not held."),
    )


def nobody_organises() -> ActivityRefused:
    return ActivityRefused(
        "nobody_organises", gettext_lazy("An activity needs at least one organiser. Add a colleague first."), "keep"
    )


def not_an_organiser(name: str) -> ActivityRefused:
    return ActivityRefused(
        "not_an_organiser",
        _("%(name)s has no organiser's account. Ask the scheme administrator to give one.") % {"name": name},
        "add",
    )

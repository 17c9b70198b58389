"""The words that are read as a yes or a no: our own, and those that the scheme administrator adds."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.trail.services import record
from awards.attendance.cells import NO, NO_WORDS, YES, Mark, Words, plain_mark, read_mark
from awards.attendance.measuring import looks_like_share
from awards.attendance.models import MarkWord
from awards.attendance.refusals import AttendanceRefused

LONGEST = 30


def words_in_force() -> Words:
    """The words that were added."""
    added = list(MarkWord.objects.values_list("word", "meaning"))
    if not added:
        return NO_WORDS
    return Words(
        yes=frozenset(word for word, meaning in added if meaning == MarkWord.Meaning.YES),
        no=frozenset(word for word, meaning in added if meaning == MarkWord.Meaning.NO),
    )


@transaction.atomic
def add_mark_word(*, acting_user: User, word: str, meaning: str) -> MarkWord:
    """Lets sheets that are read from now on say yes or no with this word.

    Raises AttendanceRefused: word_unfit (empty, too long, a time or a share), word_known, word_opposite (it means the
    other already).
    """
    plain = plain_mark(word)
    if not plain or len(plain) > LONGEST or looks_like_share(plain) or (plain not in (YES | NO) and _is_time(plain)):
        raise AttendanceRefused("word_unfit")
    own = {Mark.YES: "yes", Mark.NO: "no"}.get(read_mark(plain), "")
    new, is_new = None, False
    if not own:
        new, is_new = MarkWord.objects.get_or_create(word=plain, defaults={"meaning": meaning, "added_by": acting_user})
    if new is None or not is_new:
        stands_for = new.meaning if new else own
        raise AttendanceRefused("word_known" if stands_for == meaning else "word_opposite", word=plain)
    record(acting_user=acting_user, action="mark_word.added", target=new, changes={"word": plain, "meaning": meaning})
    return new


def _is_time(plain: str) -> bool:
    return read_mark(plain, takes_times=True) is Mark.YES


@transaction.atomic
def remove_mark_word(*, acting_user: User, word: MarkWord) -> None:
    """Sheets that are read from now on are asked about this word again; what was read before stays."""
    changes = {"word": word.word, "meaning": word.meaning}
    record(acting_user=acting_user, action="mark_word.removed", target=word, changes=changes)
    word.delete()

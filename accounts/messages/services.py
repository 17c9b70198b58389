"""Telling people something.

**How to tell somebody something.** Inside the transaction of what causes it, call

    send_message(recipient=user, kind="attendance_queried", key=f"{upload.pk}:{at:%Y%m%d%H%M%S}",
                 context={"title_en": …, "title_zh": …, "due_on": activity.due_on, "count": 3}, url=reverse(…))

and write `templates/emails/<kind>.txt`: its first line is the subject, the rest the body, plain text, every sentence
through `{% blocktranslate trimmed %}`; nothing else is to be registered. `context` is plain JSON and holds what the
words need, not the words: a pair `title_en`/`title_zh` is `{{ title }}` in the reader's language, names that end in
`_on` are dates and those in `_at` moments (`{{ due_on|date }}`). No student number in the subject. `kind` and `key`
name the occasion: the same again for the same person is written once, however often the service runs. To tell many
people at once give `send_messages` a list of `Draft`. E-mail follows by itself where an SMTP server is configured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.messages.models import Message
from accounts.messages.wording import template_of
from accounts.models import User

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is not written yet; the fields are those of `send_message`."""

    recipient: User
    kind: str
    key: str
    context: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""


def send_message(*, recipient: User, kind: str, key: str, context: Mapping[str, Any], url: str = "") -> None:
    """Tells one person something, once for each `kind` and `key`. `url` is a path of this portal."""
    send_messages([Draft(recipient, kind, key, context, url)])


def send_messages(drafts: Iterable[Draft]) -> None:
    """Tells many people something in as few statements as there are thousands of them."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A message belongs in the transaction of what causes it.")
    drafts = list(drafts)
    for kind in {draft.kind for draft in drafts}:
        template_of(kind)
    mail = Message.Mail.WAITING if settings.MAIL_IS_ON else Message.Mail.OFF
    Message.objects.bulk_create(
        [
            Message(
                recipient_id=draft.recipient.pk,
                kind=draft.kind,
                key=draft.key,
                context=dict(draft.context),
                url=draft.url,
                mail=mail,
            )
            for draft in drafts
        ],
        BATCH,
        ignore_conflicts=True,
    )


def mark_read(*, message: Message) -> None:
    """The recipient opened it; the first time counts."""
    Message.objects.unread().filter(pk=message.pk).update(read_at=timezone.now())


def mark_all_read(*, user: User, up_to: int) -> int:
    """Everything up to the message with this number, so that one that came meanwhile stays unread; says how many."""
    unread = Message.objects.visible_to(user).unread().filter(pk__lte=up_to)
    return unread.update(read_at=timezone.now())

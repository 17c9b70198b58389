"""Who may open the learning advisor's room."""

from badges_portal.tests.access import Row

ADVICE = {"text": "Consider PF."}
ANSWER = {"outcome": "kept", "text": "They speak all day."}

ACCESS: list[Row] = [
    Row("advising:monitor", everyone=403, advisor=200),
    Row("advising:choice", kwargs=lambda w: {"pk": w.shared.pk}, everyone=403, advisor=200),
    Row("advising:choice", kwargs=lambda w: {"pk": w.draft.pk}, label="draft", everyone=403, advisor=404),
    Row("advising:seen", method="POST", kwargs=lambda w: {"pk": w.shared.pk}, everyone=403, advisor=302),
    Row("advising:seen", method="POST", kwargs=lambda w: {"pk": w.draft.pk}, label="draft", everyone=403, advisor=404),
    Row(
        "advising:advise",
        method="POST",
        kwargs=lambda w: {"pk": w.shared.pk},
        data=lambda w: ADVICE,
        everyone=403,
        advisor=302,
    ),
    Row(
        "advising:answer",
        kwargs=lambda w: {"pk": w.shared.pk},
        everyone=403,
        stranger=404,
        organiser=200,
        co_organiser=200,
        administrator=200,
    ),
    Row(
        "advising:answer",
        method="POST",
        kwargs=lambda w: {"pk": w.shared.pk},
        data=lambda w: ANSWER,
        everyone=403,
        stranger=404,
        organiser=302,
        co_organiser=302,
        administrator=302,
    ),
    Row(
        "advising:answer",
        kwargs=lambda w: {"pk": w.draft.pk},
        label="no advice yet",
        everyone=403,
        organiser=200,
        co_organiser=200,
        stranger=404,
        administrator=200,
    ),
]

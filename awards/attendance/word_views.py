"""The page on which the scheme administrator adds words that mean yes or no on attendance sheets."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from activities.refusals import ActivityRefused
from activities.thresholds import rules_today, set_attendance_threshold
from awards.attendance.cells import NO, YES
from awards.attendance.models import MarkWord
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.vocabulary import add_mark_word, remove_mark_word


class WordForm(forms.Form):
    word = forms.CharField(
        label=gettext_lazy("Word or sign"),
        max_length=60,
        help_text=gettext_lazy("It must be the whole cell. Capitals and full-width letters make no difference."),
        error_messages={"required": gettext_lazy("Give a word of at most 30 letters.")},
    )
    meaning = forms.ChoiceField(
        label=gettext_lazy("It means"),
        choices=MarkWord.Meaning.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it means yes or no.")},
    )


class ThresholdForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Attendance needed for the badges, in per cent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=gettext_lazy("Empty: no threshold; organisers are asked sheet by sheet."),
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], gettext_lazy("Give a whole number from 0 to 100.")
        ),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_SCHEME)
def words(request: PortalRequest) -> HttpResponse:
    """Our own words, those that were added, a form for one more, and the attendance threshold."""
    form = WordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            new = add_mark_word(acting_user=request.user, **form.cleaned_data)
        except AttendanceRefused as refused:
            form.add_error("word", refused.sentence)
        else:
            messages.success(request, _("“%(word)s” is known from now on.") % {"word": new.word})
            return redirect("attendance:words")
    return _page(request, form)


def _page(request: PortalRequest, form: WordForm, threshold: ThresholdForm | None = None) -> HttpResponse:
    rules = rules_today()
    context = {
        "form": form,
        "threshold": threshold or ThresholdForm(initial={"percent": rules.attendance_threshold if rules else None}),
        "added": MarkWord.objects.select_related("added_by"),
        "own": [(gettext_lazy("Yes"), sorted(YES)), (gettext_lazy("No"), sorted(NO))],
    }
    return render(request, "attendance/word_list.html", context, status=422 if form.errors or threshold else 200)


@require_POST
@requires(Permission.EDIT_SCHEME)
def threshold(request: PortalRequest) -> HttpResponse:
    """Sets the attendance threshold of the scheme."""
    form = ThresholdForm(request.POST)
    if not form.is_valid():
        return _page(request, WordForm(), form)
    try:
        set_attendance_threshold(acting_user=request.user, percent=form.cleaned_data["percent"])
    except ActivityRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The attendance threshold is kept."))
    return redirect("attendance:words")


@require_POST
@requires(Permission.EDIT_SCHEME)
def remove_word(request: PortalRequest, pk: int) -> HttpResponse:
    """Takes a word that was added away again."""
    word = get_object_or_404(MarkWord, pk=pk)
    remove_mark_word(acting_user=request.user, word=word)
    messages.success(request, _("“%(word)s” is asked about again.") % {"word": word.word})
    return redirect("attendance:words")

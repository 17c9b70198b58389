"""Importing the student register: upload, preview of the difference, apply."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Participant, RegisterImport, User
from accounts.permissions import requires
from accounts.refusals import Refusal
from accounts.register import services
from accounts.register.afterwards import tell_the_others
from accounts.register.forms import RegisterUploadForm
from accounts.register.reading import RegisterReading
from accounts.register.sentences import field_names, refusal_sentence, sentence_of
from accounts.roles import Permission
from accounts.sheets.limits import most_megabytes
from accounts.sheets.workbook import Refusal as FileRefusal

SHOWN = 200
"""So many lines of each kind the preview shows; the counts are of all of them."""
PER_PAGE = 25

imports_register = requires(Permission.IMPORT_REGISTER)


@require_http_methods(["GET", "POST"])
@imports_register
def register_import(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method == "POST":
        form = RegisterUploadForm(request.POST, request.FILES)
        status = 422
        if getattr(request, "upload_too_large", False):
            too_large = _("The file is larger than %(size)s MB. Split it by faculty or year and try again.")
            form.add_error("file", too_large % {"size": most_megabytes()})
            status = 413
        elif form.is_valid():
            data = form.cleaned_data["file"].read()
            try:
                reading = services.read_file(data)
            except FileRefusal as refusal:
                form.add_error("file", refusal_sentence(refusal))
            else:
                staged = services.stage_import(
                    acting_user=user, file_name=form.cleaned_data["file"].name, data=data, reading=reading
                )
                return redirect("accounts:register-review", key=staged.pk)
    else:
        form, status = RegisterUploadForm(), 200
    earlier = RegisterImport.objects.visible_to(user).select_related("uploaded_by")
    page = Paginator(earlier, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "columns": field_names().values()}
    return render(request, "accounts/register_import.html", context, status=status)


@require_GET
@imports_register
def register_review(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What the file would change in the register as it is now."""
    staged = get_object_or_404(RegisterImport.objects.visible_to(cast(User, request.user)), pk=key)
    if staged.reading is None:
        return render(request, "accounts/register_done.html", {"staged": staged})
    reading = RegisterReading.from_json(staged.reading)
    difference = services.difference_of(reading)
    names = field_names()
    problems = services.all_problems(reading, difference)
    context = {
        "staged": staged,
        "reading": reading,
        "difference": difference,
        "counts": services.counts_of(reading, difference),
        "columns": [names[column] for column in reading.columns],
        "added": [(row, Participant.Status(row.status or "active").label) for row in difference.added[:SHOWN]],
        "changed": [
            (change, [(names[field], old, new) for field, (old, new) in change.fields.items()])
            for change in difference.changed[:SHOWN]
        ],
        "left": difference.left[:SHOWN],
        "problems": [(problem, sentence_of(problem)) for problem in problems[:SHOWN]],
        "problem_count": len(problems),
        "shown": SHOWN,
    }
    return render(request, "accounts/register_review.html", context)


@require_POST
@imports_register
def register_apply(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    user = cast(User, request.user)
    staged = get_object_or_404(RegisterImport.objects.visible_to(user), pk=key)
    try:
        applied = services.apply_import(
            acting_user=user, staged=staged, fingerprint=request.POST.get("fingerprint", "")
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:register-review", key=key)
    messages.success(
        request,
        ngettext(
            "The register is up to date: %(added)d student added, %(changed)d changed.",
            "The register is up to date: %(added)d students added, %(changed)d changed.",
            applied.added,
        )
        % {"added": applied.added, "changed": applied.changed},
    )
    for sentence in tell_the_others():
        messages.info(request, sentence)
    return redirect("accounts:register-review", key=key)


@require_POST
@imports_register
def register_discard(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    user = cast(User, request.user)
    staged = get_object_or_404(RegisterImport.objects.visible_to(user), pk=key)
    services.discard_import(acting_user=user, staged=staged)
    messages.success(request, _("Discarded. The register is as it was."))
    return redirect("accounts:register-import")

"""People, units and the student register."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import services
from accounts.forms import NewStaffForm, ParticipantFilter, PeopleFilter, StaffForm, UnitForm
from accounts.models import Participant, Unit, User
from accounts.permissions import recent_sign_in, requires
from accounts.querysets import UserQuerySet
from accounts.refusals import Refusal
from accounts.roles import Permission
from accounts.signin.services import IssuedLink, issue_link, issue_student_link

PER_PAGE = 25
PARTICIPANT_SEARCH = "participant_search"
"""Where the session keeps what the register is searched for."""

manages_people = requires(Permission.MANAGE_PEOPLE, Permission.GIVE_ADMINISTRATOR)
manages_units = requires(Permission.MANAGE_PEOPLE)
sees_students = requires(Permission.VIEW_STUDENTS)


@require_GET
@manages_people
def people(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    found = User.objects.visible_to(user).select_related("unit")
    form = PeopleFilter(request.GET or None)
    if form.is_valid():
        found = _filtered(found, form)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    for person in page.object_list:
        person.keys_are_theirs = services.may_hold_keys(user, person)  # type: ignore[attr-defined]
    return render(request, "accounts/person_list.html", {"form": form, "page_obj": page})


@manages_people
@recent_sign_in
@require_http_methods(["GET", "POST"])
def user_create(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = NewStaffForm(_posted(request), grantable=services.grantable_roles(user))
    if request.method == "POST" and form.is_valid():
        try:
            person = services.create_staff(acting_user=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("cna" if refusal.code == "cna_taken" else "roles", str(refusal))
        else:
            messages.success(
                request, _("%(name)s is added. Issue a sign-in link so that they can start.") % {"name": person.name}
            )
            return redirect("accounts:user-edit", pk=person.pk)
    return render(request, "accounts/person_edit.html", {"form": form}, status=422 if form.errors else 200)


@manages_people
@recent_sign_in
@require_http_methods(["GET", "POST"])
def user_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    person = get_object_or_404(User.objects.visible_to(user).select_related("unit"), pk=pk)
    form = StaffForm(_posted(request), grantable=services.grantable_roles(user, person), user=person)
    if request.method == "POST" and form.is_valid():
        fields = {"roles": person.roles, **form.cleaned_data}
        try:
            services.update_staff(acting_user=user, user=person, **fields)
        except Refusal as refusal:
            form.add_error("roles" if "roles" in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:people")
    context = {"form": form, "person": person, "keys_are_theirs": services.may_hold_keys(user, person)}
    return render(request, "accounts/person_edit.html", context, status=422 if form.errors else 200)


@require_POST
@manages_people
@recent_sign_in
def user_close(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    person = get_object_or_404(User.objects.visible_to(user), pk=pk)
    services.close_account(acting_user=user, user=person)
    messages.success(request, _("The account of %(name)s is closed, and every session ended.") % {"name": person.name})
    return redirect("accounts:user-edit", pk=pk)


@require_POST
@manages_people
@recent_sign_in
def user_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    person = get_object_or_404(User.objects.visible_to(user), pk=pk)
    services.reopen_account(acting_user=user, user=person)
    messages.success(request, _("The account of %(name)s is open again.") % {"name": person.name})
    return redirect("accounts:user-edit", pk=pk)


@require_POST
@never_cache
@manages_people
@recent_sign_in
def user_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with the link itself: it is shown this once and never again."""
    user = cast(User, request.user)
    person = get_object_or_404(User.objects.visible_to(user), pk=pk)
    try:
        link = issue_link(acting_user=user, user=person)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:user-edit", pk=pk)
    return _show_link(request, link, back=reverse("accounts:people"))


@require_GET
@manages_units
def units(request: HttpRequest) -> HttpResponse:
    page = Paginator(Unit.objects.order_by("-is_active", "name_en"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/unit_list.html", {"page_obj": page})


@manages_units
@require_http_methods(["GET", "POST"])
def unit_create(request: HttpRequest) -> HttpResponse:
    form = UnitForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.create_unit(acting_user=cast(User, request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("The unit is added."))
            return redirect("accounts:units")
    return render(request, "accounts/unit_edit.html", {"form": form}, status=422 if form.errors else 200)


@manages_units
@require_http_methods(["GET", "POST"])
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    initial = {"code": unit.code, "name_en": unit.name_en, "name_zh": unit.name_zh}
    form = UnitForm(_posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_unit(acting_user=cast(User, request.user), unit=unit, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:units")
    return render(request, "accounts/unit_edit.html", {"form": form, "unit": unit}, status=422 if form.errors else 200)


@require_POST
@manages_units
def unit_retire(request: HttpRequest, pk: int) -> HttpResponse:
    unit = services.retire_unit(acting_user=cast(User, request.user), unit=get_object_or_404(Unit, pk=pk))
    messages.success(request, _("%(name)s is retired: it is no longer offered on forms.") % {"name": unit.name})
    return redirect("accounts:units")


@require_POST
@manages_units
def unit_restore(request: HttpRequest, pk: int) -> HttpResponse:
    unit = services.restore_unit(acting_user=cast(User, request.user), unit=get_object_or_404(Unit, pk=pk))
    messages.success(request, _("%(name)s is in use again.") % {"name": unit.name})
    return redirect("accounts:units")


@require_http_methods(["GET", "POST"])
@sees_students
def participants(request: HttpRequest) -> HttpResponse:
    """The register. A search is posted and kept in the session, so that no address holds a student number."""
    user = cast(User, request.user)
    if request.method == "POST":
        form = ParticipantFilter(request.POST)
        if form.is_valid():
            request.session[PARTICIPANT_SEARCH] = form.cleaned_data
            if form.cleaned_data["q"]:
                found = Participant.objects.visible_to(user).search(form.cleaned_data["q"]).count()
                services.note_search(acting_user=user, words=form.cleaned_data["q"], found=found)
            return redirect("accounts:participants")
        status = 422
    else:
        form = ParticipantFilter(request.session.get(PARTICIPANT_SEARCH, {}))
        status = 200
    shown = Participant.objects.visible_to(user).select_related("unit", "user")
    if form.is_valid():
        shown = shown.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            shown = shown.filter(status=form.cleaned_data["status"])
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    for participant in page.object_list:
        participant.history_url = _history_url(participant)  # type: ignore[attr-defined]
    return render(request, "accounts/participant_list.html", {"form": form, "page_obj": page}, status=status)


@require_POST
@never_cache
@sees_students
@recent_sign_in
def participant_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with the link itself: it is shown this once and never again."""
    user = cast(User, request.user)
    participant = get_object_or_404(Participant.objects.visible_to(user), pk=pk)
    try:
        link = issue_student_link(acting_user=user, participant=participant)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:participants")
    return _show_link(request, link, back=reverse("accounts:participants"))


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _show_link(request: HttpRequest, link: IssuedLink, *, back: str) -> HttpResponse:
    url = settings.PUBLIC_URL + reverse("signin:link", kwargs={"token": link.token})
    return render(request, "accounts/link_show.html", {"link": link, "url": url, "back": back})


def _filtered(found: UserQuerySet, form: PeopleFilter) -> UserQuerySet:
    wanted = form.cleaned_data
    found = found.search(wanted["q"])
    if wanted["role"]:
        found = found.filter(roles__contains=[wanted["role"]])
    if wanted["unit"]:
        found = found.filter(unit=wanted["unit"])
    if wanted["state"]:
        found = found.filter(is_active=wanted["state"] == "open")
    return found


def _history_url(participant: Participant) -> str:
    """Where the upper wing shows this student's history; empty while it has no such page."""
    try:
        return reverse("awards:participant-history", kwargs={"pk": participant.pk})
    except NoReverseMatch:
        return ""

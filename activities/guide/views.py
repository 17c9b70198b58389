"""The public scheme page, and its editing by the scheme administrator."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from activities.guide.forms import SectionForm
from activities.guide.markdown import to_html
from activities.guide.models import SchemeText
from activities.guide.services import restore_default, reword_section, scheme_texts
from activities.models import AwardingRules, BadgeType


@require_GET
@login_not_required
def scheme(request: HttpRequest) -> HttpResponse:
    """What the scheme is for, the six badges, how they are awarded, and whom to ask."""
    rules = AwardingRules.objects.filter(effective_on__lte=timezone.localdate()).prefetch_related("tiers").first()
    sections = [
        {"section": text.section, "title": text.title, "html": to_html(text.body)} for text in scheme_texts().values()
    ]
    context = {
        "sections": sections,
        "badges": BadgeType.objects.active(),
        "tiers": rules.tiers.all() if rules else [],
        "may_edit": isinstance(request.user, User) and request.user.may(Permission.EDIT_SCHEME),
    }
    return render(request, "guide/scheme_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_SCHEME)
def scheme_edit(request: PortalRequest, section: str) -> HttpResponse:
    if section not in SchemeText.Section.values:
        raise Http404
    text = scheme_texts()[section]
    form = SectionForm(request.POST or None, initial={"body_en": text.body_en, "body_zh": text.body_zh})
    if request.method == "POST" and form.is_valid():
        reword_section(acting_user=request.user, section=section, **form.cleaned_data)
        messages.success(request, _("The scheme page says it in your words now."))
        return redirect("activities:scheme")
    context = {"form": form, "text": text}
    return render(request, "guide/section_edit.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.EDIT_SCHEME)
def scheme_restore(request: PortalRequest, section: str) -> HttpResponse:
    if section not in SchemeText.Section.values:
        raise Http404
    restore_default(acting_user=request.user, section=section)
    messages.success(request, _("The default text is back."))
    return redirect("activities:scheme")

"""The inbox: what the portal told this person, newest first."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.messages.models import Message
from accounts.messages.services import mark_all_read, mark_read
from accounts.messages.wording import worded
from accounts.requests import PortalRequest

A_PAGE = 25


@require_GET
def inbox(request: PortalRequest) -> HttpResponse:
    """All messages of the signed-in person, a line for each."""
    found = Message.objects.visible_to(request.user)
    only_unread = request.GET.get("show") == "unread"
    page = Paginator(found.unread() if only_unread else found, A_PAGE).get_page(request.GET.get("page"))
    for message in page.object_list:
        message.words = worded(message.kind, message.context)
    newest = found.values_list("pk", flat=True).first()
    context = {
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "only_unread": only_unread,
        "newest": newest,
    }
    return render(request, "messages/message_list.html", context)


@require_http_methods(["GET", "POST"])
def message(request: PortalRequest, pk: int) -> HttpResponse:
    """One message; POST opens it, that is, marks it as read and shows it."""
    found = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        mark_read(message=found)
        return redirect("messages:message", pk=pk)
    context = {"message": found, "words": worded(found.kind, found.context)}
    return render(request, "messages/message_detail.html", context)


@require_POST
def read_all(request: PortalRequest) -> HttpResponse:
    """Marks as read what was there when the page was made."""
    newest = request.POST.get("newest", "")
    number = mark_all_read(user=request.user, up_to=int(newest)) if newest.isdecimal() and len(newest) < 18 else 0
    if number:
        said = ngettext("%(number)s message is marked as read.", "%(number)s messages are marked as read.", number)
        messages.success(request, said % {"number": number})
    return redirect("messages:inbox")

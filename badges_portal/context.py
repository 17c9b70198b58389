"""What every template may use."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import in_language
from badges_portal.menu import menu_for


def portal(request: HttpRequest) -> dict[str, object]:
    """Whether this is a trial, the institution's name, and the menu of whoever looks at the page."""
    return {
        "TRIAL": not settings.PRODUCTION,
        "INSTITUTION": in_language(settings.INSTITUTION_NAME, settings.INSTITUTION_NAME_ZH),
        "menu": SimpleLazyObject(lambda: menu_for(getattr(request, "user", AnonymousUser()), request.path)),
    }

"""The read API of what was earned: one's own Activity History, for the browser session that is signed in."""

from __future__ import annotations

from django.core.paginator import Page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Participant, User
from accounts.roles import Permission
from awards.forms import read_filters
from awards.history import badges_of_scheme, page_of, tally_of
from awards.serializers import HistorySerializer


class HasOwnHistory(BasePermission):
    """Signed in, with a role that has a history."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User) and request.user.may(Permission.VIEW_OWN_HISTORY)


class OwnHistory(APIView):
    """The Activity History of the signed-in student, newest first, 25 entries a page."""

    permission_classes = [HasOwnHistory]

    @extend_schema(
        summary="Own Activity History",
        tags=["Activity History"],
        parameters=[
            OpenApiParameter("year", OpenApiTypes.INT, description="First calendar year of the academic year."),
            OpenApiParameter("badge", OpenApiTypes.STR, description="Code of a badge."),
            OpenApiParameter("q", OpenApiTypes.STR, description="Words of the title, the code or the unit."),
            OpenApiParameter("page", OpenApiTypes.INT, description="From 1."),
        ],
        responses={
            200: HistorySerializer,
            403: OpenApiResponse(description="Not signed in, or not as a student."),
            404: OpenApiResponse(description="The register has no such student yet, or there is no such page."),
        },
    )
    def get(self, request: Request) -> Response:
        user: User = request.user  # type: ignore[assignment]
        participant = Participant.objects.visible_to(user).filter(user=user).first()
        if participant is None:
            raise NotFound
        badges = badges_of_scheme()
        tally = tally_of(participant, badges)
        filters = read_filters(request.query_params, tally.years, [badge.code for badge in badges.values()])
        page = existing(page_of(participant, filters, request.query_params.get("page")), request)
        whole = {
            "count": page.paginator.count,
            "page": page.number,
            "pages": page.paginator.num_pages,
            "earned": tally.profile.earned,
            "profile": [slot for slot in tally.profile.slots if slot.is_graduate_attribute or slot.count],
            "results": page.object_list,
        }
        return Response(HistorySerializer(whole).data)


def existing(page: Page, request: Request) -> Page:
    """The page, if it is the one that was asked for: a program is not given another one silently."""
    if request.query_params.get("page", "1") != str(page.number):
        raise NotFound
    return page

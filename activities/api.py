"""The read API of what can be earned: badge types and the catalogue. Public; anonymous callers are throttled."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny

from activities.filters import CatalogueFilter
from activities.models import Activity, BadgeType
from activities.serializers import BadgeTypeSerializer, CatalogueActivitySerializer


@extend_schema(summary="Badge types", tags=["Scheme"], auth=[])
class BadgeTypeList(ListAPIView):
    """Every badge of the scheme in its order, also one that is no longer offered."""

    queryset = BadgeType.objects.all()
    serializer_class = BadgeTypeSerializer
    permission_classes = [AllowAny]
    pagination_class = None


@extend_schema(summary="Catalogue", tags=["Activities"], auth=[])
class Catalogue(ListAPIView):
    """Coming activities, soonest first, 25 a page, with the same filters as the page of the catalogue."""

    serializer_class = CatalogueActivitySerializer
    permission_classes = [AllowAny]
    filter_backends = [DjangoFilterBackend]
    filterset_class = CatalogueFilter

    def get_queryset(self) -> QuerySet[Activity]:
        return Activity.objects.coming(timezone.now()).with_offers()

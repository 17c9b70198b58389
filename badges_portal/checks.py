"""What must be right before the portal serves anybody; `manage.py check` says it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.db.backends.postgresql.psycopg_any import is_psycopg3


@register(Tags.database)
def psycopg2_is_used(**_options: Any) -> list[CheckMessage]:
    """Any package that pulls psycopg 3 in makes Django change to it without a word."""
    if is_psycopg3:
        return [Error("Django uses psycopg 3; uninstall it, the portal is tested with psycopg2.", id="portal.E001")]
    return []


@register(Tags.database)
def scheme_is_in_order(databases: Iterable[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Each set of rules gives at least one badge from the first day, never fewer for more days; artwork is there."""
    from activities.models import AwardingRules, BadgeType

    if not databases or AwardingRules._meta.db_table not in connection.introspection.table_names():
        return []
    found: list[CheckMessage] = []
    for rules in AwardingRules.objects.prefetch_related("tiers"):
        tiers = sorted((tier.min_days, tier.max_badges) for tier in rules.tiers.all())
        rises = all(fewer[1] <= more[1] for fewer, more in itertools.pairwise(tiers))
        if not tiers or tiers[0][0] != 1 or not rises:
            found.append(
                Error(
                    f"The rules in force from {rules.effective_on} must begin with 1 day and never give fewer badges "
                    "for more days.",
                    id="portal.E002",
                )
            )
    return found + [
        Error(
            f"The artwork of the badge {badge.code} is missing: static/img/badges/{badge.artwork}.svg.",
            id="portal.E003",
        )
        for badge in BadgeType.objects.active()
        if not finders.find(f"img/badges/{badge.artwork}.svg")
    ]

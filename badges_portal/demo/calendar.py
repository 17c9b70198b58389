"""When the demo's activities are held, and in which state they are: two academic years up to eight weeks from now."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from activities import rules
from activities.rules import Span
from badges_portal.demo.people import ORGANISER_UNIT
from badges_portal.demo.titles import PLANS, Plan

TIMES_HELD = 3


@dataclass(frozen=True)
class Held:
    """One activity of the demo: what, when, and how far its organiser has come."""

    plan: Plan
    spans: list[Span]
    state: str
    """recorded · overdue · due (ended, record not uploaded yet) · coming · draft · cancelled"""


def make_calendar(chance: random.Random, today: dt.date, zone: dt.tzinfo, first_month: int) -> list[Held]:
    """Each plan three times, in the order of their first days."""
    begin = dt.date(rules.academic_year(today, first_month) - 1, first_month, 1)
    states = ["coming"] * 14 + ["draft"] * 3 + ["cancelled"] + ["overdue"] * 4 + ["due"] * 4
    states += ["recorded"] * (len(PLANS) * TIMES_HELD - len(states))
    plans = [plan for plan in PLANS for _ in range(TIMES_HELD)]
    chance.shuffle(plans)
    bring_to(ORGANISER_UNIT, ["overdue", "due"], plans, states)
    held = [
        Held(plan, spans_of(plan, first_day(chance, plan, state, begin, today), zone), state)
        for plan, state in zip(plans, states, strict=True)
    ]
    return sorted(held, key=lambda one: (one.spans[0].starts_at, one.plan.title_en))


def bring_to(unit: str, wanted: list[str], plans: list[Plan], states: list[str]) -> None:
    """Swaps plans so that an activity of the unit is in each of these states: its organiser has something to do."""
    recorded = (place for place, plan in enumerate(plans) if plan.unit == unit and states[place] == "recorded")
    for state in wanted:
        place, other = states.index(state), next(recorded)
        plans[place], plans[other] = plans[other], plans[place]


def first_day(chance: random.Random, plan: Plan, state: str, begin: dt.date, today: dt.date) -> dt.date:
    """A weekday for evenings and afternoons, a Saturday for whole days; before or after today as the state says."""
    length = (plan.days - 1) * (1 if plan.days > 5 else 7)
    if state in {"coming", "draft", "cancelled"}:
        day = today + dt.timedelta(days=chance.randint(3, 53))
    elif state == "due":
        day = today - dt.timedelta(days=chance.randint(7, 20) + length)
    elif state == "overdue":
        day = today - dt.timedelta(days=chance.randint(45, 75) + length)
    else:
        day = begin + dt.timedelta(days=chance.randint(2, max((today - begin).days - length - 24, 3)))
    whole_day = plan.hours[1] - plan.hours[0] >= 6
    while whole_day and plan.days <= 5 and day.weekday() != 5:
        day += dt.timedelta(days=1 if state in {"coming", "draft", "cancelled"} else -1)
    while not whole_day and plan.days <= 5 and day.weekday() > 4:
        day -= dt.timedelta(days=1)
    return day


def spans_of(plan: Plan, first: dt.date, zone: dt.tzinfo) -> list[Span]:
    """A tour is one stretch of whole days; a camp or a weekend is on days in a row; a course once a week."""
    if plan.days > 5:
        return [rules.whole_days(first, first + dt.timedelta(days=plan.days - 1), zone)]
    step = 7 if plan.kind == "course" and plan.days > 2 else 1
    days = [first + dt.timedelta(days=step * number) for number in range(plan.days)]
    start, end = (dt.time(hour) for hour in plan.hours)
    return [Span(dt.datetime.combine(d, start, zone), dt.datetime.combine(d, end, zone)) for d in days]

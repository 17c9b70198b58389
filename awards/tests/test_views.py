"""The pages of Activity History: what a student reads, what nobody else does, and how many queries it takes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Participant, User
from accounts.roles import Role
from accounts.trail.models import AuditEntry
from activities.models import Activity
from awards.models import Award
from awards.services import revoke_award
from awards.tests.record import make_award, make_withholding, put_on_record
from badges_portal.testing import Cast, make_activity, make_user

HISTORY = "/history/"


def text_of(response: Any) -> str:
    """What stands on the page, without tags, in one line."""
    without_tags = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(without_tags.replace("&#x27;", "'").split())


@pytest.fixture
def sam(cast: Cast, sign_in: Any) -> Client:
    return sign_in(cast.sam)


def test_a_student_sees_activities_with_their_badges_by_year(cast: Cast, sam: Client) -> None:
    course = make_activity(cast, title="Mental health first aid", days=2, badges=["PF", "EC"])
    first = make_award(course, cast.sam_participant, "PF")
    make_award(course, cast.sam_participant, "EC")
    response = sam.get(HISTORY)
    page = text_of(response)
    assert "Mental health first aid" in page
    assert "2 of 6 attributes · 2 badges" in page
    assert "4 attributes to go" in page
    assert "240000001" in page
    assert "240000001" not in response.content.decode().split("</title>")[0]
    assert f'href="{reverse("awards:why", args=[first.pk])}"' in response.content.decode()


def test_a_withheld_student_reads_the_reason_in_kind_words_and_no_internal_ones(cast: Cast, sam: Client) -> None:
    activity = make_activity(cast, title="Team communication workshop")
    make_withholding(activity, cast.sam_participant, "EC", reason="outcome", words="The report was not handed in.")
    page = text_of(sam.get(HISTORY))
    assert "Team communication workshop" in page
    assert "You took part; what this badge stands for was not reached this time." in page
    assert "In their words: “The report was not handed in.”" in page
    assert "0 of 6 attributes · 0 badges" in page
    internal = {"withheld", "withholding", "no_award", "outcome", "revoked", "None", "status"}
    assert internal & set(page.replace(".", " ").split()) == set()


def test_a_revoked_badge_is_shown_as_such_and_no_longer_counts(cast: Cast, sam: Client) -> None:
    award = make_award(make_activity(cast), cast.sam_participant, "EC")
    assert "1 of 6 attributes · 1 badge " in text_of(sam.get(HISTORY))
    revoke_award(acting_user=cast.olga, award=award, reason="Slip of the pen")
    page = text_of(sam.get(HISTORY))
    assert "0 of 6 attributes · 0 badges" in page
    assert "This badge was given and later taken back. The organiser will gladly tell you why." in page
    assert "Slip of the pen" not in page
    why = text_of(sam.get(reverse("awards:why", args=[award.pk])))
    assert "It no longer counts." in why
    assert "Slip of the pen" not in why
    assert "ask Learning Commons" in why


def test_a_first_year_student_is_led_to_the_catalogue(sam: Client) -> None:
    response = sam.get(HISTORY)
    assert "Your story starts here" in text_of(response)
    assert f'href="{reverse("activities:catalogue")}"' in response.content.decode()


def test_an_account_that_the_register_does_not_know_is_told_so(cast: Cast, sign_in: Any) -> None:
    response = sign_in(make_user("240009999", "LAU Lena", Role.STUDENT)).get(HISTORY)
    assert response.status_code == 200
    assert "not in the student register yet" in text_of(response)


def test_missing_badges_lead_to_the_activities_that_award_them(cast: Cast, sam: Client) -> None:
    make_award(make_activity(cast, code="A"), cast.sam_participant, "EC")
    make_activity(cast, code="B", badges=["PS"], ended_days_ago=-5)
    response = sam.get(HISTORY)
    assert f'href="{reverse("activities:catalogue")}?badge=PS">1 coming activity<' in response.content.decode()
    assert text_of(response).count("nothing planned yet; look again soon") == 4


def test_all_six_are_celebrated(cast: Cast, sam: Client) -> None:
    for number, code in enumerate(["IPC", "IDL", "PS", "EC", "PSG", "PF"]):
        make_award(make_activity(cast, code=str(number), badges=[code]), cast.sam_participant, code)
    page = text_of(sam.get(HISTORY))
    assert "6 of 6 attributes · 6 badges" in page
    assert "You have earned all six attributes. Well done!" in page


def test_the_plot_has_a_table_that_says_the_same(cast: Cast, sam: Client) -> None:
    make_award(make_activity(cast), cast.sam_participant, "EC")
    html = sam.get(HISTORY).content.decode()
    assert '<svg class="radar" viewBox="-170 -145 340 290" role="img" aria-labelledby="radar-title">' in html
    assert re.findall(r'\((\w+)\)</th><td class="number">(\d+)</td>', html) == [
        ("IPC", "0"),
        ("IDL", "0"),
        ("PS", "0"),
        ("EC", "1"),
        ("PSG", "0"),
        ("PF", "0"),
    ]


def test_the_policy_finds_nothing_inline(cast: Cast, sam: Client) -> None:
    award = make_award(make_activity(cast), cast.sam_participant, "EC")
    for address in (HISTORY, reverse("awards:why", args=[award.pk])):
        html = sam.get(address).content.decode()
        assert re.findall(r"\sstyle=|\son\w+=|<style|<script>", html) == []


def test_filters_work_by_address_and_htmx_gets_the_list_alone(cast: Cast, sam: Client) -> None:
    make_award(make_activity(cast, code="A", title="First aid", badges=["PF"]), cast.sam_participant, "PF")
    make_award(make_activity(cast, code="B", title="Debate"), cast.sam_participant, "EC")
    whole = sam.get(HISTORY, {"badge": "PF"})
    part = sam.get(HISTORY, {"badge": "PF"}, headers={"HX-Request": "true"})
    restored = sam.get(HISTORY, {"badge": "PF"}, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    for response in (whole, part, restored):
        assert "First aid" in text_of(response)
        assert "Debate" not in text_of(response)
    assert ["<html" in r.content.decode() for r in (whole, part, restored)] == [True, False, True]
    assert '<option value="PF" selected>' in whole.content.decode()


@pytest.mark.parametrize(
    "query", ["year=1999", "year=x", "badge=NOPE", "page=0", "page=-3", "page=x", "q=%00", "year=²"]
)
def test_nonsense_in_the_address_is_as_if_it_were_not_there(cast: Cast, sam: Client, query: str) -> None:
    make_award(make_activity(cast), cast.sam_participant, "EC")
    response = sam.get(f"{HISTORY}?{query}")
    assert response.status_code == 200
    assert "Team communication workshop" in text_of(response)


def test_no_entry_fits_the_search(cast: Cast, sam: Client) -> None:
    make_award(make_activity(cast), cast.sam_participant, "EC")
    response = sam.get(HISTORY, {"q": "<script>alert(1)</script>"})
    assert "Nothing fits these filters" in text_of(response)
    assert "<script>alert" not in response.content.decode()


def test_a_long_name_and_a_chinese_title_are_shown_whole(cast: Cast, sam: Client) -> None:
    Participant.objects.filter(pk=cast.sam_participant.pk).update(name_en="A" * 200, name_zh="𤨪三")
    make_award(make_activity(cast, title="T" * 200, title_zh="急救課程"), cast.sam_participant, "EC")
    page = text_of(sam.get(HISTORY))
    assert "A" * 200 + " 𤨪三" in page
    assert "T" * 200 in page


def record_of(cast: Cast, number: int) -> None:
    activities = [make_activity(cast, code=f"X-{n:03}", days=2, badges=["PF", "EC"]) for n in range(number)]
    for n, activity in enumerate(activities):
        make_award(activity, cast.sam_participant, "EC")
        if n % 2:
            make_withholding(activity, cast.sam_participant, "PF")


@pytest.mark.parametrize("number", [1, 3, 40])
def test_the_page_takes_the_same_queries_for_one_entry_and_for_forty(cast: Cast, sam: Client, number: int) -> None:
    record_of(cast, number)
    sam.get(HISTORY)
    with CaptureQueriesContext(connection) as queries:
        sam.get(HISTORY)
    assert len(queries) == 7


def test_five_hundred_entries_take_no_more_queries(cast: Cast, sam: Client) -> None:
    model = make_activity(cast, code="X")
    copies = []
    for number in range(500):
        model.pk, model.code = None, f"X-{number:03}"
        copies.append(Activity(**{f.attname: getattr(model, f.attname) for f in Activity._meta.concrete_fields}))
    Activity.objects.bulk_create(copies)
    sample = make_award(copies[0], cast.sam_participant, "EC")
    fields = {f.attname: getattr(sample, f.attname) for f in Award._meta.concrete_fields if not f.primary_key}
    Award.objects.bulk_create(Award(**{**fields, "activity_id": activity.pk}) for activity in copies[1:])
    with CaptureQueriesContext(connection) as queries:
        page = text_of(sam.get(HISTORY))
    assert len(queries) == 7
    assert "1–25 of 500" in page
    assert "1 of 6 attributes · 500 badges" in page


def test_why_is_told_to_its_owner_and_the_organisers_and_does_not_exist_for_others(cast: Cast, sign_in: Any) -> None:
    activity = make_activity(cast, organisers=[cast.olga, cast.oscar])
    award = make_award(activity, cast.sam_participant, "EC", row=put_on_record(activity, cast.sam_participant))
    address = reverse("awards:why", args=[award.pk])
    statuses = {}
    for name in ("sam", "suki", "olga", "oscar", "otto", "adam", "lydia", "xenia"):
        statuses[name] = sign_in(getattr(cast, name)).get(address).status_code
    assert statuses == {
        "sam": 200,
        "suki": 404,
        "olga": 200,
        "oscar": 200,
        "otto": 404,
        "adam": 200,
        "lydia": 403,
        "xenia": 403,
    }
    page = text_of(sign_in(cast.sam).get(address))
    assert "The whole day is spent speaking and listening." in page
    assert "Row 7 of the attendance record “attendance.xlsx”, uploaded by LEE Olga." in page
    assert "1 day, so each participant could earn 1 badge" in page


def test_what_went_with_an_undone_sheet_cannot_be_asked_about(cast: Cast, sam: Client) -> None:
    award = make_award(make_activity(cast), cast.sam_participant, "EC", status="undone")
    assert sam.get(reverse("awards:why", args=[award.pk])).status_code == 404


def test_the_administrators_look_is_on_the_trail_and_the_students_own_is_not(cast: Cast, sign_in: Any) -> None:
    award = make_award(make_activity(cast), cast.sam_participant, "EC")
    sign_in(cast.sam).get(HISTORY)
    sign_in(cast.olga).get(reverse("awards:why", args=[award.pk]))
    assert AuditEntry.objects.filter(action="history.viewed").count() == 0
    adam = sign_in(cast.adam)
    page = text_of(adam.get(reverse("awards:participant-history", args=[cast.sam_participant.pk])))
    adam.get(reverse("awards:why", args=[award.pk]))
    assert "CHAN Sam 陳三" in page
    assert "attributes to go" not in page
    looks = AuditEntry.objects.filter(action="history.viewed").values_list("actor", "participant")
    assert list(looks) == [(cast.adam.pk, cast.sam_participant.pk)] * 2


@pytest.mark.parametrize("who", ["olga", "lydia", "xenia", "suki"])
def test_nobody_but_the_administrator_opens_the_history_of_a_student(cast: Cast, sign_in: Any, who: str) -> None:
    user: User = getattr(cast, who)
    address = reverse("awards:participant-history", args=[cast.sam_participant.pk])
    assert sign_in(user).get(address).status_code == 403


def test_the_page_speaks_chinese(cast: Cast, sam: Client) -> None:
    make_award(make_activity(cast, title="First aid", title_zh="急救課程"), cast.sam_participant, "EC")
    html = sam.get(HISTORY, headers={"Accept-Language": "zh-hant"}).content.decode()
    assert '<html lang="zh-hant"' in html
    assert "急救課程" in html
    assert "有效溝通" in html
    assert "學習薈" in html

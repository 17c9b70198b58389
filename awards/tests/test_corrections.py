"""Who earned what at an activity, and the forms that correct it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.messages.models import Message
from activities.models import Activity, BadgeType
from awards.models import Award, AwardEvent, Withholding
from awards.tests.record import issue_nat, make_award, make_withholding, put_on_record
from badges_portal.testing import Cast, make_activity, make_participant


@pytest.fixture
def course(cast: Cast) -> Activity:
    """A 2-day course with PF and EC and four badges of Sam's and Suki's to correct."""
    activity = make_activity(cast, days=2, badges=["PF", "EC"], title="First aid", organisers=[cast.olga, cast.oscar])
    for participant in (cast.sam_participant, cast.suki_participant):
        put_on_record(activity, participant)
    make_award(activity, cast.sam_participant, "PF")
    make_award(activity, cast.sam_participant, "EC", status="revoked")
    make_withholding(activity, cast.suki_participant, "PF", reason="other", words="Left at noon")
    return activity


def page(client: Client, activity: Activity, **query: str) -> str:
    response = client.get(reverse("awards:participant-list-of-activity", args=[activity.pk]), query)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def badge(code: str) -> int:
    return BadgeType.objects.get(code=code).pk


def test_every_participant_with_what_stands_was_revoked_or_is_withheld(
    cast: Cast, course: Activity, sign_in: Any
) -> None:
    client = sign_in(cast.oscar)
    text = page(client, course)
    assert "2 participants 1 badge that stands 1 badge withheld" in text
    assert "CHAN Sam 陳三 240000001" in text
    assert "withheld other: Left at noon" in text
    links = re.findall(
        r'href="(/(?:awards|withholdings)/[^"]+)"', client.get(f"/organise/{course.pk}/awards/").content.decode()
    )
    award, revoked = Award.objects.order_by("pk")
    withholding = Withholding.objects.get()
    assert links == [
        f"/awards/{award.pk}/revoke/",
        f"/awards/{revoked.pk}/reinstate/",
        f"/withholdings/{withholding.pk}/reason/",
        f"/withholdings/{withholding.pk}/lift/",
    ]


def test_the_search_takes_part_of_a_name_or_a_whole_number(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    assert "WONG Suki" not in page(client, course, q="chan")
    assert "CHAN Sam" not in page(client, course, q="黃素")
    assert "WONG Suki" not in page(client, course, q="240000001")
    assert "Nobody fits this search" in page(client, course, q="2400")
    part = client.get(f"/organise/{course.pk}/awards/", {"q": "chan"}, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="result-list">')


@pytest.mark.parametrize("number", [1, 3])
def test_the_same_queries_for_one_participant_and_for_three(cast: Cast, sign_in: Any, number: int) -> None:
    activity = make_activity(cast, days=2, badges=["PF", "EC"])
    for n in range(number):
        participant = make_participant(f"24000010{n}", f"LAU {n}")
        make_award(activity, participant, "PF")
        make_withholding(activity, participant, "EC")
    client = sign_in(cast.olga)
    page(client, activity)
    with CaptureQueriesContext(connection) as queries:
        page(client, activity)
    assert len(queries) == 11


def test_an_activity_without_badges_says_where_they_come_from(cast: Cast, sign_in: Any) -> None:
    text = page(sign_in(cast.olga), make_activity(cast))
    assert "No badge has been given at this activity yet" in text
    assert "Badges are given when the attendance record is committed." in text


def test_revoking_and_reinstating_with_a_reason(cast: Cast, course: Activity, sign_in: Any) -> None:
    award = Award.objects.get(status="active")
    client = sign_in(cast.olga)
    shown = client.get(reverse("awards:revoke", args=[award.pk]))
    assert "CHAN Sam" in shown.content.decode()
    response = client.post(reverse("awards:revoke", args=[award.pk]), {"reason": "Wrong student"}, follow=True)
    assert "The badge was revoked. The reason is kept with it." in response.content.decode()
    assert Award.objects.get(pk=award.pk).status == "revoked"
    client.post(reverse("awards:reinstate", args=[award.pk]), {"reason": "Right after all"})
    assert Award.objects.get(pk=award.pk).status == "active"
    assert list(AwardEvent.objects.filter(award=award).values_list("kind", "reason")) == [
        ("awarded", ""),
        ("revoked", "Wrong student"),
        ("reinstated", "Right after all"),
    ]


@pytest.mark.parametrize("reason", ["", "  ", "\u200b", "x" * 501])
def test_without_a_proper_reason_nothing_happens(cast: Cast, course: Activity, sign_in: Any, reason: str) -> None:
    award = Award.objects.get(status="active")
    response = sign_in(cast.olga).post(reverse("awards:revoke", args=[award.pk]), {"reason": reason})
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert Award.objects.get(pk=award.pk).status == "active"


def test_sending_the_form_twice_says_so_and_changes_nothing_more(cast: Cast, course: Activity, sign_in: Any) -> None:
    award = Award.objects.get(status="active")
    client = sign_in(cast.olga)
    address = reverse("awards:revoke", args=[award.pk])
    assert client.post(address, {"reason": "Wrong student"}).status_code == 302
    again = client.post(address, {"reason": "Wrong student"})
    assert again.status_code == 422
    assert "This badge has been revoked already; there is nothing left to do." in again.content.decode()
    assert AwardEvent.objects.filter(award=award, kind="revoked").count() == 1


def test_what_stands_on_a_nat_is_called_out_and_sent_to_the_administrator(
    cast: Cast, course: Activity, sign_in: Any
) -> None:
    award = Award.objects.get(status="active")
    issue_nat(cast, [award])
    address = reverse("awards:revoke", args=[award.pk])
    olga = sign_in(cast.olga)
    assert "on a NAT" in page(olga, course)
    assert "so the scheme administrator decides" in olga.get(address).content.decode()
    assert olga.post(address, {"reason": "Wrong student"}).status_code == 302
    assert "with the scheme administrator" in page(olga, course)
    shown = olga.get(address).content.decode()
    assert ("Wrong student" in shown, 'name="reason"' in shown) == (True, False)
    assert olga.post(address, {"reason": "Again"}).status_code == 422
    adam = sign_in(cast.adam)
    assert "Whoever verifies that NAT will read that the badge was revoked." not in adam.get(address).content.decode()
    assert adam.post(address, {"reason": "Wrong student"}).status_code == 302
    award.refresh_from_db()
    assert (award.status, award.correction_requests.get().status) == ("revoked", "applied")


def test_the_administrator_decides_on_the_page_of_the_request(cast: Cast, course: Activity, sign_in: Any) -> None:
    award = Award.objects.get(status="active")
    issue_nat(cast, [award])
    sign_in(cast.olga).post(reverse("awards:revoke", args=[award.pk]), {"reason": "Wrong student"})
    (asked,) = award.correction_requests.all()
    detail = reverse("awards:correction", args=[asked.pk])
    assert "Decline the request" not in sign_in(cast.olga).get(detail).content.decode()
    adam = sign_in(cast.adam)
    assert "Wrong student" in adam.get(detail).content.decode()
    assert "Wrong student" in adam.get(reverse("awards:corrections")).content.decode()
    assert adam.post(reverse("awards:correction-decline", args=[asked.pk]), {"reason": ""}).status_code == 422
    adam.post(reverse("awards:correction-decline", args=[asked.pk]), {"reason": "She signed the list"})
    assert "She signed the list" in sign_in(cast.olga).get(detail).content.decode()
    told = Message.objects.get(recipient=cast.olga)
    assert (told.kind, told.url, told.context["applied"]) == ("correction_decided", detail, False)


def test_the_reason_of_a_withholding_is_changed_and_both_stay_on_record(
    cast: Cast, course: Activity, sign_in: Any
) -> None:
    old = Withholding.objects.get()
    client = sign_in(cast.olga)
    address = reverse("awards:change-reason", args=[old.pk])
    assert "Left at noon" in client.get(address).content.decode()
    same = {"reason": old.reason, "reason_text": old.reason_text}
    assert "This is the reason already" in client.post(address, same).content.decode()
    assert client.post(address, {"reason": "attendance"}).status_code == 302
    assert list(Withholding.objects.order_by("pk").values_list("status", "reason", "row")) == [
        ("lifted", "other", old.row_id),
        ("active", "attendance", old.row_id),
    ]
    assert client.get(address).status_code == 404


def test_the_administrator_types_the_password_again_after_half_an_hour(
    cast: Cast, course: Activity, sign_in: Any
) -> None:
    award = Award.objects.get(status="active")
    for person, status in ((cast.adam, 302), (cast.olga, 200)):
        client = sign_in(person)
        session = client.session
        session["signed_in_at"] -= 31 * 60
        session.save()
        assert client.get(reverse("awards:revoke", args=[award.pk])).status_code == status


def test_lifting_gives_the_badge_instead_where_wanted(cast: Cast, course: Activity, sign_in: Any) -> None:
    withholding = Withholding.objects.get()
    address = reverse("awards:lift", args=[withholding.pk])
    client = sign_in(cast.olga)
    assert "Left at noon" in client.get(address).content.decode()
    assert client.post(address, {"reason": "Came back", "award_instead": "on"}).status_code == 302
    assert Withholding.objects.get().status == "lifted"
    assert list(cast.suki_participant.awards.values_list("badge_type__code", "status", "note")) == [
        ("PF", "active", "Came back")
    ]


def test_giving_by_hand_offers_who_is_on_record_and_what_is_on_offer(
    cast: Cast, course: Activity, sign_in: Any
) -> None:
    make_participant("240000003", "LAU Lena")
    client = sign_in(cast.olga)
    address = reverse("awards:give", args=[course.pk])
    shown = client.get(address, {"participant": cast.suki_participant.pk}).content.decode()
    assert f'<option value="{cast.suki_participant.pk}" selected>WONG Suki 黃素琪 · 240000002</option>' in shown
    assert "LAU Lena" not in shown
    assert re.findall(r"\((IPC|IDL|PS|EC|PSG|PF)\)", shown) == ["EC", "PF"]
    sent = {"participant": cast.suki_participant.pk, "badge_type": badge("EC"), "reason": "Left out on the sheet"}
    assert client.post(address, sent).status_code == 302
    assert cast.suki_participant.awards.get().note == "Left out on the sheet"
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "nobody gets it twice" in refused.content.decode()


def test_withholding_by_hand_tells_what_the_student_will_read(cast: Cast, course: Activity, sign_in: Any) -> None:
    client = sign_in(cast.olga)
    address = reverse("awards:withhold", args=[course.pk])
    shown = client.get(address).content.decode()
    assert "The student sees this activity in the Activity History without the badge" in shown
    assert "You took part, but for less time than this badge asks for." in shown
    sent = {"participant": cast.suki_participant.pk, "badge_type": badge("EC"), "reason": "other"}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "reason_text": "No report"}).status_code == 302
    assert Withholding.objects.get(badge_type__code="EC").reason_text == "No report"


def test_somebody_on_no_record_cannot_be_chosen(cast: Cast, course: Activity, sign_in: Any) -> None:
    stranger = make_participant("240000003", "LAU Lena")
    sent = {"participant": stranger.pk, "badge_type": badge("EC"), "reason": "x"}
    assert sign_in(cast.olga).post(reverse("awards:give", args=[course.pk]), sent).status_code == 422
    assert stranger.awards.count() == 0


@pytest.mark.parametrize(("who", "status"), [("otto", 404), ("sam", 403), ("lydia", 403), ("xenia", 403)])
def test_nobody_else_opens_or_sends_any_of_it(
    cast: Cast, course: Activity, sign_in: Any, who: str, status: int
) -> None:
    client = sign_in(getattr(cast, who))
    award, withholding = Award.objects.get(status="active"), Withholding.objects.get()
    addresses = [
        reverse("awards:give", args=[course.pk]),
        reverse("awards:withhold", args=[course.pk]),
        reverse("awards:revoke", args=[award.pk]),
        reverse("awards:reinstate", args=[award.pk]),
        reverse("awards:lift", args=[withholding.pk]),
    ]
    statuses = [client.get(reverse("awards:participant-list-of-activity", args=[course.pk])).status_code]
    statuses += [client.get(address).status_code for address in addresses]
    statuses += [client.post(address, {"reason": "x"}).status_code for address in addresses]
    assert set(statuses) == {status}
    assert Award.objects.get(pk=award.pk).status == "active"

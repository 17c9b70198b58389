"""Results of an activity: who is listed, in which order, and who may get a badge by hand."""

from __future__ import annotations

from awards.results import people_on_record, results_of, totals_of
from awards.tests.record import issue_nat, make_award, make_withholding, put_on_record
from badges_portal.testing import Cast, make_activity, make_participant


def test_what_went_with_an_undone_sheet_is_not_listed(cast: Cast) -> None:
    activity = make_activity(cast)
    make_award(activity, cast.sam_participant, "EC", status="undone")
    assert list(results_of(activity, "", None).object_list) == []
    assert totals_of(activity).participants == 0


def test_by_name_with_every_state_in_its_place(cast: Cast) -> None:
    activity = make_activity(cast, days=3, badges=["PF", "EC", "PS"])
    other = make_activity(cast, code="B")
    make_award(other, cast.sam_participant, "EC")
    standing = make_award(activity, cast.suki_participant, "PF")
    make_award(activity, cast.suki_participant, "EC", status="revoked")
    make_withholding(activity, cast.suki_participant, "PS")
    make_award(activity, cast.sam_participant, "EC")
    issue_nat(cast, [standing])
    listed = [
        (
            result.participant.name_en,
            [(award.badge_type.code, award.on_nat) for award in result.active],
            [award.badge_type.code for award in result.revoked],
            [withholding.badge_type.code for withholding in result.withheld],
        )
        for result in results_of(activity, "", None).object_list
    ]
    assert listed == [
        ("CHAN Sam", [("EC", False)], [], []),
        ("WONG Suki", [("PF", True)], ["EC"], ["PS"]),
    ]
    totals = totals_of(activity)
    assert (totals.participants, totals.awards, totals.withheld) == (2, 2, 1)


def test_somebody_on_record_without_a_badge_is_listed_too(cast: Cast) -> None:
    activity = make_activity(cast)
    put_on_record(activity, cast.suki_participant, outcome="no_award")
    put_on_record(activity, cast.sam_participant, outcome="ask", settlement="open")
    (result,) = results_of(activity, "", None).object_list
    assert (result.participant, result.active, result.withheld) == (cast.suki_participant, [], [])
    totals = totals_of(activity)
    assert (totals.participants, totals.awards, totals.withheld) == (1, 0, 0)


def test_twenty_five_a_page(cast: Cast) -> None:
    activity = make_activity(cast)
    for number in range(27):
        make_award(activity, make_participant(f"2400001{number:02}", f"LAU {number:02}"), "EC")
    pages = [results_of(activity, "", str(number)).object_list for number in (1, 2)]
    assert [len(page) for page in pages] == [25, 2]


def test_on_record_are_those_on_settled_rows_of_committed_sheets(cast: Cast) -> None:
    activity = make_activity(cast)
    put_on_record(activity, cast.sam_participant)
    put_on_record(activity, cast.sam_participant)
    put_on_record(activity, cast.suki_participant, outcome="ask", settlement="open")
    put_on_record(make_activity(cast, code="B"), cast.suki_participant)
    assert list(people_on_record(activity)) == [cast.sam_participant]
    upload = put_on_record(activity, make_participant("240000003", "LAU Lena")).upload
    upload.status, upload.undone_at = "undone", upload.committed_at
    upload.save()
    assert list(people_on_record(activity)) == [cast.sam_participant]

"""The main job in a real browser: from a new activity to a NAT that a stranger checks."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page

from accounts.models import Participant, User
from accounts.roles import Role
from awards.attendance.models import AttendanceUpload
from badges_portal.testing import Cast, make_participant, make_user
from badges_portal.tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNKNOWN = "239999999"


def test_from_an_attendance_sheet_to_a_nat_that_agrees_with_the_record(
    people: Cast, open_as: Callable[..., Page], tmp_path: Path
) -> None:
    students = enrol(28)
    full, pf_only, withheld = students[0], students[1], students[2]

    organiser = open_as(people.olga, "/organise/new/")
    publish_two_day_activity(organiser)
    sheet = download_sheet(organiser, tmp_path)
    fill_in(sheet, students, pf_only=pf_only, withheld=withheld)
    review(organiser, sheet)
    commit(organiser, sheet)

    both = open_as(account_of(full), "/history/", width=390)
    assert badges_of(both, "Mental health first-aid course") == ["PF", "EC"]
    reason = open_as(account_of(withheld), "/history/", width=390)
    entry = reason.get_by_role("listitem").filter(has_text="Mental health first-aid course").first
    assert "was not reached this time" in entry.inner_text()
    assert badges_of(reason, "Mental health first-aid course") == []

    ask_for_nat(both)
    administrator = open_as(people.adam, "/nat/queue/")
    code, paper = print_nat(administrator, full, tmp_path)
    check_paper(open_as(None, f"/verify/{code}/", width=390), paper, full)


def enrol(number: int) -> list[Participant]:
    """Participants who never signed in."""
    return [
        make_participant(f"2300000{n:02}", f"CHEUNG Student {chr(65 + n % 26)}{chr(65 + n // 26)}", "張同學")
        for n in range(number)
    ]


def account_of(participant: Participant) -> User:
    """The student's account, made only now: the badges were there before."""
    user = make_user(participant.student_number, participant.name_en, Role.STUDENT)
    user.set_password(PASSWORD)
    user.save()
    return user


def publish_two_day_activity(page: Page) -> None:
    page.get_by_label("Title in English").fill("Mental health first-aid course")
    page.get_by_label("Objectives").fill("Learn to notice, listen and help.")
    page.get_by_label("Intended learning outcomes").fill("Participants can hold a first conversation.")
    last = timezone.localdate() - dt.timedelta(days=2)
    for number, day in enumerate((last - dt.timedelta(days=1), last)):
        if number:
            page.get_by_role("button", name="Add a session").click()
        page.locator(f"[name=sessions-{number}-first_on]").fill(day.isoformat())
        page.locator(f"[name=sessions-{number}-begins]").fill("09:00")
        page.locator(f"[name=sessions-{number}-ends]").fill("17:00")
        page.keyboard.press("Tab")
    badges = page.locator("input[name=badges]")
    page.locator("input[name=badges][value=PS]:enabled").wait_for()
    page.get_by_text("2-day activity").first.wait_for()
    for code in ("PF", "EC"):
        page.locator(f"input[name=badges][value={code}]").check()
    page.locator("input[name=badges][value=PS]:disabled").wait_for()
    assert badges.evaluate_all("boxes => boxes.filter(box => box.disabled).map(box => box.value)") == [
        "IPC",
        "IDL",
        "PS",
        "PSG",
    ]
    page.get_by_label("Why these badges").fill("Empathy and a hard conversation.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("heading", name="Attendance to record").wait_for()


def download_sheet(page: Page, directory: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name="Attendance sheet").first.click()
    path = directory / "attendance.xlsx"
    download.value.save_as(path)
    return path


def fill_in(path: Path, students: list[Participant], *, pf_only: Participant, withheld: Participant) -> None:
    """Thirty students as an organiser types them: one withheld, one PF only, one unknown, one written twice."""
    book = load_workbook(path)
    page = book.active
    head = next(cell.row for cell in page["A"] if str(cell.value).startswith("Student ID"))
    column = {str(cell.value).split("\n")[0]: cell.column for cell in page[head] if cell.value}
    lines = [(student.student_number, student.name_en, "Y", "Y", "") for student in students]
    lines[1] = (pf_only.student_number, pf_only.name_en, "Y", "N", "outcome")
    lines[2] = (withheld.student_number, withheld.name_en, "N", "N", "outcome")
    lines += [(UNKNOWN, "NOBODY Known", "Y", "Y", ""), lines[0]]
    for line, (number, name, pf, ec, reason) in enumerate(lines, head + 1):
        values = {"Student ID": number, "Student Name": name, "Attended": "Y", "PF": pf, "EC": ec, "Reason": reason}
        for heading, value in values.items():
            page.cell(line, column[heading]).value = value or None
    book.save(path)


def review(page: Page, sheet: Path) -> None:
    """Uploads the sheet and sees exactly what was done to it."""
    page.get_by_role("link", name="Upload attendance").first.click()
    page.locator("input[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("heading", name="Check before you commit").wait_for()
    tiles = page.locator(".tiles .tile").evaluate_all(
        "tiles => tiles.map(tile => Number(tile.querySelector('.tile-number').textContent))"
    )
    assert sum(tiles[:-1]) == tiles[-1] == 30
    text = page.get_by_role("main").inner_text()
    assert UNKNOWN in text
    assert "counted once" in text


def commit(page: Page, sheet: Path) -> None:
    page.get_by_role("button", name="Commit the record").click()
    page.get_by_role("heading", name="Receipt of the attendance record").wait_for()
    upload = AttendanceUpload.objects.get()
    assert upload.sha256 == hashlib.sha256(sheet.read_bytes()).hexdigest()
    assert upload.sha256 in page.get_by_role("main").inner_text()
    assert (upload.award_count, upload.withholding_count, upload.parked_row_count) == (53, 3, 1)
    assert (upload.status, upload.filing) == ("committed", "open")


def badges_of(page: Page, title: str) -> list[str]:
    """The codes of the badges earned, beside one activity of the history."""
    entry = page.get_by_role("listitem").filter(has_text=title).first
    chips = entry.locator(".badge-chip:not(.badge-locked)")
    codes = chips.evaluate_all("all => all.map(chip => chip.firstChild.textContent.trim())")
    return sorted(codes, key=["PF", "EC"].index)


def ask_for_nat(page: Page) -> None:
    page.get_by_role("link", name="Request the NAT").click()
    page.get_by_label("What do you need it for?").select_option("job")
    page.get_by_role("button", name="Send the request").click()
    page.get_by_role("heading", name="Your request").wait_for()


def print_nat(page: Page, student: Participant, directory: Path) -> tuple[str, str]:
    """Issues and prints the NAT; gives its verification code and the text of the paper."""
    page.get_by_role("link", name=student.name_en).first.click()
    page.get_by_role("button", name="Issue the NAT").click()
    page.get_by_role("button", name="Print").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Print").first.click()
    path = directory / "nat.pdf"
    download.value.save_as(path)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return student.transcripts.get().code, text


def check_paper(page: Page, paper: str, student: Participant) -> None:
    """The page agrees with the paper: the same name, activity and badges, all of them still standing."""
    shown = page.get_by_role("main").inner_text()
    assert student.name_en in shown
    assert student.name_en in paper
    assert student.student_number not in shown
    for words in ("Mental health first-aid course", "PF", "EC"):
        assert words in paper
        assert words in shown
    assert "Genuine" in shown
    assert student.transcripts.get().serial in shown
    assert student.transcripts.get().serial in paper

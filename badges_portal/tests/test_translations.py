"""Every text exists in Traditional Chinese, and says the same placeholders."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.thorough

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


def entries() -> list[tuple[str, str]]:
    """(English, Chinese) of each entry; of a plural one the plural form."""
    text = re.sub(r'"\n"', "", CATALOGUE.read_text(encoding="utf-8"))
    found = re.findall(r'^msgid(?:_plural)? "(.*)"\nmsgstr(?:\[0\])? "(.*)"$', text, re.MULTILINE)
    return [(english, chinese) for english, chinese in found if english]


def test_nothing_is_left_untranslated_or_doubtful() -> None:
    assert len(entries()) > 1000
    assert [english for english, chinese in entries() if not chinese] == []
    assert "#, fuzzy" not in CATALOGUE.read_text(encoding="utf-8")


def test_placeholders_agree() -> None:
    wrong = [
        english
        for english, chinese in entries()
        if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(chinese))
    ]
    assert wrong == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext (Debian: gettext) is not installed")
def test_the_catalogue_holds_every_text_of_the_code(tmp_path: Path) -> None:
    copy = tmp_path / "portal"
    left_out = shutil.ignore_patterns("var", ".*", "*.ttf", "*.woff2", "__pycache__")
    shutil.copytree(settings.BASE_DIR, copy, ignore=left_out)
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hant", "--no-obsolete", "-i", "tests/*"],
        cwd=copy,
        env=os.environ | {"DATABASE_URL": settings.DATABASE_URL_IN_USE},  # the copy needs no server of its own
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    again = (copy / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    empty = re.findall(r'^msgid "(.+)"\nmsgstr ""\n\n', again, re.MULTILINE)
    assert empty == []


def test_a_page_speaks_chinese(client: Client, db: None) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hant"
    page = client.get(reverse("activities:catalogue")).content.decode()
    assert '<html lang="zh-hant"' in page
    assert "活動" in page
    assert "Coming activities" not in page

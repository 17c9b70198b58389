"""What holds for every template: nothing inline, every icon, script and link there, and no icon drawn in vain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

pytestmark = pytest.mark.thorough

TEMPLATES = settings.BASE_DIR / "templates"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
EVENTS = "blur|change|click|drag|drop|error|focus|input|key|load|mouse|pointer|reset|scroll|submit|toggle"
INLINE = re.compile(
    rf"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son(?:{EVENTS})\w*\s*=|javascript:|\shx-on", re.IGNORECASE
)
ICON = re.compile(r"""\{% icon ["']([\w-]+)""")


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


def symbols() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (settings.BASE_DIR / "static/img/icons.svg").read_text()))


@pytest.mark.parametrize("name", PAGES)
def test_a_template_can_be_read_and_holds_nothing_that_the_policy_blocks(name: str) -> None:
    get_template(name)
    assert INLINE.findall(source(name)) == []


@pytest.mark.parametrize("text", ["<style>", "<script>", ' style="x"', ' onclick="x"', "javascript:x", " hx-on:click"])
def test_the_search_for_inline_code_finds_it(text: str) -> None:
    assert INLINE.search(f"<p{text}</p>")


def test_a_script_file_is_not_inline() -> None:
    assert not INLINE.search("""<script src="{% static 'js/theme.js' %}" defer></script>""")


@pytest.mark.parametrize("name", PAGES)
def test_every_static_file_that_a_template_names_is_there(name: str) -> None:
    for path in re.findall(r"""\{% static ["']([^"']+)""", source(name)):
        assert finders.find(path), path


@pytest.mark.parametrize("name", PAGES)
def test_every_icon_that_a_template_names_is_drawn(name: str) -> None:
    assert set(ICON.findall(source(name))) <= symbols()


def test_no_icon_is_drawn_in_vain() -> None:
    code = [*TEMPLATES.rglob("*.html"), *(p for p in settings.BASE_DIR.rglob("*.py") if ".venv" not in p.parts)]
    used = "\n".join(path.read_text() for path in code)
    assert {icon for icon in symbols() if f'"{icon}"' not in used and f"'{icon}'" not in used} == set()


def test_vendored_files_carry_their_version_and_their_licence() -> None:
    vendor = Path(settings.BASE_DIR / "static" / "vendor")
    assert (vendor / "bootstrap-5.3.9.min.css").exists()
    assert (vendor / "bootstrap-5.3.9.LICENSE.txt").exists()
    assert (vendor / "noto-sans-hk" / "LICENSE.txt").exists()
    assert "sourceMappingURL" not in (vendor / "bootstrap-5.3.9.min.css").read_text()

"""The README keeps its word: its glossary, map and table of settings name everything that there is."""

from __future__ import annotations

import re

from django.apps import apps
from django.conf import settings

from badges_portal.demo.people import ACCOUNTS, PASSWORD

README = (settings.BASE_DIR / "README.md").read_text()
OURS = [config for config in apps.get_app_configs() if (settings.BASE_DIR / config.name.replace(".", "/")).is_dir()]


def part(heading: str) -> str:
    """The text of one section of the README."""
    return README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def test_the_two_commands_come_first() -> None:
    assert README.splitlines()[2].split()[0] == "script/demo"
    assert README.splitlines()[3].split()[0] == "script/test"


def test_every_model_is_in_the_glossary_and_nothing_else() -> None:
    first_cells = [line.split("|")[1] for line in part("Glossary").splitlines() if line.startswith("| `")]
    words = {word for cell in first_cells for word in re.findall(r"`(\w+)`", cell)}
    models = {model.__name__ for config in OURS for model in config.get_models() if not model._meta.auto_created}
    assert words == models


def test_every_app_is_on_the_map() -> None:
    named = set(re.findall(r"^\| `([\w.]+)` \|", part("Map of the house"), re.MULTILINE))
    assert named == {config.name for config in OURS}


def test_every_setting_is_explained() -> None:
    source = (settings.BASE_DIR / "badges_portal/settings.py").read_text()
    read = set(re.findall(r'(?:environ\.get|required|whole_number)\(\s*"(\w+)"', source))
    told = set(
        re.findall(r"`([A-Z][A-Z_]+)`", "".join(re.findall(r"^\| (.+?) \|", part("Configuration"), re.MULTILINE)))
    )
    assert told == read


def test_every_script_exists() -> None:
    named = set(re.findall(r"script/\w+", README))
    assert {name for name in named if not (settings.BASE_DIR / name).exists()} == set()


def test_the_demo_accounts_are_told() -> None:
    assert f"`{PASSWORD}`" in README
    assert [account.cna for account in ACCOUNTS if f"| `{account.cna}` |" not in README] == []

"""The documents speak of what is there: commands, files, settings, pictures."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.conftest import ROOT
from tests.formats.sms import accuracy_table

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
EACH = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
MOST_BYTES = 200_000


def commands(document: Path) -> Iterator[str]:
    """What stands in code: lines of fenced blocks, and code within sentences."""
    text = document.read_text(encoding="utf-8")
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def links(document: Path) -> list[str]:
    """The addresses of links and pictures."""
    text = document.read_text(encoding="utf-8")
    return re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'<img src="([^"]+)"', text)


def test_there_are_documents_and_they_show_commands() -> None:
    names = {path.name for path in DOCUMENTS}
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "architecture.md", "operations.md"} <= names
    assert "make run" in set(commands(ROOT / "README.md"))


@EACH
def test_every_linked_file_is_there(document: Path) -> None:
    missing = [link for link in links(document) if not (document.parent / link.partition("#")[0]).exists()]
    assert missing == []


@EACH
def test_every_make_target_is_one(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    names = {name for line in commands(document) for name in re.findall(r"(?:^|\s)make ([a-z-]+)", line)}
    assert names <= targets


@EACH
def test_every_management_command_is_one(document: Path) -> None:
    names = {name for line in commands(document) for name in re.findall(r"manage\.py ([a-z_]+)", line)}
    assert names <= set(get_commands())


@EACH
def test_every_file_that_is_named_is_there(document: Path) -> None:
    folders = r"(?:\.ci|bench|cases|docs|locale|scripts|templates|tests|tracker)"
    named = {path for line in commands(document) for path in re.findall(rf"(?<![\w/.]){folders}/[\w./-]*\w", line)}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_setting_is_described() -> None:
    source = (ROOT / "tracker/settings.py").read_text(encoding="utf-8")
    settings = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', source))
    assert "DATABASE_URL" in settings
    described = set(commands(ROOT / "docs/operations.md"))
    assert settings <= described


def test_the_map_shows_every_module() -> None:
    modules = {
        path.name
        for path in (ROOT / "cases").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    names = {path.partition("cases/")[2].strip("/") for path in commands(ROOT / "docs/architecture.md")}
    assert modules - names == {"migrations"}


PICTURES = sorted(ROOT.glob("docs/pictures/**/*.png"))


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_pictures_are_small_and_as_wide_as_they_say(picture: Path) -> None:
    data = picture.read_bytes()
    assert len(data) < MOST_BYTES
    (width,) = struct.unpack(">I", data[16:20])
    said = int(picture.stem.rpartition("-")[2])
    assert width in (said, 2 * said)


def test_each_language_has_the_same_pictures() -> None:
    names = {
        language: {path.name for path in PICTURES if path.parent.name == language} for language in ("en", "zh-hans")
    }
    assert names["en"] == names["zh-hans"] != set()


def test_the_table_of_what_messages_mean_is_todays() -> None:
    page = accuracy_table.PAGE.read_text(encoding="utf-8")
    assert accuracy_table.BEGIN in page
    assert accuracy_table.END in page
    assert accuracy_table.written(page) == page

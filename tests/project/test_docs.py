"""The documents speak of what is there: commands, files, settings, pictures."""

import re
import struct
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from scripts.reader_corpus import digest_of, load_corpus
from tests.conftest import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
EACH = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
MOST_BYTES = 220_000


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


def test_the_architecture_page_shows_the_layers_of_the_import_contract() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    shown = [re.findall(r"[a-z]+", line) for line in re.findall(r"^\d   (.+)$", page, re.MULTILINE)]
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    assert len(shown) == 7
    assert shown == [re.findall(r"[a-z]+", layer) for layer in contract["layers"]]
    for module in contract["exhaustive_ignores"]:
        assert f"`cases/{module}" in page


def test_what_the_architecture_page_walks_through_is_there() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    walked = re.findall(r"`(\w+)`\s+(?:in\s+|\()`(?:cases/)?([\w/]+\.py)`", page)
    assert len(walked) > 15
    for name, path in walked:
        source = (ROOT / "cases" / path).read_text(encoding="utf-8")
        assert re.search(rf"^(def|class) {name}\b", source, re.MULTILINE), f"{path} has no {name}"
    for path in re.findall(r"`((?:api|domain|formats|inbox|operations|reminders|web|wording)/[\w/]+\.py)`", page):
        assert (ROOT / "cases" / path).exists(), path


def test_the_decisions_are_listed_in_order_under_their_titles() -> None:
    folder = ROOT / "docs/decisions"
    pages = sorted(folder.glob("[0-9]*.md"))
    titles = [page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for page in pages]
    assert [title.partition(".")[0] for title in titles] == [str(number) for number in range(1, len(pages) + 1)]
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [(f"{number}. {title}", name) for number, title, name in listed] == [
        (title, page.name) for title, page in zip(titles, pages, strict=True)
    ]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_chosen_library_has_its_reason(name: str) -> None:
    chosen, _, _ = (ROOT / name).read_text(encoding="utf-8").partition("# Needed by the above")
    libraries = re.findall(r"^([\w-]+)(?:\[\w+\])?==", chosen, re.MULTILINE)
    assert "pytest" in libraries or "Django" in libraries
    page = (ROOT / "docs/decisions/0001-libraries.md").read_text(encoding="utf-8")
    explained = {library for row in re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE) for library in row.split(", ")}
    assert set(libraries) - explained == set()


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


def test_the_figures_of_reading_are_those_of_the_messages_here() -> None:
    page = (ROOT / "docs/reading.md").read_text(encoding="utf-8")
    measured = page.partition("<!-- tables: make reading")[2].partition("<!-- end of the tables -->")[0]
    assert f"\nMessages: {digest_of(load_corpus())[:12]}.\n" in measured, 'make reading ARGS="--write"'

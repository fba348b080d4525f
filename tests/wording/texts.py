"""Every text that Xiaoka shows, sends or prints, and every document: to be searched for words and marks.

A text that depends on data has ◇ where the data comes. Code, addresses and what stands in a document in backticks are
no texts.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polib

from cases.api.urls import api
from tests import ROOT

#: Where a value is put in.
HOLE = "◇"
_HOLES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_TAGS = re.compile(r"</?[a-z][^>]*>")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

#: Written for people who use Xiaoka or run it; the rest of docs/ is for people who change it.
_GUIDES = ("api", "channels", "domain", "forwarding", "operations", "security", "statistics")


@dataclass(frozen=True)
class Text:
    """One text in one language, and where it is: `place` is shown when it is wrong."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


def catalogue(language: str) -> list[Text]:
    """The texts of the catalogue: the msgids, or their translations."""
    return [Text(place, _HOLES.sub(HOLE, words)) for place, words in _entries(language)]


def catalogue_with_names(language: str) -> list[Text]:
    """The same, with %(name)s as they stand."""
    return [Text(place, words) for place, words in _entries(language)]


def _entries(language: str) -> Iterator[tuple[str, str]]:
    for entry in _catalogue():
        if language == "en":
            texts: Iterable[str] = filter(None, (entry.msgid, entry.msgid_plural))
        else:
            texts = entry.msgstr_plural.values() or [entry.msgstr]
        place = entry.occurrences[0][0] if entry.occurrences else "django.po"
        yield from ((place, _TAGS.sub("", text)) for text in texts)


@cache
def _catalogue() -> list[polib.POEntry]:
    files = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    return [entry for file in files for entry in polib.pofile(str(file)) if not entry.obsolete]


@cache
def fixed_texts() -> list[Text]:
    """What templates say without the catalogue: pages for errors, in both languages at once."""
    return [
        Text(str(path.relative_to(ROOT)), line)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if path.name != "styleguide.html"  # shows parts to developers
        for line in _template_lines(path.read_text(encoding="utf-8"))
    ]


def _template_lines(source: str) -> list[str]:
    for rubbish in (
        r"(?s){% comment .*?endcomment %}|{#.*?#}",
        r"(?s){% blocktranslate.*?endblocktranslate %}",
        r"(?s)<(style|script|svg).*?</\1>",
        r"(?s){%.*?%}",
        r"(?s)<!--.*?-->",
        r"(?s)</?[a-zA-Z!](?:[^<>\"]|\"[^\"]*\")*>",
    ):
        source = re.sub(rubbish, "\n", source)
    lines = (" ".join(re.sub(r"{{.*?}}", HOLE, line).split()) for line in source.split("\n"))
    return [line for line in lines if re.search(r"[A-Za-z\u4e00-\u9fff]", line)]


@cache
def data() -> list[Text]:
    """The texts of cases/data: facts about carriers, appeal bodies, and what people of the demo write."""
    files = sorted((ROOT / "cases/data").glob("*.json"))
    return [Text(file.name, words) for file in files for words in _strings(json.loads(file.read_text("utf-8")))]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield _HOLES.sub(HOLE, value)
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


@cache
def letters() -> list[Text]:
    """What the letters to carriers and authorities are made of."""
    paths = sorted((ROOT / "cases/documents").glob("letter_*.py"))
    return [Text(path.name, words) for path in paths for words in _literals(path) if _CHINESE.search(words)]


@cache
def helps() -> list[Text]:
    """What `manage.py COMMAND --help` says."""
    paths = sorted((ROOT / "cases/management/commands").glob("*.py"))
    return [Text(path.name, words) for path in paths for words in _help_literals(path)]


def _literals(path: Path) -> Iterator[str]:
    """The strings of a module but its docstrings; formatted ones with holes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
            yield node.value


def _help_literals(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_of_command = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "help"
        is_of_option = isinstance(node, ast.keyword) and node.arg == "help"
        if (is_of_command or is_of_option) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


@cache
def documents() -> list[Text]:
    """README, README.zh-hans and the guides in docs/, by paragraph."""
    paths = [*sorted(ROOT.glob("README*.md")), *(ROOT / f"docs/{name}.md" for name in _GUIDES)]
    return [text for path in paths for text in _paragraphs(path)]


@cache
def technical_documents() -> list[Text]:
    """The other pages of docs/; decisions are left as they were taken."""
    paths = [path for path in sorted((ROOT / "docs").glob("*.md")) if path.stem not in _GUIDES]
    return [text for path in [*paths, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"] for text in _paragraphs(path)]


def _paragraphs(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    source = re.sub(r"^( *)```.*?^ *```", "", source, flags=re.DOTALL | re.MULTILINE)
    source = re.sub(r"`[^`]*`", HOLE, source)
    source = re.sub(r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1", source)
    source = re.sub(r"<[^>]*>|https?://\S+|[#|]", " ", source)
    source = re.sub(r"(?<=[。：，；）])\*\* |\*\*", "", source)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.) )", source):
        if words := " ".join(block.split()):
            yield Text(str(path.relative_to(ROOT)), words)


@cache
def api_document() -> list[Text]:
    """The titles, summaries and descriptions of the API's document. It is in English; the texts of errors are in the
    catalogue."""
    document = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return list(dict.fromkeys(Text("API", re.sub(r"`[^`]*`", HOLE, words)) for words in _told(document)))


def _told(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _told(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in {"summary", "description"} and isinstance(each, str):
                yield each
            elif key not in {"example", "examples"}:
                yield from _told(each)


def is_chinese(text: Text) -> bool:
    """Whether a text of mixed sources is Chinese: more than a word or two of it."""
    return len(_CHINESE.findall(text.words)) * 4 > len(text.words)

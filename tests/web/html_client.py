"""A browser without JavaScript for tests: pages as a reader sees them, forms filled in and sent as they stand."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

from cases.models import User

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_UNREAD = {"script", "style", "head"}
#: What stands within a line of words; everything else begins one of its own.
_INLINE = {"a", "b", "i", "span", "small", "time"}


@dataclass
class Form:
    """A form and what would be sent with it as it stands: the last value of each name, all of them in `every`."""

    method: str
    action: str
    every: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        self.every.setdefault(name, []).append(value)

    @property
    def fields(self) -> dict[str, Any]:
        return {name: values if len(values) > 1 else values[0] for name, values in self.every.items()}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []  # tag and id
        self.words: list[str] = []
        self.parts: dict[str, list[str]] = {}
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._text: list[str] | None = None
        self._area = ""
        self._select: tuple[str, bool, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        by_name = {name: value or "" for name, value in attrs}
        self._break(tag)
        if tag not in _VOID:
            self.open.append((tag, by_name.get("id", "")))
        if tag == "a" and "href" in by_name:
            self.links.append((by_name["href"], ""))
        if tag == "form":
            self.forms.append(Form(by_name.get("method", "get").lower(), by_name.get("action", "")))
        if self.forms and self._in("form"):
            self._field(tag, by_name)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, form = given.get("name", ""), self.forms[-1]
        if tag == "option" and self._select:
            self._select[2].append((given.get("value", ""), "selected" in given))
        if not name:
            return
        if tag == "input":
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in given:
                    form.add(name, given.get("value", "on"))
            elif kind != "file":
                form.add(name, given.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select = (name, "multiple" in given, [])
        elif tag == "button":
            form.buttons.setdefault(name, []).append(given.get("value", ""))

    def _break(self, tag: str) -> None:
        if tag not in _INLINE:
            for words in (self.words, *self.parts.values()):
                words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)
        if tag == "textarea" and self._text is not None:
            self.forms[-1].add(self._area, "".join(self._text).removeprefix("\n"))
            self._text = None
        if tag == "select" and self._select:
            name, multiple, options = self._select
            chosen = [value for value, selected in options if selected]
            for value in chosen or ([] if multiple else [value for value, _ in options[:1]]):
                self.forms[-1].add(name, value)
            self._select = None
        while self.open:
            closed, _ = self.open.pop()
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)
        if any(tag in _UNREAD for tag, _ in self.open):
            return
        self.words.append(data)
        for _, name in self.open:
            if name:
                self.parts.setdefault(name, []).append(data)
        if self._in("a") and self.links:
            href, said = self.links[-1]
            self.links[-1] = (href, said + data)

    def _in(self, tag: str) -> bool:
        return any(tag == opened for opened, _ in self.open)


def squeezed(words: list[str] | str) -> str:
    return " ".join("".join(words).split())


class Page:
    """An answer of the site: its status, its words, its links and forms."""

    def __init__(self, response: Any) -> None:
        self.response: HttpResponse = response
        self.status: int = response.status_code
        self.location: str = response.headers.get("Location", "")
        self._reader = _Reader()
        if "html" in response.headers.get("Content-Type", ""):
            self._reader.feed(response.content.decode())
        self.text = squeezed(self._reader.words)
        self.links = [(href, squeezed(said)) for href, said in self._reader.links]
        self.forms = self._reader.forms

    @property
    def html(self) -> str:
        return self.response.content.decode()

    @property
    def markup(self) -> str:
        """The HTML without white space beside tags: how a template is laid out says nothing."""
        return re.sub(r"\s*(<[^>]*>)\s*", r"\1", self.html)

    @property
    def hrefs(self) -> list[str]:
        return [href for href, _ in self.links]

    def part(self, name: str) -> str:
        """The words inside the element with this id; empty when there is none."""
        return squeezed(self._reader.parts.get(name, []))

    def form(self, action: str = "") -> Form:
        """The form in the page's body that is sent to this address (empty: to the page's own)."""
        return next(form for form in self.forms if form.method == "post" and form.action == action)


@dataclass
class Person:
    """Somebody at a browser; `user` None for one who has not signed in."""

    client: Client
    user: User | None = None

    def get(self, path: str, **asked: Any) -> Page:
        return Page(self.client.get(path, asked))

    def post(self, path: str, data: Any = None, **more: Any) -> Page:
        return Page(self.client.post(path, {**(data or {}), **more}))

    def send(self, page: Page, path: str, action: str = "", **typed: Any) -> Page:
        """Send a form of a page seen earlier, with what was typed into it."""
        fields = page.form(action).fields | typed
        return self.post(action or path, {name: value for name, value in fields.items() if value is not None})

    def fill(self, path: str, action: str = "", **typed: Any) -> Page:
        """Open a page, type into its form and send it."""
        return self.send(self.get(path), path, action, **typed)

    def in_chinese(self, path: str) -> Page:
        """The page as a reader of Chinese sees it."""
        self.post("/language/", language="zh-hans", next="/")
        page = self.get(path)
        self.post("/language/", language="en", next="/")
        return page

    def follow(self, page: Page) -> Page:
        """Go where the answer leads."""
        assert page.status == 302, (page.status, page.text)
        assert not urlsplit(page.location).netloc, page.location
        return self.get(page.location)

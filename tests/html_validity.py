"""What is wrong with a page's HTML: what html5lib's parser complains of, and rules of HTML that no parser knows.

The rules are those of the Living Standard that pages of ours broke, with their siblings. Attributes that begin with
hx- are htmx's, and are left out.
"""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSER_MESSAGES

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
#: Content model: phrasing. What else may be in the body is flow content, and must not be within these.
_PHRASING_ONLY = _HEADINGS | {
    "p", "span", "button", "label", "strong", "em", "b", "i", "small", "code", "abbr", "kbd", "time", "legend", "q",
}  # fmt: skip
_FLOW_ONLY = _HEADINGS | {
    "form", "div", "p", "ul", "ol", "dl", "table", "section", "article", "nav", "header", "footer", "aside", "main",
    "fieldset", "details", "dialog", "pre", "blockquote", "figure", "hr", "address",
}  # fmt: skip
_INTERACTIVE = {"a", "button", "input", "select", "textarea", "details", "summary", "label", "iframe"}
_CHILDREN = {
    "ul": {"li", "template"},
    "ol": {"li", "template"},
    "dl": {"dt", "dd", "div", "template"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup", "hr"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
}
_TEXT_TYPES = {"text", "search", "url", "tel", "email", "password"}
_MOMENT_TYPES = {"date", "month", "week", "time", "datetime-local"}
#: The types of input to which an attribute applies (HTML, 4.10.5).
_TYPES_WITH = {
    "placeholder": _TEXT_TYPES | {"number"},
    "maxlength": _TEXT_TYPES,
    "minlength": _TEXT_TYPES,
    "pattern": _TEXT_TYPES,
    "size": _TEXT_TYPES,
    "min": _MOMENT_TYPES | {"number", "range"},
    "max": _MOMENT_TYPES | {"number", "range"},
    "step": _MOMENT_TYPES | {"number", "range"},
    "checked": {"checkbox", "radio"},
    "accept": {"file"},
    "multiple": {"file", "email"},
    "list": _TEXT_TYPES - {"password"} | _MOMENT_TYPES | {"number", "range", "color"},
    "required": _TEXT_TYPES | _MOMENT_TYPES | {"number", "checkbox", "radio", "file"},
    "readonly": _TEXT_TYPES | _MOMENT_TYPES | {"number"},
}
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK_TIME = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?"
_VALUES = {
    "month": re.compile(r"\d{4}-(0[1-9]|1[0-2])"),
    "date": re.compile(_DAY),
    "time": re.compile(_CLOCK_TIME),
    "datetime-local": re.compile(f"{_DAY}[T ]{_CLOCK_TIME}"),
    "number": re.compile(r"-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?"),
}
_MACHINE_TIME = re.compile(rf"{_DAY}([T ]{_CLOCK_TIME}(Z|[+-][01]\d:?[0-5]\d)?)?|{_VALUES['month'].pattern}")
_LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}


def faults(content: str) -> list[str]:
    """What is wrong with a page, or with a part of one that htmx asks for; each once."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    is_page = content.lstrip()[:9].lower() == "<!doctype"
    if is_page:
        root = parser.parse(content)
    else:
        container = {"tr": "tbody", "td": "tr", "option": "select"}.get(_first_tag(content), "div")
        root = parser.parseFragment(content, container=container)
    found = [PARSER_MESSAGES[code] % given for _place, code, given in parser.errors]
    found += _faults_of_tree(root)
    if is_page:
        found += _faults_of_page(root)
    return list(dict.fromkeys(found))


def _first_tag(content: str) -> str:
    match = re.search(r"<([a-z]+)", content)
    return match[1] if match else ""


def _elements(root: Element, above: tuple[Element, ...] = ()) -> Iterator[tuple[Element, tuple[Element, ...]]]:
    """Every element with those around it, the outermost first."""
    for element in root:
        if isinstance(element.tag, str):  # and no comment
            yield element, above
            yield from _elements(element, (*above, element))


def _words(element: Element) -> str:
    return f"<{' '.join([element.tag, *(f'{name}={value!r}' for name, value in element.items())])[:150]}>"


def _faults_of_tree(root: Element) -> Iterator[str]:
    elements = list(_elements(root))
    ids = Counter(element.get("id") for element, _ in elements if "id" in element.attrib)
    for name, times in ids.items():
        if times > 1 or not name or " " in name:
            yield f"id={name!r} {times} times"
    for element, above in elements:
        if any(one.tag == "svg" for one in above):
            continue
        yield from _faults_of_place(element, above)
        yield from _faults_of_attributes(element)
        if element.tag == "input":
            yield from _faults_of_input(element)


def _faults_of_place(element: Element, above: tuple[Element, ...]) -> Iterator[str]:
    """Where an element is, and may not be."""
    tags = [one.tag for one in above]
    phrasing = next((one for one in reversed(above) if one.tag in _PHRASING_ONLY), None)
    is_title = element.tag in _HEADINGS and phrasing is not None and phrasing.tag == "legend"
    if element.tag in _FLOW_ONLY and phrasing is not None and not is_title:
        yield f"{_words(element)} within {_words(phrasing)}"
    if _is_interactive(element):
        around = next((one for one in reversed(above) if one.tag in ("a", "button", "label")), None)
        if around is not None and not (around.tag == "label" and element.tag in _LABELABLE):
            yield f"{_words(element)} within {_words(around)}"
    if element.tag == "form" and "form" in tags:
        yield f"{_words(element)} within a form"
    if tags and tags[-1] in _CHILDREN and element.tag not in _CHILDREN[tags[-1]] | {"script"}:
        yield f"{_words(element)} in <{tags[-1]}>"
    if element.tag in ("dt", "dd") and tags and tags[-1] not in ("dl", "div"):
        yield f"{_words(element)} in <{tags[-1]}>"


def _is_interactive(element: Element) -> bool:
    return ((element.tag in _INTERACTIVE and element.get("type") != "hidden") or "tabindex" in element.attrib) and not (
        element.tag == "a" and "href" not in element.attrib
    )


def _faults_of_attributes(element: Element) -> Iterator[str]:
    if element.tag == "time" and not _MACHINE_TIME.fullmatch(element.get("datetime") or "".join(element.itertext())):
        yield f"{_words(element)}: no such moment"
    if element.tag == "button" and element.get("type", "submit") not in ("submit", "button", "reset"):
        yield f"{_words(element)}: no such type"
    if element.tag == "img" and "alt" not in element.attrib:
        yield f"{_words(element)} without alt"
    if element.tag == "form" and element.get("action") == "":
        yield f"{_words(element)}: an empty action"
    for name in ("href", "src", "action"):
        if re.search(r"[\s<>\"\\^`{|}]", element.get(name, "").strip()):
            yield f"{_words(element)}: {name} is no address"
    for name in element.attrib:
        if re.fullmatch(r"on\w+|style|align|border|bgcolor|valign|nowrap", name):
            yield f"{_words(element)}: {name}"
    if element.tag == "textarea" and not element.get("rows", "2").isdigit():
        yield f"{_words(element)}: rows"


def _faults_of_input(element: Element) -> Iterator[str]:
    kind = element.get("type", "text")
    for name, types in _TYPES_WITH.items():
        if name in element.attrib and kind not in types:
            yield f"{_words(element)}: {name} does not apply to {kind}"
    if kind in _VALUES:
        for name in ("value", "min", "max"):
            if element.get(name) and not _VALUES[kind].fullmatch(element.get(name, "")):
                yield f"{_words(element)}: {name} is no {kind}"
    if kind == "hidden" and any(name.startswith("aria-") for name in element.attrib):
        yield f"{_words(element)}: hidden, with aria-*"


def _faults_of_page(root: Element) -> Iterator[str]:
    elements = [element for element, _ in _elements(root)]
    by_id = {element.get("id"): element for element in elements}
    if not root.get("lang"):
        yield "<html> without lang"
    titles = [element for element in elements if element.tag == "title"]
    if not any((title.text or "").strip() for title in titles):
        yield "no title"
    if sum(element.tag == "main" for element in elements) > 1:
        yield "more than one <main>"
    for element in elements:
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for", "form", "list"):
            for target in element.get(name, "").split():
                if target not in by_id:
                    yield f"{_words(element)}: nothing has the id {target}"
        if element.tag == "label" and "for" in element.attrib:
            target_element = by_id.get(element.get("for"))
            if target_element is not None and target_element.tag not in _LABELABLE:
                yield f"{_words(element)}: {_words(target_element)} takes no label"
        if element.tag == "input" and "list" in element.attrib:
            target_element = by_id.get(element.get("list"))
            if target_element is not None and target_element.tag != "datalist":
                yield f"{_words(element)}: {_words(target_element)} is no datalist"
        if element.tag == "table":
            yield from _faults_of_table(element)
        if element.tag == "form" and _has_fields(element) and not any(_submits(one, element) for one in elements):
            yield f"{_words(element)} without a button (WCAG, H32)"


def _has_fields(form: Element) -> bool:
    return any(one.tag in ("input", "select", "textarea") and one.get("type") != "hidden" for one in form.iter())


def _submits(element: Element, form: Element) -> bool:
    """Whether this is a button that sends the form."""
    kind = element.get("type", "submit" if element.tag == "button" else "")
    if element.tag not in ("button", "input") or kind not in ("submit", "image"):
        return False
    return element.get("form") == form.get("id") if "form" in element.attrib else element in form.iter()


def _faults_of_table(table: Element) -> Iterator[str]:
    """Rows of one width; a table with cells over several rows is left out."""
    rows = [element for element, _ in _elements(table) if element.tag == "tr"]
    if any("rowspan" in cell.attrib for row in rows for cell in row):
        return
    widths = {sum(int(cell.get("colspan", "1")) for cell in row) for row in rows}
    if len(widths) > 1:
        yield f"{_words(table)}: rows of {sorted(widths)} columns"

"""No sentence is put together from parts: Chinese has other spaces, colons and brackets than English.

In a template a sentence is one message, with its links inside; in code texts are put together by `wording.joining`.
"""

import ast
import re
from collections.abc import Iterator

import pytest
from django.template.base import Lexer, TokenType

from tests import ROOT

TEMPLATES = ROOT / "templates"
#: One character each, of Unicode's private area: a message, a value, a tag, and the border between two alternatives.
MESSAGE, VALUE, TAG, ALTERNATIVE = "\ue000", "\ue001", "\ue002", "\ue003"
#: Elements inside a line of text; all others begin a text of their own, and so do links that look like buttons.
_IN_LINE = re.compile(
    r"</?(?:b|strong|em|i|code|kbd)\b[^>]*>|<a(?![^>]*\bclass=)[^>]*>|<a class=\"numeric\"[^>]*>|</a>"
)
_NAVIGATION = re.compile(r"(<nav\b.*?</nav>)", re.DOTALL)
_ELEMENT = re.compile(r"</?[a-zA-Z!][^<>]*>")
_ATTRIBUTE = re.compile(r"(?:aria-label|title|placeholder|alt|data-label)=(?:\"([^\"]*)\"|'([^']*)')")
_GAP = rf"[\s{TAG}]*"
_FAULTS = {
    "two messages side by side": re.compile(rf"{MESSAGE}{_GAP}(?=\s|{TAG}){_GAP}{MESSAGE}|{MESSAGE}{MESSAGE}"),
    "a message beside a value": re.compile(rf"{MESSAGE}{_GAP}{VALUE}|{VALUE}{_GAP}{MESSAGE}"),
    "punctuation outside of a message": re.compile(
        rf"[{MESSAGE}{VALUE}]{_GAP}[:;,.?!：；，。？！()（）]|[(（]{_GAP}[{MESSAGE}{VALUE}]"
    ),
}


def flat_template(source: str) -> str:
    """A template with one character in place of each message, value and tag."""
    parts, in_message = [], False
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.token_type is TokenType.BLOCK and token.contents.split() else ""
        if name == "blocktranslate":
            in_message = True
            parts.append(TAG if "asvar" in token.contents else MESSAGE)
        elif name == "endblocktranslate":
            in_message = False
        elif in_message or token.token_type is TokenType.COMMENT:
            continue
        elif name == "translate":
            parts.append(TAG if re.search(r"\sas\s\w+$", token.contents) else MESSAGE)
        elif name in ("else", "elif", "empty", "element", "endelement", "slot", "endslot"):
            parts.append(ALTERNATIVE)
        elif token.token_type is TokenType.BLOCK:
            parts.append(TAG)
        else:
            parts.append(VALUE if token.token_type is TokenType.VAR else token.contents)
    return "".join(parts)


def texts(source: str) -> Iterator[str]:
    """The texts of a template: what stands between two elements, and what attributes say."""
    flat = flat_template(source)
    for element in _ELEMENT.findall(flat):
        yield from ("".join(found) for found in _ATTRIBUTE.findall(element))
    for piece in _NAVIGATION.split(flat):
        # The links of a navigation are a list, whatever they look like.
        in_line = "" if not _NAVIGATION.fullmatch(piece) else " <hr> "
        yield from _ELEMENT.split(_IN_LINE.sub(in_line, piece))


def faults_of(source: str) -> list[tuple[str, str]]:
    """What is wrong, and the text it is in, of each fault of a template."""
    return [
        (name, " ".join(text.split()))
        for text in texts(source)
        for name, pattern in _FAULTS.items()
        if pattern.search(text)
    ]


def test_templates_put_no_sentence_together() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}: {text!r}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for name, text in faults_of(path.read_text(encoding="utf-8"))
    ]
    assert not found, "make it one message, with its links inside:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('<p>{% translate "A." %} {% translate "B." %}</p>', "two messages side by side"),
        ('<p>{% translate "A." %} <a href="/">{% translate "B" %}</a></p>', "two messages side by side"),
        (
            '<p>{% blocktranslate %}A.{% endblocktranslate %}{% if x %} {% translate "B." %}{% endif %}</p>',
            "two messages side by side",
        ),
        ('<b>{% translate "today" %}: {{ day }}</b>', "punctuation outside of a message"),
        ("<li>{{ said }} ({{ day }})</li>", "punctuation outside of a message"),
        ('<input aria-label="{% translate "A" %}: {{ label }}">', "punctuation outside of a message"),
        ('<p>{% translate "Your team:" %} {{ scores }}</p>', "a message beside a value"),
    ],
)
def test_a_template_that_does_is_found(source: str, fault: str) -> None:
    assert fault in {name for name, _text in faults_of(source)}


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% if x %}{% translate "A." %}{% else %}{% translate "B." %}{% endif %}</p>',
        '<p>{% translate "A." %}</p><p>{% translate "B." %}</p>',
        '<p>{% translate "A" %} · {{ value }}<br>{% translate "B." %}</p>',
        '<p>{% blocktranslate %}A ({{ day }}): <a href="{{ url }}">B</a>{% endblocktranslate %}</p>',
        '<p><a class="btn" href="/">{% translate "A" %}</a> <a class="btn" href="/">{% translate "B" %}</a></p>',
        '<nav><a href="/">{% translate "A" %}</a> <a href="/">{{ title }}</a></nav>',
    ],
)
def test_one_that_does_not_passes(source: str) -> None:
    assert faults_of(source) == []


# In code

#: Letters are in Chinese whatever the language of the page.
_CHINESE_ONLY = "letter_"
_TRANSLATORS = {
    *("_", "gettext", "ngettext", "pgettext", "npgettext"),
    *("gettext_lazy", "ngettext_lazy", "pgettext_lazy", "npgettext_lazy"),
    *("error_message", "status_label"),
}
#: What may stand between two texts in any language.
_NEUTRAL = re.compile(r"[\s\d]*[·→–…\n][\s\d]*|\s{2,}|")
_JOINING = {" ", ", ", "; ", ": ", ". "}


def is_text(node: ast.AST) -> bool:
    """Whether an expression is a text in the reader's language: a translated message, or what wording makes."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _TRANSLATORS
        case ast.Call(func=ast.Attribute(value=ast.Name(id="wording"))):
            return True
        case ast.Call(func=ast.Attribute(attr=name)):
            return re.fullmatch(r"get_\w+_display", name) is not None
        case ast.BinOp(left=left, op=ast.Mod()):
            return is_text(left)
    return False


def has_text(node: ast.AST) -> bool:
    return any(map(is_text, ast.walk(node)))


def glued(source: str) -> list[int]:
    """The lines of code that put texts together by hand."""
    return sorted({node.lineno for node in ast.walk(ast.parse(source)) if is_glued(node)})


def is_glued(node: ast.AST) -> bool:
    match node:
        case ast.JoinedStr(values=values):
            literals = [value.value for value in values if isinstance(value, ast.Constant)]
            return any(map(has_text, values)) and not all(_NEUTRAL.fullmatch(str(literal)) for literal in literals)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_text(left) or is_text(right)
        case ast.AugAssign(op=ast.Add(), value=value):
            return is_text(value)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=separator), attr="join"), args=[joined]):
            return separator in _JOINING and has_text(joined)
    return False


@pytest.mark.parametrize(
    "source",
    [
        "f\"{_('today')}: {day}\"",
        "f\"{note} ({_('provisional')})\"",
        'f"{line} {wording.error_message(error)}"',
        'f"{receipt.get_kind_display()} {size}"',
        '_("A.") + " " + _("B.")',
        '_("%(count)s receipts.") % {"count": 3} + more',
        '" ".join([_("A."), _("B.")])',
        '", ".join(map(str, [ngettext("day", "days", 1)]))',
        'text += _("B.")',
    ],
)
def test_code_that_does_is_found(source: str) -> None:
    assert glued(source) == [1]


@pytest.mark.parametrize(
    "source",
    [
        'f"{receipt.get_kind_display()} · {size}"',
        'f"{wording.format_day(first)} – {wording.format_day(last)}"',
        '"\\n".join([_("A."), _("B.")])',
        'wording.join_sentences([_("A."), _("B.")])',
        '[*titles] + [_("A")]',
        'f"{case.reference}: {count}"',
    ],
)
def test_code_that_does_not_passes(source: str) -> None:
    assert glued(source) == []


def test_code_puts_no_sentence_together() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "cases").rglob("*.py"))
        if not path.name.startswith(_CHINESE_ONLY)
        for line in glued(path.read_text(encoding="utf-8"))
    ]
    assert not found, "use cases.wording.joining, or one whole message:\n" + "\n".join(found)

"""The bytes of a request as fields: JSON, a form, or a text."""

import json
import re
from urllib.parse import parse_qsl, unquote_plus

from cases.domain.text_encoding import UTF_8_THEN_GB, decode
from cases.formats.forwarders.refusals import PayloadUnreadable

#: Bytes of a body; the longest SMS there is has some 17,000 characters.
MAX_BODY_BYTES = 64 * 1024
_MAX_FIELDS = 50
_GB_CHARSET = re.compile(r"charset\s*=\s*\"?gb", re.IGNORECASE)
#: A string of JSON, or a comma behind the last element, which templates written by hand have.
_STRING_OR_LAST_COMMA = re.compile(r'"(?:\\.|[^"\\])*"|,(?=\s*[}\]])', re.DOTALL)
#: Several at once, because a character outside the first plane is two.
_JSON_ESCAPES = re.compile(r'(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))+')
_PERCENT_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_FIELD_START = re.compile(r"\w{1,20}=")


def parse_fields(body: bytes, content_type: str = "") -> dict[str, object]:
    """The fields of a JSON object, a form or a text, in UTF-8 or GB18030, whichever the bytes are.

    A text (Content-Type text/…) that is neither becomes the field `content`. Raises PayloadUnreadable.
    """
    is_text = content_type.strip().lower().startswith("text/")
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    # A text may begin with a signature in brackets.
    if start == b"{" or (start == b"[" and not is_text):
        data = load_json(_decode(body, content_type))
        if not isinstance(data, dict):
            raise PayloadUnreadable
        return data
    if is_text:
        return _text_fields(_decode(body, content_type))
    try:
        pairs = parse_qsl(
            body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        raise PayloadUnreadable from None
    return {name: _decode(value.encode("latin-1"), content_type) for name, value in pairs}


def load_json(text: str) -> object:
    """What a JSON text says, with raw line breaks and tabs in its strings and commas behind the last element, as
    templates written by hand have them. Raises PayloadUnreadable; nothing may follow the value."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_STRING_OR_LAST_COMMA.sub(_without_comma, text), strict=False)
    except (ValueError, RecursionError):
        raise PayloadUnreadable from None


def _without_comma(match: re.Match[str]) -> str:
    return "" if match.group() == "," else match.group()


def _decode(data: bytes, content_type: str) -> str:
    text = decode(data, tuple(reversed(UTF_8_THEN_GB)) if _GB_CHARSET.search(content_type) else UTF_8_THEN_GB)
    if text is None:
        raise PayloadUnreadable
    return text


def _text_fields(text: str) -> dict[str, object]:
    """A template of SmsForwarder with the Content-Type text/…: its values are escaped as in JSON, not as in a form."""
    if not _FIELD_START.match(text):
        return {"content": _unescape(text)}
    fields: dict[str, object] = {}
    name = ""
    for part in text.split("&"):
        if _FIELD_START.match(part) and len(fields) < _MAX_FIELDS:
            name, _, value = part.partition("=")
            fields[name] = value
        else:  # the message has an ampersand
            fields[name] = f"{fields[name]}&{part}"
    return {name: _plain_value(str(value)) for name, value in fields.items()}


def _plain_value(value: str) -> str:
    if value.isascii() and _PERCENT_ENCODED.search(value):
        return unquote_plus(value)
    return _unescape(value)


def _unescape(text: str) -> str:
    """Undo JSON's escapes, if every backslash is part of one: then a program put them there, and no person."""
    if "\\" not in text or "\\" in _JSON_ESCAPES.sub("", text):
        return text
    return _JSON_ESCAPES.sub(lambda match: str(json.loads(f'"{match.group()}"')), text)

"""Bytes that come from outside as text, in the encodings that are met in China."""

from collections.abc import Sequence

#: With or without its mark; GB18030 holds GBK and GB2312.
UTF_8_THEN_GB = ("utf-8-sig", "gb18030")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes, encodings: Sequence[str] = UTF_8_THEN_GB) -> str | None:
    """The text in the first of the encodings that fits, or None."""
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return None


def encodings_of(data: bytes) -> tuple[str, ...]:
    """What a file may be encoded in: UTF-16 where it begins with its mark, which no other text does."""
    return ("utf-16",) if data[:2] in _UTF_16_MARKS else UTF_8_THEN_GB

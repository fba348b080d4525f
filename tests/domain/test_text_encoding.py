"""Bytes as text: the encodings of phones, spreadsheets and forwarders."""

import pytest

from cases.domain.text_encoding import decode, encodings_of


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("您好".encode(), "您好"),
        (b"\xef\xbb\xbf" + "您好".encode(), "您好"),
        ("您好".encode("gb18030"), "您好"),
        ("您好".encode("utf-16"), "您好"),
        (b"\xff\xfe\x00", None),
        (b"\x80\x80\xff", None),
        (b"", ""),
    ],
)
def test_text(data: bytes, text: str | None) -> None:
    assert decode(data, encodings_of(data)) == text

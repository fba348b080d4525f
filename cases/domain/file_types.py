"""What may be kept as a receipt: told from the bytes, never from the name or what a browser says."""

import re
import unicodedata
from io import BytesIO

import filetype
import imagesize

from cases.domain.errors import (
    FileEmpty,
    FileIsTwo,
    FileRefused,
    FileTooLarge,
    FileTypeRefused,
    PictureTooLarge,
    gettext_noop,
)

MEGABYTE = 1024 * 1024
#: A picture of more is refused by what its head says, before anything unfolds it. Phones take up to 50 or so.
MEGAPIXELS = 100
_MAX_NAME = 120

#: Detected type -> the ending it is served with.
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "image/webp": "webp",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "text/plain": "txt",
}
_SAME = {"audio/x-m4a": "audio/mp4", "video/mp4": "audio/mp4", "application/ogg": "audio/ogg"}

_MARKUP = re.compile(
    r"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|style|link|meta|img|a\s|form|\?xml|\?php)"
    r"|^\s*(%!PS|#!|\{\\rtf)",
    re.IGNORECASE,
)
# A film is not a recording of a call; both come in the same box, under brands that do not tell them apart.
_FILM = re.compile(rb"hdlr.{8}vide", re.DOTALL)
# What makes a second file of one: a web page that some browser would guess, a program's head after a picture's, an
# archive's directory at the end (a ZIP is read from there), a PDF where readers still look for its head.
_PAGE = re.compile(rb"<(!doctype\s+html|html|script|svg|iframe|body)[\s>]", re.IGNORECASE)
_ARCHIVE_END = b"PK\x05\x06"
# What other programs find wherever it begins: RAR, 7-Zip, Office's old container (macros), ELF and Windows programs.
_WITHIN = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x7fELF\x02\x01\x01\x00",
    b"This program cannot be run in DOS mode",
)
# A CD's image says here what it is, and leaves what stands before it to others.
_CD = slice(0x8001, 0x8006)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class DiskFull(FileRefused):
    code = "disk_full"
    message = gettext_noop(
        "There is no room left on the server: nothing was stored. Tell its administrator, and hand the file in again."
    )


def detect_type(data: bytes, *, name: str, limit: int) -> str:
    """The type of a receipt's bytes, one of ENDINGS.

    `name` is only repeated in the sentence of an error; `limit` is in bytes. Raises FileEmpty, FileTooLarge,
    FileTypeRefused, FileIsTwo or PictureTooLarge.
    """
    shown = clean_name(name)
    if len(data) > limit:
        raise FileTooLarge(name=shown, limit=limit // MEGABYTE)
    kind = filetype.guess_mime(data) or ""
    kind = _SAME.get(kind, kind)
    if kind in ENDINGS and not (kind == "audio/mp4" and _FILM.search(data)):
        if _is_two(data, kind):
            raise FileIsTwo(name=shown)
        if kind.startswith("image/") and _pixels(data) > MEGAPIXELS * 1_000_000:
            raise PictureTooLarge(name=shown, limit=MEGAPIXELS)
        return kind
    # The package takes "BM" and "MZ" alone for a bitmap and a program; words begin with them too.
    text = plain_text(data)
    if text is None:
        raise FileTypeRefused(name=shown)
    if not text.strip():
        raise FileEmpty(name=shown)
    return "text/plain"


def _is_two(data: bytes, kind: str) -> bool:
    head, tail = data[:4096], data[-66_000:]
    if _ARCHIVE_END in tail or data[_CD] == b"CD001" or any(mark in data for mark in _WITHIN):
        return True
    if kind == "application/pdf":
        return False  # notes on its pages are kept as markup
    return b"%PDF-" in head or any(_PAGE.search(part) for part in (head, tail))


def _pixels(data: bytes) -> int:
    """As many as the picture's own head says; 0 when it does not say."""
    try:
        width, height = imagesize.get(BytesIO(data))
    except Exception:  # whatever a hostile head makes of the reader
        return 0
    return int(max(width, 0) * max(height, 0))


def plain_text(data: bytes) -> str | None:
    """What the bytes say, or None when they are no text, or one that some program would run or render."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) or _MARKUP.search(text) else text
    return None


def clean_name(name: str) -> str:
    """A file's name without folders, control characters or excess length (its ending is kept)."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    if len(name) > _MAX_NAME:
        stem, dot, ending = name.rpartition(".")
        name = name[:_MAX_NAME] if not dot or len(ending) > 8 else f"{stem[: _MAX_NAME - len(ending) - 1]}.{ending}"
    return name or "file"

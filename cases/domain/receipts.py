"""What may be kept as a receipt: told from the bytes, never from the name or what a browser says."""

import re
import unicodedata

import filetype

from cases.domain.errors import FileEmpty, FileTooLarge, FileTypeRefused

MEGABYTE = 1024 * 1024
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
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def detect_type(data: bytes, *, name: str, limit: int) -> str:
    """The type of a receipt's bytes, one of ENDINGS.

    `name` is only repeated in the sentence of an error; `limit` is in bytes. Raises FileEmpty, FileTooLarge
    or FileTypeRefused.
    """
    shown = clean_name(name)
    if len(data) > limit:
        raise FileTooLarge(name=shown, limit=limit // MEGABYTE)
    kind = filetype.guess_mime(data) or ""
    kind = _SAME.get(kind, kind)
    if kind in ENDINGS and not (kind == "audio/mp4" and _FILM.search(data)):
        return kind
    # The package takes "BM" and "MZ" alone for a bitmap and a program; words begin with them too.
    text = _plain_text(data)
    if text is None:
        raise FileTypeRefused(name=shown)
    if not text.strip():
        raise FileEmpty(name=shown)
    return "text/plain"


def _plain_text(data: bytes) -> str | None:
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

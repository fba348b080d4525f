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

# Text that some program would run or render is not plain text.
_MARKUP = re.compile(
    r"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|style|link|meta|img|a\s|form|\?xml|\?php)"
    r"|^\s*(%!PS|#!|\{\\rtf)",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def detect_type(data: bytes, *, name: str, limit: int) -> str:
    """The type of a receipt's bytes, one of ENDINGS.

    `name` is only repeated in the sentence of an error; `limit` is in bytes. Raises FileEmpty, FileTooLarge
    or FileTypeRefused.
    """
    shown = clean_name(name)
    if not data.strip():
        raise FileEmpty(name=shown)
    if len(data) > limit:
        raise FileTooLarge(name=shown, limit=limit // MEGABYTE)
    kind = filetype.guess_mime(data) or ""
    kind = _SAME.get(kind, kind)
    if not kind and _is_plain_text(data):
        return "text/plain"
    if kind not in ENDINGS or (kind == "audio/mp4" and not _is_m4a(data)):
        raise FileTypeRefused(name=shown)
    return kind


def _is_plain_text(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not _CONTROL.search(text) and not _MARKUP.search(text)
    return False


def _is_m4a(data: bytes) -> bool:
    # Recorders write several brands; a film is not a recording of a call.
    return data[4:8] == b"ftyp" and data[8:12] in (b"M4A ", b"M4B ", b"mp42", b"isom", b"3gp4", b"3gp5")


def clean_name(name: str) -> str:
    """A file's name without folders, control characters or excess length (its ending is kept)."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    if len(name) > _MAX_NAME:
        stem, dot, ending = name.rpartition(".")
        name = name[:_MAX_NAME] if not dot or len(ending) > 8 else f"{stem[: _MAX_NAME - len(ending) - 1]}.{ending}"
    return name or "file"

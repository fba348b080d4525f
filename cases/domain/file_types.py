"""Which files may be receipts: decided by their bytes, never by the name or what a browser says."""

import re
import unicodedata
from io import BytesIO

import filetype
import imagesize

from cases.domain.errors import CaseError, gettext_noop
from cases.domain.media_signatures import detect_media, pdf_start
from cases.domain.text_encoding import decode

MEGABYTE = 1024 * 1024
#: A picture of more is refused by what its head says, before anything unfolds it. Phones take up to 50 or so.
MEGAPIXELS = 100
_MAX_NAME = 120

#: Detected type -> the ending it is served with.
EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "image/webp": "webp",
    "application/ofd": "ofd",
    "audio/3gpp": "3gp",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/amr-wb": "awb",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "text/plain": "txt",
}
_TYPE_ALIASES = {"application/ogg": "audio/ogg"}

_MARKUP = re.compile(
    r"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|style|link|meta|img|a\s|form|\?xml|\?php)"
    r"|^\s*(%!PS|#!|\{\\rtf)",
    re.IGNORECASE,
)
# What makes a second file of one: a web page that some browser would guess, a program's head after a picture's, an
# archive's directory at the end (a ZIP is read from there), a PDF where readers still look for its head.
_HTML_PAGE = re.compile(rb"<(!doctype\s+html|html|script|svg|iframe|body)[\s>]", re.IGNORECASE)
_ARCHIVE_END = b"PK\x05\x06"
# What other programs find wherever it begins: RAR, 7-Zip, Office's old container (macros), ELF and Windows programs.
_EMBEDDED_SIGNATURES = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x7fELF\x02\x01\x01\x00",
    b"This program cannot be run in DOS mode",
)
# A CD's image says here what it is, and leaves what stands before it to others.
_ISO_9660_MAGIC = slice(0x8001, 0x8006)
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class FileRefused(CaseError):
    """A receipt that cannot be taken; the subclasses say why."""

    code = "file_refused"


class FileEmpty(FileRefused):
    code = "file_empty"
    message = gettext_noop("“%(name)s” is empty and was not saved. Choose the file again.")


class FileTooLarge(FileRefused):
    code = "file_too_large"
    message = gettext_noop("“%(name)s” is larger than %(limit)s MB. Upload a smaller scan or photo.")


class FileTypeRefused(FileRefused):
    code = "file_type_refused"
    message = gettext_noop(
        "“%(name)s” is not a supported file type. Upload a PDF, OFD, JPEG, PNG, HEIC, WebP, recording (AMR, 3GP, AAC, "
        "M4A, MP3, OGG, WAV) or plain text. Save a Word or Excel file as PDF; of a video, upload the sound or a "
        "screenshot."
    )


class PictureTooLarge(FileRefused):
    code = "picture_too_large"
    message = gettext_noop("“%(name)s” has more than %(limit)s million pixels. Upload a smaller picture.")


class FilePolyglot(FileRefused):
    code = "file_is_two"
    message = gettext_noop(
        "“%(name)s” contains another file or a web page, so it was not saved. Scan, photograph or export the "
        "document again."
    )


def detect_type(data: bytes, *, name: str, limit: int) -> str:
    """The type of a receipt's bytes, one of EXTENSIONS.

    `name` is only repeated in the sentence of an error; `limit` is in bytes. Raises FileEmpty, FileTooLarge,
    FileTypeRefused, FilePolyglot or PictureTooLarge.
    """
    display_name = clean_file_name(name)
    if len(data) > limit:
        raise FileTooLarge(name=display_name, limit=limit // MEGABYTE)
    mime_type = _guess_type(data)
    if mime_type in EXTENSIONS:
        if _is_polyglot(data, mime_type):
            raise FilePolyglot(name=display_name)
        if mime_type.startswith("image/") and _pixel_count(data) > MEGAPIXELS * 1_000_000:
            raise PictureTooLarge(name=display_name, limit=MEGAPIXELS)
        return mime_type
    # The package takes "BM" and "MZ" alone for a bitmap and a program; words begin with them too.
    text = decode_text(data)
    if text is None:
        raise FileTypeRefused(name=display_name)
    if not text.strip():
        raise FileEmpty(name=display_name)
    return "text/plain"


def _guess_type(data: bytes) -> str:
    """The type by the bytes; '' for one that is not known, or known and no receipt."""
    mime_type = detect_media(data)
    if mime_type is None:
        guessed = filetype.guess_mime(data) or ""
        mime_type = _TYPE_ALIASES.get(guessed, guessed)
        start = pdf_start(data)
        if mime_type not in EXTENSIONS and start is not None and not _MARKUP.search(data[:start].decode("latin-1")):
            mime_type = "application/pdf"
    return mime_type


def _is_polyglot(data: bytes, mime_type: str) -> bool:
    head, tail = data[:4096], data[-66_000:]
    if (
        (_ARCHIVE_END in tail and mime_type != "application/ofd")
        or data[_ISO_9660_MAGIC] == b"CD001"
        or any(signature in data for signature in _EMBEDDED_SIGNATURES)
    ):
        return True
    if mime_type == "application/ofd":
        return False  # one archive that begins with its first byte; its parts are markup
    if mime_type == "application/pdf":
        # Notes on its pages are kept as markup; before its head nothing is.
        return _HTML_PAGE.search(data[: pdf_start(data)]) is not None
    return b"%PDF-" in head or any(_HTML_PAGE.search(part) for part in (head, tail))


def _pixel_count(data: bytes) -> int:
    """As many as the picture's own head says; 0 when it does not say."""
    try:
        width, height = imagesize.get(BytesIO(data))
    except Exception:  # whatever a hostile head makes of the reader
        return 0
    return int(max(width, 0) * max(height, 0))


def decode_text(data: bytes) -> str | None:
    """What the bytes say, or None when they are no text, or one that some program would run or render."""
    text = decode(data)
    return None if text is None or _CONTROL_CHARACTERS.search(text) or _MARKUP.search(text) else text


def clean_file_name(name: str) -> str:
    """A file's name without folders, control characters or excess length (its ending stays)."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    if len(name) > _MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        name = (
            name[:_MAX_NAME]
            if not dot or len(extension) > 8
            else f"{stem[: _MAX_NAME - len(extension) - 1]}.{extension}"
        )
    return name or "file"

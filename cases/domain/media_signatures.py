"""What phones and offices record and scan, told by the head of the file, where the package `filetype` does not know it.

Sources: ISO/IEC 14496-12 (boxes and brands), 23008-12 (HEIF brands), RFC 4867 (AMR, AMR-WB), 13818-7 (ADTS),
GB/T 33190-2016 (OFD: a ZIP with OFD.xml at its root).
"""

import re
import zipfile
from io import BytesIO

#: HEIF: stills ('heic', 'heix', 'heim', 'heis', 'mif1') and sequences, which phones write for a burst.
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"))
_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_3GP_BRAND = re.compile(rb"3g[a-z0-9]{2}")
# A film is not a recording of a call; both come in the same box, under brands that do not tell them apart.
_VIDEO_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)
#: Readers look for a PDF's head in so many bytes; mail gateways and printers put something before it.
_PDF_HEAD = 1024
_ADTS = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")
#: What an OFD may hold: an invoice has some thirty entries.
_OFD_MAX_ENTRIES, _OFD_MAX_UNPACKED, _OFD_MAX_ROOT = 5_000, 200 * 1024 * 1024, 64 * 1024
_OFD_ROOT = "OFD.xml"
_PROGRAM_NAME = re.compile(r"\.(exe|dll|js|vbs|bat|cmd|com|scr|jar|lnk|msi|ps1|sh|html?|svg|php)$", re.IGNORECASE)


def detect_media(data: bytes) -> str | None:
    """The type of a file by its head: a type of `file_types.EXTENSIONS`, '' for one that is known and no receipt
    (a film), None for what is not known here."""
    if data[4:8] == b"ftyp":
        return _box_type(data)
    if data.startswith(b"#!AMR-WB\n"):
        return "audio/amr-wb"
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return "audio/wav"
    if _ADTS.match(data):
        return "audio/aac" if is_adts(data) else ""
    if data.startswith(b"PK\x03\x04"):
        return "application/ofd" if is_ofd(data) else ""
    return None


def _box_type(data: bytes) -> str:
    length = int.from_bytes(data[:4], "big")
    brands = [data[8:12], *(data[start : start + 4] for start in range(16, min(length, 512), 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return ""
    if _HEIF_BRANDS & set(brands):
        return "image/heic"
    if _VIDEO_TRACK.search(data):
        return ""
    return "audio/3gpp" if _3GP_BRAND.fullmatch(brands[0]) else "audio/mp4"


def is_adts(data: bytes) -> bool:
    """Whether a second frame of AAC follows the first: two bytes alone may begin anything."""
    if len(data) < 7:
        return False
    length = (data[3] & 0x03) << 11 | data[4] << 3 | data[5] >> 5
    return length > 6 and _ADTS.match(data, length) is not None


def pdf_start(data: bytes) -> int | None:
    """Where the head of a PDF stands, at most 1,024 bytes in; None without one."""
    start = data.find(b"%PDF-", 0, _PDF_HEAD + 5)
    return start if start >= 0 else None


def is_ofd(data: bytes) -> bool:
    """Whether a ZIP is an electronic document by GB/T 33190, and nothing in it runs or unfolds without end.

    Only the directory and the root document are read, so a hostile archive costs no more than its own size.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if (
                _OFD_ROOT not in names
                or min(entry.header_offset for entry in entries) != 0
                or len(entries) > _OFD_MAX_ENTRIES
                or sum(entry.file_size for entry in entries) > _OFD_MAX_UNPACKED
                or any(entry.flag_bits & 0x1 or _is_unsafe(entry.filename) for entry in entries)
            ):
                return False
            with archive.open(_OFD_ROOT) as document:
                root = document.read(_OFD_MAX_ROOT)
    except Exception:  # whatever a hostile archive makes of the reader
        return False
    return re.search(rb"<(?:[A-Za-z]+:)?OFD[\s>]", root) is not None


def _is_unsafe(name: str) -> bool:
    return bool(_PROGRAM_NAME.search(name)) or name.startswith("/") or "\\" in name or ".." in name.split("/")

"""What is kept as a receipt: told from the bytes, whatever the name says."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cases.domain.file_types import (
    EXTENSIONS,
    FileEmpty,
    FilePolyglot,
    FileTooLarge,
    FileTypeRefused,
    PictureTooLarge,
    clean_file_name,
    detect_type,
)

LIMIT = 20 * 1024 * 1024


def box(kind: bytes, payload: bytes = b"") -> bytes:
    """A box of an ISO base media file: its length, its kind, its payload."""
    return (8 + len(payload)).to_bytes(4, "big") + kind + payload


def media(brand: bytes, *compatible: bytes, track: bytes = b"") -> bytes:
    """A media file's first box, and a `moov` with a track whose handler is named."""
    handler = box(b"hdlr", bytes(8) + track + bytes(12)) if track else b""
    return box(b"ftyp", brand + bytes(4) + b"".join(compatible)) + box(b"moov", handler)


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40)
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(50)
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(60)
DOCX = b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + bytes(16) + b"\x13\x00\x00\x00[Content_Types].xml" + bytes(60)
#: One frame of AAC in ADTS, 16 bytes long.
ADTS = bytes.fromhex("fff15080020000") + bytes(9)


def ofd(
    root: str = "OFD.xml",
    *,
    document: bytes = b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>',
    more: dict[str, bytes] | None = None,
) -> bytes:
    """An electronic document as offices get them, with more entries by their names."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr(root, document)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def detect(data: bytes, name: str = "receipt") -> str:
    return detect_type(data, name=name, limit=LIMIT)


@pytest.mark.parametrize(
    ("data", "detected"),
    [
        (PDF, "application/pdf"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (media(b"heic", b"mif1", b"heic"), "image/heic"),
        (media(b"mif1", b"mif1", b"heic"), "image/heic"),
        *((media(brand, brand, b"mif1"), "image/heic") for brand in (b"heix", b"heim", b"hevc", b"msf1")),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40), "image/webp"),
        (b"\r\n\r\n" + PDF, "application/pdf"),
        (b"\xef\xbb\xbf" + PDF, "application/pdf"),
        (b"@PJL SET JOBNAME=bill\r\n" + PDF, "application/pdf"),
        (bytes(1024) + PDF, "application/pdf"),
        (b"#!AMR-WB\n" + bytes(30), "audio/amr-wb"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), "audio/wav"),
        (ADTS * 3, "audio/aac"),
        (ofd(), "application/ofd"),
        (b"#!AMR\n\x3c\x48\x1e" + bytes(30), "audio/amr"),
        (media(b"M4A ", b"M4A ", b"mp42", track=b"soun"), "audio/mp4"),
        (media(b"mp42", b"mp42", b"isom", track=b"soun"), "audio/mp4"),
        (media(b"3gp4", b"isom", b"3gp4", track=b"soun"), "audio/3gpp"),
        (media(b"3gp5", b"3gp5", track=b"soun"), "audio/3gpp"),
        (b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(30), "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(30), "audio/mpeg"),
        (b"OggS\x00\x02" + bytes(40), "audio/ogg"),
        ("【中国移动】您的销户申请已受理,受理单号 2026093012345。".encode(), "text/plain"),
        ("您的号码 13800138000 已销户。【中国联通】".encode("gb18030"), "text/plain"),
        ("\ufeff已受理\r\n第二行\t制表".encode(), "text/plain"),
        (b"plain ASCII, 5 < 7 and 7 > 5\n", "text/plain"),
        (b"BMW 5 is no bitmap", "text/plain"),  # begins as a bitmap does
        (b"MZ-1024 is no program", "text/plain"),  # begins as a program does
    ],
)
def test_accepted(data: bytes, detected: str) -> None:
    assert detect(data) == detected


def test_every_accepted_type_has_an_ending() -> None:
    assert EXTENSIONS == {
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


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bill.pdf", EXE),
        ("bill.pdf", b"\x7fELF\x02\x01\x01" + bytes(40)),
        ("bill.pdf", b"<!DOCTYPE html><html><body>hello</body></html>"),
        ("bill.txt", b"\n\n  <HTML><p>hello"),
        ("note.txt", b"hello <script>alert(1)</script>"),
        ("note.txt", b"hello < script src=x>"),
        ("note.txt", b"<img src=x onerror=alert(1)>"),
        ("seal.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'),
        ("seal.png", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("data.xml", b'<?xml version="1.0" encoding="UTF-8"?><a/>'),
        ("all.zip", ZIP),
        ("letter.docx", DOCX),
        ("letter.rtf", rb"{\rtf1\ansi hello}"),
        ("run.sh", b"#!/bin/sh\nrm -rf /\n"),
        ("run.txt", b"\xef\xbb\xbf#!/bin/sh\nrm -rf /\n"),
        ("page.txt", b"hello\n<?php system($_GET['c']); ?>"),
        ("page.ps", b"%!PS-Adobe-3.0\n"),
        ("picture.gif", b"GIF89a\x01\x00\x01\x00" + bytes(20)),
        ("picture.bmp", b"BM\x9a\x00\x00\x00\x00\x00\x00\x00" + bytes(60)),
        ("film.mp4", media(b"isom", b"isom", b"mp41", track=b"vide")),
        ("film.m4a", media(b"mp42", b"mp42", b"isom", track=b"vide")),
        ("film.3gp", media(b"3gp4", b"isom", track=b"vide")),
        ("picture.avif", media(b"avif", b"mif1", b"avif")),
        ("late.pdf", b"x" * 1025 + bytes(3) + PDF),
        ("page.pdf", b"<html><body>" + PDF),
        ("short.aac", b"\xff\xf1 and then words that are no sound"),
        ("all.ofd", ofd("Doc.xml")),
        ("page.ofd", ofd(document=b"<html/>")),
        ("run.ofd", ofd(more={"Doc_0/run.exe": b"MZ"})),
        ("up.ofd", ofd(more={"../OFD.xml": b"x"})),
        ("bomb.ofd", ofd(more={"Doc_0/page.xml": bytes(201 * 1024 * 1024)})),
        ("prefixed.ofd", b"#!/bin/sh\n" + ofd()),
        ("film.mov", media(b"qt  ", b"qt  ", track=b"vide")),
        ("note.txt", "已受理".encode("utf-16")),
        ("note.txt", "registered".encode("utf-16-le")),
        ("note.txt", b"hello\x00world"),
        ("note.txt", b"hello\x1b[31mred"),
        ("random.bin", bytes(range(256))),
        ("latin.txt", b"caf\xe9 \xff\xfe"),
    ],
)
def test_refused_whatever_its_name(name: str, data: bytes) -> None:
    with pytest.raises(FileTypeRefused) as caught:
        detect(data, name)
    assert caught.value.params["name"] == name


@pytest.mark.parametrize("data", [b"", b" ", b" \r\n\t \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", "\u3000\n".encode()])
def test_nothing_is_no_receipt(data: bytes) -> None:
    with pytest.raises(FileEmpty):
        detect(data, "empty.pdf")


def test_the_limit_itself_is_allowed_one_byte_more_is_not() -> None:
    assert detect(PNG + bytes(LIMIT - len(PNG))) == "image/png"
    with pytest.raises(FileTooLarge) as caught:
        detect(PNG + bytes(LIMIT - len(PNG) + 1), "big.png")
    assert caught.value.params == {"name": "big.png", "limit": 20}


def test_twenty_one_megabytes_are_too_many_before_anything_else_is_said() -> None:
    with pytest.raises(FileTooLarge):
        detect(EXE + bytes(21 * 1024 * 1024), "big.exe")


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("申请表.jpg", "申请表.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/var/www/x.pdf", "x.pdf"),
        ("C:\\Users\\a\\x.pdf", "x.pdf"),
        ("..", "file"),
        ("", "file"),
        ("   ", "file"),
        ("folder/", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nc\x1b.pdf", "abc.pdf"),
        ("bill\u202efdp.exe", "billfdp.exe"),  # right-to-left override: shown as 'billexe.pdf'
        ("\u200b\u2066x\u2069.png", "x.png"),
        ("re\u0301sume.pdf", "résume.pdf"),
        ("x.pdf.", "x.pdf"),
        ("\ud800x.pdf", "x.pdf"),
    ],
)
def test_names(given: str, clean: str) -> None:
    assert clean_file_name(given) == clean


def test_a_name_of_300_characters_keeps_its_ending() -> None:
    assert clean_file_name("长" * 296 + ".pdf") == "长" * 116 + ".pdf"
    assert clean_file_name("x" * 300) == "x" * 120
    assert clean_file_name("x." + "y" * 298) == "x." + "y" * 118


ARCHIVE = b"PK\x03\x04" + bytes(30) + b"PK\x05\x06" + bytes(18)


@pytest.mark.parametrize(
    "data",
    [
        PNG + ARCHIVE,
        PDF + ARCHIVE,
        JPEG + b"<html><script>alert(1)</script></html>",
        JPEG[:12] + b"<SCRIPT>alert(1)</SCRIPT>" + bytes(9000),
        PNG + PDF,
        JPEG + b"Rar!\x1a\x07\x01\x00" + bytes(70_000),
        PDF + b"7z\xbc\xaf\x27\x1c" + bytes(70_000),
        JPEG + bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512),
        PNG + b"MZ" + bytes(76) + b"This program cannot be run in DOS mode.\r\r\n$",
        b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(500) + b"\x7fELF\x02\x01\x01\x00",
        JPEG + bytes(0x8001 - len(JPEG)) + b"CD001" + bytes(2048),
        b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"<!DOCTYPE html>" + bytes(30),
    ],
)
def test_a_file_that_is_two_is_refused(data: bytes) -> None:
    with pytest.raises(FilePolyglot) as caught:
        detect(data, "scan.png")
    assert caught.value.params["name"] == "scan.png"


def test_a_note_on_a_page_of_a_pdf_is_no_second_file() -> None:
    note = b'<</RC (<?xml version="1.0"?><body xmlns="http://www.w3.org/1999/xhtml"><p>ok</p></body>)>>'
    assert detect(PDF + note) == "application/pdf"


def png_of(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes(40)


def test_a_picture_of_more_than_a_hundred_million_pixels_is_refused_by_its_head() -> None:
    assert detect(png_of(10_000, 10_000)) == "image/png"
    with pytest.raises(PictureTooLarge) as caught:
        detect(png_of(10_001, 10_000), "bomb.png")
    assert caught.value.params == {"name": "bomb.png", "limit": 100}
    vp8x = b"RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + (16382).to_bytes(3, "little") * 2 + bytes(40)
    with pytest.raises(PictureTooLarge):
        detect(vp8x)

"""Receipts made up in code: a form as PDF, a screenshot as PNG. Nothing in them comes from anybody else."""

import struct
import zlib
from collections.abc import Sequence
from random import Random

_WIDTH, _HEIGHT = 240, 400
_PAPER, _INK = (250, 250, 248), (150, 154, 160)

Colour = tuple[int, int, int]


def sample_pdf(lines: Sequence[str]) -> bytes:
    """One A4 page with these lines of printable ASCII in Helvetica."""
    escaped_lines = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    text = b"\n".join(f"({line}) Tj T*".encode("ascii") for line in escaped_lines)
    page = b"BT /F1 12 Tf 20 TL 60 780 Td\n" + text + b"\nET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return bytes(out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer)


def sample_screenshot(rng: Random) -> bytes:
    """A picture that looks like a page of an app from afar: a coloured head and grey bars for lines, no text."""
    head: Colour = (rng.randint(20, 120), rng.randint(60, 140), rng.randint(120, 200))
    rows = [_row(head, _WIDTH)] * 44
    while len(rows) < _HEIGHT:
        rows += [_row(_PAPER, _WIDTH)] * 12 + [_bar(rng.randint(60, 190))] * 8
    return _png(rows[:_HEIGHT])


def _row(colour: Colour, pixels: int) -> bytes:
    return bytes(colour) * pixels


def _bar(pixels: int) -> bytes:
    return _row(_PAPER, 24) + _row(_INK, pixels) + _row(_PAPER, _WIDTH - 24 - pixels)


def _png(rows: Sequence[bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", _WIDTH, len(rows), 8, 2, 0, 0, 0)  # 8 bits of each of red, green, blue
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

"""A ZIP written in one way only: stored, one date, nothing optional. So a reader can tell every bit that is not as it
was written, and there is no room for a bomb, a second file under one name, or anything between the files.

Any unzip program opens it; what such a program packs anew is no longer this archive. Format: PKWARE's APPNOTE, 4.3,
without ZIP64: at most 65,535 files and 4 GiB.
"""

import hashlib
import re
import struct
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from cases.domain.errors import CaseError, gettext_noop
from cases.domain.hash_chain import Flaw

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_SIZE, _END_SIZE = 30, 22
_UTF8_NAMES = 0x800
_MIDNIGHT, _FIRST_OF_1980 = 0, 0x21
_PLAIN_FILE = 0o100644 << 16
_MOST_BYTES, _MOST_FILES = 2**32 - 1, 2**16 - 1
_PIECE = 1 << 20
_LONGEST_NAME = 400
# No way out of the folder that it is unpacked into, on any system.
_SAFE = re.compile(r"(?!.*(^|/)\.{1,2}(/|$))(?!/)(?!.*//)[^\x00-\x1f\x7f\\:]+(?<!/)")


class ArchiveTooLarge(CaseError):
    code = "archive_too_large"
    message = gettext_noop("This is more than one dossier can hold (4 GB): make several, of fewer cases each.")


@dataclass(frozen=True)
class Member:
    """A file in an archive: where its bytes begin, how many there are, and their SHA-256."""

    name: str
    offset: int
    size: int
    sha256: str


@dataclass
class Reading:
    """What an archive holds; with a flaw the reading ended there, or the file that it names is not as it was."""

    members: list[Member] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)


class Writer:
    """Writes files one after the other to a binary file that need not be able to seek."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self._directory = bytearray()
        self.members: dict[str, Member] = {}

    def add(self, name: str, data: bytes) -> Member:
        """Raises ArchiveTooLarge; ValueError for a name that would not be read again, or that is there already."""
        if not is_safe(name) or name in self.members:
            raise ValueError(f"no name for a file: {name!r}")
        crc = zlib.crc32(data)
        head, entry = _local(name, crc, len(data)), _entry(name, crc, len(data), self._at)
        end = self._at + len(head) + len(data) + len(self._directory) + len(entry) + _END_SIZE
        if end > _MOST_BYTES or len(self.members) >= _MOST_FILES:
            raise ArchiveTooLarge()
        member = Member(name, self._at + len(head), len(data), hashlib.sha256(data).hexdigest())
        self._out.write(head)
        self._out.write(data)
        self._at = member.offset + member.size
        self._directory += entry
        self.members[name] = member
        return member

    def close(self) -> None:
        """Writes the directory; the file itself stays open."""
        self._out.write(self._directory + _end(len(self.members), len(self._directory), self._at))


def is_safe(name: str) -> bool:
    """Whether a name stays within its folder wherever it is unpacked."""
    return len(name) <= _LONGEST_NAME and _SAFE.fullmatch(name) is not None


def read(file: BinaryIO) -> Reading:
    """Walk through an archive from the first byte to the last; memory stays flat. Nothing in it is believed."""
    file.seek(0)
    found = Reading()
    directory = bytearray()
    names: set[str] = set()
    at = 0
    while (start := file.read(4)) == _LOCAL:
        header = start + file.read(_LOCAL_SIZE - 4)
        if len(header) < _LOCAL_SIZE or at > _MOST_BYTES or len(names) >= _MOST_FILES:
            return _stopped(found)
        crc, _packed, size, length, _extra = struct.unpack("<IIIHH", header[14:])
        raw = file.read(length)
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            return _stopped(found)
        if not is_safe(name):
            found.flaws.append(Flaw(gettext_noop("a file's name would lead out of its folder")))
            return found
        if name in names:
            found.flaws.append(Flaw(gettext_noop("“%(file)s” is there twice"), {"file": name}))
            return found
        if header + raw != _local(name, crc, size):
            return _stopped(found)
        offset = at + _LOCAL_SIZE + length
        sha256, actual_crc, there = _digest(file, size)
        if there != size:
            return _stopped(found)
        if actual_crc != crc:
            found.flaws.append(altered(name))
        names.add(name)
        found.members.append(Member(name, offset, size, sha256))
        directory += _entry(name, crc, size, at)
        at = offset + size
    rest = bytes(directory + _end(len(names), len(directory), at)) if at <= _MOST_BYTES else b""
    if not names or not rest or start + file.read(len(rest)) != rest:  # asks for more than there may be
        return _stopped(found)
    return found


def content(file: BinaryIO, member: Member) -> bytes:
    """The bytes of a file of the archive."""
    file.seek(member.offset)
    return file.read(member.size)


def altered(name: str) -> Flaw:
    return Flaw(gettext_noop("“%(file)s” was altered"), {"file": name})


def _stopped(found: Reading) -> Reading:
    """The archive itself is not as it was written."""
    if found.members:
        message = gettext_noop("cut off, altered or packed anew: what comes after “%(file)s” is not right")
        found.flaws.append(Flaw(message, {"file": found.members[-1].name}))
    else:
        found.flaws.append(Flaw(gettext_noop("this is not a dossier, or it was packed anew")))
    return found


def _digest(file: BinaryIO, size: int) -> tuple[str, int, int]:
    digest, crc, there = hashlib.sha256(), 0, 0
    while there < size and (piece := file.read(min(_PIECE, size - there))):
        digest.update(piece)
        crc = zlib.crc32(piece, crc)
        there += len(piece)
    return digest.hexdigest(), crc, there


def _local(name: str, crc: int, size: int) -> bytes:
    raw = name.encode()
    fixed = (20, _UTF8_NAMES, 0, _MIDNIGHT, _FIRST_OF_1980)
    return _LOCAL + struct.pack("<HHHHHIIIHH", *fixed, crc, size, size, len(raw), 0) + raw


def _entry(name: str, crc: int, size: int, offset: int) -> bytes:
    raw = name.encode()
    fixed = (0x314, 20, _UTF8_NAMES, 0, _MIDNIGHT, _FIRST_OF_1980)
    numbers = (crc, size, size, len(raw), 0, 0, 0, 0, _PLAIN_FILE, offset)
    return _CENTRAL + struct.pack("<HHHHHHIIIHHHHHII", *fixed, *numbers) + raw


def _end(count: int, size: int, offset: int) -> bytes:
    return _END + struct.pack("<HHHHIIH", 0, 0, count, count, size, offset, 0)

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
from cases.domain.hash_chain import IntegrityFlaw

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_SIZE, _END_SIZE = 30, 22
_UTF8_NAMES = 0x800
_MIDNIGHT, _FIRST_OF_1980 = 0, 0x21
_PLAIN_FILE = 0o100644 << 16
_MAX_BYTES, _MAX_FILES = 2**32 - 1, 2**16 - 1
_CHUNK_BYTES = 1 << 20
_MAX_NAME_LENGTH = 400
# No way out of the folder that it is unpacked into, on any system.
_SAFE_NAME = re.compile(r"(?!.*(^|/)\.{1,2}(/|$))(?!/)(?!.*//)[^\x00-\x1f\x7f\\:]+(?<!/)")


class ArchiveTooLarge(CaseError):
    code = "archive_too_large"
    message = gettext_noop("A dossier can hold up to 4 GB. Select fewer cases and create several dossiers.")


@dataclass(frozen=True)
class ArchiveMember:
    """A file in an archive: where its bytes begin, how many there are, and their SHA-256."""

    name: str
    offset: int
    size: int
    sha256: str


@dataclass
class ArchiveContents:
    """What an archive holds; with a flaw the reading ended there, or the file that it names is not as it was."""

    members: list[ArchiveMember] = field(default_factory=list)
    flaws: list[IntegrityFlaw] = field(default_factory=list)


class ArchiveWriter:
    """Writes files one after the other to a binary file that need not be able to seek."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self._directory = bytearray()
        self.members: dict[str, ArchiveMember] = {}

    def add(self, name: str, data: bytes) -> ArchiveMember:
        """Raises ArchiveTooLarge; ValueError for a name that would not be read again, or that is there already."""
        if not is_safe_name(name) or name in self.members:
            raise ValueError(f"no name for a file: {name!r}")
        crc = zlib.crc32(data)
        head, entry = _local_header(name, crc, len(data)), _directory_entry(name, crc, len(data), self._at)
        end = self._at + len(head) + len(data) + len(self._directory) + len(entry) + _END_SIZE
        if end > _MAX_BYTES or len(self.members) >= _MAX_FILES:
            raise ArchiveTooLarge()
        member = ArchiveMember(name, self._at + len(head), len(data), hashlib.sha256(data).hexdigest())
        self._out.write(head)
        self._out.write(data)
        self._at = member.offset + member.size
        self._directory += entry
        self.members[name] = member
        return member

    def close(self) -> None:
        """Writes the directory; the file itself stays open."""
        self._out.write(self._directory + _end_record(len(self.members), len(self._directory), self._at))


def is_safe_name(name: str) -> bool:
    """Whether a name stays within its folder wherever it is unpacked."""
    return len(name) <= _MAX_NAME_LENGTH and _SAFE_NAME.fullmatch(name) is not None


def read_archive(file: BinaryIO) -> ArchiveContents:
    """Walk through an archive from the first byte to the last; memory stays flat. Nothing in it is believed."""
    file.seek(0)
    contents = ArchiveContents()
    directory = bytearray()
    names: set[str] = set()
    at = 0
    while (start := file.read(4)) == _LOCAL:
        header = start + file.read(_LOCAL_SIZE - 4)
        if len(header) < _LOCAL_SIZE or at > _MAX_BYTES or len(names) >= _MAX_FILES:
            return _broken_archive(contents)
        crc, _packed, size, length, _extra = struct.unpack("<IIIHH", header[14:])
        raw = file.read(length)
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            return _broken_archive(contents)
        if not is_safe_name(name):
            contents.flaws.append(IntegrityFlaw(gettext_noop("a file name points outside its folder")))
            return contents
        if name in names:
            contents.flaws.append(IntegrityFlaw(gettext_noop("“%(file)s” is there twice"), {"file": name}))
            return contents
        if header + raw != _local_header(name, crc, size):
            return _broken_archive(contents)
        offset = at + _LOCAL_SIZE + length
        sha256, actual_crc, size_read = _digest(file, size)
        if size_read != size:
            return _broken_archive(contents)
        if actual_crc != crc:
            contents.flaws.append(altered_file_flaw(name))
        names.add(name)
        contents.members.append(ArchiveMember(name, offset, size, sha256))
        directory += _directory_entry(name, crc, size, at)
        at = offset + size
    expected_tail = bytes(directory + _end_record(len(names), len(directory), at)) if at <= _MAX_BYTES else b""
    if (
        not names or not expected_tail or start + file.read(len(expected_tail)) != expected_tail
    ):  # asks for more than there may be
        return _broken_archive(contents)
    return contents


def read_member(file: BinaryIO, member: ArchiveMember) -> bytes:
    """The bytes of a file of the archive."""
    file.seek(member.offset)
    return file.read(member.size)


def altered_file_flaw(name: str) -> IntegrityFlaw:
    return IntegrityFlaw(gettext_noop("“%(file)s” was altered"), {"file": name})


def _broken_archive(contents: ArchiveContents) -> ArchiveContents:
    """The archive itself is not as it was written."""
    if contents.members:
        message = gettext_noop("the file is incomplete, changed or repackaged: the data after “%(file)s” is not valid")
        contents.flaws.append(IntegrityFlaw(message, {"file": contents.members[-1].name}))
    else:
        contents.flaws.append(IntegrityFlaw(gettext_noop("this is not a dossier, or it was unpacked and zipped again")))
    return contents


def _digest(file: BinaryIO, size: int) -> tuple[str, int, int]:
    digest, crc, size_read = hashlib.sha256(), 0, 0
    while size_read < size and (chunk := file.read(min(_CHUNK_BYTES, size - size_read))):
        digest.update(chunk)
        crc = zlib.crc32(chunk, crc)
        size_read += len(chunk)
    return digest.hexdigest(), crc, size_read


def _local_header(name: str, crc: int, size: int) -> bytes:
    raw = name.encode()
    fixed = (20, _UTF8_NAMES, 0, _MIDNIGHT, _FIRST_OF_1980)
    return _LOCAL + struct.pack("<HHHHHIIIHH", *fixed, crc, size, size, len(raw), 0) + raw


def _directory_entry(name: str, crc: int, size: int, offset: int) -> bytes:
    raw = name.encode()
    fixed = (0x314, 20, _UTF8_NAMES, 0, _MIDNIGHT, _FIRST_OF_1980)
    numbers = (crc, size, size, len(raw), 0, 0, 0, 0, _PLAIN_FILE, offset)
    return _CENTRAL + struct.pack("<HHHHHHIIIHHHHHII", *fixed, *numbers) + raw


def _end_record(count: int, size: int, offset: int) -> bytes:
    return _END + struct.pack("<HHHHIIH", 0, 0, count, count, size, offset, 0)

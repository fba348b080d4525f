"""The one way in which a dossier's ZIP is written: others open it, every bit counts, hostile ones are refused."""

import io
import struct
import zipfile
from typing import Any

import pytest

from cases.formats import zip_archive
from cases.formats.zip_archive import ArchiveTooLarge, ArchiveWriter, is_safe_name, read_archive, read_member

FILES = {"receipts/XK-23456789/受理单.png": b"\x89PNG" + bytes(range(40)), "dossier.pdf": b"", "manifest.sig": b"x"}


def packed(files: dict[str, bytes] = FILES) -> bytes:
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name, data in files.items():
        writer.add(name, data)
    writer.close()
    return out.getvalue()


def archive_flaws(data: bytes) -> list[str]:
    return [str(flaw) for flaw in read_archive(io.BytesIO(data)).flaws]


def by_zipfile(*files: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as opened:
        for name, data in files:
            opened.writestr(name, data)
    return out.getvalue()


def test_what_was_written_is_read_again() -> None:
    file = io.BytesIO(packed())
    reading = read_archive(file)
    assert reading.flaws == []
    assert {m.name: read_member(file, m) for m in reading.members} == FILES
    assert [m.size for m in reading.members] == [44, 0, 1]


def test_any_unzip_program_opens_it() -> None:
    with zipfile.ZipFile(io.BytesIO(packed())) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == FILES
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}


def test_the_same_files_are_the_same_bytes() -> None:
    assert packed() == packed()


def test_every_bit_counts() -> None:
    whole = packed()
    for at in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[at] ^= 1 << bit
            reading = read_archive(io.BytesIO(bytes(changed)))
            names = [m.name for m in reading.members]
            assert reading.flaws or names != list(FILES), (at, bit)  # a name alone is told by the manifest


def test_every_cut_and_every_addition_shows() -> None:
    whole = packed()
    for length in range(len(whole)):
        assert archive_flaws(whole[:length]), length
    assert archive_flaws(whole + b"\0") == [
        "the file is incomplete, changed or repackaged: the data after “manifest.sig” is not valid"
    ]
    assert archive_flaws(b"\0" + whole) == ["this is not a dossier, or it was unpacked and zipped again"]
    assert (
        archive_flaws(b"")
        == archive_flaws(b"%PDF-1.7")
        == ["this is not a dossier, or it was unpacked and zipped again"]
    )


def test_packed_anew_by_another_program_it_is_not_the_same() -> None:
    assert archive_flaws(by_zipfile(*FILES.items()))
    assert archive_flaws(by_zipfile(*FILES.items(), compression=zipfile.ZIP_DEFLATED))


def test_a_bomb_is_not_unpacked() -> None:
    bomb = by_zipfile(("dossier.pdf", bytes(50_000_000)), compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert archive_flaws(bomb) == ["this is not a dossier, or it was unpacked and zipped again"]


def test_a_size_that_is_not_there_is_not_waited_for() -> None:
    head = zip_archive._local_header("a", 0, 2**32 - 1)
    assert archive_flaws(head + b"x" * 100) == ["this is not a dossier, or it was unpacked and zipped again"]


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/../../x",
        "/etc/passwd",
        "a//b",
        "C:x",
        "a\\b",
        "a/",
        "./a",
        "a/.",
        "..",
        "a\0b",
        "a\nb",
        "",
        "x" * 401,
    ],
)
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    assert not is_safe_name(name)
    with pytest.raises(ValueError, match="no name for a file"):
        ArchiveWriter(io.BytesIO()).add(name, b"")
    raw = name.encode()
    data = (
        zip_archive._local_header(name, 0, 0)
        + zip_archive._directory_entry(name, 0, 0, 0)
        + zip_archive._end_record(1, 46 + len(raw), 30 + len(raw))
    )
    assert archive_flaws(data) == ["a file name points outside its folder"]


@pytest.mark.parametrize("name", ["a", "a/b.c", "receipts/XK-2/受理 单 (1).png", "..a", "a..b", "a/...b"])
def test_ordinary_names(name: str) -> None:
    assert is_safe_name(name)
    assert archive_flaws(packed({name: b"1"})) == []


def test_no_name_twice() -> None:
    writer = ArchiveWriter(io.BytesIO())
    writer.add("a", b"1")
    with pytest.raises(ValueError, match="no name for a file"):
        writer.add("a", b"2")
    one = packed({"a": b"1"})[:32]
    assert archive_flaws(one + one) == ["“a” is there twice"]


def test_a_name_that_is_no_text() -> None:
    data = bytearray(packed({"a": b"1"}))
    data[30] = 0xFF
    assert archive_flaws(bytes(data)) == ["this is not a dossier, or it was unpacked and zipped again"]


def test_more_than_the_format_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "_MAX_BYTES", 300)
    monkeypatch.setattr(zip_archive, "_MAX_FILES", 3)
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    with pytest.raises(ArchiveTooLarge):
        writer.add("a", bytes(300))
    for name in ("a", "b"):
        writer.add(name, b"")
    with pytest.raises(ArchiveTooLarge):
        writer.add("c", bytes(60))  # there must be room for the directory, too
    writer.close()
    assert archive_flaws(out.getvalue()) == []
    assert len(out.getvalue()) == 30 * 2 + 46 * 2 + 4 + 22


def test_more_files_than_can_be_counted_do_not_break_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({str(n): b"" for n in range(6)})
    monkeypatch.setattr(zip_archive, "_MAX_FILES", 5)
    assert archive_flaws(data) == ["the file is incomplete, changed or repackaged: the data after “4” is not valid"]


def test_a_file_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "_CHUNK_BYTES", 7)
    reading = read_archive(io.BytesIO(packed()))
    assert (reading.flaws, [m.size for m in reading.members]) == ([], [44, 0, 1])


def test_the_directory_is_read_too() -> None:
    """A second directory that names other files is what some unpackers would follow."""
    whole = packed({"a": b"1"})
    end: Any = struct.unpack("<HHHHIIH", whole[-18:])
    other = packed({"b": b"2"})[-(end[4] + 22) :]
    assert archive_flaws(whole + other) == [
        "the file is incomplete, changed or repackaged: the data after “a” is not valid"
    ]
    assert archive_flaws(whole[: end[5]] + other) == [
        "the file is incomplete, changed or repackaged: the data after “a” is not valid"
    ]

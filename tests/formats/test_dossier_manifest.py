"""A dossier is checked with the file and the public key alone: one bit changed anywhere is found."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cases.domain.hash_chain import ChainLink, EntryFacts, content_digest, entry_hash
from cases.formats import dossier_manifest, zip_archive
from cases.formats.dossier_manifest import (
    DossierReport,
    InvalidPublicKey,
    fingerprint,
    public_pem,
    read_key,
    verify_dossier,
)
from cases.formats.zip_archive import ArchiveWriter

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
CASE = "XK-23456789"


def chain(*contents: dict[str, Any], case: str = CASE) -> list[ChainLink]:
    links: list[ChainLink] = []
    for sequence, said in enumerate(contents, 1):
        salt, moment = bytes([sequence]) * 32, datetime(2026, 10, 9, 2, sequence, tzinfo=UTC)
        digest = content_digest(salt, said)
        facts: dict[str, Any] = {
            "sequence": sequence,
            "recorded_at": moment,
            "digest": digest,
            "case": case,
            "kind": "follow_up",
            "status_from": "submitted",
            "status_to": "submitted",
        }
        previous = links[-1].hash if links else "0" * 64
        made = entry_hash(previous, EntryFacts(**facts))
        links.append(ChainLink(hash=made, salt=salt, content=said, **facts))
    return links


LINKS = chain({"words": "催办"}, {"words": "工号 1024", "at": "2026-10-09T10:00:00+08:00"}, {"words": "synthetic"})


def packed(
    links: list[ChainLink] = LINKS,
    *,
    key: Ed25519PrivateKey = KEY,
    with_content: bool = True,
    head: str = LINKS[-1].hash,
    count: int = 3,
    extra: dict[str, bytes] | None = None,
) -> bytes:
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name, data in {"receipts/XK-23456789/abc-受理单.txt": b"synthetic", **(extra or {})}.items():
        writer.add(name, data)
    record = dossier_manifest.timeline_json(links, head=head, count=count, with_content=with_content)
    writer.add(dossier_manifest.timeline_file_name(CASE), record)
    writer.add(dossier_manifest.PDF, b"%PDF-1.7")
    facts = {
        "made_at": "2026-10-16T10:00:00+08:00",
        "site": "http://127.0.0.1:8000",
        "full_numbers": with_content,
        "with_receipts": True,
        "cases": [{"reference": CASE, "head": head, "count": count}],
    }
    dossier_manifest.sign_and_close(writer, facts, key)
    return out.getvalue()


def checked(data: bytes, key: Ed25519PrivateKey = KEY) -> DossierReport:
    return verify_dossier(io.BytesIO(data), key.public_key())


def dossier_flaws(data: bytes, key: Ed25519PrivateKey = KEY) -> list[str]:
    return [str(flaw) for flaw in checked(data, key).flaws]


def test_an_untouched_one() -> None:
    report = checked(packed())
    assert report.flaws == []
    assert (report.made_at, report.site, report.files) == ("2026-10-16T10:00:00+08:00", "http://127.0.0.1:8000", 3)
    assert [(c.reference, c.head, c.count) for c in report.cases] == [(CASE, LINKS[-1].hash, 3)]


def test_one_bit_anywhere_is_found() -> None:
    whole = packed()
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1 << at % 8
        assert dossier_flaws(bytes(changed)), at


def test_without_its_content_the_chain_is_still_computed() -> None:
    data = packed(with_content=False)
    assert dossier_flaws(data) == []
    assert b"1024" not in data
    with_erased = [LINKS[0], replace(LINKS[1], salt=None, content=None), LINKS[2]]
    assert dossier_flaws(packed(with_erased)) == []


def swapped(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) == 1
    assert len(old) == len(new)
    return data.replace(old, new)


def test_a_changed_file_is_named_and_a_changed_entry_too() -> None:
    assert dossier_flaws(swapped(packed(), b"%PDF-1.7", b"%PDF-1.8")) == ["“dossier.pdf” was altered"]
    assert dossier_flaws(swapped(packed(), b"1024", b"1025")) == [
        "“timeline/XK-23456789.json” was altered",
        "XK-23456789: the content of entry 2 was altered",
    ]
    assert dossier_flaws(swapped(packed(), b'"words":"synthetic"', b'"words":"synthetic\xff')) == [
        "“timeline/XK-23456789.json” was altered",
        "XK-23456789: the timeline cannot be read",
    ]


def test_a_broken_record_that_was_signed_is_named() -> None:
    assert dossier_flaws(packed([LINKS[0], LINKS[2]])) == ["XK-23456789: entry 2 is missing"]
    assert dossier_flaws(packed(LINKS[:2])) == ["XK-23456789: 3 entries were recorded, 2 are there"]
    assert dossier_flaws(packed([LINKS[0], replace(LINKS[1], kind="promised"), LINKS[2]])) == [
        "XK-23456789: entry 2 was altered"
    ]
    other = chain({"words": "a"}, case="XK-99999999")
    assert dossier_flaws(packed(other, head=other[0].hash, count=1)) == [
        "XK-23456789: the timeline belongs to a different case"
    ]


def test_another_installations_key() -> None:
    theirs = packed(key=OTHER)
    assert dossier_flaws(theirs, OTHER) == []
    assert dossier_flaws(theirs) == [
        f"it was signed with a different key, fingerprint {fingerprint(OTHER.public_key())}"
    ]
    forged = swapped(
        theirs, fingerprint(OTHER.public_key()).encode() + b" ", fingerprint(KEY.public_key()).encode() + b" "
    )
    assert dossier_flaws(forged)[-1] == "the signature is not valid: the manifest or the signature was changed"


def repacked(data: bytes, change: Any) -> bytes:
    """The files of a dossier, changed, in an archive that is right again."""
    source = io.BytesIO(data)
    files = {m.name: zip_archive.read_member(source, m) for m in zip_archive.read_archive(source).members}
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name, content in change(files).items():
        writer.add(name, content)
    writer.close()
    return out.getvalue()


def test_files_that_came_or_went_or_changed_places() -> None:
    def without(files: dict[str, bytes]) -> dict[str, bytes]:
        return {name: data for name, data in files.items() if name != "dossier.pdf"}

    def more(files: dict[str, bytes]) -> dict[str, bytes]:
        return {"readme.txt": b"trust me", **files}

    def turned(files: dict[str, bytes]) -> dict[str, bytes]:
        return dict(reversed(files.items()))

    assert dossier_flaws(repacked(packed(), dict)) == []
    assert dossier_flaws(repacked(packed(), without)) == ["“dossier.pdf” is missing"]
    assert dossier_flaws(repacked(packed(), more)) == ["“readme.txt” is not part of this dossier"]
    assert dossier_flaws(repacked(packed(), turned)) == ["the files are not in the order of the manifest"]


def test_without_manifest_or_signature() -> None:
    for name in ("manifest.json", "manifest.sig"):
        data = repacked(packed(), lambda files, name=name: {n: d for n, d in files.items() if n != name})
        assert dossier_flaws(data) == ["this is not a dossier: it has no signed manifest"]
    assert dossier_flaws(b"") == ["this is not a dossier, or it was unpacked and zipped again"]


@pytest.mark.parametrize(
    "signature", [b"", b"ed25519", b"x" * 202, b"ed25519 " + b"A" * 64 + b" " + b"0" * 128 + b"\n"]
)
def test_a_signature_that_is_none(signature: bytes) -> None:
    data = repacked(packed(), lambda files: files | {"manifest.sig": signature})
    assert dossier_flaws(data) == ["“manifest.sig” was altered"]


@pytest.mark.parametrize("manifest", [b"", b"[" * 100_000, b"{}", b"\xff", b'{"format": 1, "cases": 3}'])
def test_a_manifest_that_nobody_signed_is_not_even_parsed(manifest: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    data = repacked(packed(), lambda files: files | {"manifest.json": manifest})
    monkeypatch.setattr(dossier_manifest.json, "loads", None)
    assert dossier_flaws(data) == ["the signature is not valid: the manifest or the signature was changed"]


def test_a_later_format_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossier_manifest, "FORMAT", 2)
    data = packed()
    monkeypatch.undo()
    assert dossier_flaws(data) == ["its format 2 is not supported by this version of Xiaoka"]


def test_what_the_timeline_file_holds() -> None:
    record = json.loads(dossier_manifest.timeline_json(LINKS[:2], head="h", count=2, with_content=True))
    assert (record["head"], record["count"], len(record["entries"])) == ("h", 2, 2)
    assert record["entries"][0]["content"] == {"words": "催办"}
    assert record["entries"][0]["recorded_at"] == "2026-10-09T02:01:00.000000+00:00"
    masked = json.loads(dossier_manifest.timeline_json(LINKS[:1], head="h", count=1, with_content=False))["entries"][0]
    assert (masked["content"], masked["salt"], masked["content_is"]) == (None, None, "left out")


def test_keys_travel_as_pem() -> None:
    pem = public_pem(KEY.public_key())
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert public_pem(read_key(f"\n {pem} ")) == pem
    assert fingerprint(read_key(pem)) == fingerprint(KEY.public_key()) != fingerprint(OTHER.public_key())
    # The number of RFC 8410's example, by openssl pkey -pubin -outform DER | sha256sum.
    body = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
    known = f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"
    assert fingerprint(read_key(known)) == "a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f"


@pytest.mark.parametrize("pem", ["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "\ud800"])
def test_what_is_no_key(pem: str) -> None:
    with pytest.raises(InvalidPublicKey):
        read_key(pem)


def test_a_key_of_another_kind() -> None:
    public = generate_private_key(SECP256R1()).public_key()
    with pytest.raises(InvalidPublicKey):
        read_key(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def signed(manifest: bytes, *, key: Ed25519PrivateKey = KEY) -> bytes:
    """An archive with nothing but this manifest, rightly signed: whoever brings a key of their own can make one."""
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    writer.add(dossier_manifest.MANIFEST, manifest)
    mark = fingerprint(key.public_key())
    writer.add(dossier_manifest.SIGNATURE, f"ed25519 {mark} {key.sign(manifest).hex()}\n".encode())
    writer.close()
    return out.getvalue()


FACTS = {"format": dossier_manifest.FORMAT, "made_at": "2026-10-16T10:00:00+08:00", "site": "", "full_numbers": False}


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        json.dumps({"format": dossier_manifest.FORMAT}).encode(),
        json.dumps(FACTS | {"files": [], "cases": 5}).encode(),
        json.dumps(FACTS | {"files": [{}], "cases": []}).encode(),
        json.dumps(FACTS | {"made_at": "soon", "files": [], "cases": []}).encode(),
        json.dumps(FACTS | {"files": [], "cases": [{"reference": CASE, "head": "", "count": "many"}]}).encode(),
        json.dumps(FACTS | {"files": [], "cases": [{"reference": {}, "head": "", "count": 1}]}).encode(),
    ],
)
def test_a_rightly_signed_manifest_that_says_nothing_sensible(manifest: bytes) -> None:
    assert dossier_flaws(signed(manifest))[-1] == "the manifest cannot be read"


def test_no_more_json_is_read_than_allowed() -> None:
    manifest = json.dumps(FACTS | {"files": [], "cases": []}).encode()
    data, key = signed(manifest), KEY.public_key()
    assert verify_dossier(io.BytesIO(data), key, len(manifest)).flaws == []
    assert [str(flaw) for flaw in verify_dossier(io.BytesIO(data), key, len(manifest) - 1).flaws] == [
        "the manifest cannot be read"
    ]

"""What a dossier is, and how one is checked with nothing but the file and the public key of who made it.

An archive (`cases.formats.zip_archive`) with, in this order: for each case its receipts as they were handed in, and its
timeline; dossier.pdf; manifest.json, which names every file before it with size and SHA-256, and every case with the
head and length of its chain; manifest.sig, the Ed25519 signature over the bytes of manifest.json. Only what a right
signature covers is looked into: nobody else's JSON is parsed.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from cases.domain.errors import CaseError, gettext_noop
from cases.domain.hash_chain import Flaw, Link, canonical_json, first_flaw
from cases.formats import zip_archive

FORMAT = 1
PDF, MANIFEST, SIGNATURE = "dossier.pdf", "manifest.json", "manifest.sig"
_SIGNED = re.compile(rb"ed25519 ([0-9a-f]{64}) ([0-9a-f]{128})\n")


class KeyRefused(CaseError):
    code = "key_refused"
    message = gettext_noop("This is not an Ed25519 public key in PEM form (-----BEGIN PUBLIC KEY-----).")
    field = "key"


@dataclass(frozen=True)
class Chained:
    """A case of a dossier, as its manifest names it."""

    reference: str
    head: str
    count: int


@dataclass
class Report:
    """What a check found: without flaws, all that is said here is proven by the signature."""

    fingerprint: str
    made_at: str = ""
    site: str = ""
    full_numbers: bool = False
    files: int = 0
    cases: list[Chained] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)


def public_pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(key: Ed25519PublicKey) -> str:
    """Hex SHA-256 of the key's DER form, as `openssl pkey -pubin -outform DER | sha256sum` gives it."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def read_key(pem: str) -> Ed25519PublicKey:
    """A public key from its PEM form; raises KeyRefused."""
    try:
        key = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm, UnicodeEncodeError):
        raise KeyRefused() from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyRefused()
    return key


def timeline_name(reference: str) -> str:
    return f"timeline/{reference}.json"


def timeline(links: Sequence[Link], *, head: str, count: int, with_content: bool) -> bytes:
    """A case's record as a file of the dossier. Without the content its digests stand alone, and still chain."""
    entries = [_entry(link, with_content) for link in links]
    return canonical_json({"count": count, "entries": entries, "head": head})


def _entry(link: Link, with_content: bool) -> dict[str, Any]:
    state = "erased" if link.salt is None else "here" if with_content else "left out"
    shown = link.salt is not None and with_content
    return {
        "sequence": link.sequence,
        "case": link.case,
        "kind": link.kind,
        "status_from": link.status_from,
        "status_to": link.status_to,
        "recorded_at": link.recorded_at.isoformat(timespec="microseconds"),
        "digest": link.digest,
        "hash": link.hash,
        "content_is": state,
        "salt": base64.b64encode(link.salt or b"").decode() if shown else None,
        "content": link.content if shown else None,
    }


def seal(writer: zip_archive.Writer, facts: Mapping[str, Any], key: Ed25519PrivateKey) -> None:
    """Close a dossier: the manifest over all that was written, its signature, the archive's directory.

    `facts` are made_at, site, full_numbers, with_receipts and cases.
    """
    mark = fingerprint(key.public_key())
    files = [{"name": m.name, "size": m.size, "sha256": m.sha256} for m in writer.members.values()]
    manifest = canonical_json({**facts, "format": FORMAT, "key": mark, "files": files})
    writer.add(MANIFEST, manifest)
    writer.add(SIGNATURE, f"ed25519 {mark} {key.sign(manifest).hex()}\n".encode())
    writer.close()


def check(file: BinaryIO, key: Ed25519PublicKey, longest: int = 64 * 1024 * 1024) -> Report:
    """Check a dossier against the public key of the installation that made it; nothing in it is believed before.

    Nor is much believed after: whoever asks may bring a key of their own making. Of JSON no more than `longest` bytes
    are read at once, which unfold to some forty times as much.
    """
    report = Report(fingerprint(key))
    reading = zip_archive.read(file)
    report.flaws += reading.flaws
    members = {member.name: member for member in reading.members}
    if MANIFEST not in members or SIGNATURE not in members:
        if not report.flaws:
            report.flaws.append(Flaw(gettext_noop("this is no dossier: it has no signed manifest")))
        return report
    if members[MANIFEST].size > longest:
        report.flaws.append(_unreadable())
        return report
    manifest = zip_archive.content(file, members[MANIFEST])
    flaw = _signature_flaw(manifest, zip_archive.content(file, members[SIGNATURE]), key)
    if flaw:
        report.flaws.append(flaw)
        return report
    try:
        _check_promises(report, json.loads(manifest), file, reading, longest)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        report.flaws.append(_unreadable())
    return report


def _unreadable() -> Flaw:
    return Flaw(gettext_noop("the manifest cannot be read"))


def _check_promises(report: Report, promised: Any, file: BinaryIO, reading: zip_archive.Reading, longest: int) -> None:
    """What a manifest with a right signature says, against what is there."""
    if promised.get("format") != FORMAT:
        message = gettext_noop("it is of format %(format)s, which this version of Xiaoka does not know")
        report.flaws.append(Flaw(message, {"format": promised.get("format")}))
        return
    datetime.fromisoformat(promised["made_at"])
    report.made_at, report.site = promised["made_at"], promised["site"]
    report.full_numbers, report.files = promised["full_numbers"], len(promised["files"])
    report.cases = [_chained(**case) for case in promised["cases"]]
    for flaw in _file_flaws(promised["files"], reading.members):
        if flaw not in report.flaws:
            report.flaws.append(flaw)
    sizes = {each["name"]: each["size"] for each in promised["files"]}
    members = {member.name: member for member in reading.members}
    for case in report.cases:
        member = members.get(timeline_name(case.reference))
        if member is not None and member.size == sizes.get(member.name):
            data = zip_archive.content(file, member) if member.size <= longest else b""
            report.flaws += _timeline_flaws(case, data)


def _chained(*, reference: Any, head: Any, count: Any) -> Chained:
    if (type(reference), type(head), type(count)) != (str, str, int):
        raise TypeError
    return Chained(reference, head, count)


def _signature_flaw(manifest: bytes, signature: bytes, key: Ed25519PublicKey) -> Flaw | None:
    signed = _SIGNED.fullmatch(signature)
    if signed is None:
        return zip_archive.altered(SIGNATURE)
    if signed[1].decode() != fingerprint(key):
        message = gettext_noop("it was signed with another key, of the fingerprint %(fingerprint)s")
        return Flaw(message, {"fingerprint": signed[1].decode()})
    try:
        key.verify(bytes.fromhex(signed[2].decode()), manifest)
    except InvalidSignature:
        return Flaw(gettext_noop("the signature does not fit: the manifest or the signature was altered"))
    return None


def _file_flaws(promised: list[dict[str, Any]], members: list[zip_archive.Member]) -> Iterator[Flaw]:
    there = {member.name: member for member in members}
    for each in promised:
        member = there.get(each["name"])
        if member is None:
            yield Flaw(gettext_noop("“%(file)s” is missing"), {"file": each["name"]})
        elif (member.size, member.sha256) != (each["size"], each["sha256"]):
            yield zip_archive.altered(each["name"])
    order = [each["name"] for each in promised] + [MANIFEST, SIGNATURE]
    known = set(order)
    for name in there:
        if name not in known:
            yield Flaw(gettext_noop("“%(file)s” does not belong to it"), {"file": name})
    if set(there) == known and list(there) != order:
        yield Flaw(gettext_noop("its files are not in their order"))


def _timeline_flaws(case: Chained, data: bytes) -> Iterator[Flaw]:
    """The chain computed anew from the file alone, against the head and the count that the manifest names."""
    try:
        links = [_link(each) for each in json.loads(data)["entries"]]
        flaw = first_flaw(links, head=case.head, count=case.count)
        alien = any(link.case != case.reference for link in links)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        yield Flaw(gettext_noop("the timeline cannot be read"), about=case.reference)
        return
    if flaw:
        yield Flaw(flaw.message, flaw.params, about=case.reference)
    if alien:
        yield Flaw(gettext_noop("the timeline is another case's"), about=case.reference)


def _link(each: Mapping[str, Any]) -> Link:
    return Link(
        sequence=each["sequence"],
        case=each["case"],
        kind=each["kind"],
        status_from=each["status_from"],
        status_to=each["status_to"],
        recorded_at=datetime.fromisoformat(each["recorded_at"]),
        digest=each["digest"],
        hash=each["hash"],
        salt=base64.b64decode(each["salt"], validate=True) if each["salt"] is not None else None,
        content=each["content"],
    )

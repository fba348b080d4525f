"""What a dossier is, and how one is checked with nothing but the file and the public key of who made it.

An archive (`cases.formats.zip_archive`) with, in this order: for each case its receipts as they were uploaded, and its
timeline; where there are anchors, the newest one and the proof for each case (`cases.formats.dossier_anchors`);
dossier.pdf; manifest.json, which names every file before it with size and SHA-256, and every case with the
head and length of its chain; manifest.sig, the Ed25519 signature over the bytes of manifest.json. Only what a right
signature covers is looked into: nobody else's JSON is parsed.
"""

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, TypedDict

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509 import Certificate

from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import ChainLink, IntegrityFlaw, canonical_json, find_first_flaw
from cases.domain.json_values import Json, JsonObject
from cases.formats import zip_archive
from cases.formats.dossier_anchors import AnchoredCase, CheckedDossier, check_anchors
from cases.formats.public_keys import InvalidPublicKey, fingerprint, public_pem, read_key

__all__ = [
    "AnchoredCase",
    "DossierCase",
    "DossierReport",
    "InvalidPublicKey",
    "fingerprint",
    "public_pem",
    "read_key",
    "sign_and_close",
    "timeline_file_name",
    "timeline_json",
    "verify_dossier",
]

FORMAT = 1
PDF, MANIFEST, SIGNATURE = "dossier.pdf", "manifest.json", "manifest.sig"
_SIGNATURE_LINE = re.compile(rb"ed25519 ([0-9a-f]{64}) ([0-9a-f]{128})\n")


# What our own dossiers hold. A stranger's may hold anything: whoever reads them expects KeyError and TypeError.


class _File(TypedDict):
    name: str
    size: int
    sha256: str


class _Case(TypedDict):
    reference: str
    head: str
    count: int


class _Manifest(TypedDict):
    format: int
    made_at: str
    site: str
    full_numbers: bool
    files: list[_File]
    cases: list[_Case]


class _Entry(TypedDict):
    sequence: int
    case: str
    kind: str
    status_from: str
    status_to: str
    recorded_at: str
    digest: str
    hash: str
    salt: str | None
    content: JsonObject | None


@dataclass(frozen=True)
class DossierCase:
    """A case of a dossier, as its manifest names it."""

    reference: str
    head: str
    count: int


@dataclass
class DossierReport:
    """The result of a check: without flaws, the signature proves all of it."""

    fingerprint: str
    made_at: str = ""
    site: str = ""
    full_numbers: bool = False
    files: int = 0
    cases: list[DossierCase] = field(default_factory=list)
    anchors: list[AnchoredCase] = field(default_factory=list)
    flaws: list[IntegrityFlaw] = field(default_factory=list)


def timeline_file_name(reference: str) -> str:
    return f"timeline/{reference}.json"


def timeline_json(links: Sequence[ChainLink], *, head: str, count: int, with_content: bool) -> bytes:
    """A case's record as a file of the dossier. Without the content its digests stand alone, and still chain."""
    entries = [_timeline_entry(link, with_content) for link in links]
    return canonical_json({"count": count, "entries": entries, "head": head})


def _timeline_entry(link: ChainLink, with_content: bool) -> dict[str, Json]:
    content_state = "erased" if link.salt is None else "here" if with_content else "left out"
    has_content = link.salt is not None and with_content
    return {
        "sequence": link.sequence,
        "case": link.case,
        "kind": link.kind,
        "status_from": link.status_from,
        "status_to": link.status_to,
        "recorded_at": link.recorded_at.isoformat(timespec="microseconds"),
        "digest": link.digest,
        "hash": link.hash,
        "content_is": content_state,
        "salt": base64.b64encode(link.salt or b"").decode() if has_content else None,
        "content": link.content if has_content else None,
    }


def sign_and_close(writer: zip_archive.ArchiveWriter, facts: JsonObject, key: Ed25519PrivateKey) -> None:
    """Close a dossier: the manifest over all that was written, its signature, the archive's directory.

    `facts` are made_at, site, full_numbers, with_receipts and cases.
    """
    key_fingerprint = fingerprint(key.public_key())
    files: list[Json] = [
        {"name": member.name, "size": member.size, "sha256": member.sha256} for member in writer.members.values()
    ]
    manifest = canonical_json({**facts, "format": FORMAT, "key": key_fingerprint, "files": files})
    writer.add(MANIFEST, manifest)
    writer.add(SIGNATURE, f"ed25519 {key_fingerprint} {key.sign(manifest).hex()}\n".encode())
    writer.close()


def verify_dossier(
    file: BinaryIO,
    key: Ed25519PublicKey,
    max_json_bytes: int = 64 * 1024 * 1024,
    trusted: Sequence[Certificate] = (),
) -> DossierReport:
    """Check a dossier against the public key of the installation that made it; nothing in it is believed before.

    Nor is much believed after: whoever asks may bring a key of their own making. Of JSON no more than `max_json_bytes`
    are read at once, which unfold to some forty times as much. Time stamps are checked up to `trusted` certificates;
    without any, the report says that they were not.
    """
    report = DossierReport(fingerprint(key))
    contents = zip_archive.read_archive(file)
    report.flaws += contents.flaws
    members = {member.name: member for member in contents.members}
    if MANIFEST not in members or SIGNATURE not in members:
        if not report.flaws:
            report.flaws.append(IntegrityFlaw(gettext_noop("this is not a dossier: it has no signed manifest")))
        return report
    if members[MANIFEST].size > max_json_bytes:
        report.flaws.append(_unreadable_manifest())
        return report
    manifest = zip_archive.read_member(file, members[MANIFEST])
    flaw = _signature_flaw(manifest, zip_archive.read_member(file, members[SIGNATURE]), key)
    if flaw:
        report.flaws.append(flaw)
        return report
    try:
        _check_manifest(report, json.loads(manifest), file, contents, max_json_bytes)
        if not report.flaws:  # what follows is read as checked
            report.anchors, report.flaws = check_anchors(_checked_dossier(report, file, members), key, trusted)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        report.flaws.append(_unreadable_manifest())
    return report


def _unreadable_manifest() -> IntegrityFlaw:
    return IntegrityFlaw(gettext_noop("the manifest cannot be read"))


def _check_manifest(
    report: DossierReport,
    manifest: _Manifest,
    file: BinaryIO,
    contents: zip_archive.ArchiveContents,
    max_json_bytes: int,
) -> None:
    """What a manifest with a right signature says, against what is there."""
    if manifest.get("format") != FORMAT:
        message = gettext_noop("its format %(format)s is not supported by this version of Xiaoka")
        report.flaws.append(IntegrityFlaw(message, {"format": manifest.get("format")}))
        return
    datetime.fromisoformat(manifest["made_at"])
    report.made_at, report.site = manifest["made_at"], manifest["site"]
    report.full_numbers, report.files = manifest["full_numbers"], len(manifest["files"])
    report.cases = [_dossier_case(**case) for case in manifest["cases"]]
    for flaw in _file_flaws(manifest["files"], contents.members):
        if flaw not in report.flaws:
            report.flaws.append(flaw)
    sizes = {entry["name"]: entry["size"] for entry in manifest["files"]}
    members = {member.name: member for member in contents.members}
    for case in report.cases:
        member = members.get(timeline_file_name(case.reference))
        if member is not None and member.size == sizes.get(member.name):
            data = zip_archive.read_member(file, member) if member.size <= max_json_bytes else b""
            report.flaws += _timeline_flaws(case, data)


def _checked_dossier(
    report: DossierReport, file: BinaryIO, members: dict[str, zip_archive.ArchiveMember]
) -> CheckedDossier:
    cases = {case.reference: case for case in report.cases}

    def read(name: str, max_bytes: int) -> bytes:
        member = members[name]
        return zip_archive.read_member(file, member) if member.size <= max_bytes else b""

    def entry_hash(reference: str, sequence: int) -> str | None:
        case = cases[reference]
        if sequence == case.count:
            return case.head
        if not 0 < sequence < case.count:
            return None
        timeline = json.loads(zip_archive.read_member(file, members[timeline_file_name(reference)]))
        return str(timeline["entries"][sequence - 1]["hash"])

    return CheckedDossier(members, cases, read, entry_hash)


def _dossier_case(*, reference: str, head: str, count: int) -> DossierCase:
    if (type(reference), type(head), type(count)) != (str, str, int):
        raise TypeError
    return DossierCase(reference, head, count)


def _signature_flaw(manifest: bytes, signature: bytes, key: Ed25519PublicKey) -> IntegrityFlaw | None:
    match = _SIGNATURE_LINE.fullmatch(signature)
    if match is None:
        return zip_archive.altered_file_flaw(SIGNATURE)
    if match[1].decode() != fingerprint(key):
        message = gettext_noop("it was signed with a different key, fingerprint %(fingerprint)s")
        return IntegrityFlaw(message, {"fingerprint": match[1].decode()})
    try:
        key.verify(bytes.fromhex(match[2].decode()), manifest)
    except InvalidSignature:
        return IntegrityFlaw(gettext_noop("the signature is not valid: the manifest or the signature was changed"))
    return None


def _file_flaws(listed_files: list[_File], members: list[zip_archive.ArchiveMember]) -> Iterator[IntegrityFlaw]:
    members_by_name = {member.name: member for member in members}
    for entry in listed_files:
        member = members_by_name.get(entry["name"])
        if member is None:
            yield IntegrityFlaw(gettext_noop("“%(file)s” is missing"), {"file": entry["name"]})
        elif (member.size, member.sha256) != (entry["size"], entry["sha256"]):
            yield zip_archive.altered_file_flaw(entry["name"])
    order = [entry["name"] for entry in listed_files] + [MANIFEST, SIGNATURE]
    expected = set(order)
    for name in members_by_name:
        if name not in expected:
            yield IntegrityFlaw(gettext_noop("“%(file)s” is not part of this dossier"), {"file": name})
    if set(members_by_name) == expected and list(members_by_name) != order:
        yield IntegrityFlaw(gettext_noop("the files are not in the order of the manifest"))


def _timeline_flaws(case: DossierCase, data: bytes) -> Iterator[IntegrityFlaw]:
    """The chain computed anew from the file alone, against the head and the count that the manifest names."""
    try:
        links = [_parse_link(entry) for entry in json.loads(data)["entries"]]
        flaw = find_first_flaw(links, head=case.head, count=case.count)
        is_foreign = any(link.case != case.reference for link in links)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        yield IntegrityFlaw(gettext_noop("the timeline cannot be read"), about=case.reference)
        return
    if flaw:
        yield IntegrityFlaw(flaw.message, flaw.params, about=case.reference)
    if is_foreign:
        yield IntegrityFlaw(gettext_noop("the timeline belongs to a different case"), about=case.reference)


def _parse_link(entry: _Entry) -> ChainLink:
    return ChainLink(
        sequence=entry["sequence"],
        case=entry["case"],
        kind=entry["kind"],
        status_from=entry["status_from"],
        status_to=entry["status_to"],
        recorded_at=datetime.fromisoformat(entry["recorded_at"]),
        digest=entry["digest"],
        hash=entry["hash"],
        salt=base64.b64decode(entry["salt"], validate=True) if entry["salt"] is not None else None,
        content=entry["content"],
    )

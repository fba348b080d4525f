"""The anchors in a dossier: that a case had this record at the latest when an anchor was made, and who says so.

proofs/XK-….json leads from the head that the case had then to the root in the anchor's line; anchors/00000012.json is
that line as it stands in the server's file, anchors/00000012.tsr the response of a time-stamp service for it. They are
files of the manifest like all others: an older version of Xiaoka checks that they are unaltered, and no more.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509 import Certificate

from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import IntegrityFlaw
from cases.formats.anchor_line import MAX_BYTES, AnchorLine, AnchorProof, parse_line, parse_proof
from cases.formats.timestamps import InvalidTimeStamp, TimeStamp, read_stamp


@dataclass(frozen=True)
class AnchoredCase:
    """What an anchor proves: the first `count` entries of the case were there when it was made.

    `made_at` by the server's own clock; `stamped_at` by that of a time-stamp service, named in `authority`, empty
    without one. Both in ISO format. `is_stamp_checked`: its signature was checked, and not only what it is for.
    """

    reference: str
    count: int
    anchor: int
    made_at: str
    stamped_at: str = ""
    authority: str = ""
    is_stamp_checked: bool = False


@dataclass(frozen=True)
class CheckedDossier:
    """What a dossier holds, its files and chains checked already.

    `read` gives a file by its name, or nothing where it is larger than so many bytes; `entry_hash` the hash of the
    entry with this number of a case, None where there is none.
    """

    names: Collection[str]
    cases: Collection[str]
    read: Callable[[str, int], bytes]
    entry_hash: Callable[[str, int], str | None]


def line_file_name(anchor: int) -> str:
    return f"anchors/{anchor:08}.json"


def stamp_file_name(anchor: int) -> str:
    return f"anchors/{anchor:08}.tsr"


def proof_file_name(reference: str) -> str:
    return f"proofs/{reference}.json"


def check_anchors(
    dossier: CheckedDossier, key: Ed25519PublicKey, trusted: Sequence[Certificate]
) -> tuple[list[AnchoredCase], list[IntegrityFlaw]]:
    """What the anchors of a dossier prove, and what does not hold; `trusted`: certificates of time-stamp services."""
    anchored_cases, flaws = [], []
    lines: dict[int, AnchorLine | None] = {}
    stamps: dict[int, TimeStamp | None] = {}
    for reference in dossier.cases:
        if proof_file_name(reference) not in dossier.names:
            continue
        proof = _read_proof(dossier, reference)
        if proof is None:
            flaws.append(IntegrityFlaw(gettext_noop("the path to its anchor cannot be read"), about=reference))
            continue
        if proof.anchor not in lines:
            lines[proof.anchor] = line = _read_line(dossier, proof.anchor)
            flaws += _line_flaws(proof.anchor, line, key)
            stamps[proof.anchor], stamp_flaws = _read_stamp(dossier, line, trusted)
            flaws += stamp_flaws
        line = lines[proof.anchor]
        if line is None or not line.is_signed_by(key):
            continue
        if flaw := _proof_flaw(dossier, reference, proof, line):
            flaws.append(flaw)
        else:
            anchored_cases.append(_anchored_case(proof, line, stamps[proof.anchor]))
    return anchored_cases, flaws


def _anchored_case(proof: AnchorProof, line: AnchorLine, stamp: TimeStamp | None) -> AnchoredCase:
    case = AnchoredCase(proof.leaf.reference, proof.leaf.count, line.sequence, line.made_at.isoformat())
    if stamp is None:
        return case
    stamped_at = stamp.at.isoformat(timespec="seconds")
    return AnchoredCase(
        case.reference, case.count, case.anchor, case.made_at, stamped_at, stamp.authority, stamp.is_checked
    )


def _read_proof(dossier: CheckedDossier, reference: str) -> AnchorProof | None:
    try:
        return parse_proof(dossier.read(proof_file_name(reference), MAX_BYTES))
    except ValueError:
        return None


def _read_line(dossier: CheckedDossier, anchor: int) -> AnchorLine | None:
    try:
        line = parse_line(dossier.read(line_file_name(anchor), MAX_BYTES))
    except (ValueError, KeyError):
        return None
    return line if line.sequence == anchor else None


def _line_flaws(anchor: int, line: AnchorLine | None, key: Ed25519PublicKey) -> Iterator[IntegrityFlaw]:
    if line is None:
        yield IntegrityFlaw(gettext_noop("anchor %(anchor)s is missing or cannot be read"), {"anchor": anchor})
    elif not line.is_signed_by(key):
        yield IntegrityFlaw(gettext_noop("the signature of anchor %(anchor)s is not valid"), {"anchor": anchor})


def _proof_flaw(dossier: CheckedDossier, reference: str, proof: AnchorProof, line: AnchorLine) -> IntegrityFlaw | None:
    if proof.leaf.reference != reference or not proof.holds(line):
        message = gettext_noop("its path does not lead to the root of anchor %(anchor)s")
        return IntegrityFlaw(message, {"anchor": line.sequence}, about=reference)
    if dossier.entry_hash(reference, proof.leaf.count) != proof.leaf.head:
        message = gettext_noop("its entry %(entry)s is not the one in anchor %(anchor)s: the record was rewritten")
        return IntegrityFlaw(message, {"entry": proof.leaf.count, "anchor": line.sequence}, about=reference)
    return None


def _read_stamp(
    dossier: CheckedDossier, line: AnchorLine | None, trusted: Sequence[Certificate]
) -> tuple[TimeStamp | None, list[IntegrityFlaw]]:
    name = stamp_file_name(line.sequence) if line else ""
    if line is None or name not in dossier.names:
        return None, []
    try:
        return read_stamp(dossier.read(name, MAX_BYTES), line.text, trusted=trusted), []
    except InvalidTimeStamp:
        message = gettext_noop("the time stamp of anchor %(anchor)s is not valid")
        return None, [IntegrityFlaw(message, {"anchor": line.sequence})]

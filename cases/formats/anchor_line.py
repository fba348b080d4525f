"""An anchor: one signed line that fixes the heads of all cases; and the proof that one case is under it.

A line is canonical JSON (`cases.domain.hash_chain.canonical_json`) and a line feed. Its members are `count` and `root`
of the Merkle tree over all cases (`cases.domain.merkle`), `made_at` (UTC), `sequence`, `previous` (SHA-256 of the line
before, with its line feed), `key` (fingerprint of the signing key), `format`; `accepted` where an administrator says
why cases do not match earlier anchors; last `signature`: Ed25519 over the line's JSON without it. docs/evidence.md
shows all of it to strangers: keep that page in step.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cases.domain import merkle
from cases.domain.hash_chain import GENESIS, canonical_json
from cases.domain.json_values import Json
from cases.formats.public_keys import fingerprint

FORMAT = 1
#: What the first line follows.
FIRST_FOLLOWS = GENESIS
#: Bytes of a line or of a proof; ours are far shorter, a stranger's may be anything.
MAX_BYTES = 64 * 1024


@dataclass(frozen=True)
class AnchorLine:
    """A line as it was read; `text` is the whole of it with its line feed, `made_at` is aware."""

    text: bytes
    sequence: int
    made_at: datetime
    count: int
    root: bytes
    previous: str
    key: str
    accepted: str
    signature: bytes

    @property
    def digest(self) -> str:
        return line_digest(self.text)

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        try:
            key.verify(self.signature, _signed_text(self.text))
        except InvalidSignature:
            return False
        return self.key == fingerprint(key)


def line_digest(text: bytes) -> str:
    """Hex SHA-256 of a line with its line feed: what the next line names, and what a time stamp is for."""
    return hashlib.sha256(text).hexdigest()


@dataclass(frozen=True)
class AnchorFacts:
    """What a new line says; `made_at` is aware."""

    sequence: int
    made_at: datetime
    count: int
    root: bytes
    previous: str
    accepted: str = ""


def sign_line(facts: AnchorFacts, key: Ed25519PrivateKey) -> bytes:
    """The line, signed."""
    members: dict[str, Json] = {
        "count": facts.count,
        "format": FORMAT,
        "key": fingerprint(key.public_key()),
        "made_at": facts.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "previous": facts.previous,
        "root": facts.root.hex(),
        "sequence": facts.sequence,
    }
    if facts.accepted:
        members["accepted"] = facts.accepted
    signature = key.sign(canonical_json(members))
    # In the order of names the signature comes last, so that others can cut it off with sed.
    return canonical_json({**members, "signature": signature.hex()}) + b"\n"


def _signed_text(text: bytes) -> bytes:
    members = json.loads(text)
    del members["signature"]
    return canonical_json(members)


def parse_line(text: bytes) -> AnchorLine:
    """Read a line with its line feed; ValueError for what is none, or is not in the one form that lines have."""
    if len(text) > MAX_BYTES:
        raise ValueError("too long")
    try:
        members = json.loads(text)
        line = AnchorLine(
            text=text,
            sequence=_integer(members["sequence"]),
            made_at=datetime.fromisoformat(members["made_at"]),
            count=_integer(members["count"]),
            root=_hash(members["root"]),
            previous=_hash(members["previous"]).hex(),
            key=_hash(members["key"]).hex(),
            accepted=_text(members.get("accepted", "")),
            signature=bytes.fromhex(members["signature"]),
        )
        if members["format"] != FORMAT or line.made_at.tzinfo is None or canonical_json(members) + b"\n" != text:
            raise ValueError("not in the one form")
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("not a line of an anchor") from error
    return line


def _integer(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _hash(value: object) -> bytes:
    data = bytes.fromhex(_text(value))
    if len(data) != merkle.HASH_BYTES:
        raise ValueError("not a hash")
    return data


# The leaves: one for each case


def leaf_text(reference: str, count: int, head: str) -> bytes:
    """What is hashed of a case: its reference, the number of its entries and the hash of the last, with one space
    between them."""
    return f"{reference} {count} {head}".encode()


@dataclass(frozen=True)
class Leaf:
    """A case as an anchor has it."""

    reference: str
    count: int
    head: str


def parse_leaf(text: bytes) -> Leaf:
    """A leaf from its text; ValueError for what is none."""
    reference, count, head = text.decode().rsplit(" ", 2)
    return Leaf(reference, int(count), head)


# The proof: a case is under an anchor


@dataclass(frozen=True)
class AnchorProof:
    """That a case with this count and head is the leaf at `index` (from 0) of the anchor with number `anchor`."""

    anchor: int
    leaf: Leaf
    index: int
    path: Sequence[bytes]

    def holds(self, line: AnchorLine) -> bool:
        leaf = merkle.leaf_hash(leaf_text(self.leaf.reference, self.leaf.count, self.leaf.head))
        root = merkle.root_by_path(leaf, self.index, line.count, self.path)
        return self.anchor == line.sequence and root == line.root


def proof_json(proof: AnchorProof, size: int) -> bytes:
    """A proof as a file of a dossier; `size`: the number of leaves, for those who read it without the line."""
    path: list[Json] = [neighbour.hex() for neighbour in proof.path]
    return canonical_json(
        {
            "anchor": proof.anchor,
            "case": proof.leaf.reference,
            "count": proof.leaf.count,
            "head": proof.leaf.head,
            "index": proof.index,
            "path": path,
            "size": size,
        }
    )


def parse_proof(data: bytes) -> AnchorProof:
    """A proof from its file; ValueError for what is none."""
    try:
        members = cast(dict[str, object], json.loads(data))
        path = cast(list[object], members["path"])
        leaf = Leaf(_text(members["case"]), _integer(members["count"]), _text(members["head"]))
        hashes = [_hash(neighbour) for neighbour in path]
        return AnchorProof(_integer(members["anchor"]), leaf, _integer(members["index"]), hashes)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("not a proof") from error

"""A Merkle tree over many values, as RFC 9162, section 2.1, defines it (and RFC 6962 before it).

A leaf is hashed as SHA-256(0x00 || value), an inner node as SHA-256(0x01 || left || right): so no leaf can be passed
off as a node. A tree of n leaves splits at the largest power of two below n; built from the leaves up, a node without
a neighbour moves up as it is, which gives the same tree. Hashes are 32 bytes.
"""

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32
#: The root of no leaves at all: the hash of nothing.
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(value: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + value).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the leaves' hashes, in their order; in memory is one hash for each level of the tree."""
    # The roots of the full subtrees so far, the largest first, each with its number of leaves.
    subtrees: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, root = 1, leaf
        while subtrees and subtrees[-1][0] == size:
            root, size = node_hash(subtrees.pop()[1], root), size * 2
        subtrees.append((size, root))
    if not subtrees:
        return EMPTY_ROOT
    _size, root = subtrees.pop()
    while subtrees:
        root = node_hash(subtrees.pop()[1], root)
    return root


class MerkleTree:
    """All hashes of a tree, for inclusion proofs: some 64 bytes a leaf in memory."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        """Takes the leaves' hashes in their order."""
        self._levels = [b"".join(leaves)]
        while len(self._levels[-1]) > HASH_BYTES:
            self._levels.append(_level_above(self._levels[-1]))

    @property
    def root(self) -> bytes:
        return self._levels[-1] or EMPTY_ROOT

    def path(self, index: int) -> list[bytes]:
        """The hashes that lead from the leaf at index (from 0) to the root, the lowest first; IndexError if none."""
        if not 0 <= index < len(self._levels[0]) // HASH_BYTES:
            raise IndexError(index)
        hashes = []
        for level in self._levels[:-1]:
            neighbour = (index ^ 1) * HASH_BYTES
            if neighbour < len(level):
                hashes.append(level[neighbour : neighbour + HASH_BYTES])
            index //= 2
        return hashes


def _level_above(level: bytes) -> bytes:
    hashes = [level[start : start + HASH_BYTES] for start in range(0, len(level), HASH_BYTES)]
    pairs = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=False)]
    return b"".join(pairs if len(hashes) % 2 == 0 else [*pairs, hashes[-1]])


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads from the leaf's hash at index (from 0), in a tree of so many leaves.

    None when such a tree has no path of this length there (RFC 9162, section 2.1.3.2).
    """
    if not 0 <= index < size:
        return None
    node, last = index, size - 1
    root = leaf
    for neighbour in path:
        if last == 0:
            return None
        if node % 2 or node == last:
            root = node_hash(neighbour, root)
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            root = node_hash(root, neighbour)
        node, last = node // 2, last // 2
    return root if last == 0 else None

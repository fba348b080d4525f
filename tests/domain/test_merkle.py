"""The Merkle tree: roots and paths of RFC 6962's test vectors, and a definition written down a second time."""

import hashlib

import pytest

from cases.domain.merkle import EMPTY_ROOT, MerkleTree, leaf_hash, node_hash, root_by_path, root_of

#: The leaves that the test vectors of Certificate Transparency use, and the roots over the first n of them.
VALUES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def split_root(leaves: list[bytes]) -> bytes:
    """RFC 9162's definition, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + split_root(leaves[:half]) + split_root(leaves[half:])).digest()


def test_the_published_roots() -> None:
    leaves = [leaf_hash(value) for value in VALUES]
    assert [root_of(leaves[: n + 1]).hex() for n in range(8)] == ROOTS
    assert [MerkleTree(leaves[: n + 1]).root.hex() for n in range(8)] == ROOTS
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert MerkleTree([]).root == EMPTY_ROOT == root_of([])


def test_a_leaf_is_no_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right) == root_of([left, right])


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33, 100])
def test_every_leaf_leads_to_the_root_and_only_from_its_place(size: int) -> None:
    leaves = [leaf_hash(str(n).encode()) for n in range(size)]
    tree, root = MerkleTree(leaves), split_root(leaves)
    assert tree.root == root == root_of(leaves)
    for index, leaf in enumerate(leaves):
        path = tree.path(index)
        assert root_by_path(leaf, index, size, path) == root
        assert root_by_path(leaf_hash(b"other"), index, size, path) != root
        assert [place for place in range(size) if root_by_path(leaf, place, size, path) == root] == [index]
        assert root_by_path(leaf, index, size, [*path, root]) is None
        assert not path or root_by_path(leaf, index, size, path[:-1]) is None
        for changed in range(len(path)):
            other = [*path[:changed], bytes(32), *path[changed + 1 :]]
            assert root_by_path(leaf, index, size, other) != root


def test_there_is_no_leaf_outside() -> None:
    tree = MerkleTree([leaf_hash(b"a"), leaf_hash(b"b")])
    for index in (-1, 2):
        with pytest.raises(IndexError):
            tree.path(index)
        assert root_by_path(leaf_hash(b"a"), index, 2, []) is None
    # A place outside that a path of the right length would lead from.
    assert root_by_path(leaf_hash(b"a"), 1, 1, []) is None
    assert root_by_path(leaf_hash(b"a"), -1, 1, []) is None
    assert root_by_path(leaf_hash(b"a"), 2, 2, [leaf_hash(b"b")]) is None

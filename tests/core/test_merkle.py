"""The Merkle tree of RFC 9162, against published roots and a second method: the recursive definition of the RFC."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core import merkle

pytestmark = pytest.mark.upheld("REQ-AUD-001")
# The entries and roots that the certificate transparency implementations test themselves with.
ENTRIES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
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
INCLUSION = {  # (position, size) → path
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


def recursive(data: list[bytes]) -> bytes:
    """Section 2.1.1, word for word."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\0" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return hashlib.sha256(b"\1" + recursive(data[:k]) + recursive(data[k:])).digest()


def path(m: int, data: list[bytes]) -> list[bytes]:
    """Section 2.1.3.1, word for word."""
    if len(data) == 1:
        return []
    k = 1
    while k * 2 < len(data):
        k *= 2
    if m < k:
        return [*path(m, data[:k]), recursive(data[k:])]
    return [*path(m - k, data[k:]), recursive(data[:k])]


def subproof(m: int, data: list[bytes], whole: bool = True) -> list[bytes]:
    """Section 2.1.4.1, word for word."""
    if m == len(data):
        return [] if whole else [recursive(data)]
    k = 1
    while k * 2 < len(data):
        k *= 2
    if m <= k:
        return [*subproof(m, data[:k], whole), recursive(data[k:])]
    return [*subproof(m - k, data[k:], False), recursive(data[:k])]


def tree(data: list[bytes]) -> merkle.At:
    leaves = [merkle.leaf_hash(d) for d in data]
    return lambda level, position: merkle.fold(leaves[position << level : (position + 1) << level])


def test_roots_are_the_published_ones():
    at = tree(ENTRIES)
    assert [merkle.root(size, at).hex() for size in range(1, 9)] == ROOTS
    assert merkle.root(0, at).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("place", "expected"), INCLUSION.items())
def test_inclusion_proofs_are_the_published_ones(place, expected):
    assert [step.hex() for step in merkle.inclusion(*place, tree(ENTRIES))] == expected


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=40), st.data())
def test_every_tree_and_proof_equals_the_recursive_definition(data, draw):
    at, size = tree(data), len(data)
    root = merkle.root(size, at)
    assert root == recursive(data) == merkle.fold([merkle.leaf_hash(d) for d in data])
    position = draw.draw(st.integers(0, size - 1))
    proof = merkle.inclusion(position, size, at)
    assert proof == path(position, data)
    assert merkle.included(merkle.leaf_hash(data[position]), position, size, proof, root)
    old = draw.draw(st.integers(1, size))
    grown = merkle.consistency(old, size, at)
    assert grown == subproof(old, data)
    assert merkle.consistent(old, size, recursive(data[:old]), root, grown)


@given(st.integers(2, 40), st.data())
def test_a_proof_with_any_bit_changed_proves_nothing(size, draw):
    data = [bytes([i]) for i in range(size)]
    at, root = tree(data), recursive(data)
    position = draw.draw(st.integers(0, size - 1))
    proof = merkle.inclusion(position, size, at)
    bit = draw.draw(st.integers(0, 256 * len(proof) - 1))
    bent = list(proof)
    step = bytearray(bent[bit // 256])
    step[bit % 256 // 8] ^= 1 << bit % 8
    bent[bit // 256] = bytes(step)
    leaf = merkle.leaf_hash(data[position])
    assert not merkle.included(leaf, position, size, bent, root)
    assert not merkle.included(leaf, position, size, [*proof, root], root)
    assert not merkle.included(leaf, position, size, proof[:-1], root)
    for other in {(position + 1) % size, size - 1 - position} - {position}:
        assert not merkle.included(leaf, other, size, proof, root)


@given(st.integers(2, 40), st.data())
def test_a_log_that_lost_or_changed_an_entry_is_not_consistent(size, draw):
    data = [bytes([i]) for i in range(size)]
    old = draw.draw(st.integers(1, size - 1))
    changed = list(data)
    changed[draw.draw(st.integers(0, old - 1))] = b"another"
    proof = merkle.consistency(old, size, tree(changed))
    assert not merkle.consistent(old, size, recursive(data[:old]), recursive(changed), proof)
    assert not merkle.consistent(size, old, recursive(data), recursive(data[:old]), proof)


@pytest.mark.parametrize("place", [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_that_is_not_there_has_no_proof(place):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(*place, tree(ENTRIES))
    assert not merkle.included(b"", place[0], place[1], [], b"")

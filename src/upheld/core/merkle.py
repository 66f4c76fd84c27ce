"""The Merkle tree of RFC 9162: hashes, roots, and proofs that an entry is in a log and that a log only grew.

Nothing here stores anything: a tree is a function that gives the hash of a complete subtree, `at(level, position)`,
where level 0 are the leaves and a node of level l covers 2**l of them.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

At = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry's bytes (section 2.1.1)."""
    return hashlib.sha256(b"\0" + data).digest()


def parent(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(b"\1" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over leaves or equal subtrees, however many (the largest power of two splits them)."""
    if not hashes:
        return EMPTY
    if len(hashes) == 1:
        return hashes[0]
    level = list(hashes)
    while len(level) > 1:  # an odd one out moves up unchanged, which is the same tree
        level = [parent(*level[i : i + 2]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return level[0]


def _complete(start: int, end: int) -> Iterable[tuple[int, int]]:
    """The complete subtrees, left to right, that make up leaves start … end-1 of a subtree that begins at start."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:  # only where it is aligned; at zero every power of two is
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def _range(start: int, end: int, at: At) -> bytes:
    """The root of the leaves start … end-1, where the range is one that the tree itself splits off."""
    parts = [at(level, position) for level, position in _complete(start, end)]
    found = parts.pop()
    while parts:
        found = parent(parts.pop(), found)
    return found


def root(size: int, at: At) -> bytes:
    """The root of the first `size` leaves."""
    return _range(0, size, at) if size else EMPTY


def inclusion(position: int, size: int, at: At) -> list[bytes]:
    """The hashes that lead from a leaf to the root of a tree of `size` (section 2.1.3.1).

    Raises ValueError for a leaf that the tree does not have.
    """
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if position < middle:
            path.append(_range(middle, end, at))
            end = middle
        else:
            path.append(_range(start, middle, at))
            start = middle
    return path[::-1]


def consistency(old: int, size: int, at: At) -> list[bytes]:
    """The hashes that show a tree of `size` to hold the tree of `old` unchanged (section 2.1.4.1)."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} never had {old} leaves")
    if old in (0, size):
        return []
    path: list[bytes] = []
    start, end, whole = 0, size, True
    while end != old:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= middle:
            path.append(_range(middle, end, at))
            end = middle
        else:
            path.append(_range(start, middle, at))
            start, whole = middle, False
    return ([] if whole else [_range(start, end, at)]) + path[::-1]


def included(leaf: bytes, position: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether a proof shows the leaf at its position under a root (section 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    fn, sn, found = position, size - 1, leaf
    for step in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            found = parent(step, found)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = parent(found, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and found == expected


def consistent(old: int, size: int, first: bytes, second: bytes, path: Sequence[bytes]) -> bool:
    """Whether a proof shows the tree of `old` leaves with root `first` to be the beginning of the second (2.1.4.2)."""
    if old == size:
        return not path and first == second
    if not 0 < old < size:
        return old == 0 and not path and first == EMPTY
    if not path:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, first)
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    one = two = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            one, two = parent(step, one), parent(step, two)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            two = parent(two, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and one == first and two == second

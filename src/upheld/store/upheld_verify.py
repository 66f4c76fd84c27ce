#!/usr/bin/env python3
"""Checks an audit bundle or a proof of Upheld with nothing but Python 3: no package, no network, no database.

    python3 upheld_verify.py BUNDLE --key 'name+hash+base64' [--anchor NOTE]...

The key and the anchors must come from where the operator of the log cannot change them: a contract, a mail, the team's
git, a CI log. A key or an anchor that comes with the bundle shows nothing. Exit status: 0 shown, 4 not shown, 2 usage.

What is checked: the leaves and the tree are RFC 9162's (SHA-256), checkpoints are C2SP signed notes, signatures are
Ed25519 (RFC 8032), and every byte of the bundle has only one form. It imports nothing of Upheld on purpose.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import sys

# ── Ed25519, RFC 8032, for checking only: no secret is ever handled here ─────────────────────────────────────────────

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    """The sum of two points in extended coordinates."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    k, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, z - k, z + k, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(scalar, point):
    """A point added to itself so many times."""
    found = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = add(found, point)
        point, scalar = add(point, point), scalar >> 1
    return found


def point_of(data):
    """The point that 32 bytes stand for; None when they are no point in its only form."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key, message, signature):
    """Whether a signature of 64 bytes is the key's over a message."""
    a, r, s = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or len(signature) != 64:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# ── The tree, RFC 9162 section 2.1 ───────────────────────────────────────────────────────────────────────────────────


def leaf(text):
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + text).digest()


def both(left, right):
    """The hash of a node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def roots_of(texts, sizes):
    """The roots of the first n entries for each n in sizes, in one pass over the entries."""
    stack, found = [], {0: hashlib.sha256(b"").digest()}
    for count, text in enumerate(texts, 1):
        stack.append((1, leaf(text)))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (n, right), (_, left) = stack.pop(), stack.pop()
            stack.append((2 * n, both(left, right)))
        if count in sizes:
            whole = stack[-1][1]
            for _, left in reversed(stack[:-1]):
                whole = both(left, whole)
            found[count] = whole
    return found


def climb(found, position, size, path):
    """The root that a proof leads to from a leaf; None when the proof is too long or too short."""
    last = size - 1
    for step in path:
        if last == 0:
            return None
        if position & 1 or position == last:
            found = both(step, found)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            found = both(found, step)
        position, last = position >> 1, last >> 1
    return found if last == 0 else None


# ── Notes, bundles, proofs ───────────────────────────────────────────────────────────────────────────────────────────


class Bad(Exception):
    """Something is not as it must be."""


def base(text, length):
    """Base64 in its only form."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if len(data) != length or base64.b64encode(data).decode() != text:
        raise Bad("a base64 text cannot be read")
    return data


def key_of(text):
    """Name, id and bytes of a verifier key."""
    name, _, rest = text.strip().partition("+")
    digits, _, encoded = rest.partition("+")
    data = base(encoded, 33)
    identity = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if data[:1] != b"\x01" or identity.hex() != digits:
        raise Bad(f"{text[:60]} is no verifier key")
    return name, identity, data[1:]


def note_of(text):
    """Origin, size, root, signed bytes and signatures of a checkpoint."""
    head, blank, tail = text.rpartition("\n\n")
    lines = head.split("\n")
    if not blank or len(lines) != 3 or not tail.endswith("\n") or not lines[1].isascii() or not lines[1].isdigit():
        raise Bad("a checkpoint cannot be read")
    if str(int(lines[1])) != lines[1] or not lines[0]:
        raise Bad("a checkpoint cannot be read")
    signatures = []
    for line in tail[:-1].split("\n"):
        if not line.startswith("\u2014 "):
            raise Bad("a signature line cannot be read")
        name, _, value = line[2:].partition(" ")
        data = base(value, 68)
        signatures.append((name, data[:4], data[4:]))
    return lines[0], int(lines[1]), base(lines[2], 32), (head + "\n").encode(), signatures


def by(note, key):
    """Whether a checkpoint is signed by a key."""
    return any(n == key[0] and i == key[1] and signed(key[2], note[3], value) for n, i, value in note[4])


def plain(value):
    """The only form of a JSON object in a bundle."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def bundle(data):
    """Entries and checkpoints of a bundle."""
    whole, _, last = data[:-1].rpartition(b"\n")
    if data[-1:] != b"\n" or last != plain({"sha256": hashlib.sha256(whole + b"\n").hexdigest()}).encode():
        raise Bad("the bundle was changed or cut: its last line is not the digest of what stands before")
    lines = whole.split(b"\n")
    header = json.loads(lines[0])
    if plain(header).encode() != lines[0] or set(header) != {"schema", "origin", "size", "exported"}:
        raise Bad("the header cannot be read")
    size, notes = header["size"], []
    if header["schema"] != "upheld/audit-bundle/v1" or type(size) is not int or not 0 <= size < len(lines) - 1:
        raise Bad("the header does not fit what follows")
    for line in lines[1 + size :]:
        found = json.loads(line)
        if plain(found).encode() != line or set(found) != {"checkpoint"}:
            raise Bad("a checkpoint line cannot be read")
        notes.append(note_of(found["checkpoint"]))
    if notes[-1][1] != size or notes[-1][0] != header["origin"]:
        raise Bad("the last checkpoint is not over the entries of this bundle")
    return lines[1 : 1 + size], notes


def check_bundle(data, key, anchors):
    """What a bundle shows, as one line for a person."""
    texts, notes = bundle(data)
    roots = roots_of(texts, {n[1] for n in (*notes, *anchors)})
    handed = [(i, json.loads(t)) for i, t in enumerate(texts) if b'"kind":"key"' in t]
    keys, before = [key], 0
    for note in notes:
        if note[1] < before or not by(note, keys[-1]):
            raise Bad(f"the checkpoint over {note[1]} entries is not signed by the key that was trusted then")
        if roots.get(note[1]) != note[2]:
            raise Bad(f"an entry of {before} to {note[1] - 1} was changed or is missing")
        for i, entry in handed:
            if before <= i < note[1] and entry.get("kind") == "key" and key_of(entry["old"]) == keys[-1]:
                keys.append(key_of(entry["new"]))
                if not by(note, keys[-1]):
                    raise Bad(f"entry {i} hands over to a key that did not sign the checkpoint after it")
        before = note[1]
    good = 0
    for note in sorted(anchors, key=lambda n: n[1]):
        if not any(by(note, k) for k in keys):
            raise Bad(f"the anchor over {note[1]} entries is not signed by a key of this log")
        if note[1] > len(texts):
            raise Bad(f"entry {len(texts)} is missing: an anchor covers {note[1]} entries, the bundle has {len(texts)}")
        if roots[note[1]] != note[2]:
            raise Bad(f"the log was rewritten: an entry of {good} to {note[1] - 1} is not what the anchor covers")
        good = note[1]
    tail = f"; entries {good} to {len(texts) - 1} are signed but not anchored" if good < len(texts) else ""
    return f"{len(texts)} entries, {len(notes)} checkpoints, {len(anchors)} anchors: all fit{tail}"


def check_proof(data, key):
    """What a proof of one entry shows."""
    found = json.loads(data)
    note = note_of(found["checkpoint"])
    path = [bytes.fromhex(step) for step in found["path"]]
    if not by(note, key):
        raise Bad("the checkpoint is not signed by this key")
    if not 0 <= found["position"] < note[1]:
        raise Bad("the checkpoint does not cover this entry")
    if climb(leaf(found["entry"].encode()), found["position"], note[1], path) != note[2]:
        raise Bad(f"the proof does not lead from entry {found['position']} to the checkpoint")
    return f"entry {found['position']} is in the log of {note[1]} entries: {found['entry']}"


def main(words=None):
    """Read the command line, check, say what was shown."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("file", help="a bundle (upheld audit export) or a proof (upheld audit prove)")
    options.add_argument("--key", required=True, help="the log's verifier key, name+hash+base64")
    options.add_argument("--anchor", action="append", default=[], help="a checkpoint that was laid down outside")
    given = options.parse_args(words)
    try:
        data = pathlib.Path(given.file).read_bytes()
        anchors = [note_of(pathlib.Path(name).read_text(encoding="utf-8")) for name in given.anchor]
        if data.startswith(b'{"exported"'):
            shown = check_bundle(data, key_of(given.key), anchors)
        else:
            shown = check_proof(data, key_of(given.key))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except (Bad, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        print(f"NOT SHOWN: {error}", file=sys.stderr)
        return 4
    print(shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())

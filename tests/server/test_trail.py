"""The audit trail: what was altered is named, what was cut or rewritten is found, and erasure leaves every proof valid."""

import contextlib
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upheld.cli import cli
from upheld.core import checkpoint, merkle
from upheld.core.checkpoint import verifier
from upheld.core.scope import Grant, Role
from upheld.errors import SignatureError
from upheld.store import bundle, tables, trail, upheld_verify
from upheld.store.accounts import Accounts
from upheld.store.ledger import SqlStore, happened, stamp
from upheld.store.trail import Signer

pytestmark = [pytest.mark.upheld("REQ-AUD-001"), pytest.mark.slow]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = Signer(origin="upheld.example/log", key=Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
NEXT = Signer(origin="upheld.example/log", key=Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


def fill(database, count: int, start: int = 0) -> None:
    SqlStore(database, "insights").record("evidence", [{"n": n} for n in range(start, start + count)])
    while trail.seal(database):
        pass


def sign(database, *signers):
    return trail.sign_checkpoint(database, signers or [KEY], at=NOW)


def bundle_of(database) -> bytes:
    return "".join(bundle.export(database, at=NOW)).encode()


def alter(database, statement: str, **values) -> None:
    """What somebody with the database can do: the guards against accidents are taken away first."""
    with database.writing() as c:
        if database.is_sqlite:
            for (name,) in c.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                c.execute(sa.text(f"DROP TRIGGER {name}"))
            c.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        else:
            c.execute(sa.text("SET LOCAL session_replication_role = replica"))
        if values:
            c.execute(sa.text(statement), values)
        else:
            c.exec_driver_sql(statement)


@pytest.fixture
def filled(database):
    fill(database, 5)
    sign(database)
    fill(database, 7, 5)
    sign(database)
    return database


def test_a_log_that_nobody_touched_verifies(filled):
    found = bundle.verify_database(filled, KEY.verifier)
    assert (found.size, found.signed, found.anchored) == (12, 12, 0)
    assert found.tail == "entries 0 to 11 are signed, but no anchor outside covers them"
    fill(filled, 2, 90)
    notes = [m.note for m in made(filled)]
    assert bundle.verify_database(filled, KEY.verifier, notes).tail == "entries 12 to 13 are not under a checkpoint yet"


def made(database):
    with database.reading() as c:
        return trail.checkpoints(c)


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("table", "column"), [("record", "body"), ("entry", "body"), ("leaf", "position"), ("node", "level")]
)
def test_the_database_refuses_changes_by_accident(filled, statement, table, column):
    fill(filled, 300, 1000)
    with pytest.raises(Exception, match="append-only"), filled.writing() as c:
        c.execute(sa.text(statement.format(table, column, column)))


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE entry SET body = replace(body, 'evidence', 'Evidence') WHERE seq = 4", "entry 3 was changed"),
        ("UPDATE record SET body = '{\"n\":99}' WHERE seq = 6", "the record of entry 5 was changed"),
        ("UPDATE record SET product = 'other' WHERE seq = 6", "the record of entry 5 was changed"),
        ("UPDATE entry SET record = NULL WHERE seq = 8", "entry 7 tells of a record that is missing"),
        ("DELETE FROM leaf WHERE position = 4", "entry 4 is missing"),
        ("DELETE FROM leaf WHERE position >= 9", "entry 9 is missing: a signed checkpoint covers 12"),
        ("UPDATE leaf SET hash = (SELECT hash FROM leaf WHERE position = 5) WHERE position = 2", "entry 2 was changed"),
        ("UPDATE checkpoint SET note = replace(note, '12', '13') WHERE size = 12", "not signed by"),
        ("UPDATE checkpoint SET note = 'nothing'", "no checkpoint"),
    ],
)
def test_what_is_altered_in_the_database_is_named(filled, statement, named):
    alter(filled, statement)
    with pytest.raises(SignatureError, match=named):
        bundle.verify_database(filled, KEY.verifier)


def test_an_entry_altered_together_with_its_hash_is_found_between_two_checkpoints(filled):
    with filled.writing() as c:
        happened(c, "role", at=stamp(NOW), by="test", whom="person:1")
    fill(filled, 1, 99)
    sign(filled)
    with filled.reading() as c:
        body = trail.entry_at(c, 12).replace("person:1", "person:2")
    alter(filled, "UPDATE entry SET body = :body WHERE seq = 13", body=body)
    alter(filled, "UPDATE leaf SET hash = :hash WHERE position = 12", hash=merkle.leaf_hash(body.encode()))
    with pytest.raises(SignatureError, match="an entry of 12 to 13 was changed"):
        bundle.verify_database(filled, KEY.verifier)


def test_a_tail_removed_with_its_checkpoint_is_found_by_the_anchor(filled):
    anchors = [m.note for m in made(filled)]
    alter(filled, "DELETE FROM leaf WHERE position >= 5")
    alter(filled, "DELETE FROM checkpoint WHERE size = 12")
    assert bundle.verify_database(filled, KEY.verifier).size == 5  # without an anchor nobody can know
    with pytest.raises(SignatureError, match="entry 5 is missing: an anchored checkpoint covers 12 entries"):
        bundle.verify_database(filled, KEY.verifier, anchors)


def test_a_log_rewritten_by_who_holds_the_key_is_found_by_the_anchor(filled, tmp_path):
    anchors = [m.note for m in made(filled)]
    for table in ("pending", "checkpoint", "leaf", "node", "entry", "record"):
        alter(filled, f"DELETE FROM {table}")
    fill(filled, 4)
    SqlStore(filled, "insights").record("evidence", [{"n": "another history"}])
    fill(filled, 7, 5)
    sign(filled)
    assert bundle.verify_database(filled, KEY.verifier).size == 12  # the key alone shows nothing here
    with pytest.raises(SignatureError, match="the log was rewritten: an entry of 0 to 4 is not what the anchored"):
        bundle.verify_database(filled, KEY.verifier, anchors)
    (tmp_path / "bundle").write_bytes(bundle_of(filled))
    (tmp_path / "anchor").write_text(anchors[0], encoding="utf-8")
    words = [str(tmp_path / "bundle"), "--key", str(KEY.verifier)]
    assert upheld_verify.main(words) == 0
    assert upheld_verify.main([*words, "--anchor", str(tmp_path / "anchor")]) == 4


def test_every_single_bit_of_a_bundle_flipped_is_found(filled, tmp_path):
    fill(filled, 1, 70)
    trail.rotate(filled, KEY, NEXT, at=NOW, by="test")
    data = bundle_of(filled)
    assert bundle.verify(bundle.read(data), KEY.verifier).size == 14
    path, missed = tmp_path / "bundle", []
    for bit in range(8 * len(data)):
        bent = bytearray(data)
        bent[bit // 8] ^= 1 << bit % 8
        try:
            bundle.verify(bundle.read(bytes(bent)), KEY.verifier)
            missed.append(bit)
        except (SignatureError, UnicodeDecodeError):
            pass
        try:  # the file that imports nothing of ours must find it too
            upheld_verify.check_bundle(bytes(bent), upheld_verify.key_of(str(KEY.verifier)), [])
            missed.append(bit)
        except (upheld_verify.Bad, ValueError, KeyError, TypeError):
            pass
    assert missed == []
    path.write_bytes(data)
    assert upheld_verify.main([str(path), "--key", str(KEY.verifier)]) == 0


def with_digest(body: bytes) -> bytes:
    import hashlib

    return body + b'{"sha256":"' + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(bit=st.integers(0, 10**9))
def test_a_bit_flipped_under_a_digest_that_was_made_anew_is_found(filled, bit):
    data = filled.__dict__.setdefault("bundle", b"") or bundle_of(filled)
    filled.__dict__["bundle"] = data
    body = data[: data[:-1].rindex(b"\n") + 1]
    start = body.index(b"\n") + 1  # the header's time is nobody's claim: it is under the digest alone
    at = 8 * start + bit % (8 * (len(body) - start))
    bent = bytearray(body)
    bent[at // 8] ^= 1 << at % 8
    forged = with_digest(bytes(bent))
    with pytest.raises((SignatureError, UnicodeDecodeError)):
        bundle.verify(bundle.read(forged), KEY.verifier)
    with pytest.raises((upheld_verify.Bad, ValueError, KeyError, TypeError)):
        upheld_verify.check_bundle(forged, upheld_verify.key_of(str(KEY.verifier)), [])


def test_a_key_is_handed_over_and_the_old_one_signs_no_more(filled):
    trail.rotate(filled, KEY, NEXT, at=NOW, by="test")
    fill(filled, 3, 50)
    sign(filled, NEXT)
    found = bundle.verify_database(filled, KEY.verifier)
    assert found.keys == (str(KEY.verifier), str(NEXT.verifier))
    fill(filled, 1, 60)
    sign(filled, KEY)  # whoever stole the old key
    with pytest.raises(SignatureError, match="not signed by"):
        bundle.verify_database(filled, KEY.verifier)


def test_a_handover_that_the_new_key_did_not_sign_is_refused(filled):
    with filled.writing() as c:
        happened(c, "key", at=stamp(NOW), by="test", old=str(KEY.verifier), new=str(NEXT.verifier))
    fill(filled, 1, 80)
    sign(filled, KEY)
    with pytest.raises(SignatureError, match="hands over to a key that did not sign"):
        bundle.verify_database(filled, KEY.verifier)


def test_the_one_file_verifier_runs_alone(filled, tmp_path):
    file = Path(upheld_verify.__file__)
    (tmp_path / "v.py").write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "bundle").write_bytes(bundle_of(filled))
    words = [sys.executable, "-I", "-S", "v.py", "bundle", "--key", str(KEY.verifier)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (
        0, "12 entries, 2 checkpoints, 0 anchors: all fit; entries 0 to 11 are signed but not anchored"
    )  # fmt: skip
    other = subprocess.run([*words[:-1], str(NEXT.verifier)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert other.returncode == 4
    assert "import upheld" not in file.read_text(encoding="utf-8")


def test_a_proof_of_one_entry_is_enough_for_it(filled, tmp_path):
    fill(filled, 300, 100)
    sign(filled)
    with filled.reading() as c:
        for position in (0, 4, 11, 255, 256, 311):
            found = trail.proof(c, position)
            (tmp_path / "proof").write_text(json.dumps(found), encoding="utf-8")
            assert upheld_verify.main([str(tmp_path / "proof"), "--key", str(KEY.verifier)]) == 0
            found["entry"] = found["entry"].replace("evidence", "Evidence")
            (tmp_path / "proof").write_text(json.dumps(found), encoding="utf-8")
            assert upheld_verify.main([str(tmp_path / "proof"), "--key", str(KEY.verifier)]) == 4
        assert trail.proof(c, 312) is None


def test_consistency_proofs_lead_from_every_checkpoint_to_the_next(filled):
    fill(filled, 600, 100)
    sign(filled)
    with filled.reading() as c:
        notes = [checkpoint.parse(m.note) for m in trail.checkpoints(c)]
        for old, new in zip(notes, notes[1:], strict=False):
            path = [bytes.fromhex(step) for step in trail.growth(c, old.size, new.size)]
            assert merkle.consistent(old.size, new.size, old.root, new.root, path)


def test_erasing_a_person_leaves_every_proof_valid_and_no_name(database):
    accounts = Accounts(database)
    grants = [Grant(product="insights", role=Role.CUSTOMER, customer="northbank")]
    accounts.create("Bea Example", password="x" * 12, email="bea@example.com", grants=grants, by="test", at=NOW)
    fill(database, 3)
    sign(database)
    with database.reading() as c:
        proofs = [trail.proof(c, position) for position in range(5)]
        digest = json.loads(proofs[0]["entry"])["whom"]
        (name,) = c.execute(sa.select(tables.person.c.name).where(tables.person.c.digest == digest)).one()
    assert name == "Bea Example"
    assert accounts.erase("Bea Example", by="test", at=NOW) == 1
    fill(database, 1, 10)
    sign(database)
    assert bundle.verify_database(database, KEY.verifier, [p["checkpoint"] for p in proofs]).size == 7
    with database.reading() as c:
        assert [trail.proof(c, p)["entry"] for p in range(5)] == [p["entry"] for p in proofs]
        for table in tables.METADATA.sorted_tables:
            for row in c.execute(sa.select(table)):
                assert "Bea" not in str(row), table.name
                assert "bea@" not in str(row), table.name


def test_the_command_names_the_first_bad_entry_and_exits_4(filled, database_url, tmp_path):
    def audit(*words):
        return CliRunner().invoke(cli, ["audit", *words], standalone_mode=False)

    options = ("--database", database_url, "--data", str(tmp_path))
    good = audit("verify", *options, "--key", str(KEY.verifier), "--format", "json")
    assert json.loads(good.stdout)["entries"] == 12
    alter(filled, "UPDATE entry SET body = replace(body, 'evidence', 'Evidence') WHERE seq = 4")
    bad = audit("verify", *options, "--key", str(KEY.verifier))
    assert isinstance(bad.exception, SignatureError)
    assert (bad.exception.exit_status, bad.exception.message.startswith("entry 3 was changed")) == (4, True)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a+b", "a+b+c", "upheld.example/log+00000000+AQAA", str(KEY.verifier).replace("upheld", "other", 1)],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(SignatureError, match=r"verifier key|hash is not"):
        verifier(text)


def test_entries_sealed_by_several_at_once_get_every_position_once(database):
    from concurrent.futures import ThreadPoolExecutor

    with database.writing() as c:
        for i in range(400):
            happened(c, "test", at=stamp(NOW), by="test", n=str(i))

    def work(worker: int) -> None:
        for i in range(20):
            with database.writing() as c:
                happened(c, "test", at=stamp(NOW), by="test", n=f"{worker}.{i}")
            with contextlib.suppress(sa.exc.IntegrityError):  # another sealer was quicker: the next round looks again
                trail.seal(database)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    while trail.seal(database):
        pass
    sign(database)
    assert bundle.verify_database(database, KEY.verifier).size == 480

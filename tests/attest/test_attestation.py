"""Attestations: signed by us, verified by an independent implementation, and not one byte can change unnoticed."""

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jsonschema import Draft202012Validator
from securesystemslib.dsse import Envelope as TheirEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from tests.faces.test_judging_commands import Shop, junit, load
from upheld.attest import make_key, open_envelope, private_key, public_key, seal, verify_bundle
from upheld.attest.envelope import PAYLOAD_TYPE, pre_authentication
from upheld.attest.keys import key_id
from upheld.attest.statement import GATE_RESULT, STATEMENT, SUMMARY, WAIVED, canonical
from upheld.errors import SignatureError, UsageError

pytestmark = pytest.mark.upheld("REQ-ATT-001.c1")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "shop")
    shop.edit(
        "upheld.yaml", "since: 2026-11-22", "since: 2026-11-22\nfolders: {evidence: evidence}"
    )  # no part of the source
    make_key(tmp_path / "ci.key")
    (tmp_path / "app.whl").write_bytes(b"the artifact")
    return shop


def attest(shop: Shop, *words: str, gate: str = "merge") -> tuple[int, Path]:
    out = shop.root.parent / "gate.intoto.jsonl"
    answer = shop.run("check", gate, "--evidence", str(shop.root / "evidence"), "--no-store", "--attest", str(out),
                      "--key", str(shop.root.parent / "ci.key"), *words)  # fmt: skip
    return answer.exit_code, out


def verify(shop: Shop, path: Path, *words: str) -> tuple[int, str]:
    answer = shop.run_plain("audit", "verify", str(path), "--key", str(shop.root.parent / "ci.key.pub"), *words)
    return answer.exit_code, answer.output + str(answer.exception or "")


def artifact_shop(shop: Shop, **more) -> tuple[int, Path]:
    """Evidence of the source here, and a gate judged on the artifact that was built from it."""
    tree = json.loads(shop.run("check", "merge", "--no-store", "--format", "json").stdout)["subject"]
    shop.evidence("load.json", load(subject=tree) | more)
    shop.evidence("tasks.json", {"schema": "upheld/evidence/v1", "indicator": "task.done", "stage": "build", "subject": tree,
                                 "statistic": {"kind": "share", "n": 40, "good": 40}})  # fmt: skip
    return attest(shop, "--artifact", str(shop.root.parent / "app.whl"), "--built-from", ".")


def payloads(path: Path) -> list[dict]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(base64.b64decode(json.loads(line)["payload"])) for line in lines]


class TestIndependently:
    """securesystemslib is the reference implementation of DSSE, by its authors."""

    def their_key(self, shop: Shop) -> SSlibKey:
        key = public_key(shop.root.parent / "ci.key.pub")
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        return SSlibKey(keyid=key_id(key), keytype="ed25519", scheme="ed25519", keyval={"public": raw})

    def test_securesystemslib_verifies_both_statements(self, shop):
        _, path = artifact_shop(shop)
        for line in path.read_text(encoding="utf-8").splitlines():
            theirs = TheirEnvelope.from_dict(json.loads(line))
            assert theirs.payload_type == PAYLOAD_TYPE
            assert list(theirs.verify([self.their_key(shop)], threshold=1)) == [self.their_key(shop).keyid]

    def test_securesystemslib_refuses_what_was_changed(self, shop):
        _, path = artifact_shop(shop)
        document = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
        document["payload"] = base64.b64encode(
            base64.b64decode(document["payload"]).replace(b'"met"', b'"MET"')
        ).decode()
        with pytest.raises(VerificationError):
            TheirEnvelope.from_dict(document).verify([self.their_key(shop)], threshold=1)

    def test_the_bytes_that_are_signed_are_those_of_the_specification(self):
        # The example of https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
        expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        assert pre_authentication("http://example.com/HelloWorld", b"hello world") == expected


class TestStatements:
    def test_the_result_holds_every_criterion_with_its_interval_and_evidence(self, shop):
        status, path = artifact_shop(shop)
        result, _ = payloads(path)
        assert (status, result["_type"], result["predicateType"]) == (0, STATEMENT, GATE_RESULT)
        assert result["subject"] == [
            {"name": "app.whl", "digest": {"sha256": hashlib.sha256(b"the artifact").hexdigest()}}
        ]
        predicate = result["predicate"]
        lines = {c["criterion"]: c for c in predicate["result"]["criteria"]}
        assert lines["REQ-LAT-001.c1"]["interval"][0] is not None
        assert set(predicate["definitions"]) == set(lines)
        named = {e["id"] for e in predicate["evidence"]}
        assert {i for c in lines.values() for i in c["evidence"]} == named
        assert list(predicate["builtFrom"]["digest"]) == ["gitTree"]

    def test_the_summary_is_one_of_slsa_and_rests_on_the_result(self, shop):
        _, path = artifact_shop(shop)
        result, summary = payloads(path)
        predicate = summary["predicate"]
        assert summary["predicateType"] == SUMMARY
        assert {"verifier", "timeVerified", "resourceUri", "policy", "verificationResult", "verifiedLevels"} <= set(
            predicate
        )
        assert (predicate["verificationResult"], predicate["verifiedLevels"]) == ("PASSED", ["UPHELD_GATE_MERGE"])
        assert predicate["inputAttestations"][0]["digest"] == {"sha256": hashlib.sha256(canonical(result)).hexdigest()}
        assert not any(level.startswith("SLSA_") for level in predicate["verifiedLevels"])

    @pytest.mark.parametrize(
        ("break_it", "status", "verdict"),
        [
            (lambda s: s.evidence("junit.xml", junit("one")), 1, "not met"),
            (lambda s: (s.root / "evidence/junit.xml").unlink(), 3, "inconclusive"),
        ],
    )  # fmt: skip
    def test_what_is_not_met_or_not_known_fails_in_the_summary(self, shop, break_it, status, verdict):
        artifact_shop(shop)
        break_it(shop)
        words = ("--artifact", str(shop.root.parent / "app.whl"), "--built-from", ".")
        assert attest(shop, *words)[0] == status
        result, summary = payloads(shop.root.parent / "gate.intoto.jsonl")
        assert result["predicate"]["result"]["verdict"] == verdict
        assert (summary["predicate"]["verificationResult"], summary["predicate"]["verifiedLevels"]) == (
            "FAILED",
            ["FAILED"],
        )

    def test_a_waived_criterion_is_named_in_the_summary(self, shop):
        artifact_shop(shop)
        shop.evidence("junit.xml", junit("one"))
        shop.write("waivers/w.yaml", "criterion: REQ-LAT-001.c2\nowner: jake\napprover: lisa\nreason: known\nuntil: 2026-11-30\nsince: 2026-11-20\n")  # fmt: skip
        attest(shop, "--artifact", str(shop.root.parent / "app.whl"), "--built-from", ".", "--at", "2026-11-22")
        _, summary = payloads(shop.root.parent / "gate.intoto.jsonl")
        assert summary["predicate"][WAIVED] == ["REQ-LAT-001.c2"]


class TestVerifying:
    def test_a_bundle_holds_for_its_artifact_and_gate(self, shop):
        _, path = artifact_shop(shop)
        status, said = verify(shop, path, "--artifact", str(shop.root.parent / "app.whl"), "--gate", "merge", "--met")
        assert status == 0, said
        assert "● holds" in said
        assert "gate merge: met" in said

    def test_the_json_of_a_check_holds_to_its_schema(self, shop):
        _, path = artifact_shop(shop)
        answer = shop.run_plain(
            "audit", "verify", str(path), "--key", str(shop.root.parent / "ci.key.pub"), "--format", "json"
        )
        schema = json.loads(
            (Path(__file__).parents[2] / "docs/schemas/attestation-check-v1.json").read_text(encoding="utf-8")
        )
        Draft202012Validator(schema).validate(json.loads(answer.stdout))

    @pytest.mark.slow
    def test_every_changed_byte_is_found(self, shop):
        _, path = artifact_shop(shop)
        raw = path.read_bytes()
        keys = [public_key(shop.root.parent / "ci.key.pub")]
        assert verify_bundle(raw.decode(), keys, where="b").verdict == "met"
        unnoticed = []
        for i in range(len(raw)):
            for other in {raw[i] ^ 1, raw[i] ^ 32, ord(" ")} - {raw[i]}:
                changed = raw[:i] + bytes([other]) + raw[i + 1 :]
                try:
                    verify_bundle(changed.decode(), keys, where="b")
                except (SignatureError, UnicodeDecodeError):
                    continue
                unnoticed.append((i, raw[i], other))
        assert unnoticed == []

    @pytest.mark.parametrize(
        "change",
        [
            lambda t: t[:-1], lambda t: t[: len(t) // 2], lambda t: t + t, lambda t: t.splitlines()[0] + "\n", lambda _: "",
            lambda t: "\n".join(reversed(t.splitlines())) + "\n", lambda t: t.replace('"payload"', '"payload" '),
            lambda _: "{}\n{}\n", lambda _: "[" * 100_000, lambda t: t.replace('"signatures":[', '"x":1,"signatures":['),
        ],
    )  # fmt: skip
    def test_a_bundle_in_another_shape_does_not_hold(self, shop, change):
        _, path = artifact_shop(shop)
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        status, said = verify(shop, path)
        assert status == 4, said

    def test_another_artifact_subject_gate_or_key_does_not_hold(self, shop, tmp_path):
        _, path = artifact_shop(shop)
        (tmp_path / "other.whl").write_bytes(b"another")
        assert verify(shop, path, "--artifact", str(tmp_path / "other.whl"))[0] == 4
        assert verify(shop, path, "--subject", "sha256:" + "0" * 64)[0] == 4
        assert verify(shop, path, "--gate", "release")[0] == 4
        make_key(tmp_path / "stranger.key")
        answer = shop.run_plain("audit", "verify", str(path), "--key", str(tmp_path / "stranger.key.pub"))
        assert answer.exit_code == 4

    def test_a_signed_lie_does_not_hold(self, shop):
        """Whoever holds the key can sign anything; a verdict that its own criteria contradict is still found."""
        _, path = artifact_shop(shop)
        secret = private_key(shop.root.parent / "ci.key")
        result, summary = payloads(path)
        result["predicate"]["result"]["criteria"][0]["verdict"] = "not met"
        payload = canonical(result)
        summary["predicate"]["inputAttestations"][0]["digest"]["sha256"] = hashlib.sha256(payload).hexdigest()
        path.write_text(f"{seal(payload, secret)}\n{seal(canonical(summary), secret)}\n", encoding="utf-8")
        status, said = verify(shop, path)
        assert (status, "its criteria and sign-offs say not met" in said) == (4, True)

    def test_statements_of_two_runs_do_not_go_together(self, shop):
        _, path = artifact_shop(shop)
        first = path.read_text(encoding="utf-8").splitlines()
        (shop.root.parent / "app.whl").write_bytes(b"the next one")
        _, path = artifact_shop(shop)
        second = path.read_text(encoding="utf-8").splitlines()
        path.write_text(f"{first[0]}\n{second[1]}\n", encoding="utf-8")
        assert verify(shop, path)[0] == 4

    def test_met_makes_the_verdict_the_exit_code(self, shop):
        artifact_shop(shop)
        shop.evidence("junit.xml", junit("one"))
        _, path = attest(shop, "--artifact", str(shop.root.parent / "app.whl"), "--built-from", ".")
        assert verify(shop, path)[0] == 0
        assert verify(shop, path, "--met")[0] == 1

    def test_no_network_no_project_and_no_git_are_needed(self, shop, tmp_path):
        _, path = artifact_shop(shop)
        code = (
            "import sys, socket\n"
            "def no(*a, **k): raise RuntimeError('network')\n"
            "socket.socket = no\n"
            "sys.argv = ['upheld', 'audit', 'verify', sys.argv[1], '--key', sys.argv[2]]\n"
            "from upheld.cli import main\nmain()\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(path), str(tmp_path / "ci.key.pub")], cwd="/", env={"PATH": ""},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


class TestBuiltFrom:
    def test_evidence_of_the_source_counts_for_what_was_built_from_it(self, shop):
        assert artifact_shop(shop)[0] == 0

    def test_without_the_tie_it_is_evidence_of_something_else(self, shop):
        artifact_shop(shop)
        status, path = attest(shop, "--artifact", str(shop.root.parent / "app.whl"))
        assert status == 3
        lines = payloads(path)[0]["predicate"]["result"]["criteria"]
        assert any(line["reason"].startswith("wrong subject") for line in lines)

    @pytest.mark.parametrize(
        "words",
        [("--built-from", "."), ("--subject", "sha256:00", "--built-from", "git:nowhere")],
    )  # fmt: skip
    def test_a_tie_without_an_artifact_or_to_no_source_exits_2(self, shop, words):
        assert attest(shop, *words)[0] == 2

    def test_the_result_says_what_it_was_built_from(self, shop):
        artifact_shop(shop)
        answer = shop.run(
            "check", "merge", "--no-store", "--artifact", str(shop.root.parent / "app.whl"), "--built-from", "."
        )
        assert ", built from tree " in answer.stdout


class TestKeysAndWords:
    def test_a_key_is_made_once_and_is_its_owners_alone(self, shop, tmp_path):
        assert (tmp_path / "ci.key").stat().st_mode & 0o077 == 0
        with pytest.raises(UsageError, match="is there already"):
            make_key(tmp_path / "ci.key")

    def test_an_openssh_key_signs_and_verifies_too(self, tmp_path):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "id")], check=True)
        text = seal(b"{}", private_key(tmp_path / "id"))
        assert open_envelope(text, [public_key(tmp_path / "id.pub")], where="x").payload == b"{}"

    @pytest.mark.parametrize(
        "content", [b"", b"nonsense", b"ssh-rsa AAAA", b"-----BEGIN PUBLIC KEY-----\nxx\n-----END PUBLIC KEY-----\n"]
    )
    def test_a_file_that_is_no_key_exits_2(self, tmp_path, content):
        (tmp_path / "k").write_bytes(content)
        for load_key in (public_key, private_key):
            with pytest.raises(UsageError):
                load_key(tmp_path / "k")

    @pytest.mark.parametrize(
        "words", [("--attest", "x"), ("--attest", "x", "--key", "KEY", "second-gate"), ("--attest", "x", "--key", "README")]
    )  # fmt: skip
    def test_a_wish_that_cannot_be_fulfilled_writes_nothing(self, shop, words, monkeypatch):
        monkeypatch.chdir(shop.root.parent)
        (shop.root.parent / "README").write_text("no key", encoding="utf-8")
        given = [str(shop.root.parent / "ci.key") if w == "KEY" else w for w in words]
        assert shop.run("check", "merge", "--no-store", *given).exit_code == 2
        assert not (shop.root.parent / "x").exists()

    def test_a_subject_without_a_digest_is_not_attested(self, shop):
        assert attest(shop, "--subject", "deployment:blue")[0] == 2

    def test_an_empty_list_of_signatures_is_no_signature(self):
        key = Ed25519PrivateKey.generate()
        text = json.dumps(json.loads(seal(b"{}", key)) | {"signatures": []}, separators=(",", ":"))
        with pytest.raises(SignatureError):
            open_envelope(text, [key.public_key()], where="x")

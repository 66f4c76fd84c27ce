"""What people and machines do: evidence once each, sign-offs and waivers as commits that an offline check reads."""

import concurrent.futures
import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.server.conftest import OTHER, git
from upheld.core.scope import Right
from upheld.project import ssh_signature
from upheld.store import tables
from upheld.store.ledger import insert_new
from upheld.wiring import open_workspace

pytestmark = [pytest.mark.upheld("REQ-SRV-002"), pytest.mark.slow]
API = "/api/v1/products/insights"


def measured(customer: str = "northbank", good: int = 995, **more) -> dict:
    return {
        "schema": "upheld/evidence/v1", "indicator": "insight.latency", "stage": "production", "subject": "release:42",
        "population": {"customer": customer}, "observed": datetime.now(UTC).isoformat(),
        "window": {"from": (datetime.now(UTC) - timedelta(days=30)).isoformat(), "to": datetime.now(UTC).isoformat()},
        "statistic": {"kind": "quantile", "unit": "s", "n": 1000, "good": good, "threshold": 1},
        **more,
    }  # fmt: skip


def test_two_uploads_of_one_report_make_one_record(house):
    machine, record = house.token(Right.EVIDENCE), measured()
    first = machine.post(f"{API}/evidence", json=record)
    again = machine.post(f"{API}/evidence", json=[record, dict(reversed(record.items()))])
    assert (first.status_code, first.json()["new"]) == (201, 1)
    assert (again.status_code, again.json()["new"]) == (200, 0)
    assert again.json()["ids"] == first.json()["ids"] * 2
    assert len(house.entries("evidence")) == 1


def test_forty_uploads_at_once_of_twenty_reports_make_twenty_records(house):
    machine = house.token(Right.EVIDENCE)
    records = [measured(good=900 + i) for i in range(20)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda r: machine.post(f"{API}/evidence", json=r), records * 2))
    assert {a.status_code for a in answers} <= {200, 201}
    assert sum(a.json()["new"] for a in answers) == 20
    assert len(house.entries("evidence")) == 20


def test_new_evidence_is_seen_in_the_thread_it_is_about(house):
    house.token(Right.EVIDENCE).post(f"{API}/evidence", json=[measured(good=995), measured(OTHER, good=10)])
    house.settle()
    groups = house.enter("lisa").get(f"{API}/threads").json()["criteria"][0]["stages"]["production"]["groups"]
    verdicts = {g["customer"]: g["verdict"] for g in groups}
    assert (verdicts["northbank"], verdicts[OTHER]) == ("met", "not met")
    own = house.enter("okafor").get(f"{API}/threads").json()["criteria"][0]["stages"]["production"]
    assert (own["verdict"], [g["customer"] for g in own["groups"]]) == ("met", ["northbank"])


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "no JSON"), (b"{", "no JSON"), (b"\xff", "no JSON"), (b"null", "record 1"), (b"[]", "at least one"),
        (b"[1]", "record 1"), (b'{"schema": "other"}', "schema"), (b'[{"schema": "upheld/evidence/v1"}]', "stage"),
    ],
)  # fmt: skip
def test_what_is_no_evidence_is_refused_with_what_is_wrong(house, body, word):
    answer = house.token(Right.EVIDENCE).post(f"{API}/evidence", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert word in answer.json()["detail"]


def test_one_wrong_record_keeps_none_of_an_upload(house):
    answer = house.token(Right.EVIDENCE).post(f"{API}/evidence", json=[measured(), measured(stage="never")])
    assert answer.status_code == 422
    assert "record 2" in answer.json()["detail"]
    assert house.entries("evidence") == []


def test_a_request_that_is_too_large_is_refused(house):
    machine = house.token(Right.EVIDENCE)
    answer = machine.post(f"{API}/evidence", content=b" " * (house.settings.largest + 1))
    assert answer.status_code == 413


def test_a_sign_off_made_here_is_a_commit_that_an_offline_check_agrees_with(house, team, tmp_path):
    key = house.server.keys.current()
    config = (team / "upheld.yaml").read_text(encoding="utf-8")
    (team / "upheld.yaml").write_text(f"{config}server-keys: [{ssh_signature.public_line(key, 'server')}]\n", "utf-8")
    git(team, "commit", "-qam", "trust the server")
    product = house.server.products["insights"]
    product.refresh()
    answer = house.enter("lisa").post(f"{API}/signoffs", json={"item": "gate.merge", "role": "engineering"})
    assert answer.status_code == 201, answer.text
    assert git(team, "log", "-1", "--format=%an <%ae>", "upheld/records") == "lisa <lisa@example.com>"
    here = house.enter("lisa").get(f"{API}/gates/merge").json()
    assert [(s["role"], s["state"]) for s in here["signoffs"]] == [("engineering", "signed")]
    offline = tmp_path / "offline"
    git(tmp_path, "clone", "-q", "-b", "upheld/records", str(team), str(offline))
    (signed,) = [s for s in open_workspace(offline, store=False).sign_offs() if s.item == "gate.merge"]
    assert (signed.person, signed.via, signed.valid) == ("lisa", "server", True)
    assert open_workspace(offline, store=False).subject == here["subject"]
    house.settle()
    assert len(house.entries("sign-off")) == 4  # three lay in the repository already


def test_of_a_file_that_both_branches_have_the_later_signature_counts_until_main_changes_it(house, team):
    product = house.server.products["insights"]
    lisa = house.enter("lisa")
    assert lisa.post(f"{API}/signoffs", json={"item": "gate.merge", "role": "engineering"}).status_code == 201
    (name,) = [n for n in git(team, "ls-tree", "-r", "--name-only", "upheld/records").split("\n") if "gate.merge" in n]
    text = git(team, "show", f"upheld/records:{name}")
    git(team, "merge", "-q", "upheld/records")  # main has it now, and the next signature changes the same file
    assert (
        lisa.post(f"{API}/signoffs", json={"item": "gate.merge", "role": "engineering", "meaning": "again"}).status_code
        == 201
    )
    product.refresh()

    def shown() -> str:
        return (product.clone.view().root / name).read_text(encoding="utf-8").strip()

    assert shown() == git(team, "show", f"upheld/records:{name}")
    assert shown() != text
    (team / name).unlink()
    git(team, "commit", "-qam", "take it away")
    product.refresh()
    assert not (product.clone.view().root / name).exists()


def test_what_changed_since_it_was_read_is_not_signed(house):
    answer = house.enter("lisa").post(
        f"{API}/signoffs", json={"item": "REQ-LAT-001", "role": "engineering", "seen": "sha256:" + "0" * 64}
    )
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("who", "item", "role", "status"),
    [
        ("lisa", "REQ-LAT-001", "product", 403), ("lisa", "REQ-NONE", "engineering", 404),
        ("okafor", "REQ-LAT-001", "customer:eastcredit", 403), ("eve", "REQ-LAT-001", "customer:eastcredit", 403),
        ("axel", "REQ-LAT-001", "auditor", 403),
    ],
)  # fmt: skip
def test_nobody_signs_in_a_role_they_do_not_hold(house, who, item, role, status):
    answer = house.enter(who).post(f"{API}/signoffs", json={"item": item, "role": role})
    assert answer.status_code == status, answer.text


def test_a_waiver_is_approved_by_another_person_and_lands_in_git(house, team):
    until = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    asked = {"criterion": "REQ-LAT-001.c1", "gate": "merge", "reason": 'rig: "down"', "until": until}
    jake, lisa = house.enter("jake"), house.enter("lisa")
    id_ = jake.post(f"{API}/waivers", json=asked).json()["id"]
    assert [w["id"] for w in lisa.get(f"{API}/waivers").json()["asked"]] == [id_]
    own = house.enter("jake").post(f"{API}/waivers/{id_}/approval", json={})
    assert (own.status_code, "does not approve" in own.json()["detail"]) == (403, True)
    done = lisa.post(f"{API}/waivers/{id_}/approval", json={})
    assert done.status_code == 201, done.text
    (waiver,) = lisa.get(f"{API}/waivers").json()["waivers"]
    assert (waiver["owner"], waiver["approver"], waiver["reason"]) == ("jake", "lisa", 'rig: "down"')
    assert lisa.get(f"{API}/waivers").json()["asked"] == []
    assert lisa.post(f"{API}/waivers/{id_}/approval", json={}).status_code == 404
    house.settle()
    assert len(house.entries("waiver")) == 1
    line = lisa.get(f"{API}/gates/merge").json()["criteria"][0]
    assert line["waiver"]["approver"] == "lisa" or "72 h" in line["waiver_note"]


def test_a_write_with_an_idempotency_key_happens_once(house):
    until = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    asked = {"criterion": "REQ-LAT-001.c1", "reason": "x", "until": until}
    jake, key = house.enter("jake"), {"idempotency-key": "k1"}
    first, again = (jake.post(f"{API}/waivers", json=asked, headers=key) for _ in range(2))
    assert first.json() == again.json()
    other = jake.post(f"{API}/waivers", json={**asked, "reason": "y"}, headers=key)
    assert other.status_code == 409
    assert len(house.entries("waiver-request")) == 1


def test_a_proposal_is_a_commit_on_a_branch_of_its_own(house, team):
    text = (team / "requirements/REQ-LAT-001.md").read_text(encoding="utf-8").replace("REQ-LAT-001", "REQ-NEW-001")
    done = house.enter("jake").post(
        f"{API}/proposals", json={"title": "A new promise", "files": {"requirements/REQ-NEW-001.md": text}}
    )
    assert done.status_code == 201, done.text
    branch = done.json()["branch"]
    assert git(team, "show", f"{branch}:requirements/REQ-NEW-001.md") == text.strip()
    assert git(team, "rev-parse", "main") == git(team, "rev-parse", f"{branch}~1")
    for bad in ("../x", "/etc/x", ".git/config", ""):
        answer = house.enter("jake").post(f"{API}/proposals", json={"title": "t", "files": {bad: "x"}})
        assert answer.status_code == 400, bad


def test_a_changed_verdict_is_noted_once(house):
    house.settle()
    house.server.reconcile(house.server.products["insights"])
    before = len(house.entries("verdict"))
    house.token(Right.EVIDENCE).post(f"{API}/evidence", json=[measured(c) for c in _customers(house)])
    house.settle()
    for _ in range(3):
        house.server.reconcile(house.server.products["insights"])
    assert len(house.entries("verdict")) == before + 1
    with house.server.database.reading():
        from upheld.store.ledger import SqlStore

        last = SqlStore(house.server.database, "insights").records("verdict")[-1]
    assert (last["stage"], last["verdict"]) == ("production", "met")


def test_a_row_is_inserted_once_whatever_the_database(house):
    row = {"name": "a setting of this test", "value": "1"}
    with house.server.database.writing() as connection:
        assert [insert_new(connection, tables.setting, row) for _ in range(2)] == [True, False]


def _customers(house) -> list[str]:
    return list(house.server.products["insights"].known.catalogue.customers)


def test_entries_hold_no_name_of_anybody(house):
    house.enter("lisa").post(f"{API}/signoffs", json={"item": "gate.merge", "role": "engineering"})
    house.settle()
    text = json.dumps(house.entries())
    assert house.entries("sign-off") != []
    for name in ("lisa", "okafor", "jake", "example.com"):
        assert name not in text

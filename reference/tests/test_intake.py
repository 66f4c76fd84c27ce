"""Rows come in once, bad ones wait in quarantine, and a replay after the fix equals a clean run byte for byte."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from world import FIRST_TICK, World

from techflow import cli, health
from techflow.banks import BANKS
from techflow.faults import Faults
from techflow.feeds import SHAPES
from techflow.feeds.contract import Batch, SourceDown
from techflow.intake import Breaker, Fix, quarantined, replay
from techflow.legacy import FAULTS, NIGHT, TICK, DataFault

pytestmark = pytest.mark.upheld("REQ-DAT-001")

SOME = ("northbank", "lakeshore", "adria")
ROW_FAULTS = [kind for kind in FAULTS if kind not in ("stop", "slow")]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def cases() -> list[tuple[str, str]]:
    return [(feed, kind) for feed in SHAPES for kind in ROW_FAULTS if (feed, kind) != ("crm", "orphan key")]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("clean"))
    world.run(NIGHT // 2 + 4)
    yield world
    world.close()


def test_a_clean_run_with_all_normal_troubles_is_silent(clean: World) -> None:
    assert clean.findings() == [] and list(quarantined(clean.state)) == []


@pytest.mark.parametrize("trial", range(3))
def test_clean_feeds_of_unseen_seeds_are_silent(tmp_path: Path, trial: int) -> None:
    seed = secrets.randbelow(10**6)
    world = World(tmp_path, seed=seed, clients=120)
    world.run(8)
    assert world.findings() == [], f"seed {seed}"
    world.close()


def test_every_client_gets_every_feature(clean: World) -> None:
    for contact in clean.legacy.contacts:
        view = clean.state.client(contact.client)
        assert view is not None and None not in view.values(), view
        for name, value in view.items():
            if name in contact.features:
                assert value == contact.features[name], (name, contact.client)


def test_market_figures_reach_every_bank(clean: World) -> None:
    markets = clean.state.markets()
    assert len(markets) == 12 and all(None not in market.values() for market in markets.values())


@pytest.mark.parametrize(("feed", "kind"), cases())
def test_a_planted_fault_is_named_with_source_and_customers(tmp_path: Path, feed: str, kind: str) -> None:
    world = World(tmp_path, clients=120)
    world.number = NIGHT - 2 if feed == "mainframe" else FIRST_TICK  # the next files drop soon
    world.run(4 if feed in ("mainframe", "backoffice") else 12, [DataFault(feed=feed, kind=kind, banks=SOME)])
    findings = world.findings()
    assert {finding["source"] for finding in findings} == {feed}
    assert {bank for finding in findings for bank in finding["customers"]} == set(SOME)  # type: ignore[attr-defined]
    world.close()


def test_a_stopped_feed_is_silent_for_the_banks_it_was_stopped_for(world: World) -> None:
    world.run(20, [DataFault(feed="ledger", kind="stop", banks=SOME)])
    (finding,) = world.findings()
    assert (finding["source"], finding["kind"]) == ("ledger", "silent")
    assert sorted(finding["customers"]) == sorted(SOME)  # type: ignore[call-overload]


def test_a_slow_feed_is_behind_and_recovers(world: World) -> None:
    slow = [DataFault(feed="payments", kind="slow", banks=SOME)]
    world.run(60, slow)
    assert [(f["source"], f["kind"]) for f in world.findings()] == [("payments", "behind")]
    world.run(40)
    assert world.findings() == []


def test_drifted_inputs_pass_every_check_and_change_what_the_model_is_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Valid rows from another population are no error of a row: the model's evaluation has to tell."""
    before = {contact.client: world.state.client(contact.client) for contact in world.legacy.contacts}
    world.run(30, injected(world, monkeypatch, "feed", "crm", "drift", "--bank", "northbank"))
    changed = {client for client, view in before.items() if world.state.client(client) != view}
    drifted = {c for c in changed if world.state.client(c)["job"] == "retired" and before[c]["job"] != "retired"}  # type: ignore[index]
    assert len(drifted) > 20 and {client[:2] for client in drifted} == {"NB"}
    older = [world.state.client(c)["age"] - before[c]["age"] for c in drifted]  # type: ignore[index]
    assert min(older) >= 0 and sum(older) / len(older) > 15
    assert world.findings() == [] and list(quarantined(world.state)) == []


def test_late_labels_are_named_for_every_bank_they_come_late_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.run(4, injected(world, monkeypatch, "late-labels"))
    (finding,) = world.findings()
    assert (finding["source"], finding["kind"]) == ("backoffice", "late")
    assert set(finding["customers"]) == set(BANKS)  # type: ignore[call-overload]
    world.run(NIGHT, injected(world, monkeypatch, "clear"))
    world.now += health.REMEMBERED
    world.run(1)
    assert world.findings() == []


def injected(world: World, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[DataFault]:
    """What the legacy systems play after `techflow fault …`."""
    monkeypatch.setenv("TECHFLOW_HOME", str(world.home))
    assert cli.main(["fault", *words]) == 0
    return Faults(world.home / "faults.json").feeds()


FIXES = [
    (Fix(feed="ledger", scale={"closing": 100}), "unit"),
    (Fix(feed="branches", scale={"rate": 100}), "unit"),
    (Fix(feed="cards", rename={"billed": "billing"}), "schema"),
    (Fix(feed="crm", rename={"occupation": "job"}), "schema"),
    (Fix(feed="payments", drop=("client",), rename={"Konto": "client"}), "schema"),
    (Fix(feed="ledger", encoding="utf-16"), "encoding"),
    (Fix(feed="crm", encoding="latin-1"), "encoding"),
    (Fix(feed="mainframe", encoding="latin-1"), "encoding"),
    (Fix(feed="backoffice", encoding="cp1252"), "encoding"),
]


@pytest.mark.parametrize(("fix", "kind"), FIXES, ids=lambda value: value.feed if isinstance(value, Fix) else value)
def test_a_replay_after_the_fix_equals_a_clean_run_byte_for_byte(
    tmp_path: Path, clean: World, fix: Fix, kind: str
) -> None:
    world = World(tmp_path)
    world.run(NIGHT // 2 + 4, [DataFault(feed=fix.feed, kind=kind, banks=SOME)])
    assert world.state.dump() != clean.state.dump()
    if fix.feed == "ledger" and kind == "unit":  # whole units lost their cents for good: the bank sends them again
        resend(world, "ledger")
    else:
        accepted, refused = replay(world.state, fix, world.now)
        assert accepted and not refused
    assert world.state.dump() == clean.state.dump()
    world.close()


@pytest.mark.parametrize("kind", ["null key", "orphan key", "conflict"])
def test_a_resent_row_equals_a_clean_run_byte_for_byte(tmp_path: Path, clean: World, kind: str) -> None:
    world = World(tmp_path)
    world.run(NIGHT // 2 + 4, [DataFault(feed="cards", kind=kind.replace("conflict", "duplicate"), banks=SOME)])
    resend(world, "cards")
    assert world.state.dump() == clean.state.dump()
    world.close()


def resend(world: World, feed: str) -> None:
    """The banks send the live rows of a feed again, rightly."""
    again = World(world.home / "again")
    for number in range(FIRST_TICK + 1, world.number + 1):
        again.now += TICK
        for (name, bank), rows in again.legacy.events(number, again.now).items():
            if name == feed:
                world.legacy.systems[feed].send([(bank, payload) for payload in SHAPES[feed].encode(rows)])
    world.intake.drain()
    again.close()


def test_an_orphan_is_accepted_when_its_client_becomes_known(world: World) -> None:
    card = {
        "event": "E1",
        "client": "NB-900000",
        "at": world.now.isoformat(),
        "minor": 100,
        "billing": 1.0,
        "mcc": "5411",
    }
    world.legacy.systems["cards"].send([("northbank", SHAPES["cards"].encode([card])[0])])
    world.intake.drain()
    assert "orphan key" in next(iter(quarantined(world.state)))["reason"]
    person = world.legacy._crm(world.legacy.contacts[0], 1, world.now, __import__("numpy").random.default_rng(1))
    world.legacy.systems["crm"].send([("northbank", SHAPES["crm"].encode([{**person, "client": "NB-900000"}])[0])])
    world.intake.drain()
    view = world.state.client("NB-900000")
    assert view is not None and view["card_spend"] == 100 and not list(quarantined(world.state))


def test_reading_everything_again_changes_nothing(world: World) -> None:
    world.run(5)
    before, count = world.state.dump(), len(list(quarantined(world.state)))
    for source in world.intake.sources.values():
        source.position = ""  # type: ignore[attr-defined]
        if hasattr(source, "path") and source.path.suffix == ".db":
            source.position = "0"  # type: ignore[attr-defined]
    world.intake.drain()
    assert world.state.dump() == before and len(list(quarantined(world.state))) == count


def test_a_dead_source_opens_its_breaker_and_leaves_the_others_alone(world: World) -> None:
    class Dead:
        reads = 0

        def read(self, limit: int) -> Batch:
            self.reads += 1
            raise SourceDown("connection refused")

        def commit(self, batch: Batch) -> None: ...
        def close(self) -> None: ...

    alive, dead = world.intake.sources["cards"], Dead()
    world.intake.sources["cards"] = dead
    alive.close()
    world.run(10)
    assert dead.reads < 8, "an open breaker leaves the source alone"
    row = world.state.connection.execute("SELECT breaker, trouble FROM feeds WHERE feed = 'cards'").fetchone()
    assert row == ("open", "connection refused")


def test_a_breaker_closes_after_one_good_try() -> None:
    from world import START

    breaker = Breaker()
    for _ in range(3):
        breaker.failed(START, "down")
    assert not breaker.allows(START) and breaker.allows(START + TICK * 2)
    breaker.succeeded()
    assert breaker.state == "closed"


def test_quarantine_says_why_with_the_value(world: World) -> None:
    world.run(3, [DataFault(feed="crm", kind="unit", banks=tuple(b.bank for b in world.legacy.contacts))])
    entry = next(iter(quarantined(world.state)))
    assert entry["feed"] == "crm" and "is outside 16 to 110 years" in entry["reason"]
    assert json.dumps(entry)

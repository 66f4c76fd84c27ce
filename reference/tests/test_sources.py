"""One contract for every source, embedded and on real servers."""

import secrets
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from world import World

from techflow import feeds
from techflow.banks import BANKS
from techflow.feeds.contract import Batch, Source, SourceDown, System
from techflow.feeds.embedded import Folder, Log
from techflow.legacy import FAULTS, DataFault

pytestmark = pytest.mark.upheld("REQ-DAT-001")

SERVERS = {"ledger": ("PostgreSQL", 5432), "crm": ("MariaDB", 3306), "cards": ("RabbitMQ", 5672),
           "branches": ("Mosquitto", 1883), "payments": ("NATS", 4222)}  # fmt: skip
CASES = [("log", "embedded"), ("folder", "embedded"), *((feed, "real") for feed in SERVERS)]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ITEMS = [("northbank", b"one"), ("adria", "zwei \u00fc".encode()), ("northbank", b"\x00\xff\x25")]


def require(feed: str) -> None:
    name, port = SERVERS[feed]
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError as error:
        pytest.skip(f"{name} is not reachable at 127.0.0.1:{port}: {error}")


class Place:
    """Where one system is: opens its two sides."""

    def __init__(self, feed: str, mode: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open: list[Source | System] = []
        if mode == "real":
            require(feed)
            monkeypatch.setenv("TECHFLOW_SERVERS_NAME", f"tf_{secrets.token_hex(4)}")
            from techflow.feeds import servers

            self._system: Callable[[], System] = lambda: servers.systems()[feed]
            self._source: Callable[[str], Source] = lambda position: servers.sources({feed: position})[feed]
        else:
            kind = Log if feed == "log" else Folder
            self._system = lambda: kind(path / "x")
            self._source = lambda position: kind(path / "x", position)

    def system(self) -> System:
        self.open.append(self._system())
        return self.open[-1]  # type: ignore[return-value]

    def source(self, position: str = "") -> Source:
        self.open.append(self._source(position))
        return self.open[-1]  # type: ignore[return-value]


@pytest.fixture(params=CASES, ids=lambda case: "-".join(case))
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    place = Place(*request.param, tmp_path, monkeypatch)
    yield place
    for each in place.open:
        each.close()
    if request.param[1] == "real":
        place.open[0].remove()  # type: ignore[union-attr]
        place.open[0].close()


def collect(source: Source, count: int, *, commit: bool, seconds: float = 12) -> list[tuple[str, str, bytes]]:
    """Read until so many payloads are there (a broker may take its time to bring them again)."""
    found: list[tuple[str, str, bytes]] = []
    end = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < end:
        batch = source.read(500)
        found += [(wire.ref, wire.bank, wire.payload) for wire in batch.wires]
        if commit and (batch.wires or batch.beats):
            source.commit(batch)
        if not batch.wires:
            time.sleep(0.05)
    return found


def test_what_is_sent_is_read_with_its_bank_unchanged(place: Place) -> None:
    source = place.source()
    source.read(1)  # subscribe
    place.system().send(ITEMS)
    assert sorted((bank, payload) for _, bank, payload in collect(source, 3, commit=True)) == sorted(ITEMS)


def test_what_was_not_committed_comes_again_with_the_same_ref(place: Place) -> None:
    source = place.source()
    source.read(1)
    place.system().send(ITEMS)
    first = collect(source, 3, commit=False)
    source.close()
    again = collect(place.source(), 3, commit=True)
    assert set(again) == set(first) and len(first) == 3


def test_what_was_committed_does_not_come_again(place: Place, request: pytest.FixtureRequest) -> None:
    source = place.source()
    source.read(1)
    system = place.system()
    system.send(ITEMS[:1])
    position, end = "", time.monotonic() + 10
    while time.monotonic() < end:
        batch: Batch = source.read(500)
        if batch.wires:
            position = batch.position
            source.commit(batch)
            break
        time.sleep(0.05)
    source.close()
    system.send(ITEMS[1:2])
    again = {payload for _, _, payload in collect(place.source(position), 1, commit=True)}
    assert ITEMS[1][1] in again
    if "branches" not in request.node.name:  # retained values come again: normal for telemetry
        assert ITEMS[0][1] not in again


def test_a_heartbeat_reaches_the_reader_without_any_data(place: Place) -> None:
    source = place.source()
    source.read(1)
    place.system().beat(["northbank", "adria"], NOW)
    beats: dict[str, datetime] = {}
    end = time.monotonic() + 10
    while len(beats) < 2 and time.monotonic() < end:
        batch = source.read(500)
        beats |= batch.beats
        if batch.beats:
            source.commit(batch)
        time.sleep(0.02)
    assert beats == {"northbank": NOW, "adria": NOW}


def test_a_limit_is_kept_and_the_rest_follows(place: Place) -> None:
    source = place.source()
    source.read(1)
    place.system().send([("adria", f"row {number}".encode()) for number in range(7)])
    time.sleep(0.3)
    assert len({payload for _, _, payload in collect(source, 7, commit=True)}) == 7


@pytest.mark.parametrize("feed", list(SERVERS))
def test_a_server_that_is_not_there_is_a_source_that_is_down(feed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg")
    from techflow.feeds import servers

    for name, value in (
        ("POSTGRES", "host=127.0.0.1 port=9"), ("MARIADB", "mysql://root@127.0.0.1:9/x"), ("RABBITMQ", "amqp://127.0.0.1:9"),
        ("MQTT", "mqtt://127.0.0.1:9"), ("NATS", "nats://127.0.0.1:9"),
    ):  # fmt: skip
        monkeypatch.setenv(f"TECHFLOW_{name}", value)
    source = servers.sources({})[feed]
    with pytest.raises(SourceDown):
        source.read(1)
    source.close()


def test_a_row_whose_transaction_commits_late_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL numbers rows before it commits them: the earlier number may become visible later."""
    require("ledger")
    monkeypatch.setenv("TECHFLOW_SERVERS_NAME", f"tf_{secrets.token_hex(4)}")
    from techflow.feeds.servers import Postgres

    slow, quick, reader = Postgres(), Postgres(), Postgres()
    waiting = slow._open()
    waiting.autocommit = False
    waiting.execute(f"INSERT INTO {slow.table} (bank, payload) VALUES ('adria', 'slow')")
    quick.send([("adria", b"quick")])
    seen = collect(reader, 2, commit=True, seconds=0.5)
    waiting.commit()
    seen += collect(reader, 2 - len(seen), commit=True)
    assert sorted(payload for *_, payload in seen) == [b"quick", b"slow"]
    for each in (slow, quick, reader):
        each.close()
    reader.remove()
    reader.close()


@pytest.mark.real
def test_a_run_over_the_real_servers_ends_in_the_same_state_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for feed in SERVERS:
        require(feed)
    from techflow.feeds import servers

    monkeypatch.setenv("TECHFLOW_SERVERS_NAME", f"tf_{secrets.token_hex(4)}")
    worlds = [World(tmp_path / str(real), clients=60, real=real) for real in (False, True)]
    for world in worlds:
        world.run(4)
    end = time.monotonic() + 15
    while worlds[0].state.dump() != worlds[1].state.dump() and time.monotonic() < end:
        time.sleep(0.1)
        worlds[1].intake.drain()
    assert worlds[0].state.dump() == worlds[1].state.dump()
    assert worlds[1].findings() == []
    for world in worlds:
        world.close()
    servers.remove()


def test_every_shape_has_a_source_in_either_mode(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    for real in (False, True):
        assert list(feeds.sources(tmp_path, real=real, positions={})) == list(feeds.SHAPES)
        assert set(feeds.systems(tmp_path, real=real)) == set(feeds.SHAPES)


@pytest.mark.real
@pytest.mark.parametrize("kind", [kind for kind in FAULTS if kind not in ("stop", "slow")])
def test_planted_faults_of_the_five_servers_are_named_with_source_and_customers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Every server's feed has the fault at once, each for another pair of banks; the CRM knows no orphans."""
    for feed in SERVERS:
        require(feed)
    from techflow.feeds import servers

    monkeypatch.setenv("TECHFLOW_SERVERS_NAME", f"tf_{secrets.token_hex(4)}")
    large = [*BANKS][:5]  # the smallest have no row of every feed within a minute
    pairs = dict(zip(SERVERS, zip(large, large[1:] + large[:1], strict=True), strict=True))
    hit = {feed: set(pair) for feed, pair in pairs.items() if (feed, kind) != ("crm", "orphan key")}
    planted = [DataFault(feed=feed, kind=kind, banks=tuple(some)) for feed, some in hit.items()]
    world = World(tmp_path, clients=60, real=True)
    told: dict[str, set[str]] = {}
    end = time.monotonic() + 20
    try:
        world.run(14, planted)
        while told != hit and time.monotonic() < end:
            world.intake.drain()
            told = {}
            for finding in world.findings():
                told.setdefault(str(finding["source"]), set()).update(finding["customers"])  # type: ignore[call-overload]
            time.sleep(0.05)
        assert told == hit
    finally:
        world.close()
        servers.remove()

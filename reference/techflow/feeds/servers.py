"""The five feeds that live on servers. Environment variables say where; a name keeps installations apart.

Each adapter keeps the same promise in its system's own way: nothing is passed over, and nothing is forgotten before
`commit`. PostgreSQL and MariaDB are read from an outbox table by position; RabbitMQ, MQTT and JetStream keep what is
not acknowledged and bring it again.
"""

import asyncio
import hashlib
import os
import queue
import time
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import nats
import nats.errors
import paho.mqtt.client as mqtt
import pika
import pika.exceptions
import psycopg
import pymysql
from nats.js.api import AckPolicy, ConsumerConfig
from paho.mqtt.enums import CallbackAPIVersion

from techflow.banks import BANKS
from techflow.feeds.contract import Batch, Source, SourceDown, System, Wire
from techflow.log import log

WAIT_SECONDS = 3
ACK_WAIT_SECONDS = 5.0  # JetStream brings an unacknowledged message again after this


def _where(name: str, default: str) -> str:
    return os.environ.get(f"TECHFLOW_{name}", default)


def installation() -> str:
    """The prefix of tables, queues, topics and streams."""
    return _where("SERVERS_NAME", "techflow")


def systems() -> dict[str, System]:
    """The legacy side of the five."""
    return {"ledger": Postgres(), "crm": Maria(), "cards": Rabbit(), "branches": Mqtt(), "payments": JetStream()}


def sources(positions: Mapping[str, str]) -> dict[str, Source]:
    """The reading side of the five."""
    return {
        "ledger": Postgres(positions.get("ledger", "")),
        "crm": Maria(positions.get("crm", "")),
        "cards": Rabbit(),
        "branches": Mqtt(),
        "payments": JetStream(),
    }


def remove() -> None:
    """Take this installation's tables, queue, kept session, retained topics and stream off the servers."""
    for side in (Postgres(), Maria(), Rabbit(), Mqtt(), JetStream()):
        try:
            side.remove()
        except (psycopg.Error, pymysql.Error, pika.exceptions.AMQPError, nats.errors.Error, OSError) as error:
            log("reset.unreachable", system=type(side).__name__, error=repr(error))
        side.close()


class Postgres:
    """An outbox table. Transactions may commit in another order than they took their numbers: rows are ordered by
    transaction, and only those older than every running transaction are read, so that none is passed over."""

    def __init__(self, position: str = "") -> None:
        self.position = position or "0:0"
        self.table = f"{installation()}_ledger_outbox"
        self._connection: psycopg.Connection[Any] | None = None

    def _open(self) -> "psycopg.Connection[Any]":
        if self._connection is None:
            where = _where("POSTGRES", "host=127.0.0.1 user=postgres dbname=postgres")
            self._connection = psycopg.connect(where, autocommit=True, connect_timeout=WAIT_SECONDS)
            known = self._connection.execute("SELECT to_regclass(%s)", (f"{self.table}_beat",)).fetchone()
            if known is None or known[0] is None:  # creating waits for running transactions: only at the first time
                self._create(self._connection)
        return self._connection

    def _create(self, connection: "psycopg.Connection[Any]") -> None:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(8620)")  # two may create at the same time
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {self.table} (seq bigserial PRIMARY KEY, bank text, payload bytea, "
                "written xid8 NOT NULL DEFAULT pg_current_xact_id())"
            )
            connection.execute(f"CREATE INDEX IF NOT EXISTS {self.table}_order ON {self.table} (written, seq)")
            connection.execute(f"CREATE TABLE IF NOT EXISTS {self.table}_beat (bank text PRIMARY KEY, at timestamptz)")

    def send(self, items: Sequence[tuple[str, bytes]]) -> None:
        with self._open().transaction(), self._open().cursor() as cursor:
            cursor.executemany(f"INSERT INTO {self.table} (bank, payload) VALUES (%s, %s)", items)

    def beat(self, banks: Sequence[str], at: datetime) -> None:
        with self._open().cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self.table}_beat VALUES (%s, %s) ON CONFLICT (bank) DO UPDATE SET at = excluded.at",
                [(bank, at) for bank in banks],
            )

    def read(self, limit: int) -> Batch:
        written, seq = self.position.split(":")
        try:
            connection = self._open()
            beats = {bank: at for bank, at in connection.execute(f"SELECT bank, at FROM {self.table}_beat")}
            rows = connection.execute(
                f"SELECT written::text, seq, bank, payload FROM {self.table} "
                "WHERE (written, seq) > (%s::text::xid8, %s) AND written < pg_snapshot_xmin(pg_current_snapshot()) "
                "ORDER BY written, seq LIMIT %s",
                (written, int(seq), limit),
            ).fetchall()
        except psycopg.Error as error:
            self.close()
            raise SourceDown(f"PostgreSQL: {error}") from error
        wires = tuple(Wire(ref=f"{w}:{s}", bank=bank, payload=bytes(payload)) for w, s, bank, payload in rows)
        position = wires[-1].ref if wires else self.position
        return Batch(wires=wires, position=position, beats=beats if len(wires) < limit else {})

    def commit(self, batch: Batch) -> None:
        self.position = batch.position

    def remove(self) -> None:
        self._open().execute(f"DROP TABLE IF EXISTS {self.table}, {self.table}_beat")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Maria:
    """An outbox table, read with shared locks: the reader waits for rows that a running transaction has numbered."""

    def __init__(self, position: str = "") -> None:
        self.position = position or "0"
        self.table = f"{installation()}_crm_outbox"
        self._connection: pymysql.connections.Connection[Any] | None = None

    def _open(self) -> Any:
        if self._connection is None:
            where = urlsplit(_where("MARIADB", "mysql://root@127.0.0.1:3306/techflow"))
            self._connection = pymysql.connect(
                host=where.hostname, port=where.port or 3306, user=where.username, password=where.password or "",
                unix_socket=os.environ.get("TECHFLOW_MARIADB_SOCKET"), charset="utf8mb4",
                connect_timeout=WAIT_SECONDS, autocommit=True,
            )  # fmt: skip
            database = where.path.strip("/")
            cursor = self._connection.cursor()
            cursor.execute("SET SESSION innodb_lock_wait_timeout = 2, sql_notes = 0")
            cursor.execute(f"CREATE DATABASE IF NOT EXISTS {database} CHARACTER SET utf8mb4")
            cursor.execute(f"USE {database}")
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {self.table} (seq BIGINT AUTO_INCREMENT PRIMARY KEY, "
                "bank VARCHAR(40), payload LONGBLOB) ENGINE=InnoDB"
            )
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {self.table}_beat (bank VARCHAR(40) PRIMARY KEY, at VARCHAR(40))"
            )
        return self._connection

    def send(self, items: Sequence[tuple[str, bytes]]) -> None:
        connection = self._open()
        connection.begin()
        connection.cursor().executemany(f"INSERT INTO {self.table} (bank, payload) VALUES (%s, %s)", items)
        connection.commit()

    def beat(self, banks: Sequence[str], at: datetime) -> None:
        rows = [(bank, at.isoformat()) for bank in banks]
        self._open().cursor().executemany(f"REPLACE INTO {self.table}_beat VALUES (%s, %s)", rows)

    def read(self, limit: int) -> Batch:
        try:
            connection = self._open()
            cursor = connection.cursor()
            cursor.execute(f"SELECT bank, at FROM {self.table}_beat")
            beats = {bank: datetime.fromisoformat(at) for bank, at in cursor.fetchall()}
            connection.begin()
            cursor.execute(
                f"SELECT seq, bank, payload FROM {self.table} WHERE seq > %s ORDER BY seq LIMIT %s LOCK IN SHARE MODE",
                (int(self.position), limit),
            )
            rows = cursor.fetchall()
            connection.commit()
        except (pymysql.Error, OSError) as error:
            self.close()
            raise SourceDown(f"MariaDB: {error}") from error
        wires = tuple(Wire(ref=str(seq), bank=bank, payload=payload) for seq, bank, payload in rows)
        position = wires[-1].ref if wires else self.position
        return Batch(wires=wires, position=position, beats=beats if len(wires) < limit else {})

    def commit(self, batch: Batch) -> None:
        self.position = batch.position

    def remove(self) -> None:
        self._open().cursor().execute(f"DROP TABLE IF EXISTS {self.table}, {self.table}_beat")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Rabbit:
    """A durable queue; messages stay until they are acknowledged, and heartbeats travel behind the data they cover."""

    def __init__(self) -> None:
        self.name = f"{installation()}.cards"
        self._connection: Any = None
        self._channel: Any = None
        self._sent = 0

    def _open(self) -> Any:
        if self._connection is None or self._connection.is_closed:
            parameters = pika.URLParameters(_where("RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/%2F"))
            parameters.socket_timeout = parameters.blocked_connection_timeout = WAIT_SECONDS
            self._connection = pika.BlockingConnection(parameters)
            self._channel = self._connection.channel()
            self._channel.queue_declare(self.name, durable=True)
            self._channel.confirm_delivery()
        return self._channel

    def _publish(self, bank: str, payload: bytes, beat: str = "") -> None:
        self._sent += 1
        number = f"{os.getpid()}-{id(self):x}-{self._sent}"
        properties = pika.BasicProperties(message_id=number, delivery_mode=2, headers={"bank": bank, "beat": beat})
        self._open().basic_publish("", self.name, payload, properties)

    def send(self, items: Sequence[tuple[str, bytes]]) -> None:
        for bank, payload in items:
            self._publish(bank, payload)

    def beat(self, banks: Sequence[str], at: datetime) -> None:
        for bank in banks:
            self._publish(bank, b"", at.isoformat())

    def read(self, limit: int) -> Batch:
        wires: list[Wire] = []
        beats: dict[str, datetime] = {}
        position = ""
        try:
            channel = self._open()
            while len(wires) < limit:
                got, properties, body = channel.basic_get(self.name)
                if got is None:
                    break
                position = str(got.delivery_tag)
                if properties.headers["beat"]:
                    beats[properties.headers["bank"]] = datetime.fromisoformat(properties.headers["beat"])
                else:
                    wires.append(Wire(ref=properties.message_id, bank=properties.headers["bank"], payload=body))
        except (pika.exceptions.AMQPError, OSError) as error:
            self.close()
            raise SourceDown(f"RabbitMQ: {error!r}") from error
        return Batch(wires=tuple(wires), position=position, beats=beats)

    def commit(self, batch: Batch) -> None:
        if batch.position and self._channel is not None and self._channel.is_open:
            self._channel.basic_ack(int(batch.position), multiple=True)

    def remove(self) -> None:
        self._open().queue_delete(self.name)

    def close(self) -> None:
        if self._connection is not None and self._connection.is_open:
            self._connection.close()
        self._connection = None


class Mqtt:
    """Retained topics per bank, read in a kept session with acknowledgement by hand. What has the same content has the
    same place: retained values come again at every subscription."""

    def __init__(self) -> None:
        self.root = f"{installation()}/branches"
        self._client: mqtt.Client | None = None
        self._got: queue.SimpleQueue[mqtt.MQTTMessage] = queue.SimpleQueue()
        self._unacknowledged: list[mqtt.MQTTMessage] = []

    def _open(self, *, reading: bool) -> mqtt.Client:
        if self._client is None or not self._client.is_connected():
            self.close()
            where = urlsplit(_where("MQTT", "mqtt://127.0.0.1:1883"))
            client = mqtt.Client(
                CallbackAPIVersion.VERSION2,
                client_id=f"{installation()}-intake" if reading else "",
                clean_session=not reading,
                manual_ack=reading,
            )
            client.max_queued_messages_set(0)
            client.max_inflight_messages_set(1000)
            client.on_message = lambda _client, _data, message: self._got.put(message)
            client.connect(where.hostname or "127.0.0.1", where.port or 1883)
            client.loop_start()
            for _ in range(WAIT_SECONDS * 20):
                if client.is_connected():
                    break
                time.sleep(0.05)
            if reading:
                client.subscribe(f"{self.root}/#", qos=1)
                time.sleep(0.2)  # the kept session's messages come at once
            self._client = client
        return self._client

    def send(self, items: Sequence[tuple[str, bytes]]) -> None:
        client = self._open(reading=False)
        sent = [client.publish(f"{self.root}/rate/{bank}", payload, qos=1, retain=True) for bank, payload in items]
        for each in sent:
            each.wait_for_publish(WAIT_SECONDS)

    def beat(self, banks: Sequence[str], at: datetime) -> None:
        client = self._open(reading=False)
        sent = [client.publish(f"{self.root}/beat/{bank}", at.isoformat(), qos=1, retain=True) for bank in banks]
        for each in sent:
            each.wait_for_publish(WAIT_SECONDS)

    def read(self, limit: int) -> Batch:
        try:
            client = self._open(reading=True)
        except OSError as error:
            raise SourceDown(f"MQTT: {error}") from error
        if not client.is_connected():
            raise SourceDown("MQTT: not connected")
        wires: list[Wire] = []
        beats: dict[str, datetime] = {}
        while len(wires) < limit and not self._got.empty():
            message = self._got.get()
            self._unacknowledged.append(message)
            _, kind, bank = message.topic.rsplit("/", 2)
            if kind == "beat":
                beats[bank] = datetime.fromisoformat(message.payload.decode())
            else:
                ref = hashlib.sha256(message.payload).hexdigest()
                wires.append(Wire(ref=ref, bank=bank, payload=bytes(message.payload)))
        return Batch(wires=tuple(wires), position="", beats=beats)

    def commit(self, batch: Batch) -> None:
        for message in self._unacknowledged:
            if self._client is not None and message.qos:
                self._client.ack(message.mid, message.qos)
        self._unacknowledged.clear()

    def remove(self) -> None:
        client = self._open(reading=False)
        for kind in ("rate", "beat"):
            for bank in BANKS:
                client.publish(f"{self.root}/{kind}/{bank}", b"", qos=1, retain=True).wait_for_publish(WAIT_SECONDS)
        self.close()
        session = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"{installation()}-intake", clean_session=True)
        where = urlsplit(_where("MQTT", "mqtt://127.0.0.1:1883"))
        session.connect(where.hostname or "127.0.0.1", where.port or 1883)
        session.loop_start()
        time.sleep(0.2)
        session.disconnect()
        session.loop_stop()

    def close(self) -> None:
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None
        self._unacknowledged.clear()
        self._got = queue.SimpleQueue()


class JetStream:
    """A stream with a durable pull consumer; what is not acknowledged in time is brought again."""

    def __init__(self) -> None:
        self.stream = f"{installation()}_payments"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: Any = None
        self._consumer: Any = None
        self._unacknowledged: list[Any] = []

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(work)

    async def _open(self, *, reading: bool) -> Any:
        if self._connection is None or not self._connection.is_connected:
            # The library would try for ever; the breaker decides when to try again.
            connecting = nats.connect(
                _where("NATS", "nats://127.0.0.1:4222"),
                connect_timeout=WAIT_SECONDS,
                allow_reconnect=False,
                error_cb=_quiet,
            )
            self._connection = await asyncio.wait_for(connecting, WAIT_SECONDS)
            self._consumer = None
        stream = self._connection.jetstream()
        if self._consumer is None:
            await stream.add_stream(name=self.stream, subjects=[f"{self.stream}.>"])
            self._consumer = True
            if reading:
                config = ConsumerConfig(ack_policy=AckPolicy.EXPLICIT, ack_wait=ACK_WAIT_SECONDS, max_ack_pending=5000)
                self._consumer = await stream.pull_subscribe(f"{self.stream}.>", durable="intake", config=config)
        return stream

    async def _publish(self, items: Sequence[tuple[str, bytes]]) -> None:
        stream = await self._open(reading=False)
        for subject, payload in items:
            await stream.publish(f"{self.stream}.{subject}", payload)

    def send(self, items: Sequence[tuple[str, bytes]]) -> None:
        self._run(self._publish([(f"transfer.{bank}", payload) for bank, payload in items]))

    def beat(self, banks: Sequence[str], at: datetime) -> None:
        self._run(self._publish([(f"beat.{bank}", at.isoformat().encode()) for bank in banks]))

    async def _read(self, limit: int) -> list[Any]:
        await self._open(reading=True)
        try:
            found: list[Any] = await self._consumer.fetch(limit, timeout=0.3)
        except TimeoutError:  # the library has one of its own, which is one of these
            return []
        return found

    def read(self, limit: int) -> Batch:
        try:
            messages = self._run(self._read(limit))
        except (nats.errors.Error, OSError) as error:
            self.close()
            raise SourceDown(f"NATS: {error!r}") from error
        self._unacknowledged += messages
        wires: list[Wire] = []
        beats: dict[str, datetime] = {}
        for message in messages:
            kind, bank = message.subject.split(".")[-2:]
            if kind == "beat":
                beats[bank] = datetime.fromisoformat(message.data.decode())
            else:
                ref = str(message.metadata.sequence.stream)
                wires.append(Wire(ref=ref, bank=bank, payload=message.data))
        return Batch(wires=tuple(wires), position="", beats=beats)

    async def _remove(self) -> None:
        stream = await self._open(reading=False)
        await stream.delete_stream(self.stream)

    def remove(self) -> None:
        self._run(self._remove())

    async def _acknowledge(self) -> None:
        for message in self._unacknowledged:
            await message.ack()
        await self._connection.flush()

    def commit(self, batch: Batch) -> None:
        self._run(self._acknowledge())
        self._unacknowledged.clear()

    def close(self) -> None:
        if self._connection is not None and self._loop is not None:
            if not self._connection.is_closed:
                self._loop.run_until_complete(self._connection.close())
            self._connection = None
        if self._loop is not None:
            self._loop.close()
            self._loop = None
        self._unacknowledged.clear()


async def _quiet(_: Exception) -> None:
    """Failures are raised where they matter; the library's own report would say them twice."""

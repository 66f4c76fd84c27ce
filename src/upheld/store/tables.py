"""The tables of the server: what is kept, one sentence each. Times are ISO 8601 text in UTC, so that they sort and copy.

`record` and `entry` are append-only: triggers refuse changes (a guard against accidents; against intent there is the
audit trail). Migrations build these tables; a test holds both to the same shape.
"""

import sqlalchemy as sa

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, METADATA, *columns, sqlite_autoincrement=any(
        isinstance(c, sa.Column) and c.primary_key and c.autoincrement is True for c in columns
    ))  # fmt: skip


def _text(name: str, *, key: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=key, nullable=False, server_default=default)


def _serial(name: str) -> sa.Column[int]:
    return sa.Column(name, _SERIAL, primary_key=True, autoincrement=True)


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=key, nullable=False, autoincrement=False)


# What was known: evidence, verdicts, sign-offs, waivers; each named by its content.
record = _table(
    "record",
    _serial("seq"), _text("product"), _text("kind"), _text("id"), _text("body"), _text("received"),
    sa.UniqueConstraint("product", "kind", "id"),
    sa.Index("ix_record_product_kind_seq", "product", "kind", "seq"),
)  # fmt: skip
# What happened, as canonical JSON: the text of one leaf of the audit trail, and the record that it tells of.
entry = _table(
    "entry",
    _serial("seq"), _text("body"),
    sa.Column("record", _SERIAL, sa.ForeignKey("record.seq"), nullable=True),
)  # fmt: skip
# Entries that the sealer has not given a position yet.
pending = _table("pending", _number("entry", key=True))
# The leaves of the tree in their order.
leaf = _table(
    "leaf",
    _number("position", key=True), sa.Column("entry", _SERIAL, sa.ForeignKey("entry.seq"), nullable=False, unique=True),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)  # fmt: skip
# Roots of complete subtrees of 256, 65 536 … leaves, so that a proof reads a few hundred hashes at most.
node = _table(
    "node", _number("level", key=True), _number("position", key=True),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)  # fmt: skip
# Signed statements of the tree's size and root, and where each was laid down outside this database.
checkpoint = _table(
    "checkpoint", _number("size", key=True), _text("note"), _text("made"), _text("anchor", default=""),
)  # fmt: skip
# Whom a digest in an entry stands for. Erasure deletes the row; the entry and its proof stay.
person = _table(
    "person", _text("digest", key=True), _text("salt"), _text("name"),
    sa.Column("account", _SERIAL, nullable=True, index=True),
)  # fmt: skip

# Who may sign in. `person` is their name under `people` in upheld.yaml; an empty password is none.
account = _table(
    "account",
    _serial("id"), sa.Column("name", sa.Text, nullable=False, unique=True), _text("email", default=""),
    _text("person", default=""), _text("password", default=""), sa.Column("disabled", sa.Boolean, nullable=False),
    _text("created"),
)  # fmt: skip
# Who an identity provider says somebody is.
identity = _table(
    "identity", _text("issuer", key=True), _text("subject", key=True),
    sa.Column("account", _SERIAL, sa.ForeignKey("account.id"), nullable=False),
)  # fmt: skip
# Roles; an empty product is the whole server (administrators), an empty customer all of them.
held = _table(
    "held",
    sa.Column("account", _SERIAL, sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
    _text("product", key=True), _text("role", key=True), _text("customer", key=True),
)  # fmt: skip
# Signed-in browsers, by the digest of their cookie.
session = _table(
    "session",
    _text("digest", key=True), sa.Column("account", _SERIAL, sa.ForeignKey("account.id"), nullable=False, index=True),
    _text("csrf"), _text("created"), _text("seen"), _text("ends"),
)  # fmt: skip
# Service tokens, by their digest. `rights` is a list of words.
token = _table(
    "token",
    _text("digest", key=True), sa.Column("id", sa.Text, nullable=False, unique=True), _text("name"), _text("product"),
    _text("customer", default=""), _text("rights"), _text("created"), _text("ends"), _text("revoked", default=""),
)  # fmt: skip
# Logins that failed, for the lock-out; cleared by one that succeeds.
failure = _table(
    "failure", _serial("seq"), _text("name"), _text("address"), _text("at"), sa.Index("ix_failure_name_at", "name", "at"),
)  # fmt: skip
# Logins at an identity provider that are under way.
login = _table(
    "login", _text("state", key=True), _text("nonce"), _text("verifier"), _text("next"), _text("ends"),
)  # fmt: skip
# Who does the periodic work now, and until when without word.
lease = _table("lease", _text("name", key=True), _text("holder"), _text("until"))
# The last verdict per criterion and stage, so that a change of it is noticed once.
standing = _table(
    "standing", _text("product", key=True), _text("criterion", key=True), _text("stage", key=True),
    _text("state"), _text("reason"), _text("at"),
)  # fmt: skip
# Answers to writes that named an idempotency key.
reply = _table(
    "reply", _text("key", key=True), _text("caller", key=True), _text("request"),
    sa.Column("status", sa.Integer, nullable=False), _text("body"), _text("at"),
)  # fmt: skip
# What this database is: its origin in checkpoints, and the salt of its pseudonyms.
setting = _table("setting", _text("name", key=True), _text("value"))

APPEND_ONLY = ("record", "entry", "leaf", "node")

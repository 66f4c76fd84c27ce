"""Everything that a running server holds, built once from its settings and closed in order."""

import logging
import threading
import time
from datetime import UTC, datetime

import sqlalchemy as sa

from upheld.errors import UnknownError, UpheldError
from upheld.server import keeper
from upheld.server.limits import Limits
from upheld.server.product import FRESH, Product
from upheld.server.settings import Settings
from upheld.server.writer import Writer
from upheld.store import tables, trail
from upheld.store.accounts import Accounts
from upheld.store.database import Database
from upheld.store.keys import Keys
from upheld.store.ledger import stamp
from upheld.store.trail import Signer

log = logging.getLogger("upheld.server")
HOURLY = 3600.0
PROBE = 65_536  # characters


class Server:
    """The parts of a server; `start` opens them, `stop` closes them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.accounts = Accounts(self.database)
        self.writer = Writer(self.database, after=self.wake)
        self.products = {
            name: Product(name, source, settings, self.database) for name, source in settings.products.items()
        }
        self.keys = Keys(folder=settings.data.resolve() / "keys")
        self.limits = Limits()
        self.stopping = threading.Event()
        self._holder = keeper.holder_name()
        self._woken = threading.Event()
        self._checkpoint_asked = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._leased = self._looked = self._judged = self._cleaned = float("-inf")

    # ── Life ──

    def start(self) -> None:
        """Check the schema, read the definitions, and begin to keep up; UnavailableError when the schema is another."""
        self.database.check_schema()
        self.keys.current()
        self.writer.start()
        self._keeper.start()

    def stop(self) -> None:
        """Write what is waiting, end the keeper, give the connections back."""
        self.stopping.set()
        self._woken.set()
        self.writer.close()
        if self._keeper.is_alive():
            self._keeper.join(30)
        self.database.close()

    def wake(self) -> None:
        """Something was kept: the keeper looks at once."""
        self._woken.set()

    def _keep(self) -> None:
        while not self.stopping.is_set():
            self._woken.clear()
            self.try_to_keep_up()
            self._woken.wait(min(1.0, self.settings.refresh))

    def try_to_keep_up(self) -> None:
        """One round; what fails is logged, and tried again in the next."""
        try:
            self.keep_up()
        except Exception as error:  # noqa: BLE001  # the edge of a loop that must go on
            log.warning("keeper", extra={"fault": str(error)})

    def keep_up(self) -> None:
        """One round: seal what was written, read what was sealed, look at the repositories, do what is due."""
        now, clock = self.now(), time.monotonic()
        while trail.seal(self.database):
            pass
        looked = clock - self._looked >= self.settings.refresh
        if looked:
            self._looked = clock
            for product in self.products.values():
                product.refresh()
        ready = [product for product in self.products.values() if product.ready]
        news = [product for product in ready if product.catch_up()]
        if clock - self._judged >= FRESH / 2:
            self._judged, news = clock, ready
            for product in ready:
                product.rejudge(now=now)
        if (
            news
            or looked
            or self._checkpoint_asked.is_set()
            or clock - self._leased >= keeper.LEASE.total_seconds() / 2
        ):
            self._once(news or (ready if looked else []), now, clock)

    def _once(self, products: list[Product], now: datetime, clock: float) -> None:
        """What only one process does."""
        if not keeper.hold_lease(self.database, "keeper", self._holder, at=now):
            return
        self._leased = clock
        for product in products:
            self.reconcile(product)
        if self._checkpoint_asked.is_set() or keeper.due(self.database, self.settings, at=now):
            self._checkpoint_asked.clear()
            self.checkpoint()
        if clock - self._cleaned >= HOURLY:
            self._cleaned = clock
            keeper.clean(self.database, at=now)

    # ── What the parts do together ──

    def reconcile(self, product: Product) -> None:
        """Bring sign-offs and waivers from git, and verdicts that changed, into the trail."""
        now = self.now()
        keeper.record_files(self.database, product, at=now)
        keeper.record_verdicts(self.database, product, at=now)

    def ask_for_checkpoint(self) -> None:
        """Have a checkpoint made soon, by this process if it holds the lease, else when it is due."""
        self._checkpoint_asked.set()
        self.wake()

    def checkpoint(self) -> trail.Made | None:
        """Sign what is sealed now, and lay the checkpoint down outside where that is wanted."""
        while trail.seal(self.database):
            pass
        made = trail.sign_checkpoint(self.database, [self.signer()], at=self.now())
        if made is not None:
            log.info("checkpoint", extra={"fields": {"size": made.size, "note": made.note}})
        if self.settings.anchor:
            keeper.anchor(self.database, [p for p in self.products.values() if p.ready], at=self.now())
        return made

    def signer(self) -> Signer:
        """The key that signs checkpoints now, under the log's name."""
        return Signer(origin=trail.log_origin(self.database, self.settings.log_origin), key=self.keys.current())

    def product(self, name: str) -> Product:
        """A product by its name."""
        product = self.products.get(name)
        if product is None:
            raise UnknownError(f'no product "{name[:60]}"')
        return product

    def faults(self) -> dict[str, str]:
        """What is missing for an answer, and why; a writer that failed is tried with a small write."""
        found = {}
        try:
            if self.writer.fault:
                self.writer.submit(self._try_to_write).result(5)
            with self.database.reading() as connection:
                connection.execute(sa.select(tables.setting.c.name).limit(1))
        except (UpheldError, TimeoutError, sa.exc.SQLAlchemyError) as error:
            found["database"] = str(error)
        if self.stopping.is_set() or not self.writer.alive:
            found["writer"] = "it does not run"
        for product in self.products.values():
            if not product.ready:
                found[f"product {product.name}"] = product.fault or "its definitions are being read"
        return found

    def _try_to_write(self, connection: sa.Connection) -> None:
        """Write one row that says nothing, as large as a large upload: a full disk has room for small ones in its log."""
        connection.execute(sa.delete(tables.lease).where(tables.lease.c.name == "probe"))
        connection.execute(sa.insert(tables.lease).values(name="probe", holder="-" * PROBE, until=stamp(self.now())))

    def now(self) -> datetime:
        """The time by this machine's clock."""
        return datetime.now(UTC)

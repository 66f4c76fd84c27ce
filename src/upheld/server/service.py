"""Everything that a running server holds, built once from its settings and closed in order."""

import logging
import threading
import time
from datetime import UTC, datetime

import sqlalchemy as sa

from upheld.errors import UnknownError, UpheldError
from upheld.server.limits import Limits
from upheld.server.product import FRESH, Product
from upheld.server.settings import Settings
from upheld.server.writer import Writer
from upheld.store import tables
from upheld.store.accounts import Accounts
from upheld.store.database import Database
from upheld.store.trail import seal

log = logging.getLogger("upheld.server")


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
        self.limits = Limits()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self.stopping = threading.Event()
        self._woken = threading.Event()

    def start(self) -> None:
        """Check the schema, read the definitions, and begin to keep up; UnavailableError when the schema is another."""
        self.database.check_schema()
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

    def _keep(self) -> None:
        """Keep up: seal what was written, read what was sealed, look at the repositories, judge again what grew old."""
        looked = judged = float("-inf")
        while not self.stopping.is_set():
            self._woken.clear()
            now = time.monotonic()
            try:
                while seal(self.database):
                    pass
                if now - looked >= self.settings.refresh:
                    looked = now
                    for product in self.products.values():
                        product.refresh()
                for product in self.products.values():
                    if product.ready:
                        product.catch_up()
                if now - judged >= FRESH / 2:
                    judged = now
                    for product in self.products.values():
                        if product.ready:
                            product.rejudge(now=self.now())
            except Exception as error:  # noqa: BLE001  # the edge of a thread: what fails now is tried again
                log.warning("keeper", extra={"fault": str(error)})
            self._woken.wait(min(1.0, self.settings.refresh))

    def product(self, name: str) -> Product:
        """A product by its name."""
        product = self.products.get(name)
        if product is None:
            raise UnknownError(f'no product "{name[:60]}"')
        return product

    def faults(self) -> dict[str, str]:
        """What is missing for an answer, and why; a writer that failed is tried with a write that changes nothing."""
        found = {}
        try:
            if self.writer.fault:
                self.writer.submit(lambda c: c.execute(sa.delete(tables.login).where(tables.login.c.ends < ""))).result(
                    5
                )
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

    def wake(self) -> None:
        """Something was kept: the keeper looks at once."""
        self._woken.set()

    def now(self) -> datetime:
        """The time by this machine's clock."""
        return datetime.now(UTC)
